/**
 * Retention: what is older than the store keeps goes, a bounded piece at a time, so that reports never wait long for it. And memory that is free goes
 * back to the kernel: after the start that is a third of it.
 */
import { giveBack } from '../../ffi/memory.ts';
import { StoreError } from '../../store/error.ts';
import type { Store } from '../../store/store.ts';

const EVERY_MS = 60 * 60_000;
/** The first time soon after the start, but not in it. */
const FIRST_MS = 30_000;
const AGAIN_MS = 1000;

export class Housekeeping {
  private readonly store: Store;
  private readonly now: () => number;
  private readonly everyMs: number;
  private timer: NodeJS.Timeout;

  constructor(store: Store, now: () => number, everyMs = EVERY_MS) {
    this.store = store;
    this.now = now;
    this.everyMs = everyMs;
    this.timer = setTimeout(() => this.work(), Math.min(FIRST_MS, everyMs));
  }

  private work(): void {
    let pauseMs = this.everyMs;
    try {
      if (this.store.prune(this.now()).more) pauseMs = AGAIN_MS;
    } catch (error) {
      // A full disk or a busy file: nothing was removed, and the next hour tries again.
      if (!(error instanceof StoreError)) throw error;
    }
    if (pauseMs === this.everyMs) giveBack();
    this.timer = setTimeout(() => this.work(), pauseMs);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
