/**
 * A map with a named capacity, for what only some sources have. Two segments: an entry that was looked up again after it was made
 * moves to the second one. Eviction takes the oldest of the first segment.
 *
 * Evasion: a flood of forged sources, each seen once, churns the first segment only; the patient attacker stays counted.
 */
const COUNTS_MAX = 1 << 13;

export class BoundedMap<V> {
  private readonly fresh = new Map<number, V>();
  private readonly returning = new Map<number, V>();
  private readonly entriesMax: number;
  private readonly evicted: ((key: number, value: V) => void) | null;
  /**
   * How many keys fall on each place, by their hash. Nearly every key that is asked for is not there, and one look here says so: asking two
   * maps costs several cache misses (measured: eleven such questions a message).
   */
  private readonly counts: Uint32Array;
  private readonly shift: number;

  constructor(entriesMax: number, evicted: ((key: number, value: V) => void) | null = null) {
    this.entriesMax = entriesMax;
    this.evicted = evicted;
    this.shift = Math.clz32(Math.max(2, Math.min(entriesMax, COUNTS_MAX))) + 1;
    this.counts = new Uint32Array(2 ** (32 - this.shift));
  }

  get size(): number {
    return this.fresh.size + this.returning.size;
  }

  /** The value without counting as a return. */
  peek(key: number): V | undefined {
    if (this.counts[this.placeOf(key)] === 0) return undefined;
    return this.returning.get(key) ?? this.fresh.get(key);
  }

  get(key: number): V | undefined {
    if (this.counts[this.placeOf(key)] === 0) return undefined;
    const value = this.returning.get(key);
    if (value !== undefined) return value;
    const once = this.fresh.get(key);
    if (once === undefined) return undefined;
    this.fresh.delete(key);
    this.returning.set(key, once);
    return once;
  }

  set(key: number, value: V): void {
    if (this.returning.has(key)) {
      this.returning.set(key, value);
      return;
    }
    if (!this.fresh.has(key)) {
      if (this.size >= this.entriesMax) this.evict();
      this.counts[this.placeOf(key)]++;
    }
    this.fresh.set(key, value);
  }

  delete(key: number): void {
    const place = this.placeOf(key);
    if (this.counts[place] === 0) return;
    if (this.fresh.delete(key) || this.returning.delete(key)) this.counts[place]--;
  }

  *keys(): Generator<number> {
    yield* this.fresh.keys();
    yield* this.returning.keys();
  }

  *values(): Generator<V> {
    yield* this.fresh.values();
    yield* this.returning.values();
  }

  /** Makes room for one. */
  evict(): void {
    const from = this.fresh.size > 0 ? this.fresh : this.returning;
    for (const [key, value] of from) {
      from.delete(key);
      this.counts[this.placeOf(key)]--;
      this.evicted?.(key, value);
      return;
    }
  }

  private placeOf(key: number): number {
    return Math.imul(key, 0x9e3779b1) >>> this.shift;
  }
}
