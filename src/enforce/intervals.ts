/** Address ranges the way the kernel's interval sets hold them: one family at a time, ends exclusive. */
import { compareAddress, isV4, type Address, type AddressRange } from '../core/base/address.ts';
import { mergeRanges } from '../core/base/ranges.ts';

export const HIGHEST_V4: Address = { w0: 0, w1: 0, w2: 0xffff, w3: 0xffffffff };
export const HIGHEST_V6: Address = { w0: 0xffffffff, w1: 0xffffffff, w2: 0xffffffff, w3: 0xffffffff };

/** Sorted, disjoint and not adjacent. Families apart: as numbers, IPv4 lies in the midst of the range ::/0. */
export function mergeByFamily(ranges: readonly AddressRange[], v4: boolean): AddressRange[] {
  return mergeRanges(ranges.filter((range) => isV4(range.first) === v4));
}

/** The next address of the family; null after the highest. */
export function addressAfter(a: Address, v4: boolean): Address | null {
  if (a.w3 < 0xffffffff) return { ...a, w3: a.w3 + 1 };
  if (v4) return null;
  if (a.w2 < 0xffffffff) return { ...a, w2: a.w2 + 1, w3: 0 };
  if (a.w1 < 0xffffffff) return { ...a, w1: a.w1 + 1, w2: 0, w3: 0 };
  if (a.w0 < 0xffffffff) return { w0: a.w0 + 1, w1: 0, w2: 0, w3: 0 };
  return null;
}

/** The address before `a`, which is not the lowest of its family. */
export function addressBefore(a: Address): Address {
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

/** A range up to the highest address has no closing element: there is no address behind it. */
export function toIntervalEnds(ranges: readonly AddressRange[], v4: boolean): IntervalEnd[] {
  const ends: IntervalEnd[] = [];
  for (const range of mergeByFamily(ranges, v4)) {
    ends.push({ address: range.first, closes: false });
    const behind = addressAfter(range.last, v4);
    if (behind !== null) ends.push({ address: behind, closes: true });
  }
  return ends;
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

/** The same addresses, however they are cut up. */
export function sameRanges(held: readonly AddressRange[], wanted: readonly AddressRange[]): boolean {
  return [true, false].every((v4) => {
    const a = mergeByFamily(held, v4);
    const b = mergeByFamily(wanted, v4);
    return (
      a.length === b.length &&
      a.every(
        (range, i) => compareAddress(range.first, b[i].first) === 0 && compareAddress(range.last, b[i].last) === 0,
      )
    );
  });
}
