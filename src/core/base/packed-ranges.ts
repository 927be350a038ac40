/**
 * Long lists of addresses as numbers: sorted ranges that neither overlap nor touch, two words each in IPv4, eight in IPv6. A million
 * entries are 8 MB here and 200 MB as objects; they cross to another thread or process as they are. Never changed once made.
 */
import { isV4, type Address, type AddressRange } from './address.ts';

export interface PackedRanges {
  /** First and last address of each range. */
  readonly v4: Uint32Array;
  /** The four words of the first address, then those of the last. */
  readonly v6: Uint32Array;
}

const V4_MARK = 0xffff;
/** Words of an address. */
type Width = 1 | 4;

export const NO_RANGES: PackedRanges = { v4: new Uint32Array(0), v6: new Uint32Array(0) };
const HIGHEST = 0xffffffff;
export const ALL_ADDRESSES: PackedRanges = {
  v4: Uint32Array.of(0, HIGHEST),
  v6: Uint32Array.of(0, 0, 0, 0, HIGHEST, HIGHEST, HIGHEST, HIGHEST),
};

/** How many ranges of both families. */
export function countRanges(p: PackedRanges): number {
  return p.v4.length / 2 + p.v6.length / 8;
}

/** Takes ranges in any order, overlapping or not, and packs them. */
export class RangePacker {
  private v4 = new Uint32Array(1024);
  private v6 = new Uint32Array(1024);
  private used4 = 0;
  private used6 = 0;

  addV4(first: number, last: number): void {
    if (this.used4 === this.v4.length) this.v4 = doubled(this.v4);
    this.v4[this.used4++] = first;
    this.v4[this.used4++] = last;
  }

  /** Both ends of one family, as everywhere. */
  add({ first, last }: AddressRange): void {
    if (isV4(first)) return this.addV4(first.w3, last.w3);
    if (this.used6 === this.v6.length) this.v6 = doubled(this.v6);
    this.v6.set([first.w0, first.w1, first.w2, first.w3, last.w0, last.w1, last.w2, last.w3], this.used6);
    this.used6 += 8;
  }

  pack(): PackedRanges {
    return {
      v4: merged(inOrder(this.v4.subarray(0, this.used4), 1), 1),
      v6: merged(inOrder(this.v6.subarray(0, this.used6), 4), 4),
    };
  }
}

export function packRanges(ranges: Iterable<AddressRange>): PackedRanges {
  const packer = new RangePacker();
  for (const range of ranges) packer.add(range);
  return packer.pack();
}

export function* unpackRanges(p: PackedRanges): IterableIterator<AddressRange> {
  for (let i = 0; i < p.v4.length; i += 2) yield { first: addressOf(p.v4, i, 1), last: addressOf(p.v4, i + 1, 1) };
  for (let i = 0; i < p.v6.length; i += 8) yield { first: addressOf(p.v6, i, 4), last: addressOf(p.v6, i + 4, 4) };
}

export function holds(p: PackedRanges, a: Address): boolean {
  return isV4(a) ? holdsV4(p.v4, a.w3) : holdsV6(p.v6, a);
}

function holdsV4(list: Uint32Array, word: number): boolean {
  let low = 0;
  let high = list.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (word < list[middle * 2]) high = middle - 1;
    else if (word > list[middle * 2 + 1]) low = middle + 1;
    else return true;
  }
  return false;
}

function holdsV6(list: Uint32Array, a: Address): boolean {
  const key = Uint32Array.of(a.w0, a.w1, a.w2, a.w3);
  let low = 0;
  let high = list.length / 8 - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (compareAt(key, 0, list, middle * 8, 4) < 0) high = middle - 1;
    else if (compareAt(key, 0, list, middle * 8 + 4, 4) > 0) low = middle + 1;
    else return true;
  }
  return false;
}

/** Addresses in one or the other. */
export function union(a: PackedRanges, b: PackedRanges): PackedRanges {
  return { v4: merged(interleaved(a.v4, b.v4, 1), 1), v6: merged(interleaved(a.v6, b.v6, 4), 4) };
}

/** Addresses in `a` and not in `b`. */
export function subtract(a: PackedRanges, b: PackedRanges): PackedRanges {
  return { v4: without(a.v4, b.v4, 1), v6: without(a.v6, b.v6, 4) };
}

/** Addresses in both. */
export function intersect(a: PackedRanges, b: PackedRanges): PackedRanges {
  return subtract(a, subtract(ALL_ADDRESSES, b));
}

/** The same addresses: what is packed has one form only. */
export function sameAddresses(a: PackedRanges, b: PackedRanges): boolean {
  return sameWords(a.v4, b.v4) && sameWords(a.v6, b.v6);
}

/** Copies that several threads can read without copying again. */
export function shared(p: PackedRanges): PackedRanges {
  const copy = (list: Uint32Array) => {
    const target = new Uint32Array(new SharedArrayBuffer(list.byteLength));
    target.set(list);
    return target;
  };
  return { v4: copy(p.v4), v6: copy(p.v6) };
}

