/**
 * A map with a named capacity, for what only some sources have. Two segments: an entry that was looked up again after it was made
 * moves to the second one. Eviction takes the oldest of the first segment.
 *
 * Evasion: a flood of forged sources, each seen once, churns the first segment only; the patient attacker stays counted.
 */
export class BoundedMap<V> {
  private readonly fresh = new Map<number, V>();
  private readonly returning = new Map<number, V>();
  private readonly entriesMax: number;
  private readonly evicted: ((key: number, value: V) => void) | null;

  constructor(entriesMax: number, evicted: ((key: number, value: V) => void) | null = null) {
    this.entriesMax = entriesMax;
    this.evicted = evicted;
  }

  get size(): number {
    return this.fresh.size + this.returning.size;
  }

  /** The value without counting as a return. */
  peek(key: number): V | undefined {
    return this.returning.get(key) ?? this.fresh.get(key);
  }

  get(key: number): V | undefined {
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
    if (this.size >= this.entriesMax && !this.fresh.has(key)) this.evict();
    this.fresh.set(key, value);
  }

  delete(key: number): void {
    if (!this.fresh.delete(key)) this.returning.delete(key);
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
      this.evicted?.(key, value);
      return;
    }
  }
}
