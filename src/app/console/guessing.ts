/** Somebody tries one password after the other at the console: that is told, but not for each address of a thousand. */
import { StoreError } from '../../store/error.ts';
import type { Store } from '../../store/store.ts';

const TOLD_EVERY_MS = 60_000;

export class Guessing {
  private readonly store: Store;
  private readonly now: () => number;
  private toldAt = -Infinity;

  constructor(store: Store, now: () => number) {
    this.store = store;
    this.now = now;
  }

  note(address: string): void {
    const at = this.now();
    if (at - this.toldAt < TOLD_EVERY_MS) return;
    this.toldAt = at;
    const text = `Several wrong passwords or codes in a row were tried at the console from ${address}; it has to wait longer and longer.`;
    try {
      this.store.noteEvent({ at, level: 'warning', code: 'sign-in-guessing', text });
    } catch (error) {
      // A full disk: the delay counts all the same.
      if (!(error instanceof StoreError)) throw error;
    }
  }
}
