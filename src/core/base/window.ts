/** Exact windows for the few sources that did something worth counting one by one. */

/** More events than any sensible threshold; beyond it the oldest are forgotten. */
export const EVENTS_MAX = 4096;
/** Distinct keys remembered in one window; the policy's thresholds stay below. */
export const DISTINCT_MAX = 4096;

/** Events with a key (the user), in order of time. */
export class EventWindow {
  private times: number[] = [];
  private keys: number[] = [];

  /** Adds an event and returns how many lie within the window. */
  add(now: number, key: number, windowMs: number): number {
    this.prune(now, windowMs);
    if (this.times.length >= EVENTS_MAX) {
      this.times.shift();
      this.keys.shift();
    }
    this.times.push(now);
    this.keys.push(key);
    return this.times.length;
  }

  count(now: number, windowMs: number): number {
    this.prune(now, windowMs);
    return this.times.length;
  }

  /** How many came after that moment. */
  since(moment: number): number {
    const { times } = this;
    if (times.length === 0 || times[times.length - 1] <= moment) return 0;
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] > moment) high = middle;
      else low = middle + 1;
    }
    return times.length - low;
  }

  /** Takes back the events of one key: the user got in after all. */
  forgive(key: number): void {
    if (!this.keys.includes(key)) return;
    this.times = this.times.filter((_, i) => this.keys[i] !== key);
    this.keys = this.keys.filter((k) => k !== key);
  }

  private prune(now: number, windowMs: number): void {
    let old = 0;
    while (old < this.times.length && this.times[old] <= now - windowMs) old++;
    if (old === 0) return;
    this.times.splice(0, old);
    this.keys.splice(0, old);
  }
}

/** Distinct keys seen within a window: hashes and ports, of which 32 bits count. */
export class DistinctWindow {
  /** Insertion order is the order of last sight: `add` moves a key to the end. Keys as signed: others would be boxed. */
  private readonly seen = new Map<number, number>();
  /** No key was seen earlier: nearly always there is nothing to prune. */
  private oldest = Infinity;

  /** Adds a key and returns how many distinct ones lie within the window. */
  add(key: number, now: number, windowMs: number): number {
    const at = this.seen.get(key | 0);
    // Moving a key costs more than finding it: one that was seen a moment ago stays where it is, up to a 32nd of the window too early.
    if (at !== undefined && now - at < windowMs / 32) return this.count(now, windowMs);
    if (at !== undefined) this.seen.delete(key | 0);
    this.seen.set(key | 0, now);
    this.oldest = Math.min(this.oldest, now);
    this.prune(now, windowMs);
    return this.seen.size;
  }

  has(key: number): boolean {
    return this.seen.has(key | 0);
  }

  remove(key: number): void {
    this.seen.delete(key | 0);
  }

  count(now: number, windowMs: number): number {
    this.prune(now, windowMs);
    return this.seen.size;
  }

  private prune(now: number, windowMs: number): void {
    if (this.oldest > now - windowMs && this.seen.size <= DISTINCT_MAX) return;
    this.oldest = Infinity;
    for (const [key, at] of this.seen) {
      if (at > now - windowMs && this.seen.size <= DISTINCT_MAX) {
        this.oldest = at;
        return;
      }
      this.seen.delete(key);
    }
  }
}
