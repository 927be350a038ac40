import { expect, test } from 'vitest';
import { bytes, counted, duration, exactTime, relativeTime, shortCount } from './moments.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const NOW = 1_790_000_000_000;

test.each([
  [0, 'just now'],
  [-30 * SECOND, '30 s ago'],
  [-3 * MINUTE, '3 min ago'],
  [52 * MINUTE, 'in 52 min'],
  [-5 * HOUR, '5 h ago'],
  [-30 * HOUR, '30 h ago'],
  [-72 * HOUR, '3 days ago'],
])('relative: %d ms', (apart, expected) => expect(relativeTime(NOW + apart, NOW)).toBe(expected));

test.each([
  [0, '0 ms'],
  [250, '250 ms'],
  [10 * SECOND, '10 s'],
  [65 * MINUTE, '1 h 5 min'],
  [HOUR, '1 h'],
  [24 * HOUR, '1 day'],
  [50 * HOUR, '2 days 2 h'],
])('duration: %d ms', (ms, expected) => expect(duration(ms)).toBe(expected));

test('exact time is local and sorts', () => {
  expect(exactTime(new Date(2026, 0, 2, 3, 4, 5).getTime())).toBe('2026-01-02 03:04:05');
});

test.each([
  ['UTC', '2026-03-29 00:59:59'],
  ['Europe/Berlin', '2026-03-29 01:59:59'],
  ['America/New_York', '2026-03-28 20:59:59'],
  ['Asia/Kolkata', '2026-03-29 06:29:59'],
])('exact time of a zone: %s', (zone, expected) => {
  expect(exactTime(Date.UTC(2026, 2, 29, 0, 59, 59), zone)).toBe(expected);
});

test('a zone that the browser does not know, and a number that is no time', () => {
  expect(exactTime(NOW, 'Mars/Olympus')).toBe(exactTime(NOW));
  expect(exactTime(Number.MAX_SAFE_INTEGER)).toBe('–');
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1500, '1.5 kB'],
  [290_000_000, '290 MB'],
])('bytes: %d', (value, expected) => expect(bytes(value)).toBe(expected));

test('counts', () => {
  expect(shortCount(9999)).toBe('9,999');
  expect(shortCount(1_234_567)).toBe('1.2M');
  expect(counted(1, 'entry', 'entries')).toBe('1 entry');
  expect(counted(1000, 'entry', 'entries')).toBe('1,000 entries');
});
