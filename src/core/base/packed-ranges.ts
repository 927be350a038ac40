/**
 * Long lists of addresses as numbers: sorted ranges that neither overlap nor touch, two words each in IPv4, eight in IPv6. A million
 * entries are 8 MB here and 200 MB as objects; they cross to another thread or process as they are. Never changed once made.
 */
import { compareWords, HIGHEST, wordsAfter, wordsBefore, type Width } from './address-words.ts';
import { isV4, type Address, type AddressRange } from './address.ts';

export interface PackedRanges {
  /** First and last address of each range. */
  readonly v4: Uint32Array;
  /** The four words of the first address, then those of the last. */
  readonly v6: Uint32Array;
}

const V4_MARK = 0xffff;

export const NO_RANGES: PackedRanges = { v4: new Uint32Array(0), v6: new Uint32Array(0) };
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
    if (compareWords(key, 0, list, middle * 8, 4) < 0) high = middle - 1;
    else if (compareWords(key, 0, list, middle * 8 + 4, 4) > 0) low = middle + 1;
    else return true;
  }
  return false;
}

/** Whether any address of the list lies in the range. */
export function holdsAnyOf(p: PackedRanges, { first, last }: AddressRange): boolean {
  const v4 = isV4(first);
  const list = v4 ? p.v4 : p.v6;
  const width = v4 ? 1 : 4;
  const from = v4 ? Uint32Array.of(first.w3) : Uint32Array.of(first.w0, first.w1, first.w2, first.w3);
  const to = v4 ? Uint32Array.of(last.w3) : Uint32Array.of(last.w0, last.w1, last.w2, last.w3);
  let low = 0;
  let high = list.length / (2 * width);
  // The first of the list's ranges that does not end before ours begins.
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareWords(list, (middle * 2 + 1) * width, from, 0, width) < 0) low = middle + 1;
    else high = middle;
  }
  return low * 2 * width < list.length && compareWords(list, low * 2 * width, to, 0, width) <= 0;
}

/** Addresses in one or the other. */
export function union(a: PackedRanges, b: PackedRanges): PackedRanges {
  return { v4: joined(a.v4, b.v4, 1), v6: joined(a.v6, b.v6, 4) };
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

/** Data files are sorted already: looked at first. Sorting indices costs 0.6 s for a million IPv4 ranges, 1.5 s in IPv6. */
function inOrder(list: Uint32Array, width: Width): Uint32Array {
  const stride = width * 2;
  let sorted = true;
  for (let i = stride; i < list.length && sorted; i += stride)
    sorted = compareWords(list, i - stride, list, i, width) <= 0;
  if (sorted) return list;
  const order = new Uint32Array(list.length / stride);
  for (let i = 0; i < order.length; i++) order[i] = i * stride;
  order.sort((a, b) => compareWords(list, a, list, b, width));
  const result = new Uint32Array(list.length);
  for (let i = 0; i < order.length; i++) result.set(list.subarray(order[i], order[i] + stride), i * stride);
  return result;
}

/**
 * `a` and `b` as one list. A run of one list that lies between two ranges of the other is copied at once: an entry more in a list of a
 * million costs 3 ms instead of 60.
 */
function joined(a: Uint32Array, b: Uint32Array, width: Width): Uint32Array {
  const stride = width * 2;
  const result = new Uint32Array(a.length + b.length);
  const next = new Uint32Array(width);
  let used = 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const fromA = j === b.length || (i < a.length && compareWords(a, i, b, j, width) <= 0);
    const [list, at, other, bound] = fromA ? [a, i, b, j] : [b, j, a, i];
    const end = bound === other.length ? list.length : gallop(list, at, 0, other, bound, 1, width);
    let from = at;
    // What the last range reaches or touches becomes part of it.
    for (; from < end && used > 0; from += stride) {
      const last = used - width;
      const more = wordsAfter(result, last, next, width);
      if (more && compareWords(list, from, next, 0, width) > 0) break;
      if (compareWords(list, from + width, result, last, width) > 0) copyWords(list, from + width, width, result, last);
    }
    copyWords(list, from, end - from, result, used);
    used += end - from;
    if (fromA) i = end;
    else j = end;
  }
  return result.slice(0, used);
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
      const full = !wordsAfter(result, last, next, width);
      if (full || compareWords(list, i, next, 0, width) <= 0) {
        if (compareWords(list, i + width, result, last, width) > 0)
          for (let k = 0; k < width; k++) result[last + k] = list[i + width + k];
        continue;
      }
    }
    for (let k = 0; k < stride; k++) result[used + k] = list[i + k];
    used += stride;
  }
  return result.slice(0, used);
}

