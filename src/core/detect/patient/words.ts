/** Numbers one after the other, as they are written down and read back. */
const WORDS_AT_START = 1 << 10;

export class WordWriter {
  private words = new Uint32Array(WORDS_AT_START);
  private used = 0;

  put(word: number): void {
    if (this.used === this.words.length) {
      const larger = new Uint32Array(this.used * 2);
      larger.set(this.words);
      this.words = larger;
    }
    this.words[this.used++] = word;
  }

  take(): Uint32Array<ArrayBuffer> {
    return this.words.slice(0, this.used);
  }
}

export class WordReader {
  private readonly words: Uint32Array;
  private at = 0;

  constructor(words: Uint32Array) {
    this.words = words;
  }

  /** Whether so many words more are there. */
  has(count: number): boolean {
    return this.at + count <= this.words.length;
  }

  next(): number {
    return this.words[this.at++];
  }
}
