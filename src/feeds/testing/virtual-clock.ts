/** Time that stands still until it is told to pass. */
import type { Clock } from '../clock.ts';

export class VirtualClock implements Clock {
  private time: number;
  private readonly waiting = new Set<{ at: number; run: () => void }>();

  constructor(start = Date.UTC(2026, 10, 22, 12)) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run };
    this.waiting.add(timer);
    return () => void this.waiting.delete(timer);
  }

  /** When the next timer is due; null: nothing waits. */
  get nextAt(): number | null {
    return this.waiting.size === 0 ? null : Math.min(...[...this.waiting].map(({ at }) => at));
  }

  get timers(): number {
    return this.waiting.size;
  }

  /** Runs what falls due, in order of time. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.waiting].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.waiting.delete(due);
      this.time = Math.max(this.time, due.at);
      due.run();
    }
    this.time = end;
  }
}
