/** Where all formats meet: takes what should be an entry, checks it, and counts. */
import { AddressReader, type CellProblem } from './address-cell.ts';
import {
  COMMENT_CHARS_MAX,
  ENTRIES_MAX,
  NOTES_MAX,
  PROBLEMS_MAX,
  SETS_MAX,
  type FileEntry,
  type ListFormat,
  type Note,
  type NoteCode,
  type Problem,
  type ProblemCode,
  type ReadCounts,
  type ReadOptions,
  type ReadResult,
} from './entry.ts';
import { SeenAddresses } from './seen.ts';
import { shown } from './shown.ts';

/** What a format says besides the address; undefined: nothing. */
export interface Remarks {
  comment: string | undefined;
  until: number | null | undefined;
  addedBy: string | undefined;
  addedAt: number | undefined;
}

export const NO_REMARKS: Remarks = { comment: undefined, until: undefined, addedBy: undefined, addedAt: undefined };

export class Intake {
  readonly options: ReadOptions;
  private readonly onEntry: (entry: FileEntry) => void;
  private readonly reader: AddressReader;
  private readonly seen = new SeenAddresses();
  private readonly counts: ReadCounts = { lines: 0, records: 0, entries: 0, duplicates: 0, over: 0, refused: 0 };
  private readonly problems: Problem[] = [];
  private readonly notes: Note[] = [];
  private notesTotal = 0;
  private readonly sets = new Map<string, number>();
  private fatal: Problem | null = null;
  private readonly entriesMax: number;

  constructor(options: ReadOptions, onEntry: (entry: FileEntry) => void) {
    this.options = options;
    this.onEntry = onEntry;
    this.reader = new AddressReader(options);
    this.entriesMax = options.entriesMax ?? ENTRIES_MAX;
  }

  /** Nothing more is wanted. */
  get stopped(): boolean {
    return this.fatal !== null;
  }

  /** Whether an element of this set is asked for; counted either way. */
  wants(set: string): boolean {
    const records = this.sets.get(set);
    if (records !== undefined || this.sets.size < SETS_MAX) this.sets.set(set, (records ?? 0) + 1);
    return this.options.sets === undefined || this.options.sets.includes(set);
  }

  /** One record with its address as the file has it, trimmed. */
  take(line: number, text: string, remarks: Remarks): void {
    if (this.stopped) return;
    const cell = this.reader.read(text);
    if ('code' in cell) return this.refuse(line, cell.code, text, cell.why, cell.expected);
    const { addedBy, addedAt } = remarks;
    // Tolerance: the time of a file, from which what is left counts, has fractions of milliseconds; entries have none.
    const until = typeof remarks.until === 'number' ? Math.floor(remarks.until) : remarks.until;
    const comment = this.options.list === 'feed' ? undefined : remarks.comment;
    const problem = textProblem(comment) ?? textProblem(addedBy);
    if (problem !== null) return this.refuse(line, problem.code, problem.value, problem.why, problem.expected);
    this.counts.records++;
    if (typeof until === 'number' && until <= this.options.now) {
      this.counts.over++;
      return this.note(line, 'over', text, `ended at ${new Date(until).toISOString()}: not added`);
    }
    const first = this.seen.earlier(cell.range, cell.address, line);
    if (first !== 0) {
      this.counts.duplicates++;
      return this.note(line, 'duplicate', text, `${cell.address} is on line ${first} already: that one counts`);
    }
    if (this.counts.entries === this.entriesMax) {
      this.counts.records--;
      return this.stop(line, 'too-many-entries', text, `the file has too many entries`, `at most ${this.entriesMax}`);
    }
    this.counts.entries++;
    if (cell.note) this.note(line, cell.note.code, text, cell.note.text);
    this.onEntry({ line, address: cell.address, range: cell.range, comment, until, addedBy, addedAt });
  }

  refuse(line: number, code: ProblemCode, value: string, why: string, expected: string): void {
    if (this.stopped) return;
    const problem: Problem = { line, code, value: shown(value), why: shown(why, 400), expected };
    this.counts.records++;
    this.counts.refused++;
    if (this.problems.length < PROBLEMS_MAX) this.problems.push(problem);
    if (this.options.stopAtFirst) this.fatal = problem;
  }

  /** As `refuse`, and nothing that follows can be read either. */
  stop(line: number, code: ProblemCode, value: string, why: string, expected: string): void {
    if (this.stopped) return;
    this.refuse(line, code, value, why, expected);
    this.fatal = { line, code, value: shown(value), why: shown(why, 400), expected };
  }

  note(line: number, code: NoteCode, value: string, text: string): void {
    if (this.stopped) return;
    this.notesTotal++;
    if (this.notes.length < NOTES_MAX) this.notes.push({ line, code, value: shown(value), text: shown(text, 400) });
  }

  result(format: ListFormat | null, lines: number): ReadResult {
    if (this.counts.records === 0) this.note(0, 'no-entries', '', 'there are no entries in the file');
    const { counts, problems, notes, notesTotal, fatal } = this;
    const sets = Array.from(this.sets, ([name, records]) => ({ name, records }));
    return { format, counts: { ...counts, lines }, sets, problems, notes, notesTotal, fatal };
  }
}

function textProblem(text: string | undefined): (CellProblem & { value: string }) | null {
  if (text === undefined) return null;
  if (text.length > COMMENT_CHARS_MAX) {
    const why = `the text has ${text.length} characters`;
    return { code: 'comment-too-long', value: text, why, expected: `at most ${COMMENT_CHARS_MAX}` };
  }
  // Lines are looked at as a whole before; this is for comments of tools, which are read as a stream.
  if (text.isWellFormed() && !text.includes('\0')) return null;
  return {
    code: 'encoding-invalid',
    value: text,
    why: 'there are bytes that are no text',
    expected: 'UTF-8, or the encoding named',
  };
}
