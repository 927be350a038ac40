/**
 * Slots in a ring, found by a 64-bit key given as two 32-bit hashes: the newest `slotsMax` entries, first in first out, in typed arrays.
 * What belongs to a slot lives in columns of the owner, indexed by slot.
 *
 * A slot's key, link and serial lie together: a look costs one cache miss, not one for each. Links are slot + 1, and 0 is none: what was
 * never used is never touched, and takes no memory.
 *
 * Invariant: `serialOf` a slot rises each time the slot is given away, so that a stale reference can be told.
 */
const COLUMNS = 4;
const LOW = 1;
const NEXT = 2;
const SERIAL = 3;

export class HashedRing {
  readonly slotsMax: number;
  used = 0;
  /** Of each slot: the key's two halves, the link to the next slot of its bucket, the serial. */
  private readonly slots: Int32Array;
  private readonly heads: Int32Array;
  private cursor = 0;

  /** `slotsMax` is a power of two. */
  constructor(slotsMax: number) {
    this.slotsMax = slotsMax;
    this.slots = new Int32Array(slotsMax * COLUMNS);
    this.heads = new Int32Array(slotsMax);
  }

  /** The slot of a key, -1 when there is none. */
  find(high: number, low: number): number {
    const { slots } = this;
    const [first, second] = [high | 0, low | 0];
    let link = this.heads[second & (this.slotsMax - 1)];
    while (link !== 0) {
      const at = (link - 1) * COLUMNS;
      if (slots[at] === first && slots[at + LOW] === second) return link - 1;
      link = slots[at + NEXT];
    }
    return -1;
  }

  serialOf(slot: number): number {
    return this.slots[slot * COLUMNS + SERIAL];
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
    const at = slot * COLUMNS;
    this.slots[at] = high;
    this.slots[at + LOW] = low;
    this.slots[at + NEXT] = this.heads[bucket];
    this.slots[at + SERIAL]++;
    this.heads[bucket] = slot + 1;
    return slot;
  }

  private unlink(slot: number): void {
    const { slots, heads } = this;
    const bucket = slots[slot * COLUMNS + LOW] & (this.slotsMax - 1);
    const next = slots[slot * COLUMNS + NEXT];
    let link = heads[bucket];
    if (link === slot + 1) {
      heads[bucket] = next;
      return;
    }
    while (link !== 0 && slots[(link - 1) * COLUMNS + NEXT] !== slot + 1) link = slots[(link - 1) * COLUMNS + NEXT];
    if (link !== 0) slots[(link - 1) * COLUMNS + NEXT] = next;
  }
}
