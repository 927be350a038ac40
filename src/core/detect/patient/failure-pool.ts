/**
 * Failures of many sources in one place: a chain of blocks for each, in typed arrays, so that a source that failed once costs 160 bytes and
 * one that failed for days no more than its limit. An entry is a number, the index into the columns.
 */
import { grown } from '../../base/source-table.ts';

/** Half a million failures of all sources together: 11 MB, taken as needed. */
export const BLOCKS_MAX = 1 << 16;
export const BLOCK_ENTRIES = 8;
/** Blocks of one source, and so what it is remembered for; the oldest goes first. */
export const BLOCKS_PER_SOURCE_MAX = 40;
export const FAILURES_MAX = BLOCKS_PER_SOURCE_MAX * BLOCK_ENTRIES;
const BLOCKS_AT_START = 1 << 8;
const NONE = -1;

export class FailurePool {
  user = new Uint32Array(BLOCKS_AT_START * BLOCK_ENTRIES);
  call = new Uint32Array(BLOCKS_AT_START * BLOCK_ENTRIES);
  /** Seconds since the epoch. */
  second = new Uint32Array(BLOCKS_AT_START * BLOCK_ENTRIES);
  phone = new Uint16Array(BLOCKS_AT_START * BLOCK_ENTRIES);
  /** Seconds from a client's first try to its last, up to 18 hours. */
  span = new Uint16Array(BLOCKS_AT_START * BLOCK_ENTRIES);
  what = new Uint8Array(BLOCKS_AT_START * BLOCK_ENTRIES);
  /** Tries in a row. */
  tries = new Uint8Array(BLOCKS_AT_START * BLOCK_ENTRIES);
  /** 1: it is known to come from the source. */
  proven = new Uint8Array(BLOCKS_AT_START * BLOCK_ENTRIES);
  private next = new Int32Array(BLOCKS_AT_START).fill(NONE);
  private used = 0;
  private firstFree = NONE;
  /** The entries of the chain that `gather` went through, oldest first. */
  readonly entries = new Int32Array(FAILURES_MAX);

  get full(): boolean {
    return this.firstFree === NONE && this.used === BLOCKS_MAX;
  }

  /** Bytes of all arrays. */
  get bytes(): number {
    const { user, call, second, phone, span, what, tries, proven, next } = this;
    return [user, call, second, phone, span, what, tries, proven, next].reduce(
      (sum, array) => sum + array.byteLength,
      0,
    );
  }

  /** A block for a chain, linked behind `last` (-1: the first one). Not when `full`. */
  take(last: number): number {
    let block = this.firstFree;
    if (block !== NONE) this.firstFree = this.next[block];
    else {
      if (this.used === this.next.length) this.growBlocks(this.used * 2);
      block = this.used++;
    }
    this.next[block] = NONE;
    if (last !== NONE) this.next[last] = block;
    this.what.fill(0, block * BLOCK_ENTRIES, (block + 1) * BLOCK_ENTRIES);
    return block;
  }

  /** Gives the first block of a chain back; returns the second. */
  drop(first: number): number {
    const second = this.next[first];
    this.next[first] = this.firstFree;
    this.firstFree = first;
    return second;
  }

  /** Puts the entries of a chain of `count` into `entries`. */
  gather(first: number, count: number): void {
    let block = first;
    for (let i = 0; i < count; i++) {
      if (i > 0 && i % BLOCK_ENTRIES === 0) block = this.next[block];
      this.entries[i] = block * BLOCK_ENTRIES + (i % BLOCK_ENTRIES);
    }
  }

  private growBlocks(blocks: number): void {
    const size = blocks * BLOCK_ENTRIES;
    this.user = grown(this.user, new Uint32Array(size));
    this.call = grown(this.call, new Uint32Array(size));
    this.second = grown(this.second, new Uint32Array(size));
    this.phone = grown(this.phone, new Uint16Array(size));
    this.span = grown(this.span, new Uint16Array(size));
    this.what = grown(this.what, new Uint8Array(size));
    this.tries = grown(this.tries, new Uint8Array(size));
    this.proven = grown(this.proven, new Uint8Array(size));
    this.next = grown(this.next, new Int32Array(blocks).fill(NONE));
  }
}
