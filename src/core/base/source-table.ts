/**
 * Every source that was seen, as a row number: the key of all that detectors and judge remember about it. Open addressing over typed
 * arrays, because a million JavaScript objects would cost ten times the memory (40 bytes a row here).
 *
 * Invariant: a row number stays with its address until `forget` is called for it; every column listens and wipes what it held.
 */
import type { Address } from './address.ts';

export interface SourceColumn {
  /** The table holds `rows` rows from now on. */
  grow(rows: number): void;
  /** The row's address is being evicted. */
  forget(row: number): void;
}

/** 2^20: a flood from a million forged addresses fits; 40 MB of rows, plus the detectors' columns. */
export const SOURCES_MAX = 1 << 20;
const ROWS_AT_START = 1 << 10;
/** Steep, because every step leaves the old arrays to the garbage collector: a third of the final size in all. */
const GROWTH = 4;
/** Second chances before a row is evicted: one packet earns none, more packets one, what `keep` marks three. */
const KEEP_SEEN = 1;
const KEEP_MARKED = 3;
/** Bits above the chances: a row with an open incident, or one that got in, is passed over. The judge bounds how many there are. */
const PINNED = 0x80;
const HELD = 0x40;
const MOST_CHANCES = 0x3f;
/** A row: four words of address, the last sight as a double, the chances, and a word left over. */
const WORDS = 8;
const CHANCES = 6;
const TIMES = WORDS / 2;
const LAST_SEEN = 2;

export class SourceTable {
  readonly rowsMax: number;
  size = 0;
  evictions = 0;
  /** A row's address, chances and last sight lie together: a look costs one cache miss, not six. */
  private words: Uint32Array;
  private times: Float64Array;
  /** Slot → row + 1; 0 is empty. Twice as many slots as rows, so that probes stay short. */
  private slots: Int32Array;
  private hand = 0;
  /** The row found last: a packet asks several times, and its answer soon after it. */
  private last = 0;
  private readonly columns: SourceColumn[] = [];
  private readonly seed: number;

  constructor(seed: number, rowsMax: number = SOURCES_MAX) {
    const rows = Math.min(ROWS_AT_START, rowsMax);
    this.rowsMax = rowsMax;
    this.seed = seed >>> 0;
    this.words = new Uint32Array(rows * WORDS);
    this.times = new Float64Array(this.words.buffer);
    this.slots = new Int32Array(rows * 2);
  }

  /** Registers a column and tells it the current size. */
  attach<T extends SourceColumn>(column: T): T {
    this.columns.push(column);
    column.grow(this.rows);
    return column;
  }

  /** Rows that there is room for now. */
  get rows(): number {
    return this.words.length / WORDS;
  }

  addressOf(row: number): Address {
    const { words } = this;
    const at = row * WORDS;
    return { w0: words[at], w1: words[at + 1], w2: words[at + 2], w3: words[at + 3] };
  }

  /** Milliseconds since the epoch; 0: never. */
  lastSeen(row: number): number {
    return this.times[row * TIMES + LAST_SEEN];
  }

  /** The row is spoken of, and its address was never seen. */
  unsee(row: number): void {
    this.times[row * TIMES + LAST_SEEN] = 0;
  }

  /** The row of an address, -1 when it was never seen (or was evicted). */
  find(a0: number, a1: number, a2: number, a3: number): number {
    const { last } = this;
    if (last < this.size && this.isAt(last, a0, a1, a2, a3)) return last;
    const mask = this.slots.length - 1;
    for (let slot = this.slotOf(a0, a1, a2, a3); ; slot = (slot + 1) & mask) {
      const row = this.slots[slot] - 1;
      if (row < 0) return -1;
      if (this.isAt(row, a0, a1, a2, a3)) return (this.last = row);
    }
  }

  /** The row of an address, made when it is new. */
  see(a0: number, a1: number, a2: number, a3: number, now: number): number {
    let row = this.find(a0, a1, a2, a3);
    if (row >= 0) {
      if (this.words[row * WORDS + CHANCES] === 0) this.words[row * WORDS + CHANCES] = KEEP_SEEN;
    } else {
      row = this.allocate();
      const at = row * WORDS;
      this.words[at] = a0;
      this.words[at + 1] = a1;
      this.words[at + 2] = a2;
      this.words[at + 3] = a3;
      this.words[at + CHANCES] = 0;
      this.insert(row);
    }
    this.times[row * TIMES + LAST_SEEN] = now;
    return row;
  }

