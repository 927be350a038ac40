/** Time as schedules use it; tests bring their own. */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `run` once after `ms`; the function that comes back takes it back. */
  after(ms: number, run: () => void): () => void;
}

/** Node's timers count in 32 bits and fire at once above that; waking early is harmless, schedules look again. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, ms), TIMER_MAX_MS));
    // A schedule never keeps a process alive that has nothing else to do.
    timer.unref();
    return () => clearTimeout(timer);
  },
};
