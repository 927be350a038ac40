/**
 * Lines → rows of cells (RFC 4180 §2), with quoted cells that go on over line ends.
 *
 * Why no parser of others: csv-parse cannot go on after what a hostile or a damaged file brings. A quotation mark that never closes
 * swallows everything up to the size limit; the size limit, reached, drops the rest of the chunk; only the first kind of line end is
 * one. Here the line with the mark is refused and the lines after it are read again as if it were not there. The tests hold both equal on
 * well-formed files.
 */
import type { LineEnd } from './lines.ts';
import { LINE_CHARS_MAX, type ProblemCode } from './entry.ts';

export interface RowTaker {
  /** Unquoted cells are trimmed, quoted ones exact. At least one cell. `raw`: the line as it stands, null when the row has several. */
  row(cells: string[], line: number, raw: string | null): void;
  badRow(code: ProblemCode, value: string, line: number, why: string, expected: string): void;
}

/** Columns of a spreadsheet of addresses; more is another kind of file. */
export const CELLS_MAX = 64;
/** Lines of one row: a comment with line breaks in it. */
export const ROW_LINES_MAX = 64;

interface Line {
  text: string;
  number: number;
  end: LineEnd;
}

export class RowSplitter {
  private readonly taker: RowTaker;
  private readonly delimiter: string;
  /** Lines of a row whose quotation mark is still open. */
  private open: Line[] = [];
  private openChars = 0;
  private cells: string[] = [];
  private cell = '';

  constructor(taker: RowTaker, delimiter: string) {
    this.taker = taker;
    this.delimiter = delimiter;
  }

  /** The next line belongs to a row that has begun. */
  get isOpen(): boolean {
    return this.open.length > 0;
  }

  line(text: string, number: number, end: LineEnd): void {
    if (this.open.length === 0 && !text.includes('"')) return this.plain(text, number);
    this.open.push({ text, number, end });
    this.openChars += text.length;
    if (this.open.length > ROW_LINES_MAX || this.openChars > LINE_CHARS_MAX) return this.notClosed();
    const at = this.open.length === 1 ? this.cellsFrom(text, 0) : this.quotedFrom(text, 0);
    if (at < 0) return;
    if (at < text.length) return this.strayText(text, at);
    const line = this.open[0];
    const [cells, raw] = [this.cells, this.open.length === 1 ? text : null];
    this.reset();
    if (cells.length > CELLS_MAX) return this.tooManyCells(line);
    this.taker.row(cells, line.number, raw);
  }

  end(): void {
    // Each turn refuses one line, and at most ROW_LINES_MAX are open.
    while (this.open.length > 0) this.notClosed();
  }

  private plain(text: string, number: number): void {
    const cells = text.split(this.delimiter, CELLS_MAX + 1);
    if (cells.length > CELLS_MAX) return this.tooManyCells({ text, number, end: '' });
    for (let i = 0; i < cells.length; i++) cells[i] = cells[i].trim();
    this.taker.row(cells, number, text);
  }

  /** Cells from `at`, the beginning of one. Returns the end of the text, the place of an error before it, or -1: a quotation is open. */
  private cellsFrom(text: string, at: number): number {
    for (;;) {
      let start = at;
      while (text[start] === ' ') start++;
      if (text[start] === '"') {
        this.cell = '';
        return this.quotedFrom(text, start + 1);
      }
      // Tolerance: a quotation mark inside an unquoted cell is a character, as every spreadsheet has it.
      const next = text.indexOf(this.delimiter, at);
      this.cells.push(text.slice(at, next < 0 ? text.length : next).trim());
      if (next < 0) return text.length;
      at = next + 1;
    }
  }

  /** Inside a quoted cell. Returns as `cellsFrom`. */
  private quotedFrom(text: string, at: number): number {
    for (;;) {
      const mark = text.indexOf('"', at);
      if (mark < 0) {
        this.cell += text.slice(at) + this.open.at(-1)!.end;
        return -1;
      }
      this.cell += text.slice(at, mark);
      at = mark + 1;
      if (text[at] !== '"') break;
      this.cell += '"';
      at++;
    }
    this.cells.push(this.cell);
    // Tolerance: spaces between the closing mark and the delimiter.
    while (text[at] === ' ') at++;
    if (at === text.length) return at;
    // The error stands at `at`, which is before the end of the text.
    return text[at] === this.delimiter ? this.cellsFrom(text, at + 1) : at;
  }

  private strayText(text: string, at: number): void {
    const [first] = this.open;
    const why = `there is text after a closing quotation mark: ${text.slice(at, at + 20)}`;
    if (this.open.length > 1) return this.notClosed();
    this.reset();
    this.taker.badRow('text-after-quote', first.text, first.number, why, 'two marks ("") for one inside a quoted text');
  }

  /** The line that opened the quotation is refused, and what follows it read again. */
  private notClosed(): void {
    const [first, ...others] = this.open;
    this.reset();
    const why = 'the quotation mark is never closed';
    this.taker.badRow('quote-not-closed', first.text, first.number, why, 'a mark before and after the text');
    // Every turn has fewer lines than the one before: at most ROW_LINES_MAX deep.
    for (const { text, number, end } of others) this.line(text, number, end);
  }

  private tooManyCells({ text, number }: Line): void {
    const why = `the line has more than ${CELLS_MAX} cells`;
    this.taker.badRow('too-many-cells', text, number, why, `at most ${CELLS_MAX}`);
  }

  private reset(): void {
    this.open = [];
    this.openChars = 0;
    this.cells = [];
    this.cell = '';
  }
}
