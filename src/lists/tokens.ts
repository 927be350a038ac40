/** Text of any line length → words, quoted strings and marks: what the output of nft and fail2ban consists of. */

export type TokenKind = 'word' | 'string' | 'mark' | 'line';

export interface TokenTaker {
  /** `line`: an end of a line. Marks: one of `{}[],;`. */
  token(kind: TokenKind, text: string, line: number): void;
}

/** Characters of one token; the rest of a longer one is dropped, so that it is no address any more but can be shown. */
export const TOKEN_CHARS_MAX = 1024;

const CLASSES = { space: 0, mark: 1, quote: 2, line: 3, other: 4 } as const;
const CLASS = new Uint8Array(128).fill(CLASSES.other);
for (const character of ' \t\r\v\f') CLASS[character.charCodeAt(0)] = CLASSES.space;
for (const character of '{}[],;') CLASS[character.charCodeAt(0)] = CLASSES.mark;
for (const character of '"\'') CLASS[character.charCodeAt(0)] = CLASSES.quote;
CLASS[10] = CLASSES.line;

export class Tokenizer {
  private readonly taker: TokenTaker;
  private word = '';
  /** The quotation mark of an open string; 0: none. */
  private quote = 0;
  private number = 1;
  private atLineStart = true;

  constructor(taker: TokenTaker) {
    this.taker = taker;
  }

  push(piece: string): void {
    let from = 0;
    for (let i = 0; i < piece.length; i++) {
      const code = piece.charCodeAt(i);
      const kind = code < 128 ? CLASS[code] : CLASSES.other;
      if (this.quote !== 0) {
        // A string never goes on over a line end: a stray mark costs one line.
        if (code !== this.quote && kind !== CLASSES.line) continue;
        this.append(piece, from, i);
        this.emit('string');
        this.quote = 0;
      } else if (kind === CLASSES.other) {
        continue;
      } else {
        this.append(piece, from, i);
        // An apostrophe inside a word is part of it.
        if (kind === CLASSES.quote && this.word !== '' && code === 39) {
          from = i;
          continue;
        }
        if (this.word !== '') this.emit('word');
        if (kind === CLASSES.quote) this.quote = code;
        else if (kind === CLASSES.mark) this.taker.token('mark', piece[i], this.number);
      }
      from = i + 1;
      this.atLineStart = kind === CLASSES.line;
      if (kind === CLASSES.line) this.taker.token('line', '', this.number++);
    }
    this.append(piece, from, piece.length);
    if (from < piece.length) this.atLineStart = false;
  }

  /** Returns the number of lines. */
  end(): number {
    if (this.quote !== 0) this.emit('string');
    else if (this.word !== '') this.emit('word');
    if (!this.atLineStart) this.taker.token('line', '', this.number++);
    return this.number - 1;
  }

  private append(piece: string, from: number, to: number): void {
    if (from < to && this.word.length < TOKEN_CHARS_MAX)
      this.word += piece.slice(from, Math.min(to, from + TOKEN_CHARS_MAX));
  }

  private emit(kind: 'word' | 'string'): void {
    const text = this.word;
    this.word = '';
    this.taker.token(kind, text, this.number);
  }
}
