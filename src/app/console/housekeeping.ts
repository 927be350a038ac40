/** Retention: what is older than the store keeps goes, a bounded piece at a time, so that reports never wait long for it. */
import { StoreError } from '../../store/error.ts';
import type { Store } from '../../store/store.ts';

const EVERY_MS = 60 * 60_000;
/** The first time soon after the start, but not in it. */
const FIRST_MS = 30_000;
const AGAIN_MS = 1000;

export class Housekeeping {
  private readonly store: Store;
  private readonly now: () => number;
  private timer: NodeJS.Timeout;

  constructor(store: Store, now: () => number) {
    this.store = store;
    this.now = now;
    this.timer = setTimeout(() => this.work(), FIRST_MS);
  }

  private work(): void {
    let pauseMs = EVERY_MS;
    try {
      if (this.store.prune(this.now()).more) pauseMs = AGAIN_MS;
    } catch (error) {
      // A full disk or a busy file: nothing was removed, and the next hour tries again.
      if (!(error instanceof StoreError)) throw error;
    }
    this.timer = setTimeout(() => this.work(), pauseMs);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
