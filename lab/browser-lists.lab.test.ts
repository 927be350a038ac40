/** Allowlist, denylist and feeds in a real browser, of an administrator on another machine: what the pages say is what the kernel does. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../cli/client.ts';
import {
  fitsPhone,
  inColors,
  openChromium,
  PAGE_WAIT_MS,
  printedLink,
  seriousProblems,
  settled,
  useLink,
  watchPage,
} from './chromium.ts';
import type { LabBrowser } from './chromium.ts';
import { temporaryDirectory } from './leftovers.ts';
import { ADDRESSES, Network } from './network.ts';
import { Ringfence } from './ringfence.ts';

const PBX = ADDRESSES.pbx.v4;
const ORIGIN = `https://${PBX}:8470`;
const ATTACKER = ADDRESSES.attacker.v4;
const SECOND = ADDRESSES.attacker2.v4;
/** The kernel's list has neighbours as one range. */
const BOTH = '203.0.113.66/31';
/** Where the administrator sits. */
const OFFICE = ADDRESSES.phones.v4;

const undo: (() => Promise<unknown>)[] = [];
let network: Network;
let ringfence: Ringfence;
let chromium: LabBrowser;
let context: BrowserContext;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  network = await Network.build('host');
  undo.push(() => network.tearDown());
  ringfence = Ringfence.prepare(network);
  undo.push(() => ringfence.remove());
  await writeFile(join(ringfence.data, 'console.yaml'), `listen: ${PBX}:8470\ntls: self-signed\n`);
  await ringfence.run();
  chromium = await openChromium(network.namespace('phones'));
  undo.push(() => chromium.close());
  ({ context, page } = await visitor());
  troubles = watchPage(page, ORIGIN);
  await useLink(page, await printedLink(ringfence), 'anna');
});

afterAll(async () => {
  for (const step of undo.reverse()) await step();
});

async function visitor(): Promise<{ context: BrowserContext; page: Page }> {
  const context = await chromium.browser.newContext({
    viewport: { width: 1280, height: 900 },
    ignoreHTTPSErrors: true,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PAGE_WAIT_MS);
  return { context, page };
}

const button = (name: string | RegExp, on: Page | Locator = page) => on.getByRole('button', { name, exact: true });
const row = (text: string) => page.getByRole('row').filter({ hasText: text });
const toast = (text: string) => page.getByRole('alert').filter({ hasText: text });
const dialog = (name: string | RegExp) => page.getByRole('dialog', { name });

/** Of an address or range in the table. */
async function menu(of: string, item: string): Promise<void> {
  await button(`Actions for ${of}`).click();
  await page.getByRole('menuitem', { name: item }).click();
}

/** IPv4 entries of a list as the kernel has them. */
async function inKernel(list: 'allow' | 'deny'): Promise<string[]> {
  const { stdout } = await ringfence.nft('list', 'set', 'inet', 'ringfence', `${list}_s4`);
  return (/elements = \{([^}]*)\}/.exec(stdout)?.[1] ?? '').split(',').flatMap((text) => text.trim() || []);
}

async function listed(list: 'allow' | 'deny'): Promise<string[]> {
  const entries = await ringfence.json<{ range: string }[]>(list, 'list');
  return entries.map(({ range }) => range);
}

async function typeEntry(address: string, comment: string): Promise<Locator> {
  await button('Add').click();
  const form = dialog('Add to the denylist');
  await form.getByLabel('Address').fill(address);
  await form.getByLabel('Comment').fill(comment);
  await button('Add', form).click();
  return form;
}

async function deny(address: string, comment: string): Promise<void> {
  const form = await typeEntry(address, comment);
  await form.waitFor({ state: 'detached' });
  await row(comment).waitFor();
}

