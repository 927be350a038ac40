/** Attacks, the page of one attack, and Blocked in a real browser, while svcrack attacks a real PBX. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Attackers } from './attackers.ts';
import { fitsPhone, ORIGIN, seriousProblems, WAIT_MS } from './chromium.ts';
import { buildConsoleStage, type ConsoleStage } from './console-stage.ts';
import { ADDRESSES } from './network.ts';
import { until } from './process.ts';
import type { Ringfence } from './ringfence.ts';

const ATTACKER = ADDRESSES.attacker.v4;
const SECOND = ADDRESSES.attacker2.v4;
/** Thresholds are to stop the tool, not its name, its shape or what it has for a name. */
const POLICY =
  'detect: { scanner-agent: { enabled: false }, scanner-fingerprint: { enabled: false }, injection: { enabled: false } }\n';
const HOSTILE_AGENT = '<img src=x onerror=document.title=1>';

let stage: ConsoleStage;
let ringfence: Ringfence;
let attackers: Attackers;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  stage = await buildConsoleStage({ policy: POLICY });
  ({ ringfence, attackers, page, troubles } = stage);
});

afterAll(() => stage?.tearDown());

/** Five wrong passwords and a block; the rest of the tool is of no interest. */
async function attack(from: 'attacker' | 'attacker2'): Promise<void> {
  const tool = attackers.svcrack('1000', '1-400', [], { from, userAgents: [HOSTILE_AGENT] });
  await until(
    'the attacker is blocked',
    WAIT_MS,
    async () => (await ringfence.block(ADDRESSES[from].v4)) !== undefined || undefined,
  );
  await tool.kill();
}

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const row = (text: string) => page.getByRole('row').filter({ hasText: text });

test('the log fills by itself; later attacks wait above rows that do not move', async () => {
  await page.goto(`${ORIGIN}/attacks`);
  await page.getByText('No attack yet').waitFor();
  await page.getByText(`svmap ${ADDRESSES.pbx.v4}`).waitFor();
  await page.getByRole('banner').getByText('Live').waitFor();
  await attack('attacker');
  await row(ATTACKER).waitFor();
  await row(HOSTILE_AGENT).waitFor();
  const place = (await row(ATTACKER).boundingBox())!.y;
  await attack('attacker2');
  await button('1 new').waitFor();
  expect(await row(SECOND).count()).toBe(0);
  expect((await row(ATTACKER).boundingBox())!.y).toBe(place);
  await button('1 new').click();
  await row(SECOND).waitFor();
});

test('filters are in the address and in the CSV; a view of them is saved and found again', async () => {
  await page.goto(`${ORIGIN}/attacks?source=${ATTACKER}&last=24h`);
  await row(ATTACKER).waitFor();
  expect(await row(SECOND).count()).toBe(0);
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
  const lines = (await readFile((await file.path())!, 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(ATTACKER);

  await button('Views').click();
  await page.getByLabel('Save these filters as').fill('the <b>first</b>');
  await button('Save').click();
  await page.goto(`${ORIGIN}/attacks`);
  await row(SECOND).waitFor();
  await button('Views').click();
  await page.getByRole('link', { name: 'the <b>first</b>' }).click();
  await page.waitForURL(`${ORIGIN}/attacks?last=24h&source=${ATTACKER}`);
  await row(SECOND).waitFor({ state: 'detached' });

  await page.goto(`${ORIGIN}/attacks?source=nonsense`);
  await page.getByRole('alert').getByText('is no address').waitFor();
});

test('one attack: a sentence, the ladder by keyboard, the rule, the pcap, and its block lifted and put back', async () => {
  await page.goto(`${ORIGIN}/attacks?source=${ATTACKER}`);
  await row(ATTACKER).getByRole('link', { name: 'Password guessing (REGISTER)' }).click();
  await page.getByRole('heading', { level: 1, name: `${ATTACKER} guessed passwords by REGISTER at` }).waitFor();
  await page.getByText('bad registrations in 1 min; 5 are enough').first().waitFor();
  await page.getByRole('button', { name: 'From attacker to victim: REGISTER sip:198.51.100.10' }).first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('group', { name: 'Text of the message' }).getByText(HOSTILE_AGENT).waitFor();
  expect(await page.getByRole('button', { name: 'From victim to attacker: 401' }).count()).toBeGreaterThan(0);
  await button('What this detector counts').click();
  await page.getByText('What never counts.').waitFor();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'pcap' }).click()]);
  expect((await readFile((await file.path())!)).includes('REGISTER sip:')).toBe(true);

  await button('Lift the block').click();
  await page.getByText(`${ATTACKER} is no longer blocked.`).waitFor();
  await button('Lift the block').waitFor({ state: 'detached' });
  expect(await ringfence.inKernel(ATTACKER)).toBe(false);
  await button('Undo').click();
  await button('Lift the block').waitFor();
  expect(await ringfence.inKernel(ATTACKER)).toBe(true);
});

test('blocked: many are lifted at once and put back; a block by hand; what is refused is said in the form', async () => {
  await page.goto(`${ORIGIN}/blocked`);
  await row(SECOND).waitFor();
  await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
  await button('Lift').click();
  await page.getByText('2 sources are no longer blocked.').waitFor();
  await page.getByText('Nobody is blocked').waitFor();
  expect(await ringfence.blocked()).toEqual([]);
  await button('Undo').last().click();
  await row(SECOND).waitFor();
  await row(ATTACKER).waitFor();

  await button('Block an address').click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Address').fill(ADDRESSES.pbx.v4);
  await form.getByRole('button', { name: 'Block', exact: true }).click();
  await form.getByRole('alert').getByText('is an address of this machine').waitFor();
  await form.getByLabel('Address').fill('192.0.2.77');
  await form.getByLabel('Reason').fill('said so');
  await form.getByRole('button', { name: 'Block', exact: true }).click();
  await form.waitFor({ state: 'detached' });
  await button('1 new').click();
  await row('192.0.2.77').getByText('said so').waitFor();
  expect(await ringfence.inKernel('192.0.2.77')).toBe(true);
});

test('no serious problem for axe-core in both themes, nothing wider than a phone, no trouble in the console', async () => {
  const [incident] = await ringfence.attacks(ATTACKER);
  const paths = ['/attacks', `/attacks/${incident.id}`, '/blocked'];
  const problems: string[] = [];
  for (const path of paths) {
    await page.goto(ORIGIN + path);
    await page.getByText(ATTACKER).first().waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      problems.push(...(await seriousProblems(page)).map((problem) => `${colorScheme} ${problem}`));
    }
    await fitsPhone(page);
  }
  expect(problems).toEqual([]);
  expect(troubles).toEqual([]);
});
