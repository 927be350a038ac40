/**
 * Entries that no list of attackers can mean: space that is not routed on the Internet, this machine's own addresses, and ranges
 * so wide that one slip of a list's author would cut off whole countries. Such an entry is left out and named; the rest of the
 * list stands.
 */
import {
  compareAddress,
  formatRange,
  isV4,
  parseRange,
  type Address,
  type AddressRange,
} from '../core/base/address.ts';
import type { PackedRanges } from '../core/base/packed-ranges.ts';

export type RefusalReason = 'private-space' | 'own-address' | 'too-wide';

/** Prefixes shorter than these are too wide; ranges are held to the same number of addresses. */
export const PREFIX_MIN_V4 = 8;
export const PREFIX_MIN_V6 = 16;

/**
 * RFC 6890 and the IANA special-purpose registries. The documentation and benchmarking networks are not here: nobody is hurt by
 * them, and test networks use them.
 */
const SPECIAL: { range: AddressRange; what: string }[] = (
  [
    ['0.0.0.0/8', 'this network'],
    ['10.0.0.0/8', 'private'],
    ['100.64.0.0/10', 'shared by carriers’ customers'],
    ['127.0.0.0/8', 'loopback'],
    ['169.254.0.0/16', 'link-local'],
    ['172.16.0.0/12', 'private'],
    ['192.168.0.0/16', 'private'],
    ['224.0.0.0/4', 'multicast'],
    ['240.0.0.0/4', 'reserved'],
    ['::/127', 'unspecified and loopback'],
    ['fc00::/7', 'private'],
    ['fe80::/10', 'link-local'],
    ['ff00::/8', 'multicast'],
  ] as const
).map(([text, what]) => ({ range: parseRange(text)!, what }));

/** What is special about one address: `private`, `loopback` …; null for an ordinary one. */
export function specialUse(address: Address): string | null {
  return specialOf({ first: address, last: address })?.what ?? null;
}

function specialOf(range: AddressRange) {
  return SPECIAL.find(({ range: special }) => overlap(range, special)) ?? null;
}

function overlap(a: AddressRange, b: AddressRange): boolean {
  return (
    isV4(a.first) === isV4(b.first) && compareAddress(a.first, b.last) <= 0 && compareAddress(b.first, a.last) <= 0
  );
}

/** Why the entry is left out; null when it is taken. `own`: single addresses. */
export function implausible(
  range: AddressRange,
  own: readonly Address[],
): { reason: RefusalReason; why: string } | null {
  const v4 = isV4(range.first);
  if (isTooWide(range, v4)) {
    return { reason: 'too-wide', why: `wider than /${v4 ? PREFIX_MIN_V4 : PREFIX_MIN_V6}` };
  }
  const special = specialOf(range);
  if (special) return { reason: 'private-space', why: `covers ${formatRange(special.range)} (${special.what})` };
  const mine = own.find((address) => overlap(range, { first: address, last: address }));
  return mine ? { reason: 'own-address', why: 'covers an address of this machine' } : null;
}

/** The top word decides: 2^24 IPv4 addresses, 2^112 IPv6 addresses. */
function isTooWide({ first, last }: AddressRange, v4: boolean): boolean {
  if (v4) return last.w3 - first.w3 >= 2 ** (32 - PREFIX_MIN_V4);
  const high = last.w0 - first.w0;
  const span = 2 ** (32 - PREFIX_MIN_V6);
  return high > span || (high === span && compareAddress({ ...last, w0: 0 }, { ...first, w0: 0 }) >= 0);
}

/** Every entry may be plausible and the whole still be half of the Internet: 128 lines of `/8`. */
export const SHARE_MAX = 1 / 4;

/** The share of the IPv4 addresses, or of the IPv6 addresses in use (2000::/3), whichever is more; 0 … 1. */
export function coveredShare(ranges: PackedRanges): number {
  let v4 = 0;
  for (let i = 0; i < ranges.v4.length; i += 2) v4 += ranges.v4[i + 1] - ranges.v4[i] + 1;
  let v6 = 0;
  for (let i = 0; i < ranges.v6.length; i += 8) {
    v6 += ranges.v6[i + 4] - ranges.v6[i] + (ranges.v6[i + 5] - ranges.v6[i + 1] + 1) / 2 ** 32;
  }
  return Math.max(v4 / 2 ** 32, v6 / 2 ** 29);
}
