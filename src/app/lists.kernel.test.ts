/** A change beside long lists, from the command's question to the kernel. */
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { assertNoLeaks, Namespace } from '../../test/netns.ts';
import { formatAddress } from '../core/base/address.ts';
import { openStore } from '../store/sqlite/open.ts';
import { RunningDaemon } from './testing/running-daemon.ts';

const ENTRIES = 1_000_000;
const SLICE = 10_000;

let ns: Namespace;
let daemon: RunningDaemon;

beforeAll(() => void (ns = new Namespace('lists')));
afterAll(async () => {
  await ns.close();
  assertNoLeaks();
});
beforeEach(() => void (daemon = new RunningDaemon(ns)));
afterEach(() => daemon.remove());

/** Every other address of 16/8, so that none joins another. */
const entry = (i: number) => formatAddress({ w0: 0, w1: 0, w2: 0xffff, w3: 0x10000000 + 2 * i });

function fillDenylist(): void {
  const store = openStore(daemon.data, { now: Date.now() });
  const filling = store.listImport('deny', { now: Date.now(), by: 'test' });
  for (let i = 0; i < ENTRIES; i += SLICE) {
    filling.stage(Array.from({ length: SLICE }, (_, k) => ({ range: entry(i + k) })));
  }
  filling.commit('a million');
  filling.settle();
  store.close();
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
    const guard = daemon.start();
    await daemon.protects();
    await daemon.allDenied([entry(0), entry(ENTRIES - 1)]);
    const processes = [guard.pid!, daemon.consolePid!];
    const changes: { wallMs: number; waitedMs: number }[] = [];
    for (let i = 0; i < CHANGES; i++) {
      // None beside another: two addresses that touch are one prefix in the kernel.
      const address = `203.0.113.${2 * i}`;
      const waited = waitedForProcessorMs(processes);
      const began = performance.now();
      await daemon.deny(address);
      const wallMs = performance.now() - began;
      changes.push({ wallMs, waitedMs: waitedForProcessorMs(processes) - waited });
      expect(await daemon.denied([address])).toEqual([true]);
    }
    // What other programs of this machine took from guard, console and this test is not theirs.
    const tookMs = changes.map(({ wallMs, waitedMs }) => wallMs - waitedMs).sort((a, b) => a - b);
    const figures = changes.map((one) => `${one.wallMs.toFixed(0)} (${one.waitedMs.toFixed(0)} without a processor)`);
    expect(tookMs[CHANGES / 2], `${figures.join(', ')} ms`).toBeLessThan(CHANGE_MS);
    // It was an edit: what was there is there.
    expect(await daemon.denied([entry(0), entry(ENTRIES - 1)])).toEqual([true, true]);
  }, 240_000);
});
