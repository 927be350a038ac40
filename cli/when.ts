/** Times and durations as people read them. Every function takes its `now`: the output is a function of its input. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (n: number) => String(n).padStart(2, '0');

/** `14:03:22` of this day, `2026-07-31 14:03:22` of another: local time, for table columns. */
export function clockTime(at: number, now: number): string {
  const date = new Date(at);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return date.toDateString() === new Date(now).toDateString() ? time : `${calendarDay(date)} ${time}`;
}

function calendarDay(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** `2026-07-31 14:03:22 CEST`: local time with its zone. */
export function fullTime(at: number): string {
  const date = new Date(at);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${calendarDay(date)} ${time} ${zoneName(date)}`;
}

/** The short name of the local zone at that moment, `UTC`, `CEST`, `GMT+3`. */
export function zoneName(date: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(date);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}

/** `3 min ago`, `in 58 min`, `just now`. */
export function relativeTime(at: number, now: number): string {
  const distance = at - now;
  if (Math.abs(distance) < 2 * SECOND) return 'just now';
  return distance < 0 ? `${duration(-distance)} ago` : `in ${duration(distance)}`;
}

/** `2026-07-31 14:03:22 CEST (3 min ago)`. */
export function timeAndAge(at: number, now: number): string {
  return `${fullTime(at)} (${relativeTime(at, now)})`;
}

/** At most two units, the smaller one only while it matters: `0.4 s`, `45 s`, `3 min`, `1 h 5 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${Number((ms / SECOND).toFixed(1))} s`;
  if (ms < 2 * MINUTE) return `${Math.round(ms / SECOND)} s`;
  // A block for an hour, a millisecond later, is still one of an hour.
  if (ms < HOUR - MINUTE / 2) return `${Math.round(ms / MINUTE)} min`;
  if (ms < DAY - MINUTE / 2) return units(ms, HOUR, 'h', MINUTE, 'min');
  if (ms < 60 * DAY) return units(ms, DAY, 'd', HOUR, 'h');
  return `${Math.round(ms / DAY)} d`;
}

function units(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const total = Math.round(ms / small);
  const perBig = big / small;
  const rest = total % perBig;
  return `${Math.floor(total / perBig)} ${bigName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}

/** `1.5 MB`: decimal units, as disks and networks count. */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const names = ['kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes / 1000;
  let i = 0;
  while (value >= 999.5 && i < names.length - 1) {
    value /= 1000;
    i++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${names[i]}`;
}
