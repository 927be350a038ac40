/** Address ranges the way the kernel's interval sets hold them: one family at a time, ends exclusive. */
import { isV4, type Address, type AddressRange } from '../core/base/address.ts';
import { mergeRanges } from '../core/base/ranges.ts';

export const HIGHEST_V4: Address = { w0: 0, w1: 0, w2: 0xffff, w3: 0xffffffff };
export const HIGHEST_V6: Address = { w0: 0xffffffff, w1: 0xffffffff, w2: 0xffffffff, w3: 0xffffffff };

/** Sorted, disjoint and not adjacent. Families apart: as numbers, IPv4 lies in the midst of the range ::/0. */
export function mergeByFamily(ranges: readonly AddressRange[], v4: boolean): AddressRange[] {
  return mergeRanges(ranges.filter((range) => isV4(range.first) === v4));
}

/** The address before `a`, which is not the lowest of its family. */
function addressBefore(a: Address): Address {
  if (a.w3 > 0) return { ...a, w3: a.w3 - 1 };
  if (a.w2 > 0) return { ...a, w2: a.w2 - 1, w3: 0xffffffff };
  if (a.w1 > 0) return { ...a, w1: a.w1 - 1, w2: 0xffffffff, w3: 0xffffffff };
  return { w0: a.w0 - 1, w1: 0xffffffff, w2: 0xffffffff, w3: 0xffffffff };
}

/** One element of an interval set: where a range begins, or the first address behind it. */
export interface IntervalEnd {
  address: Address;
  closes: boolean;
}

/**
 * A packed list of one family (`PackedRanges`) as elements: one word each in IPv4, four in IPv6. A range up to the highest address has
 * no closing element: there is no address behind it.
 */
export function packedEnds(list: Uint32Array, v4: boolean): { keys: Uint32Array; closes: boolean[] } {
  const words = v4 ? 1 : 4;
  const keys = new Uint32Array(list.length);
  const closes: boolean[] = [];
  for (let at = 0; at < list.length; at += 2 * words) {
    keys.set(list.subarray(at, at + words), closes.length * words);
    closes.push(false);
    const key = closes.length * words;
    keys.set(list.subarray(at + words, at + 2 * words), key);
    let i = words - 1;
    for (; i >= 0; i--) {
      keys[key + i]++;
      if (keys[key + i] !== 0) break;
    }
    if (i >= 0) closes.push(true);
  }
  return { keys, closes };
}

/** `ends` sorted by address. Closing elements without a range (nft writes one at the lowest address) say nothing. */
export function fromIntervalEnds(ends: readonly IntervalEnd[], v4: boolean): AddressRange[] {
  const ranges: AddressRange[] = [];
  let first: Address | null = null;
  for (const end of ends) {
    if (end.closes && first !== null) ranges.push({ first, last: addressBefore(end.address) });
    first = end.closes ? null : end.address;
  }
  if (first !== null) ranges.push({ first, last: v4 ? HIGHEST_V4 : HIGHEST_V6 });
  return ranges;
}