/** `a` less `b`, both packed. Lists that differ in few entries are compared about as fast as they are read (4 ms for a million). */
function without(a: Uint32Array, b: Uint32Array, width: Width): Uint32Array {
  const stride = width * 2;
  // Each range of b cuts at most one piece more.
  const result = new Uint32Array(a.length + b.length);
  const first = new Uint32Array(width);
  const before = new Uint32Array(width);
  let used = 0;
  let i = 0;
  let j = 0;
  const keep = (list: Uint32Array, last: number) => {
    copyWords(first, 0, width, result, used);
    copyWords(list, last, width, result, used + width);
    used += stride;
  };
  while (i < a.length && j < b.length) {
    if (sameRange(a, i, b, j, stride)) {
      i += stride;
      j += stride;
      continue;
    }
    // Of a, what ends before the next cut begins stays as it is; of b, what ends before `a` goes on cuts nothing.
    const untouched = gallop(a, i, width, b, j, 0, width);
    if (untouched > i) {
      copyWords(a, i, untouched - i, result, used);
      used += untouched - i;
      i = untouched;
      continue;
    }
    j = gallop(b, j, width, a, i, 0, width);
    copyWords(a, i, width, first, 0);
    let open = true;
    for (let cut = j; open && cut < b.length && compareWords(b, cut, a, i + width, width) <= 0; cut += stride) {
      if (compareWords(b, cut, first, 0, width) > 0) {
        wordsBefore(b, cut, before, 0, width);
        keep(before, 0);
      }
      open = wordsAfter(b, cut + width, first, width) && compareWords(first, 0, a, i + width, width) <= 0;
      // Done with: so both lists go on from the same place.
      if (compareWords(b, cut + width, a, i + width, width) <= 0) j = cut + stride;
    }
    if (open) keep(a, i + width);
    i += stride;
  }
  copyWords(a, i, a.length - i, result, used);
  return result.slice(0, used + a.length - i);
}

/**
 * From `from` on, the first range of `list` whose word at `edge` (0: its first address, `width`: its last) is at least the address
 * `bounds[at]`; with `over` 1, above it. Doubling steps, then halves: near by is found at once.
 */
function gallop(
  list: Uint32Array,
  from: number,
  edge: number,
  bounds: Uint32Array,
  at: number,
  over: 0 | 1,
  width: Width,
): number {
  const stride = width * 2;
  if (from === list.length || compareWords(list, from + edge, bounds, at, width) >= over) return from;
  let low = from + stride;
  let high = low;
  for (let step = stride; high < list.length && compareWords(list, high + edge, bounds, at, width) < over; step *= 2) {
    low = high + stride;
    high += step;
  }
  if (high > list.length) high = list.length;
  while (low < high) {
    const middle = low + (((high - low) / stride) >>> 1) * stride;
    if (compareWords(list, middle + edge, bounds, at, width) < over) low = middle + stride;
    else high = middle;
  }
  return low;
}

function sameRange(a: Uint32Array, i: number, b: Uint32Array, j: number, stride: number): boolean {
  for (let k = 0; k < stride; k++) if (a[i + k] !== b[j + k]) return false;
  return true;
}

/** Below this many words a loop is faster than making a view. */
const VIEW_WORDS_MIN = 64;

function copyWords(from: Uint32Array, at: number, count: number, to: Uint32Array, target: number): void {
  if (count >= VIEW_WORDS_MIN) return to.set(from.subarray(at, at + count), target);
  for (let k = 0; k < count; k++) to[target + k] = from[at + k];
}