  /** The source did something worth remembering. Evasion: a flood of forged one-packet sources must not push it out. */
  keep(row: number): void {
    const chances = this.words[row * WORDS + CHANCES];
    if ((chances & MOST_CHANCES) < KEEP_MARKED)
      this.words[row * WORDS + CHANCES] = (chances & ~MOST_CHANCES) | KEEP_MARKED;
  }

  pin(row: number): void {
    this.words[row * WORDS + CHANCES] |= PINNED;
  }

  unpin(row: number): void {
    const at = row * WORDS + CHANCES;
    this.words[at] = (this.words[at] & HELD) | KEEP_MARKED;
  }

  /** Evasion: no flood of forged sources makes us forget who has an account here. */
  hold(row: number): void {
    this.words[row * WORDS + CHANCES] |= HELD;
  }

  release(row: number): void {
    this.words[row * WORDS + CHANCES] &= ~HELD;
  }

  private allocate(): number {
    if (this.size < this.rows) return this.size++;
    if (this.rows < this.rowsMax) {
      this.growRows(Math.min(this.rowsMax, this.rows * GROWTH));
      return this.size++;
    }
    return this.evict();
  }

  /** CLOCK: the hand takes a chance from each row it passes and evicts the first one that has none left. */
  private evict(): number {
    const passesMax = this.size * (KEEP_MARKED + 1);
    let row = this.hand;
    for (let passes = 0; passes < passesMax; passes++) {
      row = this.hand;
      this.hand = this.hand + 1 === this.size ? 0 : this.hand + 1;
      const at = row * WORDS + CHANCES;
      if (this.words[at] === 0) break;
      if (this.words[at] <= MOST_CHANCES) this.words[at]--;
    }
    for (const column of this.columns) column.forget(row);
    this.remove(row);
    this.evictions++;
    return row;
  }

  private isAt(row: number, a0: number, a1: number, a2: number, a3: number): boolean {
    const { words } = this;
    const at = row * WORDS;
    return words[at + 3] === a3 && words[at + 2] === a2 && words[at + 1] === a1 && words[at] === a0;
  }

  private slotOfRow(row: number): number {
    const { words } = this;
    const at = row * WORDS;
    return this.slotOf(words[at], words[at + 1], words[at + 2], words[at + 3]);
  }

  private slotOf(a0: number, a1: number, a2: number, a3: number): number {
    let h = this.seed;
    h = Math.imul(h ^ a3, 0x9e3779b1);
    h = Math.imul(h ^ (h >>> 15) ^ a2, 0x85ebca77);
    h = Math.imul(h ^ (h >>> 13) ^ a1, 0xc2b2ae3d);
    h = Math.imul(h ^ (h >>> 16) ^ a0, 0x27d4eb2f);
    return (h ^ (h >>> 15)) & (this.slots.length - 1);
  }

  private insert(row: number): void {
    const mask = this.slots.length - 1;
    let slot = this.slotOfRow(row);
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = row + 1;
  }

  /** Backward-shift deletion: no tombstones, so probes never grow with churn. */
  private remove(row: number): void {
    const mask = this.slots.length - 1;
    let hole = this.slotOfRow(row);
    while (this.slots[hole] !== row + 1) hole = (hole + 1) & mask;
    for (let slot = (hole + 1) & mask; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const other = this.slots[slot] - 1;
      const home = this.slotOfRow(other);
      if (((slot - home) & mask) < ((slot - hole) & mask)) continue;
      this.slots[hole] = this.slots[slot];
      hole = slot;
    }
    this.slots[hole] = 0;
  }

  private growRows(rows: number): void {
    this.words = grown(this.words, new Uint32Array(rows * WORDS));
    this.times = new Float64Array(this.words.buffer);
    this.slots = new Int32Array(rows * 2);
    for (let row = 0; row < this.size; row++) this.insert(row);
    for (const column of this.columns) column.grow(rows);
  }
}

/** The larger array with the smaller one's values at its start. */
export function grown<T extends Uint8Array | Uint16Array | Int32Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
