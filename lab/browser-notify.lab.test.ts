/** Reports in a real browser: a day of real attacks, told with the figures that the log of attacks has. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DailyReport } from '../src/notify/report/daily-report.ts';
import type { StoredIncident } from '../src/store/store.ts';
import { fitsPhone, inColors, ORIGIN, seriousProblems, settled, WAIT_MS } from './chromium.ts';
import { buildConsoleStage, type ConsoleStage } from './console-stage.ts';
import { ADDRESSES } from './network.ts';
import { until } from './process.ts';
import type { Ringfence } from './ringfence.ts';

const ATTACKER = ADDRESSES.attacker.v4;
const HOSTILE = '<img src=x onerror=document.title=1>';
/** About noon now, so that the day does not end in between. */
const HOURS = new Date().getUTCHours() - 12;
const ZONE = `Etc/GMT${HOURS < 0 ? '-' : '+'}${Math.abs(HOURS)}`;
const TODAY = `/reports?day=today&zone=${encodeURIComponent(ZONE)}`;

let stage: ConsoleStage;
let ringfence: Ringfence;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  stage = await buildConsoleStage();
  ({ ringfence, page, troubles } = stage);
  await ringfence.cli('policy', 'set', 'detect.scanner-fingerprint.enabled', 'false');
  const { attackers } = stage;
  const tools = [
    attackers.svcrack('1000', '1-400', [], { userAgents: [HOSTILE] }),
    attackers.svwar('REGISTER', '100-400', [], { source: ADDRESSES.attacker.more }),
  ];
  await until('both are in the log', WAIT_MS, async () => {
    const found = await incidents();
    return new Set(found.map(({ source }) => source)).size >= 2 ? found : undefined;
  });
  for (const tool of tools) await tool.kill();
});

afterAll(() => stage?.tearDown());

async function incidents(): Promise<StoredIncident[]> {
  return JSON.parse((await ringfence.cli('attacks', '--json')).output) as StoredIncident[];
}

async function report(...args: string[]): Promise<string> {
  return (await ringfence.cli('report', '--day', 'today', '--zone', ZONE, ...args)).output;
}

test('the figures of a day are those of the log of attacks', async () => {
  const log = await incidents();
  const { totals, sources, kinds } = JSON.parse(await report('--json')) as DailyReport;
  expect(totals.attacks).toBe(log.length);
  expect(totals.sources).toBe(2);
  expect(totals.messages).toBe(log.reduce((sum, { count }) => sum + count, 0));
  expect(new Set(sources.rows.map(({ address }) => address))).toEqual(new Set(log.map(({ source }) => source)));
  for (const { kind, attacks } of kinds) expect(attacks).toBe(log.filter((one) => one.kind === kind).length);

  await page.goto(ORIGIN + TODAY);
  const table = page.getByRole('table', { name: 'The day against those before' });
  await table.getByRole('row', { name: new RegExp(`^Attacks ${log.length} `) }).waitFor();
  await page.getByText('The day is not over').waitFor();
  await page.getByRole('table', { name: 'Sources' }).getByRole('link', { name: ATTACKER, exact: true }).waitFor();
  expect(await page.title()).toBe('Reports · Ringfence');
});
