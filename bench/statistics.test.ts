import { expect, test } from 'vitest';
import { median, percentile, times } from './statistics.ts';

const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);

test.each([
  // Nearest rank: the smallest value that at least so many percent do not exceed.
  { values: [15, 20, 35, 40, 50], percent: 5, expected: 15 },
  { values: [15, 20, 35, 40, 50], percent: 30, expected: 20 },
  { values: [15, 20, 35, 40, 50], percent: 40, expected: 20 },
  { values: [15, 20, 35, 40, 50], percent: 50, expected: 35 },
  { values: [15, 20, 35, 40, 50], percent: 100, expected: 50 },
  // Of a hundred attacks the 99th percentile leaves out the worst one and no more.
  { values: hundred, percent: 99, expected: 99 },
  { values: hundred, percent: 50, expected: 50 },
  // By size, not as text.
  { values: [9, 10, 1000, 2], percent: 100, expected: 1000 },
  { values: [7], percent: 99, expected: 7 },
  { values: [7, 8], percent: 0, expected: 7 },
])('percentile $percent of $values.length values is $expected', ({ values, percent, expected }) => {
  expect(percentile(values, percent)).toBe(expected);
});

test('the median of an odd number of values is the middle one, of an even number the lower middle', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2);
});

test('nothing measured is not a number, and never within a limit', () => {
  expect(percentile([], 50)).toBeNaN();
  expect(percentile([], 50) <= 5).toBe(false);
});

test('measuring does not sort the caller’s values', () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});

test('ratios are shown with two digits', () => {
  expect(times(26, 3)).toBe('8.7 ×');
  expect(times(1, 4)).toBe('0.25 ×');
});