test('an entry: a bad address is told in the form, a good one holds in the kernel, and is changed', async () => {
  await ringfence.cli('deny', 'add', '203.0.113.64/26');
  expect(await ringfence.drops('attacker')).toBe(true);
  await page.goto(`${ORIGIN}/allowlist`);
  await button('Add the first').click();
  const form = dialog('Add to the allowlist');
  await form.getByLabel('Address').fill('203.0.113.300');
  await button('Add', form).click();
  await form.getByRole('alert').getByText('octets go from 0 to 255').waitFor();
  await form.getByLabel('Address').fill(ATTACKER);
  await form.getByLabel('Comment').fill('<b>tester</b>');
  await button('Add', form).click();
  await form.waitFor({ state: 'detached' });
  await row('<b>tester</b>').getByText('203.0.113.64/26').waitFor();
  expect(await inKernel('allow')).toEqual([ATTACKER]);
  expect(await ringfence.drops('attacker')).toBe(false);

  await menu(ATTACKER, 'Change comment or end');
  const change = dialog(`Change ${ATTACKER}`);
  await change.getByLabel('Comment').fill('penetration test');
  await change.getByRole('combobox', { name: 'Ends' }).click();
  await page.getByRole('option', { name: 'in an hour' }).click();
  await button('Change', change).click();
  await change.waitFor({ state: 'detached' });
  await row('penetration test')
    .getByText(/^(in )?(1 h|59 min|60 min)/)
    .waitFor();
  // Whoever works by keyboard goes on where they were.
  const focused = () => page.evaluate('document.activeElement.getAttribute("aria-label")');
  await expect.poll(focused).toBe(`Actions for ${ATTACKER}`);
  await ringfence.cli('allow', 'remove', ATTACKER);
  await ringfence.cli('deny', 'remove', '203.0.113.64/26');
});

test('many are removed at once and put back', async () => {
  await page.goto(`${ORIGIN}/denylist`);
  await deny(ATTACKER, 'first');
  await deny(SECOND, 'second');
  expect(await Promise.all([ringfence.drops('attacker'), ringfence.drops('attacker2')])).toEqual([true, true]);
  await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
  await button('Remove').click();
  await page.getByText('Nobody is on the denylist').waitFor();
  expect(await inKernel('deny')).toEqual([]);
  expect(await Promise.all([ringfence.drops('attacker'), ringfence.drops('attacker2')])).toEqual([false, false]);
  await button('Undo', toast('off the denylist')).click();
  await row('first').waitFor();
  await row('second').waitFor();
  expect(await inKernel('deny')).toEqual([BOTH]);
});

test('whoever would shut out themselves is asked first; No changes nothing', async () => {
  await page.goto(`${ORIGIN}/denylist`);
  const form = await typeEntry('192.0.2.0/24', 'the office');
  const question = dialog('Are you sure?');
  await question.getByText(`${OFFICE} would be shut out`).first().waitFor();
  await question.getByText('your own session comes from there').first().waitFor();
  await button('Cancel', question).click();
  await question.waitFor({ state: 'detached' });
  expect(await listed('deny')).toEqual([ATTACKER, SECOND]);
  expect(await inKernel('deny')).toEqual([BOTH]);
  // What was typed is still there.
  expect(await form.getByLabel('Address').inputValue()).toBe('192.0.2.0/24');
  await button('Cancel', form).click();
  await form.waitFor({ state: 'detached' });
});

