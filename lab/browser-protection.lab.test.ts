/** Protection in a real browser: settings are tried, applied and taken back, and the daemon and its kernel do what the page says. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fitsPhone, inColors, ORIGIN, seriousProblems, settled, WAIT_MS } from './chromium.ts';
import { buildConsoleStage, type ConsoleStage } from './console-stage.ts';
import { ADDRESSES } from './network.ts';
import { until } from './process.ts';
import type { Ringfence } from './ringfence.ts';

const ATTACKER = ADDRESSES.attacker.v4;
const THRESHOLD = 'detect.register-bruteforce.threshold';

let stage: ConsoleStage;
let ringfence: Ringfence;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  stage = await buildConsoleStage();
  ({ ringfence, page, troubles } = stage);
  // Thresholds are what stops svcrack.
  await ringfence.cli('policy', 'set', 'detect.scanner-fingerprint.enabled', 'false');
  // Fewer guesses than slow-bruteforce takes in an hour, and with what svcrack repeats against the block (140 a second, for two seconds, if it is
  // not killed sooner) fewer than the threshold below: however late anybody acts on a busy machine, it would not block.
  const tool = stage.attackers.svcrack('1000', '1-8', [], { userAgents: ['Yealink SIP-T46S'] });
  await until('the attack is in the log', WAIT_MS, async () => (await ringfence.attacks(ATTACKER))[0]);
  await tool.kill();
});

afterAll(() => stage?.tearDown());

const button = (name: string | RegExp, on: Page | Locator = page) => on.getByRole('button', { name, exact: true });
const row = (text: string, on: Page | Locator = page) => on.getByRole('row').filter({ hasText: text });
const toast = (text: string) => page.getByRole('alert').filter({ hasText: text });
const dialog = (name: string) => page.getByRole('dialog', { name });
const unsaved = () => page.getByRole('region', { name: 'Changes that are not applied' });

async function inForce(path: string): Promise<string> {
  return (await ringfence.cli('policy', 'get', path)).output.trim();
}

/** The threshold of password guessing, its form open. */
async function threshold(): Promise<Locator> {
  await page.goto(`${ORIGIN}/protection`);
  await page.getByRole('button', { name: /^Password guessing \(REGISTER\)/ }).click();
  const form = page.getByRole('region', { name: /^Password guessing \(REGISTER\)/ });
  return form.getByRole('textbox', { name: /^Threshold/ });
}

test('a threshold: reviewed, tried on a recorded attack, applied, in force', async () => {
  const field = await threshold();
  await field.fill('900');
  await unsaved().getByText('1 change, not applied yet').waitFor();
  expect(await inForce(THRESHOLD)).toBe('5');
  await button('Review and apply').click();
  const review = dialog('Review and apply');
  expect(await row(THRESHOLD, review).innerText()).toMatch(/5\s+900$/);
  await button('What would this have blocked last week?', review).click();
  await review.getByText('1 recorded attack looked at').waitFor();
  await review.getByText('Would not be blocked any more: 1').waitFor();
  await review.getByRole('link', { name: ATTACKER }).waitFor();
  expect(await seriousProblems(page)).toEqual([]);
  await review.getByLabel('Why').fill('a noisy <i>office</i>');
  await button('Apply', review).click();
  await toast('is in force').waitFor();
  await unsaved().waitFor({ state: 'detached' });
  expect(await inForce(THRESHOLD)).toBe('900');
  expect(await field.inputValue()).toBe('900');
});

test('history: who, why and what; and the way back', async () => {
  await page.getByRole('link', { name: 'History' }).click();
  await button('What it changed', row('a noisy <i>office</i>')).click();
  const changed = page.getByRole('dialog', { name: /^What version \d+ changed$/ });
  expect(await row(THRESHOLD, changed).innerText()).toMatch(/5\s+900$/);
  await page.keyboard.press('Escape');
  await changed.waitFor({ state: 'detached' });
  await button('Go back …', row('detect.scanner-fingerprint.enabled')).click();
  const back = page.getByRole('dialog', { name: /^Back to version \d+$/ });
  expect(await row(THRESHOLD, back).innerText()).toMatch(/900\s+5$/);
  await button('Make it the policy again', back).click();
  await toast('is the policy again').waitFor();
  expect(await inForce(THRESHOLD)).toBe('5');
  await button('Undo', toast('is the policy again')).click();
  await toast('Undone').waitFor();
  expect(await inForce(THRESHOLD)).toBe('900');
});

