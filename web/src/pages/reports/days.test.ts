import { expect, test } from 'vitest';
import { dayOf, inWords, lengthText, shifted } from './days.ts';

const HOUR_MS = 3_600_000;

test.each([
  [undefined, 'yesterday'],
  ['today', 'today'],
  ['2026-11-21', '2026-11-21'],
  ['2026-11-21T00:00', 'yesterday'],
  ['../etc', 'yesterday'],
])('an address with %s asks for %s', (text, day) => expect(dayOf(text)).toBe(day));

test('days before and after, over the ends of months and the change of clocks', () => {
  expect(shifted('2026-03-01', -1)).toBe('2026-02-28');
  expect(shifted('2026-03-28', 1)).toBe('2026-03-29');
  expect(shifted('2026-03-29', 1)).toBe('2026-03-30');
  expect(inWords('2026-11-21')).toBe('Saturday, 21 November 2026');
});

test.each([
  [23, 'This day had 23 hours: the clocks were put forward.'],
  [24, null],
  [24.5, 'This day had 24.5 hours: the clocks were set back.'],
])('%d hours', (hours, text) => expect(lengthText(0, hours * HOUR_MS)).toBe(text));