test('a file with errors: line, value and reason first, then the rest goes in; the export is the list', async () => {
  await page.goto(`${ORIGIN}/denylist`);
  await button('Import').click();
  const form = dialog('Import into the denylist');
  const lines = [
    'address,comment',
    '198.18.7.1,one',
    '198.18.7.999,two',
    '198.18.8.0/24,"three, and more"',
    'phone,four',
  ];
  const file = { name: 'bad ones.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) };
  await form.locator('input[type=file]').setInputFiles(file);
  await button('Check the file', form).click();
  const preview = form.getByRole('region', { name: 'What the file would change' });
  await preview.getByText('2 new').waitFor();
  await preview.getByText('2 refused').waitFor();
  const refused = preview.getByRole('region', { name: 'Refused' }).getByRole('row');
  expect(await refused.nth(1).innerText()).toMatch(/^3\s+198\.18\.7\.999\s+\S/);
  expect(await refused.nth(2).innerText()).toMatch(/^5\s+phone\s+\S/);
  expect(await seriousProblems(page)).toEqual([]);
  expect(await listed('deny')).toEqual([ATTACKER, SECOND]);
  await button('Leave 2 bad lines out, import the rest', form).click();
  await form.waitFor({ state: 'detached' });
  await row('three, and more').waitFor();
  const now = [ATTACKER, SECOND, '198.18.7.1', '198.18.8.0/24'];
  expect((await listed('deny')).sort()).toEqual(now.sort());
  expect((await inKernel('deny')).sort()).toEqual(['198.18.7.1', '198.18.8.0/24', BOTH]);

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'CSV' }).click(),
  ]);
  const [head, ...rows] = (await readFile((await download.path())!, 'utf8')).trim().split('\n');
  expect(head).toMatch(/^\ufeff?address,comment,/);
  expect(rows.map((line) => line.split(',')[0]).sort()).toEqual(now.sort());
  expect(rows.find((line) => line.startsWith('198.18.8.0/24'))).toContain('"three, and more"');
  await button('Undo').click();
  await toast('Undone.').waitFor();
  expect((await listed('deny')).sort()).toEqual([ATTACKER, SECOND].sort());
  expect(await inKernel('deny')).toEqual([BOTH]);
  for (const range of [ATTACKER, SECOND])
    await ask(ringfence.data, 'DELETE', `/lists/deny/${encodeURIComponent(range)}`);
});

test('a feed: watched, then blocked, watched again, taken out and put back', async () => {
  const file = join(temporaryDirectory('feed'), 'attackers.txt');
  await writeFile(file, `${ATTACKER}\n${SECOND}\n`);
  await page.goto(`${ORIGIN}/feeds`);
  await button('Add the first').click();
  const form = dialog('Add a feed');
  await form.getByLabel('Name').fill('Bad Name');
  await form.getByLabel('URL or file').fill(file);
  await button('Add and fetch', form).click();
  await form.getByRole('alert').waitFor();
  await form.getByLabel('Name').fill('attackers');
  await button('Add and fetch', form).click();
  await form.waitFor({ state: 'detached' });
  await row('attackers').getByText('watch', { exact: true }).waitFor();
  expect(await ringfence.drops('attacker')).toBe(false);

  await menu('attackers', 'Block what it lists');
  await button('Block', dialog('Block what attackers lists?')).click();
  await row('attackers').getByText('block', { exact: true }).waitFor();
  expect(await ringfence.drops('attacker')).toBe(true);
  await menu('attackers', 'Only watch');
  await row('attackers').getByText('watch', { exact: true }).waitFor();
  expect(await ringfence.drops('attacker')).toBe(false);

  await menu('attackers', 'Take it out');
  await page.getByText('There are no feeds').waitFor();
  await button('Undo', toast('is taken out')).click();
  await row('attackers').getByText('watch', { exact: true }).waitFor();
  await button('attackers').click();
  await dialog('attackers').getByText(file).waitFor();
});

test('a viewer is offered no change', async () => {
  const { output } = await ringfence.cli('users', 'add', 'bob', '--role', 'viewer');
  const { context: other, page: bob } = await visitor();
  await useLink(bob, /https:\S+#\S+/.exec(output)![0]);
  for (const path of ['/allowlist', '/denylist', '/feeds']) {
    await bob.goto(ORIGIN + path);
    await bob.getByText('you may look, not change').waitFor();
    await settled(bob);
    expect(await button(/Add|Import|Actions|Remove/, bob).count()).toBe(0);
  }
  await other.close();
});

test('nothing serious for axe-core in both themes, no page wider than a phone', async () => {
  await ringfence.cli('allow', 'add', ADDRESSES.attacker.v6, '--comment', 'x'.repeat(200));
  await ringfence.cli('deny', 'add', '2001:db8:bad::/48', '--comment', 'all of them');
  const found: string[] = [];
  for (const path of ['/allowlist', '/denylist', '/feeds']) {
    await page.goto(ORIGIN + path);
    await settled(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await inColors(page, colorScheme);
      found.push(...(await seriousProblems(page)));
    }
    await fitsPhone(page);
  }
  expect(found).toEqual([]);
});

test('all the while nothing was wrong in the page, and it asked nobody else', async () => {
  expect(troubles).toEqual([]);
  await context.close();
});
