/** Reports and notifications in a real browser: a day of real attacks, a real mail server, and what the pages say of them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DailyReport } from '../src/notify/report/daily-report.ts';
import type { StoredIncident } from '../src/store/store.ts';
import { fitsPhone, inColors, ORIGIN, seriousProblems, settled, WAIT_MS } from './chromium.ts';
import { buildConsoleStage, type ConsoleStage } from './console-stage.ts';
import { ADDRESSES } from './network.ts';
import { Program, until } from './process.ts';
import type { Ringfence } from './ringfence.ts';

const ATTACKER = ADDRESSES.attacker.v4;
const AGENT = 'Yealink SIP-T46S';
const MAIL_PORT = 2525;
/** About noon now, so that the day does not end in between. */
const HOURS = new Date().getUTCHours() - 12;
const ZONE = `Etc/GMT${HOURS < 0 ? '-' : '+'}${Math.abs(HOURS)}`;
const TODAY = `/reports?day=today&zone=${encodeURIComponent(ZONE)}`;
const SETTINGS = '/protection?tab=notifications';

let stage: ConsoleStage;
let ringfence: Ringfence;
let page: Page;
let troubles: string[];
let mail: Program;

beforeAll(async () => {
  stage = await buildConsoleStage();
  ({ ringfence, page, troubles } = stage);
  const { network } = stage;
  const server = [process.execPath, join(import.meta.dirname, 'mail-server-program.ts'), String(MAIL_PORT)];
  mail = new Program('mail server', network.namespace(network.guardHost), server);
  await mail.says(/listening/, WAIT_MS);
  await ringfence.cli('policy', 'set', 'detect.scanner-fingerprint.enabled', 'false');
  const { attackers } = stage;
  const tools = [
    attackers.svcrack('1000', '1000-9999', [], { userAgents: [AGENT] }),
    attackers.svcrack('1001', '1000-9999', [], { from: 'attacker2', userAgents: [AGENT] }),
  ];
  await until('both are in the log', WAIT_MS, async () => {
    const sources = new Set((await attacks()).map(({ source }) => source));
    return sources.size === 2 ? true : undefined;
  });
  for (const tool of tools) await tool.kill();
});

afterAll(async () => {
  await mail?.kill();
  await stage?.tearDown();
});

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });

async function attacks(): Promise<StoredIncident[]> {
  return JSON.parse((await ringfence.cli('attacks', '--json')).stdout) as StoredIncident[];
}

test('the figures of a day are those of the log of attacks', async () => {
  const log = await attacks();
  const asked = await ringfence.cli('report', '--day', 'today', '--zone', ZONE, '--json');
  const { totals, sources, kinds } = JSON.parse(asked.stdout) as DailyReport;
  expect(totals.attacks).toBe(log.length);
  expect(totals.sources).toBe(2);
  expect(totals.messages).toBe(log.reduce((sum, { count }) => sum + count, 0));
  expect(sources.rows.map(({ address }) => address).sort()).toEqual([ATTACKER, ADDRESSES.attacker2.v4].sort());
  for (const { kind, attacks: count } of kinds) expect(count).toBe(log.filter((one) => one.kind === kind).length);

  await page.goto(ORIGIN + TODAY);
  const compared = page.getByRole('table', { name: 'The day against those before' });
  await compared.getByRole('row', { name: new RegExp(`^Attacks ${log.length} `) }).waitFor();
  await page.getByText('The day is not over').waitFor();
  await page.getByRole('table', { name: 'Sources' }).getByRole('link', { name: ATTACKER, exact: true }).waitFor();
  await page.getByRole('table', { name: 'Users tried' }).getByText('1000', { exact: true }).waitFor();
  // Times are those of the report's zone, which is not this browser's. The report is asked for anew while the test looks.
  const counted = page.getByText(/^Counted/).locator('time');
  await counted.hover();
  await until('the time is that of the zone', WAIT_MS, async () => {
    const at = new Date((await counted.getAttribute('datetime'))!);
    const shown = await page.getByRole('tooltip').innerText();
    return shown.includes(at.toLocaleTimeString('sv', { timeZone: ZONE })) || undefined;
  });
  await page.locator('canvas').waitFor();
  await button('Show as a table').click();
  expect(await page.getByRole('table', { name: 'Attacks by hour' }).getByRole('row').count()).toBe(25);
  expect(await page.title()).toBe('Reports · Ringfence');
});

