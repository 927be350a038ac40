import { expect, test } from 'vitest';
import { isOver, render, type Figure } from './report.ts';

const figure = (value: number, limit?: number): Figure => ({ label: 'whole process', value, unit: 'µs', limit });

test.each([
  // "At most" includes the limit itself.
  { value: 3, limit: 3, over: false },
  { value: 3.01, limit: 3, over: true },
  { value: 0, limit: 0, over: false },
  { value: 1, limit: 0, over: true },
  // What could not be measured keeps no promise.
  { value: NaN, limit: 3, over: true },
  { value: 100, limit: undefined, over: false },
])('$value with the limit $limit is over it: $over', ({ value, limit, over }) => {
  expect(isOver(figure(value, limit))).toBe(over);
});

test('a missed limit is said plainly, a kept one too', () => {
  expect(render(figure(8.123, 3))).toMatch(/8\.12 µs {2}limit 3 µs: OVER THE LIMIT$/);
  expect(render(figure(2.5, 3))).toMatch(/2\.50 µs {2}limit 3 µs: within$/);
});

test('a figure without limit and note ends with its unit; counts are whole', () => {
  expect(render({ label: 'seen', value: 1_500_000, unit: 'packets' })).toMatch(/ 1,500,000 packets$/);
});
