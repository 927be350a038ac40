/**
 * Slots in a ring, found by a 64-bit key given as two 32-bit hashes: the newest `slotsMax` entries, first in first out, in typed arrays.
 * What belongs to a slot lives in columns of the owner, indexed by slot.
 *
 * Invariant: `serial` of a slot rises each time the slot is given away, so that a stale reference can be told.
 */
export class HashedRing {
  readonly slotsMax: number;
  used = 0;
  readonly serial: Uint32Array;
  private readonly keyHigh: Uint32Array;
  private readonly keyLow: Uint32Array;
  private readonly heads: Int32Array;
  private readonly next: Int32Array;
  private cursor = 0;

  /** `slotsMax` is a power of two. */
  constructor(slotsMax: number) {
    this.slotsMax = slotsMax;
    this.serial = new Uint32Array(slotsMax);
    this.keyHigh = new Uint32Array(slotsMax);
    this.keyLow = new Uint32Array(slotsMax);
    this.heads = new Int32Array(slotsMax).fill(-1);
    this.next = new Int32Array(slotsMax).fill(-1);
  }

  /** The slot of a key, -1 when there is none. */
  find(high: number, low: number): number {
    let slot = this.heads[low & (this.slotsMax - 1)];
    while (slot >= 0 && (this.keyHigh[slot] !== high || this.keyLow[slot] !== low)) slot = this.next[slot];
    return slot;
  }

  /** The slot that `add` will take next: what it holds now is about to be lost. -1 while the ring is not full. */
  leaving(): number {
    return this.used < this.slotsMax ? -1 : this.cursor;
  }

  add(high: number, low: number): number {
    const slot = this.cursor;
    if (this.used === this.slotsMax) this.unlink(slot);
    else this.used++;
    this.cursor = (slot + 1) & (this.slotsMax - 1);
    const bucket = low & (this.slotsMax - 1);
    this.keyHigh[slot] = high;
    this.keyLow[slot] = low;
    this.next[slot] = this.heads[bucket];
    this.heads[bucket] = slot;
    this.serial[slot]++;
    return slot;
  }

  private unlink(slot: number): void {
    const bucket = this.keyLow[slot] & (this.slotsMax - 1);
    let at = this.heads[bucket];
    if (at === slot) {
      this.heads[bucket] = this.next[slot];
      return;
    }
    while (at >= 0 && this.next[at] !== slot) at = this.next[at];
    if (at >= 0) this.next[at] = this.next[slot];
  }
}
