/** Changes one after the other: each sees the state that the one before left in the store and in the kernel. */
import { OperationError } from './operation-error.ts';

/** Changes of people that may wait; more is a runaway client. */
export const TURNS_MAX = 1000;
/** Some of them have had their turn by then. */
const WAIT_MS = 5000;

export class Turns {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** Errors: `OperationError` `changes-waiting`. */
  take<T>(change: () => Promise<T>): Promise<T> {
    if (this.waiting >= TURNS_MAX) {
      const text = `${TURNS_MAX} changes wait for their turn already.`;
      const hint = 'Wait for the answers, and put many addresses on a list with one import.';
      return Promise.reject(new OperationError('too-many', 'changes-waiting', text, hint, WAIT_MS));
    }
    this.waiting++;
    const done = this.last.then(change).finally(() => {
      this.waiting--;
    });
    // The next one's turn comes whether this one worked or not.
    this.last = done.catch(() => {});
    return done;
  }
}
