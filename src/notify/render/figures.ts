/** Times, durations, numbers and addresses as messages show them. */
import { countryName } from '../../policy/country-codes.ts';
import { formatDuration } from '../../policy/duration.ts';
import { strangersText } from './strangers-text.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** `2026-11-21 14:03:22 UTC`, `2026-11-21 15:03:22 CET`. `timeZone`: an IANA name. */
export function moment(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, timeZoneName: 'short', hourCycle: 'h23' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  const day = `${part('year')}-${part('month')}-${part('day')}`;
  return `${day} ${part('hour')}:${part('minute')}:${part('second')} ${part('timeZoneName')}`;
}

/** `45s`, `3m`, `1h5m`: seconds while they matter, minutes then. */
export function span(ms: number): string {
  const unit = ms < 2 * MINUTE_MS ? SECOND_MS : MINUTE_MS;
  return ms < SECOND_MS ? `${Math.max(0, Math.round(ms))} ms` : formatDuration(Math.round(ms / unit) * unit);
}

const grouped = new Intl.NumberFormat('en-US');

/** `12,345`. */
export function number(value: number): string {
  return grouped.format(value);
}

/** `3.2 a second`, `40 a minute`: in the unit in which it is at least one. */
export function rate(perSecond: number): string {
  const digits = (value: number) => (value < 10 ? String(Number(value.toFixed(1))) : number(Math.round(value)));
  if (perSecond >= 1) return `${digits(perSecond)} a second`;
  return perSecond * 60 >= 1 ? `${digits(perSecond * 60)} a minute` : `${digits(perSecond * 3600)} an hour`;
}

/** `1 source`, `12 sources`. */
export function counted(value: number, one: string): string {
  return `${number(value)} ${one}${value === 1 ? '' : 's'}`;
}

/** `[2001:db8::1]:5060`, `192.0.2.1:5060` (RFC 3986 §3.2.2). */
export function endpoint({ address, port }: { address: string; port: number }): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** `Netherlands (NL)`. */
export function country(code: string | null): string {
  return code === null ? 'country not known' : `${countryName(code)} (${code})`;
}

/** `AS64500 Example BV`; null: not known. */
export function network(asn: number | null, name: string | null): string | null {
  const parts = [asn === null ? '' : `AS${asn}`, name === null ? '' : strangersText(name)].filter(
    (part) => part !== '',
  );
  return parts.length === 0 ? null : parts.join(' ');
}
