/**
 * Lists without a header: one address a line, with or without something behind it. Published lists (FireHOL's `.ipset` and `.netset`,
 * Spamhaus DROP's `CIDR ; SBL…`) are this, and so are exports of spreadsheets without titles.
 */
import type { FormatReader } from './format-reader.ts';
import { NO_REMARKS, type Intake } from './intake.ts';
import type { LineEnd } from './lines.ts';
import { RowSplitter, type RowTaker } from './rows.ts';
import type { ProblemCode } from './entry.ts';

/** What ends the address: a remark or the next cell. */
const AFTER_ADDRESS = /[#;,\t]/;

export class PlainReader implements FormatReader, RowTaker {
  readonly atHeader = false;
  private readonly intake: Intake;
  private readonly rows: RowSplitter;

  /** `delimiter` only matters for lines with quotation marks. */
  constructor(intake: Intake, delimiter: string) {
    this.intake = intake;
    this.rows = new RowSplitter(this, delimiter);
  }

  line(text: string, number: number, end: LineEnd): void {
    if (this.rows.isOpen) return this.rows.line(text, number, end);
    const from = text.search(AFTER_ADDRESS);
    if (from < 0 && !text.includes('"')) {
      const address = text.trim();
      if (address !== '') this.intake.take(number, address, NO_REMARKS);
      return;
    }
    const address = (from < 0 ? text : text.slice(0, from)).trim();
    const mark = text[from];
    // Quotation marks quote cells only, not remarks: `192.0.2.1 # the "bad" one`.
    if (text.trimStart().startsWith('"') || (text.includes('"') && (mark === ',' || mark === '\t')))
      return this.rows.line(text, number, end);
    if (address === '' && (mark === '#' || mark === ';')) return;
    const behind = text.slice(from + 1);
    const comment =
      mark === ',' || mark === '\t' ? behind.split(mark, 1)[0].trim() : behind.trim().replace(/[;,\s]+$/, '');
    if (address === '' && /^[,\s]*$/.test(behind)) return;
    this.take(number, address, comment);
  }

  row(cells: string[], line: number): void {
    if (cells.every((cell) => cell === '')) return;
    this.take(line, cells[0].trim(), cells[1] ?? '');
  }

  badRow(code: ProblemCode, value: string, line: number, why: string, expected: string): void {
    this.intake.refuse(line, code, value, why, expected);
  }

  gap(): void {
    this.rows.end();
  }

  end(): void {
    this.rows.end();
  }

  private take(line: number, address: string, comment: string): void {
    this.intake.take(line, address, { ...NO_REMARKS, comment: comment === '' ? undefined : comment });
  }
}
