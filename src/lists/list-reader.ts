/**
 * A list file, chunk by chunk: bytes in, entries out as they are found, counts and problems at the end. Memory is bounded whatever
 * comes: one line, one row, the places of addresses seen (`seen.ts`), 100 problems and 100 notes. Nothing throws.
 *
 *   const reader = new ListReader({ list: 'deny', now }, (entry) => entries.push(entry));
 *   for await (const chunk of file) reader.push(chunk);
 *   const { counts, problems, fatal } = reader.end();
 */
import { FileDecoder } from './decoder.ts';
import {
  BYTES_MAX,
  LINE_CHARS_MAX,
  type FileEntry,
  type ListFormat,
  type ProblemCode,
  type ReadOptions,
  type ReadResult,
} from './entry.ts';
import { Fail2banReader } from './fail2ban-reader.ts';
import type { FormatReader, StreamReader } from './format-reader.ts';
import { Intake } from './intake.ts';
import { IpsetReader } from './ipset-reader.ts';
import { LineSplitter, type LineEnd, type LineTaker } from './lines.ts';
import { NftJsonReader } from './nft-json-reader.ts';
import { NftReader } from './nft-reader.ts';
import { PlainReader } from './plain-reader.ts';
import { recognise, SNIFF_CHARS, type Recognised } from './recognise.ts';
import { TableReader } from './table-reader.ts';

export class ListReader {
  private readonly intake: Intake;
  private readonly decoder: FileDecoder;
  /** Text that came before the format was known. */
  private head = '';
  private bytes = 0;
  private format: ListFormat | null = null;
  private body: StreamReader | null = null;

  constructor(options: ReadOptions, onEntry: (entry: FileEntry) => void) {
    this.intake = new Intake(options, onEntry);
    this.decoder = new FileDecoder(options.encoding);
  }

  /** True: what follows is not read any more; `end()` says why. */
  get stopped(): boolean {
    return this.intake.stopped;
  }

  push(chunk: Uint8Array): void {
    if (this.stopped) return;
    this.bytes += chunk.length;
    const max = this.intake.options.bytesMax ?? BYTES_MAX;
    if (this.bytes > max) {
      return this.intake.stop(
        0,
        'file-too-large',
        '',
        `the file has more than ${max} bytes`,
        'a list, in several files',
      );
    }
    this.text(this.decoder.push(chunk));
  }

  end(): ReadResult {
    if (!this.stopped) this.text(this.decoder.end());
    if (this.body === null && this.head !== '') this.begin();
    const lines = this.body?.end() ?? 0;
    return this.intake.result(this.format, lines);
  }

  private text(piece: string): void {
    if (this.body !== null) return this.body.piece(piece);
    this.head += piece;
    if (this.head.length >= SNIFF_CHARS) this.begin();
  }

  private begin(): void {
    const recognised = recognise(this.head.slice(0, SNIFF_CHARS), this.intake.options.format);
    this.format = recognised.format;
    this.body = bodyReader(recognised, this.intake);
    this.body.piece(this.head);
    this.head = '';
  }
}

/** A whole file that is in memory. */
export function readList(bytes: Uint8Array, options: ReadOptions): ReadResult & { entries: FileEntry[] } {
  const entries: FileEntry[] = [];
  const reader = new ListReader(options, (entry) => entries.push(entry));
  reader.push(bytes);
  return { ...reader.end(), entries };
}

function bodyReader(recognised: Recognised, intake: Intake): StreamReader {
  const { format, delimiter, skipFirstLine } = recognised;
  switch (format) {
    case 'csv':
      return new LineBody(intake, new TableReader(intake, delimiter), skipFirstLine);
    case 'plain':
      return new LineBody(intake, new PlainReader(intake, delimiter), skipFirstLine);
    case 'ipset':
      return new LineBody(intake, new IpsetReader(intake), false);
    case 'fail2ban':
      return new Fail2banReader(intake);
    case 'nft':
      return new NftReader(intake);
    case 'nft-json':
      return new NftJsonReader(intake);
    case 'sipprot':
      intake.stop(
        1,
        'settings-file',
        'sipprot.conf',
        'this file holds settings and no list',
        'a list; its settings go into the policy: ringfence policy import FILE',
      );
      return { piece: () => {}, end: () => 0 };
  }
}

/** Formats that are read by lines: what no line may have is found here. */
class LineBody implements StreamReader, LineTaker {
  private readonly intake: Intake;
  private readonly reader: FormatReader;
  private readonly lines = new LineSplitter(this);
  private readonly skipFirstLine: boolean;

  constructor(intake: Intake, reader: FormatReader, skipFirstLine: boolean) {
    this.intake = intake;
    this.reader = reader;
    this.skipFirstLine = skipFirstLine;
  }

  piece(text: string): void {
    if (!this.intake.stopped) this.lines.push(text);
  }

  end(): number {
    const lines = this.lines.end();
    this.reader.end();
    return lines;
  }

  line(text: string, number: number, end: LineEnd): void {
    if (this.intake.stopped || (number === 1 && this.skipFirstLine)) return;
    if (text.includes('\0')) {
      const expected = 'text; a file of UTF-16 without a byte order mark needs the encoding named';
      return this.refuse(number, 'nul-byte', text, 'there is a NUL byte', expected);
    }
    if (!text.isWellFormed() && !this.reader.atHeader) {
      const expected = 'UTF-8 (in a spreadsheet: "CSV UTF-8"), or the encoding named';
      return this.refuse(number, 'encoding-invalid', text, 'there are bytes that are no text', expected);
    }
    this.reader.line(text, number, end);
  }

  longLine(beginning: string, number: number): void {
    const why = `the line has more than ${LINE_CHARS_MAX} characters`;
    this.refuse(number, 'line-too-long', beginning, why, 'one address a line');
  }

  private refuse(line: number, code: ProblemCode, value: string, why: string, expected: string): void {
    this.reader.gap();
    this.intake.refuse(line, code, value, why, expected);
  }
}
