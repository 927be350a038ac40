/**
 * Rows and fields of a delimited text file, as places in its bytes: RFC 4180 quotes, LF or CRLF, `#` comments, any one-byte separator.
 * Reads nothing twice and keeps nothing: a line of 100 MB is one row with at most `FIELDS_MAX` fields.
 */
export const FIELDS_MAX = 32;

const QUOTE = 34;
const HASH = 35;
const LF = 10;
const CR = 13;
const SPACE = 32;

export class RowScanner {
  readonly bytes: Uint8Array;
  /** Where each field begins and ends, its quotes left out. */
  readonly begins = new Int32Array(FIELDS_MAX);
  readonly ends = new Int32Array(FIELDS_MAX);
  /** Fields of the row, at most `FIELDS_MAX`: what follows is left out. */
  count = 0;
  /** Line that the row begins in, from 1. */
  line = 0;
  private readonly separator: number;
  private at: number;
  private nextLine = 1;

  constructor(bytes: Uint8Array, separator: number) {
    this.bytes = bytes;
    this.separator = separator;
    // Tolerance: a byte order mark, as spreadsheets write it.
    this.at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  }

  /** The next row that is neither empty nor a comment; false at the end. */
  next(): boolean {
    while (this.at < this.bytes.length) {
      this.line = this.nextLine;
      if (this.bytes[this.at] === HASH) this.skipLine();
      else {
        this.readRow();
        if (this.count > 1 || this.ends[0] > this.begins[0]) return true;
      }
    }
    return false;
  }

  /** The field as text, doubled quotes made one. */
  text(field: number): string {
    const raw = decoder.decode(this.bytes.subarray(this.begins[field], this.ends[field]));
    return raw.includes('"') ? raw.replaceAll('""', '"') : raw;
  }

  private readRow(): void {
    this.count = 0;
    for (;;) {
      const more = this.bytes[this.at] === QUOTE ? this.readQuoted() : this.readPlain();
      if (!more) return;
    }
  }

  /** True: a separator follows, so another field. */
  private readPlain(): boolean {
    const { bytes, separator } = this;
    const begin = this.at;
    let at = begin;
    while (at < bytes.length && bytes[at] !== separator && bytes[at] !== LF) at++;
    this.keep(begin, at > begin && bytes[at - 1] === CR && bytes[at] === LF ? at - 1 : at);
    return this.passEnd(at);
  }

  private readQuoted(): boolean {
    const { bytes, separator } = this;
    const begin = this.at + 1;
    let at = begin;
    while (at < bytes.length && (bytes[at] !== QUOTE || bytes[at + 1] === QUOTE)) {
      if (bytes[at] === LF) this.nextLine++;
      at += bytes[at] === QUOTE ? 2 : 1;
    }
    this.keep(begin, Math.min(at, bytes.length));
    at++;
    while (at < bytes.length && bytes[at] !== separator && bytes[at] !== LF) at++;
    return this.passEnd(at);
  }

  private passEnd(at: number): boolean {
    const more = at < this.bytes.length && this.bytes[at] !== LF;
    if (!more) this.nextLine++;
    this.at = at + 1;
    return more;
  }

  private keep(begin: number, end: number): void {
    if (this.count === FIELDS_MAX) return;
    let [from, to] = [begin, end];
    while (from < to && this.bytes[from] === SPACE) from++;
    while (to > from && (this.bytes[to - 1] === SPACE || this.bytes[to - 1] === CR)) to--;
    this.begins[this.count] = from;
    this.ends[this.count++] = to;
  }

  private skipLine(): void {
    const lf = this.bytes.indexOf(LF, this.at);
    this.at = lf < 0 ? this.bytes.length : lf + 1;
    this.nextLine++;
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const SEPARATORS = [',', ';', '\t', ' '].map((text) => text.charCodeAt(0));

/** The separator that stands most often in the first row that is no comment; the order above decides a tie. */
export function separatorOf(bytes: Uint8Array): number {
  const scanner = new RowScanner(bytes, LF);
  if (!scanner.next()) return SEPARATORS[0];
  const row = bytes.subarray(scanner.begins[0], scanner.ends[0]);
  // A separator inside quotes is no separator: a comma beside names with spaces wins over the spaces.
  return SEPARATORS.find((separator) => row.includes(separator)) ?? SEPARATORS[0];
}
