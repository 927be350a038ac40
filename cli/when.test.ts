import { describe, expect, it } from 'vitest';
import { byteSize, clockTime, duration, fullTime, relativeTime } from './when.ts';

const now = new Date(2026, 7, 1, 14, 3, 22).getTime();

describe('durations', () => {
  const rows: [ms: number, shown: string][] = [
    [0, '0 ms'],
    [400, '400 ms'],
    [1500, '1.5 s'],
    [9000, '9 s'],
    [45_000, '45 s'],
    [119_000, '119 s'],
    [180_000, '3 min'],
    [3_599_000, '1 h'],
    [3_600_000, '1 h'],
    [3_900_000, '1 h 5 min'],
    [86_399_000, '1 d'],
    [86_400_000, '1 d'],
    [3 * 86_400_000 + 4 * 3_600_000, '3 d 4 h'],
    [90 * 86_400_000, '90 d'],
  ];
  it.each(rows)('%d ms is %s', (ms, shown) => expect(duration(ms)).toBe(shown));
});

describe('moments', () => {
  it('the past and the future', () => {
    expect(relativeTime(now - 180_000, now)).toBe('3 min ago');
    expect(relativeTime(now + 58 * 60_000, now)).toBe('in 58 min');
    expect(relativeTime(now + 500, now)).toBe('just now');
  });
  it('today has no date, another day has', () => {
    expect(clockTime(now - 60_000, now)).toBe('14:02:22');
    expect(clockTime(now - 86_400_000, now)).toBe('2026-07-31 14:03:22');
  });
  it('a full time names its zone', () => expect(fullTime(now)).toMatch(/^2026-08-01 14:03:22 [A-Z]{2,5}([+-]\d+)?$/));
});

describe('sizes', () => {
  const rows: [bytes: number, shown: string][] = [
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [999_600, '1.0 MB'],
    [25_000_000, '25 MB'],
  ];
  it.each(rows)('%d is %s', (bytes, shown) => expect(byteSize(bytes)).toBe(shown));
});
