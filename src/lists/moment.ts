/** Times as files have them. */
import type { ReadOptions } from './entry.ts';

export const EXPECTED_TIME =
  '2026-12-31T23:59:59Z (ISO 8601), 2026-12-31 23:59, 2026-12-31 (its first moment), or nothing';

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ]+(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,3})\d*)?)?\s*(Z|[+-]\d\d:?(?:\d\d)?)?)?$/i;
const NO_END = /^(?:|-|never|none|permanent)$/i;

/** Milliseconds since the epoch, null for no end, undefined when it is no time. Without a zone: `wallClock`. */
export function parseMoment(text: string, wallClock: ReadOptions['wallClock']): number | null | undefined {
  if (NO_END.test(text)) return null;
  // Unix time: seconds until the year 2286, milliseconds since 2001.
  if (/^\d{10}$/.test(text)) return Number(text) * 1000;
  if (/^\d{13}$/.test(text)) return Number(text);
  const match = ISO.exec(text);
  if (!match) return undefined;
  const part = (i: number) => (match[i] === undefined ? 0 : Number(match[i]));
  const [year, month, day] = [part(1), part(2), part(3)];
  const [hour, minute, second] = [part(4), part(5), part(6)];
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  const zone = match[8];
  const milliseconds = Number((match[7] ?? '0').padEnd(3, '0'));
  if (zone === undefined) {
    return (wallClock?.(year, month, day, hour, minute, second) ?? asUtc) + milliseconds;
  }
  return asUtc - zoneOffsetMs(zone) + milliseconds;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function zoneOffsetMs(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0);
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}
