/** Changes one after the other: each sees the state that the one before left in the store and in the kernel. */

/** Changes of people that may wait; more is a runaway client. */
export const TURNS_MAX = 1000;

export class Turns {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  take<T>(change: () => Promise<T>): Promise<T> {
    if (this.waiting >= TURNS_MAX) return Promise.reject(new Error(`${TURNS_MAX} changes wait already`));
    this.waiting++;
    const done = this.last.then(change).finally(() => {
      this.waiting--;
    });
    // The next one's turn comes whether this one worked or not.
    this.last = done.catch(() => {});
    return done;
  }
}
