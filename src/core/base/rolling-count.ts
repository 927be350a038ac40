/** `SlidingCount` for a single source, where few sources need one: two buckets of one window each. */
export class RollingCount {
  private since = -Infinity;
  private current = 0;
  private earlier = 0;

  /** Counts one event and returns the events within the window up to now. */
  add(now: number, windowMs: number): number {
    this.turn(now, windowMs);
    this.current++;
    return this.at(now, windowMs);
  }

  at(now: number, windowMs: number): number {
    this.turn(now, windowMs);
    return this.current + Math.floor(this.earlier * (1 - (now - this.since) / windowMs));
  }

  /** When the oldest event within the window was, as far as the buckets tell. */
  oldest(now: number, windowMs: number): number {
    this.turn(now, windowMs);
    return this.earlier > 0 ? now - windowMs : this.since;
  }

  private turn(now: number, windowMs: number): void {
    const age = now - this.since;
    if (age >= 0 && age < windowMs) return;
    const next = age >= windowMs && age < 2 * windowMs;
    this.earlier = next ? this.current : 0;
    this.since = next ? this.since + windowMs : now;
    this.current = 0;
  }
}
