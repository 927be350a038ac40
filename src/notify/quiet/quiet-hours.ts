/** Quiet hours and daily times as moments: days have 23 and 25 hours, too. */
import { DateTime } from 'luxon';

export interface QuietHours {
  /** Minutes since midnight, local time. */
  fromMinute: number;
  toMinute: number;
}

/**
 * The end of the quiet hours that `wall` lies in; null: it lies in none. Each night is a span between two moments: a time that the
 * clock shows twice in autumn begins or ends it once, one that it skips in spring counts as the moment of the jump.
 */
export function quietUntil(wall: number, quiet: QuietHours, zone: string): number | null {
  const today = DateTime.fromMillis(wall, { zone }).startOf('day');
  const overMidnight = quiet.toMinute <= quiet.fromMinute;
  for (const begin of [today.minus({ days: 1 }), today]) {
    const from = localMoment(begin, quiet.fromMinute);
    const to = localMoment(overMidnight ? begin.plus({ days: 1 }) : begin, quiet.toMinute);
    if (wall >= from && wall < to) return to;
  }
  return null;
}

/** The last moment at or before `wall` at which the local clock showed this minute, and which local day that was: `2026-11-21`. */
export function lastDaily(wall: number, minute: number, zone: string): { at: number; day: string } {
  const today = DateTime.fromMillis(wall, { zone }).startOf('day');
  const at = localMoment(today, minute);
  if (at <= wall) return { at, day: today.toISODate()! };
  const yesterday = today.minus({ days: 1 });
  return { at: localMoment(yesterday, minute), day: yesterday.toISODate()! };
}

/** `2026-11-21` → `2026-11-20`. */
export function dayBefore(day: string): string {
  return DateTime.fromISO(day, { zone: 'utc' }).minus({ days: 1 }).toISODate()!;
}

function localMoment(day: DateTime, minute: number): number {
  return day.set({ hour: Math.floor(minute / 60), minute: minute % 60, second: 0, millisecond: 0 }).toMillis();
}
