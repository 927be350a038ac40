/** A change beside long lists, from the command's question to the kernel. */
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

describe(`beside ${ENTRIES.toLocaleString('en')} entries`, () => {
  const CHANGES = 10;

  it('an entry more is an edit: the kernel has it long before the list could have been loaded anew', async () => {
    fillDenylist();
    const began = performance.now();
    daemon.start();
    await daemon.protects();
    await daemon.allDenied([entry(0), entry(ENTRIES - 1)]);
    // With the start of guard and console in it, about 5 s; the list alone is 3 s of it. How long a change takes on a quiet machine, and
    // that it is less than 100 ms, is for `npm run bench lists` to say.
    const loadedMs = performance.now() - began;
    const changesMs: number[] = [];
    for (let i = 0; i < CHANGES; i++) {
      // None beside another: two addresses that touch are one prefix in the kernel.
      const address = `203.0.113.${2 * i}`;
      const asked = performance.now();
      await daemon.deny(address);
      changesMs.push(performance.now() - asked);
      expect(await daemon.denied([address])).toEqual([true]);
    }
    changesMs.sort((a, b) => a - b);
    expect(changesMs[CHANGES / 2]).toBeLessThan(loadedMs / 5);
    // What was there is there.
    expect(await daemon.denied([entry(0), entry(ENTRIES - 1)])).toEqual([true, true]);
  }, 240_000);
});
