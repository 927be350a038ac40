/** Overview and Countries in a real browser, while svcrack attacks a real PBX. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Attackers } from './attackers.ts';
import { fitsPhone, ORIGIN, seriousProblems, WAIT_MS } from './chromium.ts';
import { buildConsoleStage, type ConsoleStage } from './console-stage.ts';
import { ADDRESSES } from './network.ts';
import { until } from './process.ts';
import type { Ringfence } from './ringfence.ts';

/** Issue 4: from the block to the page. */
const LIVE_MS_MAX = 1000;
const ATTACKER = ADDRESSES.attacker.v4;
const HOSTILE_AGENT = '<img src=x onerror=document.title=1>';

let stage: ConsoleStage;
let ringfence: Ringfence;
let attackers: Attackers;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  stage = await buildConsoleStage();
  ({ ringfence, attackers, page, troubles } = stage);
});

afterAll(() => stage?.tearDown());

test('before the first attack it says what it protects and what to do first', async () => {
  const state = page.getByRole('region', { name: 'State of the firewall' });
  await state.getByRole('heading', { name: 'Protecting' }).waitFor();
  await state.getByText(ADDRESSES.pbx.v4).waitFor();
  await state.getByText('No attack now').waitFor();
  await page.getByRole('heading', { name: 'First steps' }).waitFor();
  await page.getByText('No attack in the last 24 hours', { exact: true }).waitFor();
});

test('a block is in the ticker within a second, and the attack in every count; its user agent stays text', async () => {
  await page.getByRole('banner').getByText('Live').waitFor();
  // Noted by the page itself: waiting from here would measure two programs that wait.
  const shown = page.evaluate<number>(`new Promise((done) => {
    const look = () => document.querySelector('main').innerText.includes('${ATTACKER} blocked') && done(Date.now());
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  })`);
  attackers.svcrack('100', '1000-9999', [], { userAgents: [HOSTILE_AGENT] });
  const block = await until(`${ATTACKER} is blocked`, WAIT_MS, async () => ringfence.block(ATTACKER));
  const busyMs = await ringfence.answersInMs();
  expect((await shown) - block.since).toBeLessThan(LIVE_MS_MAX + 20 * busyMs);

  // Its first request is an injection; wrong passwords that were already under way may make a second attack of it.
  await page.getByText(/^[12] attacks? going on$/).waitFor();
  await page.locator('canvas').waitFor();
  const sources = page.getByRole('list', { name: 'Sources, by attacks' });
  await sources.getByRole('link', { name: ATTACKER }).waitFor();
  await page.getByRole('list', { name: 'User agents, by attacks' }).getByText(HOSTILE_AGENT).waitFor();
  expect(await page.title()).toBe('Overview · Ringfence');
});

test('the chart as a table, the period in the address, and the way into the attack log', async () => {
  await page.getByRole('button', { name: 'Show as a table' }).click();
  const table = page.getByRole('table', { name: 'Attacks in the last 24 hours' });
  expect(await table.getByRole('row').count()).toBe(25);
  await page.getByText('7 days', { exact: true }).click();
  await page.waitForURL(`${ORIGIN}/?period=7d`);
  // The address is there before the page has followed.
  await page.getByRole('table', { name: 'Attacks in the last 7 days' }).waitFor();
  // By the keyboard: the numbers of the seven days may come, and move the page, while a pointer is on its way.
  await page.getByRole('list', { name: 'Sources, by attacks' }).getByRole('link', { name: ATTACKER }).press('Enter');
  await page.waitForURL(`${ORIGIN}/attacks?last=7d&source=${ATTACKER}`);
});

test('countries: the preview comes before the change, the change is in force, and is taken back', async () => {
  await page.goto(`${ORIGIN}/countries`);
  await page.getByRole('radio', { name: /^Block the chosen ones/ }).click();
  await page.getByText('Choose the countries to block').waitFor();
  expect(await page.getByRole('button', { name: 'Make the change' }).isDisabled()).toBe(true);
  await page.getByRole('textbox', { name: 'Search countries' }).fill('russia');
  await page.getByRole('checkbox', { name: 'Russia' }).check();
  await page.getByText('would have been stopped').waitFor();
  expect(await ringfence.cli('policy', 'get', 'countries.mode').then(({ output }) => output.trim())).toBe('off');

  await page.getByRole('button', { name: 'Make the change' }).click();
  await page.getByText('It is in force').waitFor();
  await page
    .getByRole('row', { name: /Russia/ })
    .getByText('Blocked')
    .waitFor();
  expect(await ringfence.cli('policy', 'get', 'countries.list').then(({ output }) => output)).toContain('RU');

  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Undone.').waitFor();
  await page
    .getByRole('row', { name: /Russia/ })
    .getByText('Passes')
    .waitFor();
  expect(await ringfence.cli('policy', 'get', 'countries.mode').then(({ output }) => output.trim())).toBe('off');
});

test.each(['light', 'dark'] as const)(
  '%s: axe-core finds nothing serious, and a phone scrolls one way',
  async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    for (const path of ['/', '/countries']) {
      await page.goto(ORIGIN + path);
      await page.locator('svg[role=img] path').first().waitFor();
      expect(await seriousProblems(page)).toEqual([]);
      await fitsPhone(page);
    }
  },
);

test('nothing went wrong in the page, and it asked nobody but the console', () => expect(troubles).toEqual([]));
