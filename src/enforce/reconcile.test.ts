/** Kernel and account are brought together: at start, while others interfere, and as blocks end. Time is ours. */
import { beforeEach, describe, expect, test } from 'vitest';

import { parseAddress, parseRange, type Address } from '../core/base/address.ts';
import { packRanges } from '../core/base/packed-ranges.ts';
import { Desired } from './desired.ts';
import { FakeKernel } from './fake-kernel.ts';
import type { ReconcileEvent } from './reconcile-event.ts';
import { Reconciler } from './reconcile.ts';

const HOUR = 3_600_000;
const START = 1_700_000_000_000;
const a = (text: string): Address => parseAddress(text)!;
const A = a('192.0.2.1');
const B = a('192.0.2.2');
const C = a('2001:db8::3');
const RANGE = packRanges([parseRange('198.51.100.0/24')!]);

let now: number;
let kernel: FakeKernel;
let commits: Int32Array;
let events: ReconcileEvent[];
let desired: Desired;
let reconciler: Reconciler;

const make = () =>
  new Reconciler({
    elements: kernel,
    structure: kernel,
    lists: kernel,
    ruleset: 'ruleset 1',
    desired,
    now: () => now,
    commits,
    onEvent: (event) => event.type !== 'loaded' && events.push(event),
  });

/** Events of one kind, and forgets them all. */
function take(type: ReconcileEvent['type']): ReconcileEvent[] {
  const found = events.filter((event) => event.type === type);
  events = [];
  return found;
}

beforeEach(() => {
  now = START;
  commits = new Int32Array(new SharedArrayBuffer(4));
  kernel = new FakeKernel({ now: () => now, commits });
  events = [];
  desired = new Desired();
  reconciler = make();
});

describe('start', () => {
  test('an empty kernel gets the ruleset, the lists and what is still in force', async () => {
    desired.want('block', A, now + HOUR);
    desired.want('deny', B, null);
    desired.want('block', C, now - 1);
    desired.lists = { allow: RANGE };
    await reconciler.start();
    expect(kernel.ruleset).toBe('ruleset 1');
    expect(kernel.get('block', A)?.expiresMs).toBe(HOUR);
    expect(kernel.get('deny', B)?.expiresMs).toBeNull();
    expect(kernel.ranges('allow_s4')).toEqual(RANGE.v4);
    // It ended while nobody was there.
    expect(kernel.get('block', C)).toBeNull();
    expect(events).toEqual([{ type: 'expired', set: 'block', target: '2001:db8::3', packets: 0 }]);
    expect([...desired.block.keys()]).toEqual(['192.0.2.1']);
  });

  test('what a crash left in force is taken over, with the end that the kernel gave it since', async () => {
    await kernel.apply('ruleset 0');
    kernel.block(A, HOUR);
    kernel.traffic(A, 7, 2 * HOUR);
    kernel.block(B, null);
    desired.want('block', A, now + 1000);
    await reconciler.start();
    expect(desired.block.get('192.0.2.1')?.until).toBe(now + 2 * HOUR);
    expect(kernel.get('block', A)?.expiresMs).toBe(2 * HOUR);
    expect(events.filter((e) => e.type === 'adopted')).toEqual([
      { type: 'adopted', set: 'block', target: '192.0.2.2', until: null, packets: 0 },
    ]);
  });

  test('what is restored counts on from where it was', async () => {
    desired.want('block', A, now + HOUR, 202);
    await reconciler.start();
    expect(kernel.get('block', A)?.packets).toBe(202);
    kernel.traffic(A, 3);
    await kernel.remove();
    await reconciler.tick();
    expect(kernel.get('block', A)?.packets).toBe(202);
    kernel.traffic(A, 5);
    await reconciler.tick();
    expect(events.findLast((e) => e.type === 'counted')?.counts[0].packets).toBe(207);
  });

  test('a refusal of the kernel is the caller’s to hear', async () => {
    kernel.refuse = Object.assign(new Error('no nft'), { code: 'nft-missing' });
    await expect(reconciler.start()).rejects.toMatchObject({ code: 'nft-missing' });
  });
});

