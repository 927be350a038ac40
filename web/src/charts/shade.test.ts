import { expect, test } from 'vitest';
import { shadeOf } from './shade.ts';

test.each([
  [0, 1000, 0],
  [1, 1, 5],
  [1, 1000, 1],
  [10, 100_000, 2],
  [99_999, 100_000, 5],
  [100_000, 100_000, 5],
])('%i of at most %i is shade %i', (count, largest, shade) => {
  expect(shadeOf(count, largest)).toBe(shade);
});
