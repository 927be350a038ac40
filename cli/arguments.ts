/** What people type, checked before anything is asked or changed: each error names the text and what was expected. */
import { InvalidArgumentError } from 'commander';
import { formatAddress, formatRange, parseAddress, parseRange } from '../src/core/base/address.ts';
import { formatTarget, parseAddressOrPhone, parseTarget } from '../src/core/base/target.ts';
import { parseHostName } from '../src/lists/host-name.ts';
import { rangeProblem } from '../src/policy/address-text.ts';
import { parseDuration } from '../src/policy/duration.ts';
import { LISTEN_EXPECTED, parseListen } from '../src/serve/web/listen.ts';

/** One address in its canonical text. */
export function parseAddressArgument(text: string): string {
  const address = parseAddress(text);
  if (address) return formatAddress(address);
  const problem = rangeProblem(text) ?? 'one address is expected here, not a range: write 192.0.2.1 or 2001:db8::1';
  throw new InvalidArgumentError(problem);
}

const TARGET_EXPECTED =
  'an address is expected here, one phone behind it (192.0.2.1:5062/udp, [2001:db8::1]:5062/tcp), or a blocked network (192.0.2.0/24, 2001:db8::/64)';

/** What a block covers, in its canonical text. */
export function parseTargetArgument(text: string): string {
  const target = parseTarget(text);
  if (target) return formatTarget(target);
  throw new InvalidArgumentError(TARGET_EXPECTED);
}

/** One address, or one phone behind it: `192.0.2.1:5062`, with or without its transport. */
export function parsePhoneArgument(text: string): string {
  if (parseAddressOrPhone(text)) return text;
  const phone = text.includes(']') || /^[0-9.]+:/.test(text);
  throw new InvalidArgumentError(
    (phone ? null : rangeProblem(text)) ??
      'one address is expected, or one phone: 192.0.2.1:5062, [2001:db8::1]:5062/tcp',
  );
}

/** An address, CIDR or range in its canonical text. */
export function parseRangeArgument(text: string): string {
  const range = parseRange(text);
  if (range) return formatRange(range);
  throw new InvalidArgumentError(rangeProblem(text) ?? 'an address, CIDR or range is expected');
}

/** Milliseconds; Infinity: permanent. */
export function parseDurationArgument(text: string): number {
  if (text === 'permanent' || text === 'forever') return Infinity;
  const parsed = parseDuration(text);
  if ('problem' in parsed) throw new InvalidArgumentError(`${parsed.problem} (or: permanent)`);
  if (parsed.ms === 0) throw new InvalidArgumentError('a block of no time is no block: write 90s, 5m, 1h or permanent');
  return parsed.ms;
}

export const COUNT_MAX = 1_000_000;

export function parseCount(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text) && Number(text) <= COUNT_MAX) return Number(text);
  throw new InvalidArgumentError(`a whole number from 1 to ${COUNT_MAX} is expected`);
}

/** Policy versions count from 1; 0 is the built-in default. */
export function parseVersion(text: string): number {
  return text === '0' ? 0 : parseCount(text);
}

/** As `parseRangeArgument`, on the allowlist also a host name; collects what is given one after the other. */
export function parseListedArguments(list: 'allow' | 'deny') {
  return (text: string, before: string[] | undefined): string[] => {
    const range = parseRange(text);
    const host = range === null && list === 'allow' ? parseHostName(text) : null;
    if (range) return [...(before ?? []), formatRange(range)];
    if (host !== null && 'name' in host) return [...(before ?? []), host.name];
    throw new InvalidArgumentError(rangeProblem(text) ?? 'an address, CIDR or range is expected');
  };
}

/** A moment to come, in milliseconds since the epoch. */
export function parseUntilArgument(text: string): number {
  const at = parseMoment(text, Date.now());
  if (at === null || at <= Date.now()) {
    throw new InvalidArgumentError(
      'a moment to come is expected: 2026-12-31 or 2026-12-31T18:00; for a length: --for 7d',
    );
  }
  return at;
}

/** Kept as it was typed. */
export function parseListenArgument(text: string): string {
  if (parseListen(text)) return text;
  throw new InvalidArgumentError(LISTEN_EXPECTED);
}

const MOMENT_EXPECTED = 'write how long ago (90s, 1h, 7d), today, yesterday, 2026-08-01 or 2026-08-01T14:00';

export function parseMomentArgument(text: string): number {
  const at = parseMoment(text, Date.now());
  if (at === null) throw new InvalidArgumentError(MOMENT_EXPECTED);
  return at;
}

/** Milliseconds since the epoch; days and times without a zone are local. Null when the text is no moment. */
export function parseMoment(text: string, now: number): number | null {
  const ago = parseDuration(text.replace(/ ?ago$/, ''));
  if ('ms' in ago) return now - ago.ms;
  const today = new Date(now);
  if (text === 'today') return new Date(today.getFullYear(), today.getMonth(), today.getDate()).getTime();
  if (text === 'yesterday') return new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1).getTime();
  const match = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(
    text,
  );
  if (!match) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = ''] = match;
  // Without a time a date would be read as UTC (ECMA-262 §21.4.1.32), with one as local time.
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone}`);
  if (Number.isNaN(at)) return null;
  // Some engines carry 31 February over into March.
  if (zone === '' && new Date(at).getDate() !== Number(day)) return null;
  return at;
}
