/** Deterministic numbers for traffic: the same seed gives the same capture on every machine (xorshift32, Marsaglia 2003). */
export class Random {
  #state: number;

  constructor(seed: number) {
    // Invariant: xorshift never leaves zero, so zero is not a state.
    this.#state = Math.imul(seed | 0, 0x9e3779b1) | 0 || 0x1badf00d;
    for (let i = 0; i < 4; i++) this.word();
  }

  /** 0 … 2^32-1. */
  word(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }

  /** 0 … n-1. */
  below(n: number): number {
    return Math.floor((this.word() / 0x1_0000_0000) * n);
  }

  /** `length` lower-case hexadecimal digits. */
  hex(length: number): string {
    let text = '';
    while (text.length < length) text += this.word().toString(16).padStart(8, '0');
    return text.slice(0, length);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  chance(probability: number): boolean {
    return this.word() / 0x1_0000_0000 < probability;
  }
}