test('a bad value is told at its field, and cannot be applied', async () => {
  await page.goto(`${ORIGIN}/protection?tab=ports`);
  const ports = page.getByRole('textbox', { name: /^SIP over UDP/ });
  await ports.fill('5060,5070-');
  await unsaved().getByText('ports.sip.udp: found "5060,5070-"').waitFor();
  expect(await ports.getAttribute('aria-invalid')).toBe('true');
  const described = (await ports.getAttribute('aria-describedby'))!.split(' ').filter(Boolean);
  const told = await Promise.all(described.map((id) => page.locator(`[id="${id}"]`).innerText()));
  expect(told.join('\n')).toContain('5070-');
  expect(await button('Review and apply').isDisabled()).toBe(true);
  await ports.fill('5060,5070-5080');
  await button('Review and apply').click();
  await button('Apply', dialog('Review and apply')).click();
  await unsaved().waitFor({ state: 'detached' });
  expect(await ringfence.kernelTable()).toMatch(/set sip_udp \{[^}]*elements = \{[^}]*5070-5080/);
});

test('leaving with changes asks first', async () => {
  const field = await threshold();
  await field.fill('7');
  await unsaved().waitFor();
  await page.getByRole('link', { name: 'Health' }).click();
  await button('Cancel', dialog('Leave this page?')).click();
  await dialog('Leave this page?').waitFor({ state: 'detached' });
  expect(await field.inputValue()).toBe('7');
  await page.getByRole('link', { name: 'Health' }).click();
  await button('Leave', dialog('Leave this page?')).click();
  await page.waitForURL(`${ORIGIN}/health`);
  expect(await inForce(THRESHOLD)).toBe('900');
});

test('monitor only: the kernel drops nothing any more, and then again', async () => {
  const says = (state: string) =>
    until(`the status is ${state}`, WAIT_MS, async () => (await ringfence.status()).state === state || undefined);
  await ringfence.cli('deny', 'add', ADDRESSES.attacker2.v4);
  expect(await ringfence.drops('attacker')).toBe(true);
  expect(await ringfence.drops('attacker2')).toBe(true);
  await page.goto(`${ORIGIN}/protection`);
  await button('Switch to monitor only').click();
  await button('Only watch', dialog('Only watch?')).click();
  await page.getByRole('heading', { name: 'Monitor only: nothing is blocked' }).waitFor();
  expect(await ringfence.drops('attacker')).toBe(false);
  expect(await ringfence.drops('attacker2')).toBe(false);
  await says('monitoring');
  await page.getByRole('banner').getByText('Monitoring').waitFor();
  await button('Protect now').click();
  await page.getByRole('heading', { name: 'Attackers are blocked' }).waitFor();
  await says('protecting');
  expect(await ringfence.drops('attacker2')).toBe(true);
});

test('a document: what it would change is seen before it does; a bad one changes nothing', async () => {
  await page.goto(`${ORIGIN}/protection?tab=document`);
  const upload = async (name: string, text: string) => {
    const file = join(ringfence.data, name);
    await writeFile(file, text);
    await page.locator('input[type=file]').setInputFiles(file);
  };
  const review = dialog('Review and apply');
  await upload('bad.yaml', 'detect: { register-bruteforce: { threshold: many } }\n');
  await review.getByRole('alert').getByText(THRESHOLD).first().waitFor();
  await button('Cancel', review).click();
  await review.waitFor({ state: 'detached' });
  await upload('good.yaml', 'detect: { register-bruteforce: { threshold: 9 } }\n');
  await row(THRESHOLD, review).waitFor();
  expect(await row(THRESHOLD, review).innerText()).toMatch(/900\s+9$/);
  expect(await inForce(THRESHOLD)).toBe('900');
  await button('Apply', review).click();
  await review.waitFor({ state: 'detached' });
  expect(await inForce(THRESHOLD)).toBe('9');
});

test('nothing serious for axe-core in both themes, no page wider than a phone', async () => {
  const found: string[] = [];
  for (const path of ['?', '?tab=ports', '?tab=blocks', '?tab=trust', '?tab=exceptions', '?tab=document', '/history']) {
    await page.goto(`${ORIGIN}/protection${path}`);
    await settled(page);
    if (path === '?') await page.getByRole('button', { name: /^Password guessing \(REGISTER\)/ }).click();
    if (path === '?tab=exceptions') await button('Add a source').click();
    for (const colorScheme of ['light', 'dark'] as const) {
      await inColors(page, colorScheme);
      found.push(...(await seriousProblems(page)));
    }
    await fitsPhone(page);
    if (await unsaved().isVisible()) await button('Discard').click();
  }
  expect(found).toEqual([]);
});

test('all the while nothing was wrong in the page, and it asked nobody else', () => {
  expect(troubles).toEqual([]);
});
