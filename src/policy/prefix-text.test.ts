import { expect, test } from 'vitest';
import { parsePrefixes, prefixesProblem } from './prefix-text.ts';

test('prefixes are separated by commas', () => {
  expect(parsePrefixes('+, 00,011 ,, 9+')).toEqual(['+', '00', '011', '9+']);
  expect(parsePrefixes('')).toEqual([]);
});

test.each(['+49', '', '00, 011', '9+', '0'.repeat(15)])('%j is right', (text) =>
  expect(prefixesProblem(text)).toBeNull(),
);

test.each(['00 011', 'abc', '0-0', '++', '0'.repeat(16)])('%j is refused', (text) =>
  expect(prefixesProblem(text)).toBe('a prefix is up to 15 digits, and perhaps a plus sign, e.g. 00'),
);

test('more than anybody needs are refused', () => {
  expect(prefixesProblem(Array(65).fill('00').join(','))).toBe('at most 64 prefixes');
});
