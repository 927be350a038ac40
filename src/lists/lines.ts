/** Pieces of text → lines that end in LF, CRLF or CR, mixed as they like, each of bounded length. */
import { LINE_CHARS_MAX } from './entry.ts';

export type LineEnd = '\n' | '\r\n' | '\r' | '';

export interface LineTaker {
  /** `number` counts from 1. `end` is '' only for a last line without one. */
  line(text: string, number: number, end: LineEnd): void;
  /** A line over the bound: its beginning; the rest is not kept. */
  longLine(beginning: string, number: number): void;
}

export class LineSplitter {
  private readonly taker: LineTaker;
  private rest = '';
  private tooLong = false;
  private number = 1;
  /** The piece before ended in CR: an LF may follow that belongs to it. */
  private afterCr = false;

  constructor(taker: LineTaker) {
    this.taker = taker;
  }

  push(piece: string): void {
    let from = 0;
    if (this.afterCr && piece !== '') {
      this.afterCr = false;
      if (piece.charCodeAt(0) === 10) from = 1;
      this.emit('', from === 1 ? '\r\n' : '\r');
    }
    let cr = piece.indexOf('\r', from);
    let lf = piece.indexOf('\n', from);
    while (cr >= 0 || lf >= 0) {
      if (cr >= 0 && cr === piece.length - 1 && (lf < 0 || lf > cr)) {
        this.keep(piece.slice(from, cr));
        this.afterCr = true;
        return;
      }
      const atCr = cr >= 0 && (lf < 0 || cr < lf);
      const end = atCr ? cr : lf;
      const pair = atCr && lf === cr + 1;
      this.emit(piece.slice(from, end), pair ? '\r\n' : atCr ? '\r' : '\n');
      from = end + (pair ? 2 : 1);
      if (cr >= 0 && cr < from) cr = piece.indexOf('\r', from);
      if (lf >= 0 && lf < from) lf = piece.indexOf('\n', from);
    }
    if (from < piece.length) this.keep(from === 0 ? piece : piece.slice(from));
  }

  /** Returns how many lines there were. */
  end(): number {
    if (this.afterCr) {
      this.afterCr = false;
      this.emit('', '\r');
    }
    if (this.rest !== '' || this.tooLong) this.emit('', '');
    return this.number - 1;
  }

  /** Of a line that is too long only the beginning is kept. */
  private keep(text: string): void {
    if (this.tooLong) return;
    this.rest += text;
    if (this.rest.length <= LINE_CHARS_MAX) return;
    this.tooLong = true;
    this.rest = this.rest.slice(0, 256);
  }

  private emit(text: string, end: LineEnd): void {
    const number = this.number++;
    if (!this.tooLong && this.rest.length + text.length <= LINE_CHARS_MAX) {
      const whole = this.rest === '' ? text : this.rest + text;
      this.rest = '';
      this.taker.line(whole, number, end);
      return;
    }
    const beginning = (this.rest + text).slice(0, 256);
    this.rest = '';
    this.tooLong = false;
    this.taker.longLine(beginning, number);
  }
}
