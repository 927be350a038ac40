/** Counts distinct numbers without making anything: a table that is used again and again. */
import { FAILURES_MAX } from './failure-pool.ts';

/** Power of two, at least twice what is put in at one time. */
const SLOTS = 1024;

export class Distinct {
  private readonly keys = new Uint32Array(SLOTS);
  private readonly rounds = new Uint32Array(SLOTS);
  private round = 0;
  private left = 0;

  /** Forgets all; at most `FAILURES_MAX` may follow. */
  clear(): void {
    this.round++;
    this.left = FAILURES_MAX;
  }

  /** True when the number is new. */
  add(key: number): boolean {
    let slot = Math.imul(key, 0x9e3779b1) >>> 22;
    for (; this.rounds[slot] === this.round; slot = (slot + 1) & (SLOTS - 1)) if (this.keys[slot] === key) return false;
    if (this.left-- <= 0) return false;
    this.keys[slot] = key;
    this.rounds[slot] = this.round;
    return true;
  }
}
