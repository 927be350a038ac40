/** Nights and daily times on the days on which the clock is changed. Europe/Berlin: 2026-03-29 02:00 → 03:00, 2026-10-25 03:00 → 02:00. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayBefore, lastDaily, quietUntil } from './quiet-hours.ts';

const BERLIN = 'Europe/Berlin';
const minute = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
const span = (text: string) => ({ fromMinute: minute(text.slice(0, 5)), toMinute: minute(text.slice(6)) });
const at = (iso: string) => Date.parse(iso);

// When, the quiet hours, and when they end; null: it is not quiet.
const nights: [when: string, hours: string, end: string | null][] = [
  // An ordinary night.
  ['2026-01-10T20:59:59Z', '22:00-07:00', null],
  ['2026-01-10T21:00:00Z', '22:00-07:00', '2026-01-11T06:00:00Z'],
  ['2026-01-11T05:59:59Z', '22:00-07:00', '2026-01-11T06:00:00Z'],
  ['2026-01-11T06:00:00Z', '22:00-07:00', null],
  // By day.
  ['2026-01-10T12:00:00Z', '12:00-14:00', '2026-01-10T13:00:00Z'],
  ['2026-01-10T13:00:00Z', '12:00-14:00', null],
  // An hour shorter in spring, an hour longer in autumn.
  ['2026-03-28T21:00:00Z', '22:00-07:00', '2026-03-29T05:00:00Z'],
  ['2026-10-24T20:00:00Z', '22:00-07:00', '2026-10-25T06:00:00Z'],
  // An end that the clock skips is the moment of the jump or the hour after it, and not the next day.
  ['2026-03-29T00:30:00Z', '22:00-02:30', '2026-03-29T01:30:00Z'],
  ['2026-03-29T01:30:00Z', '22:00-02:30', null],
  // A time that the clock shows twice ends the night once: it does not become quiet again.
  ['2026-10-25T00:29:00Z', '22:00-02:30', '2026-10-25T00:30:00Z'],
  ['2026-10-25T00:45:00Z', '22:00-02:30', null],
  ['2026-10-25T01:15:00Z', '22:00-02:30', null],
  // And it begins one once.
  ['2026-10-25T00:31:00Z', '02:30-06:00', '2026-10-25T05:00:00Z'],
  ['2026-10-25T01:10:00Z', '02:30-06:00', '2026-10-25T05:00:00Z'],
];

test.each(nights)('%s, quiet %s: until %s', (when, hours, end) => {
  expect(quietUntil(at(when), span(hours), BERLIN)).toBe(end === null ? null : at(end));
});

test('in any zone a night is one piece: what is quiet stays quiet until the end that was said', () => {
  const zones = [
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'America/Santiago',
    'UTC',
  ];
  const minutes = fc.integer({ min: 0, max: 1439 });
  const moments = fc.integer({ min: at('2025-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') });
  fc.assert(
    fc.property(moments, minutes, minutes, fc.constantFrom(...zones), (when, fromMinute, toMinute, zone) => {
      if (fromMinute === toMinute) return;
      const end = quietUntil(when, { fromMinute, toMinute }, zone);
      if (end === null) return;
      expect(end).toBeGreaterThan(when);
      expect(end - when).toBeLessThanOrEqual(25 * 3_600_000);
      for (const part of [0.25, 0.5, 0.99])
        expect(quietUntil(Math.floor(when + (end - when) * part), { fromMinute, toMinute }, zone)).toBe(end);
    }),
    { numRuns: 300 },
  );
});

// The moment, and the last time that it was 07:00 or 02:30 there.
const days: [when: string, time: string, last: string, day: string][] = [
  ['2026-01-11T06:00:00Z', '07:00', '2026-01-11T06:00:00Z', '2026-01-11'],
  ['2026-01-11T05:59:59Z', '07:00', '2026-01-10T06:00:00Z', '2026-01-10'],
  ['2026-03-29T05:00:00Z', '07:00', '2026-03-29T05:00:00Z', '2026-03-29'],
  ['2026-03-29T04:59:00Z', '07:00', '2026-03-28T06:00:00Z', '2026-03-28'],
  // 02:30 does not exist: an hour later; it exists twice: once.
  ['2026-03-29T12:00:00Z', '02:30', '2026-03-29T01:30:00Z', '2026-03-29'],
  ['2026-10-25T12:00:00Z', '02:30', '2026-10-25T00:30:00Z', '2026-10-25'],
];

test.each(days)('at %s the last %s was at %s', (when, time, last, day) => {
  expect(lastDaily(at(when), minute(time), BERLIN)).toEqual({ at: at(last), day });
});

test('the day before', () => {
  expect(['2026-01-01', '2026-03-01', '2024-03-01'].map(dayBefore)).toEqual(['2025-12-31', '2026-02-28', '2024-02-29']);
});
