/** CSV with a header row, whatever the order of its columns. */
import { CELLS_MAX, RowSplitter, type RowTaker } from './rows.ts';
import { type Header, readHeader } from './columns.ts';
import type { ProblemCode } from './entry.ts';
import { unguarded } from './formula.ts';
import type { FormatReader } from './format-reader.ts';
import type { Intake } from './intake.ts';
import { EXPECTED_TIME, parseMoment } from './moment.ts';
import type { LineEnd } from './lines.ts';

/** Titles of ignored columns that are named. */
const IGNORED_SHOWN_MAX = 10;

export class TableReader implements FormatReader, RowTaker {
  private readonly intake: Intake;
  private readonly rows: RowSplitter;
  private header: Header | null = null;

  constructor(intake: Intake, delimiter: string) {
    this.intake = intake;
    this.rows = new RowSplitter(this, delimiter);
  }

  get atHeader(): boolean {
    return this.header === null;
  }

  line(text: string, number: number, end: LineEnd): void {
    this.rows.line(text, number, end);
  }

  gap(): void {
    this.rows.end();
  }

  end(): void {
    this.rows.end();
  }

  badRow(code: ProblemCode, value: string, line: number, why: string, expected: string): void {
    this.intake.refuse(line, code, value, why, expected);
  }

  row(cells: string[], line: number, raw: string | null): void {
    if (cells.every((cell) => cell === '')) return;
    if (this.header === null) return this.takeHeader(cells, line, raw);
    const { at, width } = this.header;
    const address = (cells[at.address] ?? '').trim();
    // A line of remarks is none when it holds an address: in `#12,192.0.2.1` the first column is a customer's number.
    if (address === '' && raw?.trimStart().startsWith('#')) return;
    if (at.address === 0 && raw?.trimStart().startsWith('#')) return;
    if (cells.length > width && cells.slice(width).some((cell) => cell !== '')) {
      const why = `the row has ${cells.length} cells, the header ${width}`;
      return this.intake.refuse(
        line,
        'too-many-cells',
        raw ?? address,
        why,
        'quotation marks around a text with separators',
      );
    }
    this.takeRow(cells, address, line);
  }

  private takeRow(cells: string[], address: string, line: number): void {
    const { at } = this.header!;
    let until: number | null | undefined;
    if (at.until >= 0) {
      const text = (cells[at.until] ?? '').trim();
      until = parseMoment(text, this.intake.options.wallClock);
      if (until === undefined)
        return this.intake.refuse(line, 'time-invalid', text, `the end of ${address} is no time`, EXPECTED_TIME);
    }
    const text = (place: number) => (place < 0 ? undefined : unguarded(cells[place] ?? ''));
    const addedBy = text(at.addedBy) || undefined;
    this.intake.take(line, address, {
      comment: text(at.comment),
      until,
      addedBy,
      addedAt: this.addedAt((cells[at.addedAt] ?? '').trim(), line),
    });
  }

  /** Nothing depends on it, and spreadsheets like to rewrite it. */
  private addedAt(text: string, line: number): number | undefined {
    if (text === '') return undefined;
    const time = parseMoment(text, this.intake.options.wallClock);
    if (typeof time === 'number' && time <= this.intake.options.now) return time;
    this.intake.note(line, 'added-at-ignored', text, 'no time in the past: the import counts as the time of the entry');
    return undefined;
  }

  private takeHeader(cells: string[], line: number, raw: string | null): void {
    const header = readHeader(cells);
    if (header === null || header.at.address < 0) {
      if (/^\s*[#;]/.test(raw ?? '')) return;
      const expected = 'a column address (or ip, cidr, range, network, host); others: comment, until, addedBy, addedAt';
      return this.intake.stop(
        line,
        'header-without-address',
        raw ?? '',
        'no column of the header row holds addresses',
        expected,
      );
    }
    this.header = header;
    if (header.ignored.length === 0) return;
    const names = header.ignored.slice(0, Math.min(IGNORED_SHOWN_MAX, CELLS_MAX)).join(', ');
    this.intake.note(line, 'columns-ignored', names, 'these columns mean nothing here');
  }
}
