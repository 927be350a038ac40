/** Long lists from the console to the kernel, and through the death of whoever should know them. */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../../cli/client.ts';
import { assertNoLeaks, Namespace } from '../../test/netns.ts';
import { formatAddress, parseAddress } from '../core/base/address.ts';
import { ListElements } from '../enforce/list-elements.ts';
import { bufferName, BUFFERS, selector } from '../enforce/table.ts';
import type { StatusAnswer } from '../serve/answers.ts';
import { openStore } from '../store/sqlite/open.ts';
import { ListCopies } from './list-copies.ts';
import { countRanges } from '../core/base/packed-ranges.ts';

const RINGFENCE = join(import.meta.dirname, '../../bin/ringfence');
const PATIENCE_MS = 60_000;
const ENTRIES = 1_000_000;
const SLICE = 10_000;

let ns: Namespace;
let data: string;
let running: ChildProcess | null = null;

beforeAll(() => void (ns = new Namespace('lists')));
afterAll(async () => {
  await ns.close();
  assertNoLeaks();
});
beforeEach(() => void (data = mkdtempSync(join(tmpdir(), 'rf-lists-'))));
afterEach(async () => {
  if (running) await end(running, 'SIGTERM');
  rmSync(data, { recursive: true });
});

async function end(daemon: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  running = null;
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const ended = once(daemon, 'exit');
  daemon.kill(signal);
  await ended;
}

function start(): ChildProcess {
  return (running = ns.spawn(RINGFENCE, ['run', '--data', data], 'ignore'));
}

