/**
 * A day as people in a time zone live it: from its first instant to the first one of the next day. It has 23, 24 or 25 hours, 23.5 on
 * Lord Howe Island. Its hours are those of the clock on the wall.
 */
import { DateTime } from 'luxon';

export interface LocalHour {
  /** Milliseconds since the epoch; `to` is not in it. */
  from: number;
  to: number;
  /** `02:00`; where the clock shows it twice, with its offset: `02:00 +02:00`. */
  label: string;
}

export interface LocalDay {
  /** `2026-11-21`. */
  day: string;
  /** IANA name. */
  zone: string;
  from: number;
  to: number;
  hours: LocalHour[];
}

/** The clock on the wall changes by whole half hours. */
const STEP_MS = 1_800_000;
const HOUR_MINUTES = 60;
const MINUTE_MS = 60_000;
/** Clocks have never been set back by more at midnight. */
const BACK_STEPS_MAX = 6;

/** Null: no such day there (no date at all, or one that the zone skipped: Apia had no 2011-12-30). */
export function localDay(day: string, zone: string): LocalDay | null {
  const from = beginOf(day, zone);
  // Behind a day that was skipped comes the one after it.
  const to = from === null ? null : (beginOf(shiftDay(day, 1), zone) ?? beginOf(shiftDay(day, 2), zone));
  return from === null || to === null ? null : { day, zone, from, to, hours: hoursOf(from, to, zone) };
}

/** The day of the calendar, so many days later. */
export function shiftDay(day: string, days: number): string {
  return DateTime.fromISO(day, { zone: 'utc' }).plus({ days }).toISODate() ?? '';
}

export function dayAt(time: number, zone: string): string {
  return DateTime.fromMillis(time, { zone }).toISODate() ?? '';
}

/** The first instant of the day, also where midnight does not exist (Santiago) or comes twice (Havana). */
function beginOf(day: string, zone: string): number | null {
  const midnight = DateTime.fromISO(`${day}T00:00`, { zone });
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || !midnight.isValid || midnight.toISODate() !== day) return null;
  let begin = midnight.toMillis();
  for (let step = 1; step <= BACK_STEPS_MAX; step++) {
    const earlier = midnight.toMillis() - step * STEP_MS;
    if (dayAt(earlier, zone) === day) begin = earlier;
  }
  return begin;
}

function hoursOf(from: number, to: number, zone: string): LocalHour[] {
  const begins: DateTime[] = [];
  for (let at = from; at < to;) {
    const local = DateTime.fromMillis(at, { zone });
    begins.push(local);
    at += (HOUR_MINUTES - local.minute) * MINUTE_MS;
  }
  const texts = begins.map((begin) => begin.toFormat('HH:mm'));
  return begins.map((begin, i) => {
    const twice = texts.indexOf(texts[i]) !== texts.lastIndexOf(texts[i]);
    const label = twice ? begin.toFormat('HH:mm ZZ') : texts[i];
    return { from: begin.toMillis(), to: begins[i + 1]?.toMillis() ?? to, label };
  });
}
