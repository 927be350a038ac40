/**
 * Ranges as keys of hash sets: single addresses as they are, everything else cut into prefixes of a few lengths, each written as one
 * number. A lookup then asks once for each length, whatever the list holds.
 *
 * Why not the kernel's interval sets: since Linux 6.18 they rebuild an array of all their ranges with every transaction (measured: 0.1 µs
 * a range, 10 to 20 ms to add one range to 100,000, with the lock held that our own blocks need; 330,000 ranges in transactions of
 * a thousand take 17 s), and nft 1.0.6 reads them whole before it changes anything (0.9 s beside 100,000 ranges). A hash set costs 1 µs an
 * element, at any size; each length that is asked for costs a packet 0.03 µs.
 */
import { formatWords } from '../core/base/address.ts';

/**
 * Lengths that prefixes are cut into, shortest first. Steps of two bits in IPv4: a prefix of a length between becomes two. Steps of
 * four in IPv6 (a prefix becomes eight at most), and the lengths that registries hand out.
 */
export const PREFIX_LENGTHS_V4: readonly number[] = [4, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30];
export const PREFIX_LENGTHS_V6: readonly number[] = [
  ...[4, 8, 12, 16, 20, 24, 26, 28, 29, 30, 32, 34, 36, 38, 40, 42, 44, 46, 48, 52, 56, 60, 64],
  ...[68, 72, 76, 80, 84, 88, 92, 96, 100, 104, 108, 112, 116, 120, 124],
];

/** Keys for one transaction: as many of both kinds together as there is room for. */
export class KeyBatch {
  readonly capacity: number;
  readonly words: 1 | 4;
  /** Single addresses. */
  readonly addresses: Uint32Array;
  addressCount = 0;
  /** Prefixes, by `prefixKey`. */
  readonly prefixes: Uint32Array;
  prefixCount = 0;

  constructor(v4: boolean, capacity: number) {
    this.capacity = capacity;
    this.words = v4 ? 1 : 4;
    this.addresses = new Uint32Array(capacity * this.words);
    this.prefixes = new Uint32Array(capacity * this.words);
  }

  get count(): number {
    return this.addressCount + this.prefixCount;
  }

  clear(): void {
    this.addressCount = 0;
    this.prefixCount = 0;
  }
}

/** Walks a packed list (`PackedRanges`, one family) and hands its keys out in portions. */
export class PrefixCursor {
  private readonly list: Uint32Array;
  private readonly v4: boolean;
  /** Of the range at work: where in the list, and the first address that is not cut yet. */
  private at = 0;
  private readonly first = new Uint32Array(4);
  private started = false;

  constructor(list: Uint32Array, v4: boolean) {
    this.list = list;
    this.v4 = v4;
  }

  /** Ranges left behind, for showing progress. */
  get rangesDone(): number {
    return this.at / (this.v4 ? 2 : 8);
  }

  /** Fills an empty batch; it stays empty when all is handed out. */
  fill(batch: KeyBatch): void {
    batch.clear();
    if (this.v4) while (this.at < this.list.length && batch.count < batch.capacity) this.nextV4(batch);
    else while (this.at < this.list.length && batch.count < batch.capacity) this.nextV6(batch);
  }

  private nextV4(batch: KeyBatch): void {
    const { list, at } = this;
    const first = this.started ? this.first[0] : list[at];
    const last = list[at + 1];
    if (first === last) {
      batch.addresses[batch.addressCount++] = first;
      this.endRange(2);
      return;
    }
    for (const length of PREFIX_LENGTHS_V4) {
      const rest = 2 ** (32 - length) - 1;
      if (first % (rest + 1) !== 0 || first + rest > last) continue;
      batch.prefixes[batch.prefixCount++] = first + (rest + 1) / 2;
      this.advanceV4(first + rest, last);
      return;
    }
    batch.addresses[batch.addressCount++] = first;
    this.advanceV4(first, last);
  }

  private advanceV4(done: number, last: number): void {
    if (done === last) return this.endRange(2);
    this.first[0] = done + 1;
    this.started = true;
  }

  private nextV6(batch: KeyBatch): void {
    const { list, at, first } = this;
    if (!this.started) {
      for (let i = 0; i < 4; i++) first[i] = list[at + i];
      this.started = true;
    }
    for (const length of PREFIX_LENGTHS_V6) {
      if (!fits(first, list, at + 4, length)) continue;
      const key = batch.prefixCount++ * 4;
      for (let i = 0; i < 4; i++) batch.prefixes[key + i] = first[i];
      batch.prefixes[key + (length >>> 5)] |= 1 << (31 - (length & 31));
      return this.advanceV6(length);
    }
    const key = batch.addressCount++ * 4;
    for (let i = 0; i < 4; i++) batch.addresses[key + i] = first[i];
    this.advanceV6(128);
  }

  /** Behind the prefix of `length` bits at `first`. */
  private advanceV6(length: number): void {
    const { list, at, first } = this;
    let ended = true;
    for (let i = 0; i < 4; i++) {
      first[i] |= hostMask(length, i);
      if (first[i] !== list[at + 4 + i]) ended = false;
    }
    if (ended) return this.endRange(8);
    for (let i = 3; i >= 0; i--) {
      first[i]++;
      if (first[i] !== 0) break;
    }
  }

  private endRange(stride: number): void {
    this.at += stride;
    this.started = false;
  }
}

/** Does the prefix of `length` bits at `first` start there, and end at `list[last …]` or before? */
function fits(first: Uint32Array, list: Uint32Array, last: number, length: number): boolean {
  for (let i = length >>> 5; i < 4; i++) if ((first[i] & hostMask(length, i)) !== 0) return false;
  for (let i = 0; i < 4; i++) {
    const end = (first[i] | hostMask(length, i)) >>> 0;
    if (end !== list[last + i]) return end < list[last + i];
  }
  return true;
}

/** The bits of word `i` that a prefix of `length` bits leaves open. */
export function hostMask(length: number, i: number): number {
  const kept = length - i * 32;
  if (kept >= 32) return 0;
  return kept <= 0 ? 0xffffffff : 0xffffffff >>> kept;
}

/** What nft's text masks an address with, and what it sets in it, to ask for a prefix of `length` bits. */
export function prefixOperands(length: number, v4: boolean): { mask: string; mark: string } {
  const words = (bitsOf: (i: number) => number) => [0, 1, 2, 3].map((i) => bitsOf(i) >>> 0);
  const text = (w: number[]) => (v4 ? formatWords(0, 0, 0xffff, w[0]) : formatWords(w[0], w[1], w[2], w[3]));
  return {
    mask: text(words((i) => ~hostMask(length, i))),
    mark: text(words((i) => (i === length >>> 5 ? 1 << (31 - (length & 31)) : 0))),
  };
}
