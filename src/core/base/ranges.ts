/** Address ranges sorted and merged, so that membership is one binary search however long the list is. */
import { compareAddress, inRange, isV4, type Address, type AddressRange } from './address.ts';

/** IPv4 first, then by address: `::/0` spans the place where IPv4 lies among the 128 bits, and must not come between. */
function compare(a: Address, b: Address): number {
  return Number(isV4(b)) - Number(isV4(a)) || compareAddress(a, b);
}

export class RangeSet {
  private readonly ranges: AddressRange[];

  constructor(ranges: AddressRange[]) {
    this.ranges = mergeRanges(ranges);
  }

  has(address: Address): boolean {
    let low = 0;
    let high = this.ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const range = this.ranges[middle];
      if (inRange(address, range)) return true;
      if (compare(address, range.first) < 0) high = middle - 1;
      else low = middle + 1;
    }
    return false;
  }
}

/** Sorted, overlapping and adjacent ranges joined; families never join. */
export function mergeRanges(ranges: AddressRange[]): AddressRange[] {
  const sorted = [...ranges].sort((a, b) => compare(a.first, b.first));
  const merged: AddressRange[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    const joins =
      last !== undefined &&
      isV4(last.first) === isV4(range.first) &&
      compareAddress(range.first, after(last.last)) <= 0;
    if (!joins) merged.push({ first: range.first, last: range.last });
    else if (compareAddress(range.last, last.last) > 0) last.last = range.last;
  }
  return merged;
}

/** The next address; the highest one stays. */
function after(a: Address): Address {
  if (a.w3 < 0xffffffff) return { ...a, w3: a.w3 + 1 };
  if (a.w2 < 0xffffffff) return { ...a, w2: a.w2 + 1, w3: 0 };
  if (a.w1 < 0xffffffff) return { ...a, w1: a.w1 + 1, w2: 0, w3: 0 };
  if (a.w0 < 0xffffffff) return { w0: a.w0 + 1, w1: 0, w2: 0, w3: 0 };
  return a;
}