function sameWords(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function doubled(list: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(list.length * 2);
  larger.set(list);
  return larger;
}

function addressOf(list: Uint32Array, at: number, width: Width): Address {
  if (width === 1) return { w0: 0, w1: 0, w2: V4_MARK, w3: list[at] };
  return { w0: list[at], w1: list[at + 1], w2: list[at + 2], w3: list[at + 3] };
}

function compareAt(a: Uint32Array, i: number, b: Uint32Array, j: number, width: Width): number {
  for (let k = 0; k < width; k++) if (a[i + k] !== b[j + k]) return a[i + k] < b[j + k] ? -1 : 1;
  return 0;
}

/** Data files are sorted already: looked at first. Sorting indices costs 0.6 s for a million IPv4 ranges, 1.5 s in IPv6. */
function inOrder(list: Uint32Array, width: Width): Uint32Array {
  const stride = width * 2;
  let sorted = true;
  for (let i = stride; i < list.length && sorted; i += stride)
    sorted = compareAt(list, i - stride, list, i, width) <= 0;
  if (sorted) return list;
  const order = new Uint32Array(list.length / stride);
  for (let i = 0; i < order.length; i++) order[i] = i * stride;
  order.sort((a, b) => compareAt(list, a, list, b, width));
  const result = new Uint32Array(list.length);
  for (let i = 0; i < order.length; i++) result.set(list.subarray(order[i], order[i] + stride), i * stride);
  return result;
}

/** Two sorted lists as one sorted list; overlaps stay. */
function interleaved(a: Uint32Array, b: Uint32Array, width: Width): Uint32Array {
  const stride = width * 2;
  const result = new Uint32Array(a.length + b.length);
  let i = 0;
  let j = 0;
  for (let at = 0; at < result.length; at += stride) {
    const fromA = j === b.length || (i < a.length && compareAt(a, i, b, j, width) <= 0);
    const [list, from] = fromA ? [a, i] : [b, j];
    for (let k = 0; k < stride; k++) result[at + k] = list[from + k];
    if (fromA) i += stride;
    else j += stride;
  }
  return result;
}

/** Joins what overlaps or touches in a list sorted by first addresses. */
function merged(list: Uint32Array, width: Width): Uint32Array {
  const stride = width * 2;
  const result = new Uint32Array(list.length);
  const next = new Uint32Array(width);
  let used = 0;
  for (let i = 0; i < list.length; i += stride) {
    if (used > 0) {
      const last = used - width;
      const full = !successor(result, last, next, width);
      if (full || compareAt(list, i, next, 0, width) <= 0) {
        if (compareAt(list, i + width, result, last, width) > 0)
          for (let k = 0; k < width; k++) result[last + k] = list[i + width + k];
        continue;
      }
    }
    for (let k = 0; k < stride; k++) result[used + k] = list[i + k];
    used += stride;
  }
  return result.slice(0, used);
}

/** `a` less `b`, both packed. */
function without(a: Uint32Array, b: Uint32Array, width: Width): Uint32Array {
  const stride = width * 2;
  // Each range of b cuts at most one piece more.
  const result = new Uint32Array(a.length + b.length);
  const first = new Uint32Array(width);
  let used = 0;
  let j = 0;
  const keep = (list: Uint32Array, last: number) => {
    for (let k = 0; k < width; k++) result[used + k] = first[k];
    for (let k = 0; k < width; k++) result[used + width + k] = list[last + k];
    used += stride;
  };
  const before = new Uint32Array(width);
  for (let i = 0; i < a.length; i += stride) {
    for (let k = 0; k < width; k++) first[k] = a[i + k];
    let open = true;
    while (j < b.length && compareAt(b, j + width, first, 0, width) < 0) j += stride;
    for (let cut = j; open && cut < b.length && compareAt(b, cut, a, i + width, width) <= 0; cut += stride) {
      if (compareAt(b, cut, first, 0, width) > 0) {
        predecessor(b, cut, before, width);
        keep(before, 0);
      }
      open = successor(b, cut + width, first, width) && compareAt(first, 0, a, i + width, width) <= 0;
    }
    if (open) keep(a, i + width);
  }
  return result.slice(0, used);
}

/** The next address into `target`; false after the highest. */
function successor(list: Uint32Array, at: number, target: Uint32Array, width: Width): boolean {
  let carry = 1;
  for (let k = width - 1; k >= 0; k--) {
    const word = list[at + k] + carry;
    target[k] = word;
    carry = word > HIGHEST ? 1 : 0;
  }
  return carry === 0;
}

/** The address before; `list[at]` is not the lowest. */
function predecessor(list: Uint32Array, at: number, target: Uint32Array, width: Width): void {
  let borrow = 1;
  for (let k = width - 1; k >= 0; k--) {
    const word = list[at + k] - borrow;
    target[k] = word;
    borrow = word < 0 ? 1 : 0;
  }
}
