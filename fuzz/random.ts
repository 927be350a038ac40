/** A small generator of random numbers (sfc32) that is started by numbers, so that every input can be made again. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(seed: number, stream: number, index: number) {
    this.a = seed | 0;
    this.b = stream | 0;
    this.c = index | 0;
    for (let i = 0; i < 12; i++) this.next();
  }

  /** Unsigned 32-bit. */
  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** 0 … limit - 1. */
  below(limit: number): number {
    return this.next() % limit;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)];
  }
}
