import { expect, test } from 'vitest';
import { shadeOf } from './shade.ts';

test.each([
  [0, 1000, 0],
  [0, 0, 0],
  [1, 1, 5],
  [1, 100_000, 1],
  [100, 1000, 2],
  [500, 1000, 4],
  [1000, 1000, 5],
])('%i of at most %i is shade %i', (count, largest, shade) => {
  expect(shadeOf(count, largest)).toBe(shade);
});
