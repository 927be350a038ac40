/** How a list gets into the kernel: what the rules ask is always a whole list, the old one or the new one. */
import { beforeEach, describe, expect, test } from 'vitest';

import { NO_RANGES, RangePacker, type PackedRanges } from '../core/base/packed-ranges.ts';
import { KernelError } from '../ffi/kernel-error.ts';
import { FakeKernel } from './fake-kernel.ts';
import type { ListStep } from './kernel-lists.ts';
import { LongList } from './long-list.ts';

let kernel: FakeKernel;
let list: LongList;
let edits: ListStep[][];
/** Called before each transaction; throws to refuse it. */
let onEdit: (n: number) => void;

/** Ranges of three addresses, `step` apart, in IPv4. */
function many(count: number, first: number, step = 8): PackedRanges {
  const packer = new RangePacker();
  for (let i = 0; i < count; i++) packer.addV4(first + i * step, first + i * step + 2);
  return packer.pack();
}
const made = (name: string) => new LongList({ name, kernel, now: () => 5, onLoaded: () => {} });
const size = (set: string) => kernel.count(set)! + kernel.ranges(set).length / 2;
const asked = () => kernel.selection('deny_use').v4;
const settled = async (what: () => boolean) => expect.poll(what, { interval: 1, timeout: 20_000 }).toBe(true);

beforeEach(() => {
  kernel = new FakeKernel({ now: () => 0, table: true });
  edits = [];
  onEdit = () => {};
  const edit = kernel.edit.bind(kernel);
  kernel.edit = (steps) => {
    onEdit(edits.length);
    edits.push([...steps]);
    edit(steps);
  };
  list = made('deny');
});

test('a short list is in the kernel when the call returns', async () => {
  void list.set(many(20, 1000));
  expect(kernel.ranges('deny_s4')).toEqual(many(20, 1000).v4);
  expect(asked()).toBe('deny_s4');
  await list.set(NO_RANGES);
  expect(asked()).toBeNull();
});

test('a long list is asked only when all of it is there; the old one is emptied afterwards', async () => {
  await list.set(many(20, 1000));
  edits = [];
  let whole = true;
  onEdit = () => (whole &&= asked() === 'deny_s4' || size('deny_a4') + size('deny_a4_net') >= 3000);
  await list.set(many(1500, 0));
  expect(asked()).toBe('deny_a4');
  await settled(() => size('deny_s4') === 0);
  expect(whole).toBe(true);
  // No transaction is longer than half a millisecond's worth.
  for (const steps of edits)
    expect(steps.reduce((keys, step) => keys + ('count' in step ? step.count : 0), 0)).toBeLessThanOrEqual(500);
});

test('another long list goes into the other buffer', async () => {
  await list.set(many(1500, 0));
  await list.set(many(1500, 0x0a000000));
  expect(asked()).toBe('deny_b4');
  await settled(() => size('deny_a4') + size('deny_a4_net') === 0);
  await list.set(many(10, 77));
  expect(asked()).toBe('deny_s4');
  await settled(() => size('deny_b4') + size('deny_b4_net') === 0);
});

test('a small change is one transaction, in the sets in use', async () => {
  await list.set(many(1500, 0));
  edits = [];
  const more = new RangePacker();
  for (let i = 0; i < 1500; i++) more.addV4(i * 8, i * 8 + (i === 700 ? 3 : 2));
  await list.set(more.pack());
  expect(edits).toHaveLength(1);
  expect(asked()).toBe('deny_a4');
  // 5600 … 5602 were three addresses; 5600 … 5603 is a prefix of 30 bits.
  expect(kernel.has('deny_a4_net', true, Uint32Array.of(5602), 0)).toBe(true);
  expect(list.intact()).toBe(true);
});

test('the last of several contents counts', async () => {
  const first = list.set(many(3000, 0));
  const second = list.set(many(2000, 0x0a000000));
  const third = list.set(many(5, 1));
  await Promise.all([first, second, third]);
  expect(asked()).toBe('deny_s4');
  expect(kernel.ranges('deny_s4')).toEqual(many(5, 1).v4);
});

describe('refusals', () => {
  test('the content before stays in force, and what was half loaded is taken away', async () => {
    await list.set(many(20, 1000));
    edits = [];
    onEdit = (n) => {
      if (n === 3) throw new KernelError('kernel-out-of-memory', 'change the lists', 12, 'ENOMEM');
    };
    await expect(list.set(many(3000, 0))).rejects.toMatchObject({ code: 'kernel-out-of-memory' });
    expect(asked()).toBe('deny_s4');
    expect(kernel.ranges('deny_s4')).toEqual(many(20, 1000).v4);
    expect(list.ranges).toBe(20);
    onEdit = () => {};
    await list.set(many(3000, 0));
    expect(list.intact()).toBe(true);
    await settled(() => size('deny_s4') === 0);
  });

  test('without the table it is noted, and comes with the table', async () => {
    await kernel.remove();
    await list.set(many(20, 1000));
    await kernel.apply('');
    list.distrust();
    expect(kernel.ranges('deny_s4')).toEqual(many(20, 1000).v4);
  });

  test('somebody empties the buffer while it is emptied', async () => {
    await list.set(many(3000, 0));
    await list.set(many(3000, 0x0a000000));
    kernel.flushSet('deny_a4');
    await settled(() => size('deny_a4') + size('deny_a4_net') === 0);
    expect(asked()).toBe('deny_b4');
  });
});

describe('what others and a crash leave', () => {
  test('the content of a process before stays in force until the new one is loaded', async () => {
    await list.set(many(1500, 0));
    list.stop();
    const heir = made('deny');
    heir.distrust();
    expect(asked()).toBe('deny_a4');
    await heir.set(many(1500, 0x0a000000));
    expect(asked()).toBe('deny_b4');
    await settled(() => size('deny_a4') + size('deny_a4_net') === 0);
    expect(heir.intact()).toBe(true);
  });

  test.each<[name: string, harm: () => void]>([
    ['a set emptied', () => kernel.flushSet('deny_a4')],
    [
      'the selector changed',
      () => kernel.edit([{ do: 'select', map: 'deny_use', v4: true, from: 'deny_a4', to: null }]),
    ],
    [
      'one element removed',
      () => kernel.edit([{ do: 'remove', set: 'deny_a4', v4: true, keys: Uint32Array.of(2), count: 1 }]),
    ],
  ])('%s: seen, and loaded again', async (_, harm) => {
    await list.set(many(1500, 0));
    expect(list.intact()).toBe(true);
    harm();
    expect(list.intact()).toBe(false);
    list.distrust();
    await list.set(many(1500, 0));
    expect(list.intact()).toBe(true);
    expect(asked()).not.toBeNull();
  });
});
