/** The networks that a source belongs to, as keys and members of a ledger. */
import type { Target } from '../../base/target.ts';
import type { Sighting } from '../sighting.ts';

const V4_MARK = 0xffff;

/** Prefix lengths that are counted, the narrowest first. A /64 of IPv6 is one customer's line (RFC 6177 §2): what an address is in IPv4. */
export const LENGTHS_V4: readonly number[] = [24];
export const LENGTHS_V6: readonly number[] = [64, 56, 48];

export function isV4Source(s: Sighting): boolean {
  return s.source0 === 0 && s.source1 === 0 && s.source2 === V4_MARK;
}

/** The network of the source with this prefix length, one of those above. */
export function networkOf(s: Sighting, bits: number): Target {
  if (isV4Source(s)) return { w0: 0, w1: 0, w2: V4_MARK, w3: (s.source3 & ~0xff) >>> 0, bits };
  const w1 = bits === 64 ? s.source1 : (s.source1 & (bits === 56 ? ~0xff : ~0xffff)) >>> 0;
  return { w0: s.source0, w1, w2: 0, w3: 0, bits };
}

/** Whom a network is made of: addresses; of a wider IPv6 prefix, its /64 networks. */
export function memberOf(s: Sighting, bits: number): number {
  if (isV4Source(s)) return s.source3 & 0xff;
  if (bits === 56) return s.source1 & 0xff;
  if (bits === 48) return s.source1 & 0xffff;
  // Two addresses of a /64 that fall together count as one: too few, never too many.
  return (Math.imul(s.source2, 0x9e3779b1) ^ s.source3) >>> 0;
}

/** The part of the Internet that the source is in: addresses near each other are often one person's (mobile networks). */
export function regionOf(s: Sighting): number {
  return isV4Source(s) ? s.source3 >>> 16 : s.source0;
}

/** A network of its autonomous system: what one customer of a provider has at most. Two that fall together count as one. */
export function siteOf(s: Sighting): number {
  if (isV4Source(s)) return s.source3 >>> 8;
  return (Math.imul(s.source0, 0x9e3779b1) ^ (s.source1 >>> 16)) >>> 0;
}
