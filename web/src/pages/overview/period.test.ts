import { describe, expect, test } from 'vitest';
import { changeText, periodOf, PERIODS, questionOf, type PeriodName } from './period.ts';

const NOW = Date.UTC(2026, 10, 22, 14, 37, 9);

describe('the period of an address', () => {
  test.each([
    [undefined, '24h'],
    ['7d', '7d'],
    ['30d', '30d'],
    ['90d', '24h'],
    ['constructor', '24h'],
  ])('%s is %s', (text, name) => expect(periodOf(text)).toBe(name));
});

describe('the question for a period', () => {
  test.each<[PeriodName, number]>([
    ['24h', 24],
    ['7d', 28],
    ['30d', 30],
  ])('%s has %i bars, and ends with the hour that has begun', (name, bars) => {
    const { since, until, step } = questionOf(name, NOW);
    expect((until - since) / step).toBe(bars);
    expect(step).toBe(PERIODS[name].stepMs);
    expect(until).toBe(Date.UTC(2026, 10, 22, 15));
  });
});

describe('compared with the period before', () => {
  test.each([
    [5, 0, null],
    [0, 5, '−100 %'],
    [5, 5, 'the same'],
    [112, 100, '+12 %'],
    [60, 100, '−40 %'],
    [1400, 100, '14 ×'],
  ])('%i after %i: %s', (now, before, text) => expect(changeText(now, before)).toBe(text));
});