test('the page as a file, on paper, and the day before, by keyboard', async () => {
  await button('Download').focus();
  await page.keyboard.press('Enter');
  const downloads = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Page with charts (HTML)' }).press('Enter');
  const file = await (await downloads).path();
  const html = await readFile(file, 'utf8');
  expect(html.match(/src="data:image\/png;base64,/g)).toHaveLength(2);
  expect(html.includes('2 attacks from 2 sources so far, all blocked')).toBe(true);

  await page.emulateMedia({ media: 'print' });
  expect(await page.getByRole('banner').isVisible()).toBe(false);
  expect(await page.getByRole('region', { name: 'The day', exact: true }).isVisible()).toBe(true);
  await page.emulateMedia({ media: null });

  await button('The day before').press('Enter');
  await page.getByText('No attack began.').waitFor();
  expect(page.url()).toMatch(/day=20\d\d-\d\d-\d\d/);
});

test('a mail account is added, its secret set, and a test shows the words of the server', async () => {
  await page.goto(ORIGIN + SETTINGS);
  await button('Add a mail account').click();
  const account = page.getByRole('group', { name: 'mail account 1', exact: true });
  await account.getByRole('textbox', { name: /^Name/ }).fill('office');
  await account.getByRole('textbox', { name: /^Host/ }).fill('127.0.0.1');
  await account.getByRole('textbox', { name: /^Port/ }).fill(String(MAIL_PORT));
  await account.getByRole('textbox', { name: /^From/ }).fill('ringfence@example.org');
  await account.getByRole('combobox', { name: /^Security/ }).click();
  await page.getByRole('option', { name: 'none' }).click();
  for (const name of ['anna', 'nobody']) {
    await account.getByRole('button', { name: 'Add a recipient' }).click();
    await account
      .getByRole('textbox', { name: /^Address/ })
      .last()
      .fill(`${name}@example.org`);
  }
  await button('Review and apply').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Apply', exact: true }).click();
  await until('the account is in the policy', WAIT_MS, async () =>
    (await ringfence.cli('policy', 'get', 'notify.email')).output.includes('nobody@example.org') ? true : undefined,
  );

  await page.goto(`${ORIGIN}/notifications`);
  const row = page.getByRole('row', { name: /office/ }).first();
  await row.getByText('nothing sent yet').waitFor();
  await row.getByRole('button', { name: 'Actions for office' }).click();
  await page.getByRole('menuitem', { name: 'Set its secret' }).click();
  await page.getByLabel('New secret').fill('not told to anybody');
  await button('Set it').click();
  await row.getByText('set', { exact: true }).waitFor();
  // The form stays until everything it touches was asked for again, and holds what was typed into it until then.
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await page.content()).not.toContain('not told to anybody');

  await row.getByRole('button', { name: 'Actions for office' }).click();
  await page.getByRole('menuitem', { name: 'Send a test' }).click();
  const dialog = page.getByRole('dialog', { name: 'Test of office' });
  await dialog.getByText('anna@example.org: the other side took it').waitFor();
  await dialog.getByText('550 5.1.1 <nobody@example.org>: no such user here').waitFor();
  await mail.says(/Subject:/, WAIT_MS);
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
});

test.each(['light', 'dark'] as const)(
  '%s: axe-core finds nothing serious, and a phone scrolls one way',
  async (colorScheme) => {
    await inColors(page, colorScheme);
    for (const path of [TODAY, '/notifications', SETTINGS]) {
      await page.goto(ORIGIN + path);
      await settled(page);
      expect(await seriousProblems(page)).toEqual([]);
      await fitsPhone(page);
    }
  },
);

test('nothing went wrong in the page, and it asked nobody but the console', () => expect(troubles).toEqual([]));
