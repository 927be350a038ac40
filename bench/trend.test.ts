import { expect, it } from 'vitest';
import { trendOf } from '../lab/soak/trend.ts';

const TOLERANCE = { share: 0.05, atLeast: 6 };
const samples = (of: (i: number) => number) => Array.from({ length: 80 }, (_, i) => of(i));
const grows = (values: number[]) => {
  const { last, limit } = trendOf(values, TOLERANCE);
  return last > limit;
};

it.each([
  ['as it was', samples(() => 200), false],
  ['filled in the first quarter, then as it was', samples((i) => Math.min(200, 100 + 10 * i)), false],
  ['up and down with every collection', samples((i) => 200 + (i % 7) * 4), false],
  ['one sample of the last quarter beside all others', samples((i) => (i === 75 ? 900 : 200)), false],
  ['grows by 0.5 with every sample', samples((i) => 200 + i / 2), true],
  ['a step between the second and the last quarter', samples((i) => (i < 50 ? 200 : 212)), true],
])('%s', (_, values, expected) => expect(grows(values)).toBe(expected));
