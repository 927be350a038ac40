/** The kernel's batch size over a day: one at a time when it is quiet, many in a flood, and no flutter in between. */
import { expect, test } from 'vitest';

import { QueueThreshold } from './queue-threshold.ts';

/** Runs a load of `perSecond` for `ms`, counted every `stepMs`; returns each change of the setting. */
function run(threshold: QueueThreshold, from: number, perSecond: number, ms: number, stepMs = 5): number[] {
  const changes: number[] = [];
  for (let t = stepMs; t <= ms; t += stepMs) {
    const before = threshold.value;
    const after = threshold.update((perSecond * stepMs) / 1000, from + t);
    if (after !== before) changes.push(after);
  }
  return changes;
}

test.each([
  // packets/s   settles at
  [0, 1],
  [1000, 1],
  [9999, 1],
  [10_000, 16],
  [20_000, 32],
  [50_000, 64],
  [1_000_000, 64],
])('a steady %i packets/s: %i to a batch', (perSecond, expected) => {
  const threshold = new QueueThreshold();
  threshold.update(0, 0);
  run(threshold, 0, perSecond, 1000);
  expect(threshold.value).toBe(expected);
  expect(run(threshold, 1000, perSecond, 10_000)).toEqual([]);
});

test('a flood is noticed within one reading', () => {
  const threshold = new QueueThreshold();
  threshold.update(0, 0);
  run(threshold, 0, 100, 1000);
  expect(run(threshold, 1000, 60_000, 40)).toEqual([64]);
});

test('after a flood it stays for 200 ms, then goes back at once', () => {
  const threshold = new QueueThreshold();
  threshold.update(0, 0);
  run(threshold, 0, 60_000, 1000);
  expect(run(threshold, 1000, 0, 150)).toEqual([]);
  expect(run(threshold, 1150, 0, 200)).toEqual([1]);
});

test('a load that swings around the line does not flip it', () => {
  const threshold = new QueueThreshold();
  threshold.update(0, 0);
  const changes: number[] = [];
  for (let i = 0; i < 100; i++) changes.push(...run(threshold, i * 100, i % 2 === 0 ? 9000 : 11_000, 100));
  expect(changes).toEqual([16]);
});

test('a clock that steps back is survived', () => {
  const threshold = new QueueThreshold();
  threshold.update(0, 5000);
  run(threshold, 5000, 60_000, 100);
  threshold.update(10, 0);
  run(threshold, 0, 60_000, 100);
  expect(threshold.value).toBe(64);
});