describe('a tick', () => {
  beforeEach(async () => {
    desired.want('block', A, now + HOUR);
    desired.want('deny', B, null);
    desired.lists = { allow: RANGE };
    await reconciler.start();
    await reconciler.tick();
    events = [];
  });

  test('says nothing and changes nothing while nobody interferes', async () => {
    const generation = kernel.generation();
    for (let i = 0; i < 5; i++) {
      now += 3000;
      await reconciler.tick();
    }
    expect(events).toEqual([]);
    expect(kernel.generation()).toBe(generation);
  });

  // What others do to the table, and what the report says.
  test.each<{ name: string; harm: () => void; problem: string; details: string[] }>([
    {
      name: 'table deleted',
      harm: () => kernel.deleteTable(),
      problem: 'table-missing',
      details: ['table inet ringfence missing'],
    },
    {
      name: 'rules edited',
      harm: () => kernel.editRules('gate'),
      problem: 'structure-changed',
      details: ['rules of gate changed'],
    },
    {
      name: 'a block removed by hand',
      harm: () => kernel.meddle('block', A, 'remove'),
      problem: 'elements-removed',
      details: ['192.0.2.1 removed from block'],
    },
    {
      name: 'a denial removed by hand',
      harm: () => kernel.meddle('deny', B, 'remove'),
      problem: 'elements-removed',
      details: ['192.0.2.2 removed from deny'],
    },
    {
      name: 'the allowlist emptied',
      harm: () => kernel.flushSet('allow_s4'),
      problem: 'ranges-changed',
      details: ['allow changed'],
    },
  ])('$name: repaired and reported, once', async ({ harm, problem, details }) => {
    now += 1000;
    harm();
    await reconciler.tick();
    expect(take('repaired')).toEqual([{ type: 'repaired', problem, details }]);
    expect(kernel.structure()?.parts.get('rules of gate')).toBe('ruleset 1');
    expect(kernel.get('block', A)?.expiresMs).toBe(HOUR - 1000);
    expect(kernel.get('deny', B)).not.toBeNull();
    expect(kernel.ranges('allow_s4')).toEqual(RANGE.v4);
    await reconciler.tick();
    expect(events).toEqual([]);
  });

  test('what cannot be repaired is reported and tried again', async () => {
    kernel.deleteTable();
    kernel.refuse = Object.assign(new Error('no nft'), { code: 'nft-missing' });
    await reconciler.tick();
    expect(take('failed')).toEqual([{ type: 'failed', code: 'nft-missing', text: 'no nft' }]);
    await reconciler.tick();
    expect(take('repaired')).toHaveLength(1);
    expect(kernel.get('block', A)).not.toBeNull();
  });

  test('a block that ended is reported with its packets and forgotten', async () => {
    kernel.traffic(A, 12);
    await reconciler.tick();
    events = [];
    now += HOUR;
    await reconciler.tick();
    expect(events).toEqual([{ type: 'expired', set: 'block', target: '192.0.2.1', packets: 12 }]);
    expect(desired.block.size).toBe(0);
    expect(kernel.get('block', A)).toBeNull();
  });

  test('a block that the kernel extended is not over at its first end', async () => {
    now += HOUR - 1;
    kernel.traffic(A, 3, HOUR);
    now += 2;
    await reconciler.tick();
    expect(take('expired')).toEqual([]);
    expect(desired.block.get('192.0.2.1')).toMatchObject({ until: now + HOUR - 2, packets: 3 });
    now += HOUR;
    await reconciler.tick();
    expect(take('expired')).toHaveLength(1);
  });

  test('counters are reported when they grow', async () => {
    kernel.traffic(A, 5);
    await reconciler.tick();
    expect(events).toEqual([
      { type: 'counted', counts: [{ set: 'block', target: '192.0.2.1', packets: 5, until: START + HOUR }] },
    ]);
    events = [];
    await reconciler.tick();
    expect(events).toEqual([]);
  });

  test('another thread’s block is no stranger, however late its notice', async () => {
    kernel.block(C, HOUR);
    kernel.editRules('gate'); // brings a look
    await reconciler.tick();
    reconciler.note('block', C, HOUR);
    await reconciler.tick();
    expect(take('adopted')).toEqual([]);
    expect(desired.block.get('2001:db8::3')?.until).toBe(now + HOUR);
  });

  test('an element added by hand is taken over with the second look', async () => {
    kernel.meddle('block', C, { timeoutMs: HOUR });
    await reconciler.tick();
    expect(take('adopted')).toEqual([]);
    await reconciler.tick();
    expect(take('adopted')).toEqual([
      { type: 'adopted', set: 'block', target: '2001:db8::3', until: now + HOUR, packets: 0 },
    ]);
  });

  test('a lift is final', async () => {
    expect(await reconciler.remove('block', A)).toBe(true);
    kernel.editRules('gate');
    await reconciler.tick();
    await reconciler.tick();
    expect(kernel.get('block', A)).toBeNull();
    expect(await reconciler.remove('block', A)).toBe(false);
  });

  test('what is asked for while the table is missing is done when it is back', async () => {
    kernel.deleteTable();
    await reconciler.add('block', C, HOUR);
    await reconciler.setLongLists({ deny: RANGE });
    reconciler.note('limit', A, HOUR);
    expect(await reconciler.remove('deny', B)).toBe(true);
    await reconciler.tick();
    expect(kernel.get('block', C)?.expiresMs).toBe(HOUR);
    expect(kernel.ranges('deny_s4')).toEqual(RANGE.v4);
    expect(kernel.get('limit', A)?.expiresMs).toBe(HOUR);
    expect(kernel.get('deny', B)).toBeNull();
  });

  describe('a brief block keeps the mark that nothing prolongs it', () => {
    beforeEach(() => {
      kernel.blockBriefly(C, HOUR);
      reconciler.noteBrief(C, HOUR);
    });

    test.each([
      ['the table is deleted', () => kernel.deleteTable()],
      [
        'block and mark are removed',
        () => (['block', 'brief'] as const).forEach((set) => kernel.meddle(set, C, 'remove')),
      ],
      ['the mark is removed', () => kernel.meddle('brief', C, 'remove')],
    ])('when %s', async (_what, harm) => {
      harm();
      await reconciler.tick();
      expect(kernel.get('brief', C)?.expiresMs).toBeGreaterThan(HOUR);
      expect(kernel.get('block', C)?.expiresMs).toBe(HOUR);
    });

    test('also when a guard before us wrote it', async () => {
      desired = new Desired();
      const next = make();
      await next.start();
      kernel.deleteTable();
      await next.tick();
      expect([kernel.get('block', C), kernel.get('brief', C)]).not.toContain(null);
    });

    test('until a block proper takes its place', async () => {
      kernel.block(C, HOUR);
      reconciler.note('block', C, HOUR);
      kernel.deleteTable();
      await reconciler.tick();
      expect(kernel.get('block', C)).not.toBeNull();
      expect(kernel.get('brief', C)).toBeNull();
    });
  });

  test('a changed policy is applied, and restored after harm', async () => {
    await reconciler.setRuleset('ruleset 2');
    kernel.deleteTable();
    await reconciler.tick();
    expect(kernel.ruleset).toBe('ruleset 2');
  });

  test('a policy that the kernel refuses leaves the old one in force', async () => {
    kernel.refuse = new Error('refused');
    // The second attempt (the table made anew) is refused as well.
    const again = kernel.recreate.bind(kernel);
    kernel.recreate = async () => {
      kernel.recreate = again;
      throw new Error('refused');
    };
    await expect(reconciler.setRuleset('ruleset 2')).rejects.toThrow('refused');
    kernel.deleteTable();
    await reconciler.tick();
    expect(kernel.ruleset).toBe('ruleset 1');
  });

  test('a table that does not take the ruleset is made anew, with everything that was in it', async () => {
    kernel.block(C, HOUR); // its notice is on its way
    kernel.refuse = new Error('File exists');
    await reconciler.setRuleset('ruleset 2');
    expect(kernel.ruleset).toBe('ruleset 2');
    for (const address of [A, C]) expect(kernel.get('block', address)).not.toBeNull();
    expect(kernel.get('deny', B)).not.toBeNull();
    expect(kernel.ranges('allow_s4')).toEqual(RANGE.v4);
  });
});

test('20,000 blocks: the thread is never held for tens of milliseconds', async () => {
  for (let i = 0; i < 20_000; i++) desired.want('block', { ...A, w3: 0x0a000000 + i }, now + HOUR);
  await reconciler.start();
  kernel.editRules('gate');
  // CPU time, so that a busy machine does not count against it.
  const cpuMs = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let longest = 0;
  let last = cpuMs();
  let running = true;
  const watch = () => {
    longest = Math.max(longest, cpuMs() - last);
    last = cpuMs();
    if (running) setImmediate(watch);
  };
  setImmediate(watch);
  await reconciler.tick();
  running = false;
  // Slices of 5 ms, and now and then a garbage collection.
  expect(longest).toBeLessThan(50);
});
