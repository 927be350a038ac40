/**
 * Other thresholds for single sources (trunks, call centres, a noisy office): for each threshold the most specific range that names it
 * wins, the later one among equals. The address space is cut into pieces with one value each when the policy changes, so that a look
 * is a binary search however many overrides there are.
 */
import { compareAddress, isV4, type Address, type AddressRange } from './address.ts';
import type { ThresholdName, ThresholdOverride } from './policy.ts';

const FIRST: Address = { w0: 0, w1: 0, w2: 0, w3: 0 };
const FIRST_V4: Address = { w0: 0, w1: 0, w2: 0xffff, w3: 0 };
const AFTER_V4: Address = { w0: 0, w1: 0, w2: 0x10000, w3: 0 };
/** A piece that nobody overrides; no threshold is 0. */
const BASE = 0;

interface Pieces {
  /** Four words each: where the piece begins. It ends before the next one. */
  starts: Uint32Array;
  values: Float64Array;
}

export class ThresholdTable {
  private readonly pieces = new Map<ThresholdName, Pieces>();

  constructor(overrides: readonly ThresholdOverride[]) {
    const names = new Set(overrides.flatMap(({ set }) => Object.keys(set) as ThresholdName[]));
    for (const name of names) this.pieces.set(name, cut(overrides, name));
  }

  /** The threshold of one source: what is said for it, or else `base`. */
  at(name: ThresholdName, base: number, w0: number, w1: number, w2: number, w3: number): number {
    const pieces = this.pieces.get(name);
    if (pieces === undefined) return base;
    const { starts, values } = pieces;
    let low = 0;
    let high = values.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const at = middle * 4;
      const below = w0 - starts[at] || w1 - starts[at + 1] || w2 - starts[at + 2] || w3 - starts[at + 3];
      if (below < 0) high = middle - 1;
      else low = middle;
    }
    return values[low] === BASE ? base : values[low];
  }
}

function cut(overrides: readonly ThresholdOverride[], name: ThresholdName): Pieces {
  const given = overrides.filter(({ set }) => set[name] !== undefined);
  const ends = given.flatMap(({ range }) => [range.first, after(range.last)]);
  const sorted = [FIRST, FIRST_V4, AFTER_V4, ...ends.filter((end) => end !== null)].sort(compareAddress);
  const starts = sorted.filter((start, i) => i === 0 || compareAddress(start, sorted[i - 1]) !== 0);
  const values = new Float64Array(starts.length);
  const index = new Map(starts.map((start, i) => [keyOf(start), i]));
  const at = (start: Address | null) => (start === null ? starts.length : index.get(keyOf(start))!);
  const [v4, v4End] = [at(FIRST_V4), at(AFTER_V4)];
  // The broadest first: what is more specific is painted over it. Sorting is stable, so the later one among equals wins.
  const broadestFirst = given
    .map((one) => ({ one, size: sizeOf(one.range) }))
    .sort((a, b) => (b.size > a.size ? 1 : b.size < a.size ? -1 : 0));
  for (const { one } of broadestFirst) {
    const value = one.set[name]!;
    const [from, to] = [at(one.range.first), at(after(one.range.last))];
    if (isV4(one.range.first)) values.fill(value, from, to);
    else {
      // Invariant: a range of one family holds no address of the other (`::/0` is not all of IPv4).
      values.fill(value, from, Math.min(to, v4));
      values.fill(value, Math.max(from, v4End), to);
    }
  }
  return { starts: Uint32Array.from(starts.flatMap(({ w0, w1, w2, w3 }) => [w0, w1, w2, w3])), values };
}

/** The next address; null after the highest. */
function after(a: Address): Address | null {
  if (a.w3 < 0xffffffff) return { ...a, w3: a.w3 + 1 };
  if (a.w2 < 0xffffffff) return { ...a, w2: a.w2 + 1, w3: 0 };
  if (a.w1 < 0xffffffff) return { ...a, w1: a.w1 + 1, w2: 0, w3: 0 };
  return a.w0 < 0xffffffff ? { w0: a.w0 + 1, w1: 0, w2: 0, w3: 0 } : null;
}

function sizeOf({ first, last }: AddressRange): bigint {
  const number = ({ w0, w1, w2, w3 }: Address) =>
    (BigInt(w0) << 96n) | (BigInt(w1) << 64n) | (BigInt(w2) << 32n) | BigInt(w3);
  return number(last) - number(first);
}

function keyOf({ w0, w1, w2, w3 }: Address): string {
  return `${w0}.${w1}.${w2}.${w3}`;
}
