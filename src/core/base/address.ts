/**
 * IP addresses as four unsigned 32-bit words, most significant first; IPv4 as `::ffff:a.b.c.d` (RFC 4291 §2.5.5.2), so that
 * one code path serves both families. Text only where people read it.
 */

export interface Address {
  w0: number;
  w1: number;
  w2: number;
  w3: number;
}

/** Inclusive on both ends; both ends of one family. */
export interface AddressRange {
  first: Address;
  last: Address;
}

const V4_MARK = 0xffff;

export function isV4(a: Address): boolean {
  return a.w0 === 0 && a.w1 === 0 && a.w2 === V4_MARK;
}

export function compareAddress(a: Address, b: Address): number {
  return a.w0 - b.w0 || a.w1 - b.w1 || a.w2 - b.w2 || a.w3 - b.w3;
}

/** Invariant: a range of one family holds no address of the other; by value alone `::/0` would hold all of IPv4. */
export function inRange(a: Address, range: AddressRange): boolean {
  if (compareAddress(a, range.first) < 0 || compareAddress(a, range.last) > 0) return false;
  return isV4(a) === isV4(range.first);
}

/** Whether two ranges have an address in common. */
export function overlaps(a: AddressRange, b: AddressRange): boolean {
  return compareAddress(a.first, b.last) <= 0 && compareAddress(b.first, a.last) <= 0;
}

/** `192.0.2.1`, `2001:db8::1` (RFC 5952). */
export function formatAddress(a: Address): string {
  return formatWords(a.w0, a.w1, a.w2, a.w3);
}

export function formatWords(w0: number, w1: number, w2: number, w3: number): string {
  if (w0 === 0 && w1 === 0 && w2 === V4_MARK) {
    return `${w3 >>> 24}.${(w3 >>> 16) & 255}.${(w3 >>> 8) & 255}.${w3 & 255}`;
  }
  const groups = [w0 >>> 16, w0 & 0xffff, w1 >>> 16, w1 & 0xffff, w2 >>> 16, w2 & 0xffff, w3 >>> 16, w3 & 0xffff];
  // RFC 5952 §4.2: the longest run of two or more zero groups becomes `::`, the first one among equals.
  let bestStart = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groups[i + length] === 0) length++;
    if (length > bestLength) [bestStart, bestLength] = [i, length];
    i += length;
  }
  const hex = groups.map((g) => g.toString(16));
  if (bestStart < 0) return hex.join(':');
  return `${hex.slice(0, bestStart).join(':')}::${hex.slice(bestStart + bestLength).join(':')}`;
}

/**
 * Text to address, strictly: no leading zeros, no hexadecimal or short IPv4 forms (`010.0.0.1`, `0x7f.1`, `1`), no zone.
 * An IPv4-mapped IPv6 text gives the IPv4 address. Anything else: null.
 */
export function parseAddress(text: string): Address | null {
  if (text.includes(':')) return parseV6(text);
  const word = parseV4Word(text);
  return word < 0 ? null : { w0: 0, w1: 0, w2: V4_MARK, w3: word };
}

function parseV4Word(text: string): number {
  const parts = text.split('.');
  if (parts.length !== 4) return -1;
  let word = 0;
  for (const part of parts) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part)) return -1;
    const octet = Number(part);
    if (octet > 255) return -1;
    word = word * 256 + octet;
  }
  return word;
}

function parseV6(text: string): Address | null {
  let rest = text;
  let tail: string[] = [];
  const lastColon = text.lastIndexOf(':');
  if (text.includes('.')) {
    const word = parseV4Word(text.slice(lastColon + 1));
    if (word < 0) return null;
    tail = [(word >>> 16).toString(16), (word & 0xffff).toString(16)];
    rest = text.slice(0, lastColon + 1);
    if (!rest.endsWith('::')) rest = rest.slice(0, -1);
  }
  const halves = rest.split('::');
  if (halves.length > 2) return null;
  const split = (s: string) => (s === '' ? [] : s.split(':'));
  const head = split(halves[0]);
  const back = halves.length === 2 ? [...split(halves[1]), ...tail] : [];
  if (halves.length === 1) head.push(...tail);
  const missing = 8 - head.length - back.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const groups = [...head, ...Array<string>(missing).fill('0'), ...back];
  const values: number[] = [];
  for (const group of groups) {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) return null;
    values.push(parseInt(group, 16));
  }
  const word = (i: number) => ((values[i] << 16) | values[i + 1]) >>> 0;
  return { w0: word(0), w1: word(2), w2: word(4), w3: word(6) };
}

/** Prefix length `bits` counts within the address's own family (0 … 32 or 0 … 128). */
export function prefixRange(address: Address, bits: number): AddressRange {
  const total = isV4(address) ? bits + 96 : bits;
  const words = [address.w0, address.w1, address.w2, address.w3];
  const first: number[] = [];
  const last: number[] = [];
  for (let i = 0; i < 4; i++) {
    const keep = Math.min(32, Math.max(0, total - i * 32));
    const mask = keep === 0 ? 0 : (0xffffffff << (32 - keep)) >>> 0;
    first.push((words[i] & mask) >>> 0);
    last.push((words[i] | ~mask) >>> 0);
  }
  return {
    first: { w0: first[0], w1: first[1], w2: first[2], w3: first[3] },
    last: { w0: last[0], w1: last[1], w2: last[2], w3: last[3] },
  };
}

/** `192.0.2.1`, `192.0.2.0/24`, `192.0.2.10-192.0.2.20`, the same in IPv6; null when it is none of these. Host bits are cleared. */
export function parseRange(text: string): AddressRange | null {
  const dash = text.indexOf('-');
  if (dash > 0) {
    const first = parseAddress(text.slice(0, dash).trim());
    const last = parseAddress(text.slice(dash + 1).trim());
    if (!first || !last || isV4(first) !== isV4(last) || compareAddress(first, last) > 0) return null;
    return { first, last };
  }
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (!address) return null;
  const width = isV4(address) ? 32 : 128;
  if (slash < 0) return { first: address, last: address };
  const bits = text.slice(slash + 1);
  if (!/^(0|[1-9][0-9]{0,2})$/.test(bits) || Number(bits) > width) return null;
  return prefixRange(address, Number(bits));
}

/** The shortest text that parses back to the same range: an address, a CIDR where it is one, else `first-last`. */
export function formatRange(range: AddressRange): string {
  if (compareAddress(range.first, range.last) === 0) return formatAddress(range.first);
  const width = isV4(range.first) ? 32 : 128;
  for (let bits = width - 1; bits >= 0; bits--) {
    const candidate = prefixRange(range.first, bits);
    const sameFirst = compareAddress(candidate.first, range.first) === 0;
    if (sameFirst && compareAddress(candidate.last, range.last) === 0) return `${formatAddress(range.first)}/${bits}`;
    if (!sameFirst) break;
  }
  return `${formatAddress(range.first)}-${formatAddress(range.last)}`;
}
