/** Times, lengths, counts and sizes as words. Pure: the moment of reading comes in. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `just now`, `3 min ago`, `in 52 min`, `5 days ago`. */
export function relativeTime(at: number, now: number): string {
  const apart = Math.abs(now - at);
  if (apart < 5 * SECOND) return 'just now';
  const length = roughLength(apart);
  return at <= now ? `${length} ago` : `in ${length}`;
}

function roughLength(ms: number): string {
  if (ms < MINUTE) return `${Math.round(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.round(ms / MINUTE)} min`;
  if (ms < 36 * HOUR) return `${Math.round(ms / HOUR)} h`;
  return `${Math.round(ms / DAY)} days`;
}

/**
 * Date and time to the second: `2026-11-22 14:03:09`. Sorts, and means the same in every country. Of this browser's time zone if none is
 * given, and if the browser does not know the one that is.
 */
export function exactTime(at: number, zone?: string): string {
  return Math.abs(at) > TIME_MAX ? '–' : clockOf(zone).format(at);
}

/** Beyond it there is no date (ECMA-262, “Time Values”): an address that somebody typed may hold any number. */
const TIME_MAX = 8.64e15;

const clocks = new Map<string | undefined, Intl.DateTimeFormat>();

function clockOf(zone: string | undefined): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  let clock;
  try {
    // The Swedish way is that of ISO 8601.
    clock = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: zone });
  } catch {
    return clockOf(undefined);
  }
  clocks.set(zone, clock);
  return clock;
}

/** A length in its two largest units: `1 h 5 min`, `3 days`, `250 ms`. */
export function duration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  const units: [string, number][] = [
    ['days', DAY],
    ['h', HOUR],
    ['min', MINUTE],
    ['s', SECOND],
  ];
  const first = units.findIndex(([, size]) => ms >= size);
  const [name, size] = units[first];
  const whole = Math.floor(ms / size);
  const told = `${whole} ${name === 'days' && whole === 1 ? 'day' : name}`;
  const [nextName, nextSize] = units[first + 1] ?? ['', Infinity];
  const rest = Math.floor((ms % size) / nextSize);
  return rest === 0 ? told : `${told} ${rest} ${nextName}`;
}

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** `12,345`. */
export function count(value: number): string {
  return whole.format(value);
}

/** `12.3K`, where there is little room. */
export function shortCount(value: number): string {
  return Math.abs(value) < 10_000 ? whole.format(value) : short.format(value);
}

/** `1 entry`, `2 entries`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `1.5 MB`. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log10(value) / 3), units.length - 1);
  const scaled = value / 1000 ** power;
  return `${power === 0 || scaled >= 100 ? Math.round(scaled) : Number(scaled.toFixed(1))} ${units[power]}`;
}
