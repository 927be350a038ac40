/**
 * A long import into a whole daemon that is broken off, by whoever may die in it: afterwards the list is as it was before or complete, the
 * kernel holds what the store has, and the next import works.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ask } from '../../cli/client.ts';
import { assertNoLeaks, Namespace } from '../../test/netns.ts';
import { formatAddress } from '../core/base/address.ts';
import { runCli } from '../serve/testing/run-cli.ts';
import { RINGFENCE, RunningDaemon, until } from './testing/running-daemon.ts';

const LINES = 100_000;
const BEFORE = '203.0.113.7';
/** Every other address of 16/8, so that none joins another. */
const line = (i: number) => formatAddress({ w0: 0, w1: 0, w2: 0xffff, w3: 0x10000000 + 2 * i });
/** From all over the file. */
const SAMPLES = Array.from({ length: LINES / 1000 }, (_, i) => line(i * 1000 + (i % 7)));

let ns: Namespace;
let daemon: RunningDaemon;
let file: string;

beforeAll(() => void (ns = new Namespace('import')));
afterAll(async () => {
  await ns.close();
  assertNoLeaks();
});
beforeEach(async () => {
  daemon = new RunningDaemon(ns);
  daemon.start();
  file = join(daemon.data, 'bans.txt');
  writeFileSync(file, Array.from({ length: LINES }, (_, i) => `${line(i)}\n`).join(''));
  await daemon.protects();
  await daemon.deny(BEFORE);
});
afterEach(() => daemon.remove());

const importing = ['deny', 'import'] as const;

function startImport(): ChildProcess {
  return spawn(RINGFENCE, ['--data', daemon.data, ...importing, file], { stdio: 'ignore' });
}

/** What the database says at this moment, past whoever is working on it. */
function inDatabase(query: string): number {
  const database = new DatabaseSync(join(daemon.data, 'ringfence.db'), { readOnly: true, timeout: 5000 });
  try {
    return (database.prepare(query).get() as { n: number }).n;
  } finally {
    database.close();
  }
}

/** Several chunks are in the database, most of the file is not. */
const underWay = () =>
  until(() => inDatabase('SELECT count(*) AS n FROM lists WHERE born > 0') > 10_000, 'nothing is imported');

/** Its entries count, and the guard is bringing them into the kernel. */
const committed = () =>
  until(() => inDatabase('SELECT count(*) AS n FROM list_imports WHERE done IS NOT NULL') > 0, 'nothing is committed');

const listed = async () => (await ask<{ total: number }>(daemon.data, 'GET', '/lists/deny?limit=1')).total;

/** The kernel's denylist is the store's, as far as so many samples show; resolves with the number of entries. */
async function agreed(): Promise<number> {
  await daemon.protects();
  const total = await listed();
  const complete = total > 1;
  expect(total).toBe(complete ? LINES + 1 : 1);
  const expected = SAMPLES.map(() => complete);
  await until(async () => {
    const [before, ...samples] = await daemon.denied([BEFORE, ...SAMPLES]);
    return before && samples.join() === expected.join();
  }, `the kernel does not have the store’s ${total} entries`);
  return total;
}

async function nextImportWorks(): Promise<void> {
  const total = await listed();
  const next = join(daemon.data, 'next.txt');
  writeFileSync(next, '192.0.2.13\n');
  const { stdout, stderr } = await runCli(['--data', daemon.data, ...importing, next]);
  expect(stdout + stderr).toContain('1 added');
  expect(await daemon.denied(['192.0.2.13', BEFORE])).toEqual([true, true]);
  expect(await listed()).toBe(total + 1);
}

async function consoleDies(): Promise<void> {
  const pid = daemon.consolePid!;
  process.kill(pid, 'SIGKILL');
  await until(() => daemon.consolePid !== null && daemon.consolePid !== pid, 'no new console');
}

/** The new one starts while the console of the old one may still be there. */
async function guardDies(): Promise<void> {
  await daemon.end('SIGKILL');
  daemon.start();
}

it.each([
  ['the console', consoleDies],
  ['the guard', guardDies],
])('kill -9 of %s while the file is read: as before', async (_who, dies) => {
  const command = startImport();
  await underWay();
  await dies();
  const [code] = command.exitCode === null ? await once(command, 'exit') : [command.exitCode];
  expect(code).not.toBe(0);
  expect(await agreed()).toBe(1);
  await nextImportWorks();
});

it.each([
  ['the console', consoleDies],
  ['the guard', guardDies],
])('kill -9 of %s while the list goes into the kernel: as before, or complete', async (_who, dies) => {
  const command = startImport();
  await committed();
  await dies();
  if (command.exitCode === null) await once(command, 'exit');
  await agreed();
  await nextImportWorks();
});

it('Ctrl-C on a terminal: as before', async () => {
  // A real one: `script` gives the command a terminal of its own and passes on what is typed.
  const typed = [RINGFENCE, '--data', daemon.data, ...importing, file].join(' ');
  const terminal = spawn('script', ['--quiet', '--return', '--command', typed, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let shown = '';
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
  await underWay();
  terminal.stdin.write('\x03');
  const [code] = await once(terminal, 'exit');
  expect(code).toBe(130);
  // Nothing but a terminal answers like this.
  expect(shown).toContain('^C');
  expect(await agreed()).toBe(1);
  await nextImportWorks();
});
