import { expect, it } from 'vitest';
import { Counts, KEYS_MAX } from './tally.ts';

it('forged sources push nobody who sends more than they do off the list, and no memory is without a bound', () => {
  const counts = new Counts();
  counts.add('203.0.113.66', 1, 500);
  for (let i = 0; i < 3 * KEYS_MAX; i++) {
    counts.add(`forged ${i}`, 1, 1);
    if (i % KEYS_MAX === 0) counts.add('203.0.113.66', 1, 500);
  }
  expect(counts.keys.get('203.0.113.66')).toEqual({ attacks: 4, messages: 2000 });
  expect(counts.keys.size).toBeLessThanOrEqual(KEYS_MAX);
  expect(counts.atLeast).toBe(true);
});