async function until<T>(look: () => Promise<T | null | false> | T | null | false, otherwise: string): Promise<T> {
  for (const late = Date.now() + PATIENCE_MS; Date.now() < late;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${otherwise} within ${PATIENCE_MS} ms`);
}

const protects = () =>
  until(async () => {
    const status = await ask<StatusAnswer>(data, 'GET', '/status').catch(() => null);
    return status?.protecting ? status : null;
  }, 'it does not protect');

const deny = (range: string) => ask(data, 'POST', '/lists/deny', { range });

/** Single addresses, asked of the kernel itself. */
function denied(addresses: string[]): Promise<boolean[]> {
  return ns.inside(() => {
    const kernel = new ListElements();
    try {
      const { v4 } = kernel.selection(selector('deny'));
      if (v4 === null) return addresses.map(() => false);
      const words = addresses.map((text) => parseAddress(text)!.w3);
      if (v4 === bufferName('deny', BUFFERS[0], true)) {
        const ranges = kernel.ranges(v4, true);
        return words.map((word) => ranges.some((first, i) => i % 2 === 0 && first <= word && word <= ranges[i + 1]));
      }
      return words.map((word) => kernel.has(v4, true, Uint32Array.of(word), 0));
    } finally {
      kernel.close();
    }
  });
}

/** Every other address of 16/8, so that none joins another. */
const entry = (i: number) => formatAddress({ w0: 0, w1: 0, w2: 0xffff, w3: 0x10000000 + 2 * i });

function fillDenylist(): void {
  const store = openStore(data, { now: Date.now() });
  const filling = store.listImport('deny', { now: Date.now(), by: 'test' });
  for (let i = 0; i < ENTRIES; i += SLICE) {
    filling.stage(Array.from({ length: SLICE }, (_, k) => ({ range: entry(i + k) })));
  }
  filling.commit('a million');
  filling.settle();
  store.close();
}

function childOf(daemon: ChildProcess): number | null {
  // Scripts between us and the guard hand over with exec; before they do they may have other children.
  const search = ['--full', '--parent', String(daemon.pid), 'src/app/console\\.ts'];
  const { stdout } = spawnSync('pgrep', search, { encoding: 'utf8' });
  return stdout === '' ? null : Number(stdout.trim().split('\n')[0]);
}

/**
 * How long the main threads of these processes and this thread were ready to run and others ran instead: second figure of
 * /proc/PID/schedstat, nanoseconds. One works at a time on a change, so these times add up.
 */
function waitedForProcessorMs(processes: readonly number[]): number {
  const files = [...processes.map((pid) => `/proc/${pid}/schedstat`), '/proc/thread-self/schedstat'];
  return files.reduce((sum, file) => sum + Number(readFileSync(file, 'utf8').split(' ')[1]) / 1e6, 0);
}

describe(`beside ${ENTRIES.toLocaleString('en')} entries`, () => {
  const CHANGES = 10;
  const CHANGE_MS = 100;

  it(`an entry more is in the kernel ${CHANGE_MS} ms later`, async () => {
    fillDenylist();
    start();
    await protects();
    await until(
      async () => (await denied([entry(0), entry(ENTRIES - 1)])).every(Boolean),
      'the list is not in the kernel',
    );
    const processes = [running!.pid!, childOf(running!)!];
    const changes: { wallMs: number; waitedMs: number }[] = [];
    for (let i = 0; i < CHANGES; i++) {
      // None beside another: two addresses that touch are one prefix in the kernel.
      const address = `203.0.113.${2 * i}`;
      const waited = waitedForProcessorMs(processes);
      const began = performance.now();
      await deny(address);
      const wallMs = performance.now() - began;
      changes.push({ wallMs, waitedMs: waitedForProcessorMs(processes) - waited });
      expect(await denied([address])).toEqual([true]);
    }
    // What other programs of this machine took from guard, console and this test is not theirs.
    const tookMs = changes.map(({ wallMs, waitedMs }) => wallMs - waitedMs).sort((a, b) => a - b);
    const figures = changes.map((one) => `${one.wallMs.toFixed(0)} (${one.waitedMs.toFixed(0)} without a processor)`);
    expect(tookMs[CHANGES / 2], `${figures.join(', ')} ms`).toBeLessThan(CHANGE_MS);
    // It was an edit: what was there is there.
    expect(await denied([entry(0), entry(ENTRIES - 1)])).toEqual([true, true]);
  }, 240_000);
});

describe('a guard that was killed, and a console that does not come up', () => {
  /** Its console is stopped before it can say anything. */
  async function startWithoutConsole(): Promise<void> {
    const daemon = start();
    const consolePid = await until(() => childOf(daemon), 'no console was started');
    process.kill(consolePid, 'SIGSTOP');
    stopped = consolePid;
  }
  let stopped = 0;
  afterEach(() => {
    if (stopped > 0) process.kill(stopped, 'SIGKILL');
    stopped = 0;
  });

  const inKernel = (addresses: string[]) =>
    until(async () => (await denied(addresses).catch(() => [false])).every(Boolean), 'the lists are not in the kernel');

  it('everything that was ever acknowledged is in force again, after a reboot too', async () => {
    const daemon = start();
    await protects();
    const acknowledged: string[] = [];
    const exited = once(daemon, 'exit');
    // Killed in the midst of changes.
    const changes = (async () => {
      for (let i = 1; i < 250; i++) {
        await deny(`203.0.113.${i}`);
        acknowledged.push(`203.0.113.${i}`);
        if (acknowledged.length === 5) daemon.kill('SIGKILL');
      }
    })();
    await expect(changes).rejects.toThrow();
    await exited;
    expect(acknowledged.length).toBeGreaterThanOrEqual(5);
    // The kernel of a machine that was rebooted has no table.
    ns.run('nft', 'delete', 'table', 'inet', 'ringfence');
    await startWithoutConsole();
    await inKernel(acknowledged);
  }, 120_000);

  it('a damaged copy costs its own list alone, and what the kernel still holds stays', async () => {
    const daemon = start();
    await protects();
    await deny('203.0.113.7');
    daemon.kill('SIGKILL');
    await once(daemon, 'exit');
    const file = readdirSync(data).find((name) => name.startsWith('last-good.deny.'))!;
    rmSync(join(data, file));
    await startWithoutConsole();
    await until(() => countRanges(new ListCopies(data).read().ranges.deny) === 1, 'the guard has no copy again');
    await inKernel(['203.0.113.7']);
  });
});
