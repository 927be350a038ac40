/**
 * Bytes that arrive in any order, kept by position until what comes before them is there: the store behind `Fragments` and
 * `TcpStreams`. Bytes live in pages of one shared, bounded pool; runs of bytes that touch are merged, so that a message sent one
 * byte at a time costs a page and not a thousand pieces.
 */

/** Bytes to a page. Evasion: a lone byte far ahead costs its sender a packet and us no more than one page. */
export const PAGE_BYTES = 2048;

export class PagePool {
  readonly pagesMax: number;
  used = 0;
  private readonly free: Uint8Array[] = [];

  constructor(pagesMax: number) {
    this.pagesMax = pagesMax;
  }

  take(): Uint8Array | null {
    if (this.used === this.pagesMax) return null;
    this.used++;
    return this.free.pop() ?? new Uint8Array(PAGE_BYTES);
  }

  give(page: Uint8Array): void {
    this.used--;
    // Memory stays flat after a flood: of the pages no longer needed, an eighth is kept for the next one.
    if (this.free.length * 8 < this.pagesMax) this.free.push(page);
  }
}

/** Whose bytes count where two pieces overlap. */
export const EARLIER_ARRIVAL_WINS = 0;
/** The piece that begins earlier in the stream wins; of two that begin together, the longer one. */
export const EARLIER_BEGIN_WINS = 1;
export type OverlapRule = typeof EARLIER_ARRIVAL_WINS | typeof EARLIER_BEGIN_WINS;

/** What `write` found: nothing new in it (a retransmission), new bytes, new bytes beside known ones, no room. */
export const DUPLICATE = 0;
export const ADDED = 1;
export const OVERLAPPED = 2;
export const FULL = 3;
export type Written = typeof DUPLICATE | typeof ADDED | typeof OVERLAPPED | typeof FULL;

export class SparseBytes {
  /** Runs, sorted, apart from each other by at least one byte: positions `[starts[i], ends[i])`. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  /** Pages held, for the caller's bookkeeping. */
  pageCount = 0;
  private readonly pool: PagePool;
  private readonly runsMax: number;
  /** A ring: position p lies in page `floor(p / PAGE_BYTES) % ring.length`. */
  private readonly ring: (Uint8Array | null)[];

  /** All positions held at a time must lie within `windowBytes` of each other. */
  constructor(pool: PagePool, windowBytes: number, runsMax: number) {
    this.pool = pool;
    this.runsMax = runsMax;
    this.ring = new Array<Uint8Array | null>(Math.ceil(windowBytes / PAGE_BYTES) + 1).fill(null);
  }

  /** Keeps `bytes[from, to)` at `position`. On FULL nothing has changed. */
  write(position: number, bytes: Uint8Array, from: number, to: number, rule: OverlapRule): Written {
    const end = position + (to - from);
    // The runs [first, last) touch or overlap the new piece.
    let first = 0;
    while (first < this.starts.length && this.ends[first] < position) first++;
    let last = first;
    while (last < this.starts.length && this.starts[last] <= end) last++;
    if (first < last && this.starts[first] <= position && this.ends[first] >= end) return DUPLICATE;
    if (first === last && this.starts.length === this.runsMax) return FULL;
    if (!this.reserve(position, end)) return FULL;

    let overlapped = false;
    let at = position;
    for (let run = first; run < last; run++) {
      const runStart = this.starts[run];
      const runEnd = this.ends[run];
      if (runEnd > position && runStart < end) overlapped = true;
      const known = rule === EARLIER_ARRIVAL_WINS || runStart < position || (runStart === position && runEnd >= end);
      if (!known) continue;
      if (runStart > at) this.copyIn(at, bytes, from + (at - position), from + (runStart - position));
      if (runEnd > at) at = runEnd;
    }
    if (at < end) this.copyIn(at, bytes, from + (at - position), to);

    const start = first < last ? Math.min(position, this.starts[first]) : position;
    const stop = first < last ? Math.max(end, this.ends[last - 1]) : end;
    this.starts.splice(first, last - first, start);
    this.ends.splice(first, last - first, stop);
    return overlapped ? OVERLAPPED : ADDED;
  }

  /** The page that holds `position`, from `position % PAGE_BYTES` on. Only for a position inside a run. */
  pageAt(position: number): Uint8Array {
    return this.ring[this.slot(position)]!;
  }

  /** Forgets the first run, and gives back the pages before `position`, where the next run or nothing begins. */
  dropFirst(): void {
    const start = this.starts.shift()!;
    const end = this.ends.shift()!;
    const keep = this.starts.length > 0 ? Math.floor(this.starts[0] / PAGE_BYTES) : Infinity;
    for (let page = Math.floor(start / PAGE_BYTES); page * PAGE_BYTES < end && page < keep; page++) {
      this.release(page % this.ring.length);
    }
  }

  clear(): void {
    this.starts.length = 0;
    this.ends.length = 0;
    for (let i = 0; i < this.ring.length && this.pageCount > 0; i++) this.release(i);
  }

  private slot(position: number): number {
    return Math.floor(position / PAGE_BYTES) % this.ring.length;
  }

  private reserve(position: number, end: number): boolean {
    const begin = Math.floor(position / PAGE_BYTES);
    let missing = 0;
    for (let page = begin; page * PAGE_BYTES < end; page++) if (!this.ring[page % this.ring.length]) missing++;
    if (this.pool.used + missing > this.pool.pagesMax) return false;
    for (let page = begin; page * PAGE_BYTES < end && missing > 0; page++) {
      const slot = page % this.ring.length;
      if (this.ring[slot]) continue;
      this.ring[slot] = this.pool.take();
      this.pageCount++;
      missing--;
    }
    return true;
  }

  private release(slot: number): void {
    const page = this.ring[slot];
    if (!page) return;
    this.pool.give(page);
    this.ring[slot] = null;
    this.pageCount--;
  }

  private copyIn(position: number, bytes: Uint8Array, from: number, to: number): void {
    while (from < to) {
      const offset = position % PAGE_BYTES;
      const count = Math.min(to - from, PAGE_BYTES - offset);
      const page = this.pageAt(position);
      for (let i = 0; i < count; i++) page[offset + i] = bytes[from + i];
      position += count;
      from += count;
    }
  }
}
