import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DailyReport } from '../src/notify/report/daily-report.ts';
import { busyConsole, type BusyConsole } from '../src/serve/testing/busy-console.ts';
import { runCli } from '../src/serve/testing/run-cli.ts';
import { ATTACKER, VICTIM } from '../src/serve/testing/samples.ts';

let console: BusyConsole;
beforeAll(async () => {
  console = await busyConsole();
});
afterAll(() => console.end());

/** A zone in which it is about noon: the attack of the busy console was a moment ago, and today. */
const hours = new Date().getUTCHours() - 12;
const ZONE = `Etc/GMT${hours < 0 ? '-' : '+'}${Math.abs(hours)}`;
const report = (...args: string[]) => runCli(['--data', console.data, 'report', ...args]);

describe('ringfence report', () => {
  it('as text, with what the stranger wrote spelled out', async () => {
    const { code, stdout } = await report('--day', 'today', '--zone', ZONE);
    expect(code).toBe(0);
    expect(stdout).toContain('1 attack from 1 source so far, all blocked');
    expect(stdout).toContain(ZONE);
    expect(stdout).toMatch(/Password guessing by REGISTER +1 +17 +0\n/);
    expect(stdout).toMatch(new RegExp(`${VICTIM} +1 +17 +0\\n`));
    expect(stdout).toContain('101\\x1b[31m');
    expect(stdout).not.toMatch(/[^\n\P{C}]/u);
  });

  it('of yesterday, when nothing is said', async () => {
    const { code, stdout } = await report();
    expect([code, stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/: No attacks$/)]);
  });

  it('the same figures as JSON and CSV', async () => {
    const json = JSON.parse((await report('--day', 'today', '--zone', ZONE, '--format', 'json')).stdout) as DailyReport;
    expect(json.totals).toMatchObject({ attacks: 1, messages: 17, sources: 1 });
    expect(json.sources.rows[0].address).toBe(ATTACKER);
    const { stdout } = await report('--day', json.day, '--zone', ZONE, '--format', 'csv');
    const total = (parse(stdout) as string[][]).find(([section]) => section === 'total');
    expect(total).toEqual(['total', json.day, '', '1', '17', '0', '']);
  });

  it('a page in a file for its owner, that is not written over', async () => {
    const file = join(console.data, 'report.html');
    const { code, stdout } = await report('--day', 'today', '--zone', ZONE, '--format', 'html', '-o', file);
    expect([code, stdout]).toEqual([0, expect.stringContaining(file)]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toMatch(/src="data:image\/png;base64,[^"]{1000,}" .* alt="Attacks by hour/);
    const again = await report('-o', file);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('--force')]);
  });

  it.each([
    [['--day', '2099-01-01'], 'has not begun'],
    [['--day', '2026-02-30'], 'there is no 2026-02-30'],
    [['--day', 'gestern'], 'written as 2026-11-21'],
    [['--zone', 'Mars/Olympus'], 'no time zone'],
    [['--format', 'pdf'], 'text, html, csv, json'],
  ])('%j: %s', async (args, told) => {
    const { code, stderr } = await report(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(told)]);
  });
});
