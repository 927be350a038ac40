import { describe, expect, it } from 'vitest';
import { dayAt, localDay, shiftDay } from './local-day.ts';

const HOUR_MS = 3_600_000;

describe('a day of the calendar', () => {
  // Zone, day, its first instant, its hours, and what its clock shows around the change. Offsets: IANA time zone database.
  it.each([
    ['UTC', '2026-11-21', '2026-11-21T00:00Z', 24, '00:00 01:00 02:00 03:00'],
    ['Europe/Madrid', '2026-03-29', '2026-03-28T23:00Z', 23, '00:00 01:00 03:00 04:00'],
    ['Europe/Madrid', '2026-10-25', '2026-10-24T22:00Z', 25, '00:00 01:00 02:00 +02:00 02:00 +01:00 03:00'],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00Z', 23, '00:00 01:00 03:00 04:00'],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00Z', 25, '00:00 01:00 -04:00 01:00 -05:00 02:00'],
    ['Asia/Kolkata', '2026-03-29', '2026-03-28T18:30Z', 24, '00:00 01:00 02:00'],
    ['Asia/Kathmandu', '2026-03-29', '2026-03-28T18:15Z', 24, '00:00 01:00 02:00'],
    // Half an hour is left out or comes twice.
    ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30Z', 23.5, '00:00 01:00 02:30 03:00 04:00'],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00Z', 24.5, '00:00 01:00 01:30 02:00 03:00'],
    // No midnight; midnight twice; 23 o'clock twice.
    ['America/Santiago', '2026-09-06', '2026-09-06T04:00Z', 23, '01:00 02:00 03:00'],
    ['America/Havana', '2026-11-01', '2026-11-01T04:00Z', 25, '00:00 -04:00 00:00 -05:00 01:00'],
    ['Asia/Beirut', '2026-10-24', '2026-10-23T21:00Z', 25, '00:00 01:00 02:00'],
    // The day after it was skipped.
    ['Pacific/Apia', '2011-12-29', '2011-12-29T10:00Z', 24, '00:00 01:00'],
  ])('%s %s', (zone, day, from, hours, clock) => {
    const found = localDay(day, zone)!;
    expect(new Date(found.from).toISOString()).toBe(from.replace('Z', ':00.000Z'));
    expect((found.to - found.from) / HOUR_MS).toBe(hours);
    expect(found.hours.map(({ label }) => label).join(' ')).toContain(clock);
    expect(
      found.hours
        .map(({ label }) => label)
        .join(' ')
        .startsWith(clock),
    ).toBe(true);
    // Every instant is in one hour, and in this day.
    expect(found.hours[0].from).toBe(found.from);
    expect(found.hours.at(-1)!.to).toBe(found.to);
    for (const [i, hour] of found.hours.entries()) {
      expect(hour.to).toBe(found.hours[i + 1]?.from ?? found.to);
      expect(dayAt(hour.from, zone)).toBe(day);
      expect(dayAt(hour.to - 1, zone)).toBe(day);
    }
    expect(dayAt(found.from - 1, zone)).not.toBe(day);
    expect(dayAt(found.to, zone)).not.toBe(day);
  });

  it('Beirut shows 23:00 twice', () => {
    const labels = localDay('2026-10-24', 'Asia/Beirut')!.hours.slice(-2);
    expect(labels.map(({ label }) => label)).toEqual(['23:00 +03:00', '23:00 +02:00']);
  });

  it.each([
    ['2011-12-30', 'Pacific/Apia'],
    ['2026-02-29', 'UTC'],
    ['2026-11-21T00:00', 'UTC'],
    ['yesterday', 'UTC'],
    ['', 'UTC'],
    ['2026-11-21', 'Mars/Olympus'],
  ])('%s in %s is none', (day, zone) => expect(localDay(day, zone)).toBeNull());

  it('is counted over months and years', () => {
    expect(shiftDay('2026-03-01', -1)).toBe('2026-02-28');
    expect(shiftDay('2026-01-03', -7)).toBe('2025-12-27');
  });
});
