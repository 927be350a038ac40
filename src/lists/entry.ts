/** What comes out of a list file: entries, notes about them, and problems; and the bounds of reading one. */
import type { AddressRange } from '../core/base/address.ts';

/**
 * Undefined means that the file says nothing about it (a bare address): an import then keeps what an entry has already.
 * Every property is always there, so that a million entries have one shape.
 */
export interface FileEntry {
  /** Line of the file, from 1; of nft's JSON the number of the element. */
  line: number;
  /** Canonical text: as `formatRange` prints it, or a host name in lower case. */
  address: string;
  /** Null: a host name. */
  range: AddressRange | null;
  comment: string | undefined;
  /** Milliseconds since the epoch; null: the file says that there is no end. */
  until: number | null | undefined;
  addedBy: string | undefined;
  /** Milliseconds since the epoch. */
  addedAt: number | undefined;
}

export const LIST_FORMATS = ['csv', 'plain', 'ipset', 'nft', 'nft-json', 'fail2ban', 'sipprot'] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Stable: scripts look at them. */
export type ProblemCode =
  | 'address-empty'
  | 'address-invalid'
  | 'comment-too-long'
  | 'encoding-invalid'
  | 'exception'
  | 'file-broken'
  | 'header-without-address'
  | 'host-name-invalid'
  | 'host-name-not-here'
  | 'line-too-long'
  | 'nul-byte'
  | 'port-in-entry'
  | 'quote-not-closed'
  | 'setting-invalid'
  | 'settings-file'
  | 'text-after-quote'
  | 'time-invalid'
  | 'too-many-cells'
  | 'too-many-entries'
  | 'too-wide'
  | 'file-too-large';

/** Something that was not taken. */
export interface Problem {
  line: number;
  code: ProblemCode;
  /** Escaped and cut: safe to show on one line. */
  value: string;
  why: string;
  expected: string;
}

export type NoteCode =
  | 'added-at-ignored'
  | 'columns-ignored'
  | 'duplicate'
  | 'host-bits'
  | 'ipv4-mapped'
  | 'no-entries'
  | 'over'
  | 'set-skipped';

/** Something that was understood in another way than it was written, or needed nothing. */
export interface Note {
  line: number;
  code: NoteCode;
  /** Escaped and cut. */
  value: string;
  text: string;
}

export interface ReadOptions {
  /** Host names belong on the allowlist only; how wide an entry may be differs (`address-cell.ts`). */
  list: 'allow' | 'deny' | 'feed';
  /** Milliseconds since the epoch: what ended before is over, remaining times count from `writtenAt`. */
  now: number;
  /** When the file was made; `now` when absent. */
  writtenAt?: number;
  /** Absent: recognised by content. */
  format?: ListFormat;
  /** Absent: by the byte order mark, else UTF-8. */
  encoding?: Encoding;
  /** Of outputs that hold several: only these ipsets, nft sets or fail2ban jails. */
  sets?: readonly string[];
  /** Entries of any width. */
  allowWide?: boolean;
  /** Stop at the first problem, which is then also `fatal`. */
  stopAtFirst?: boolean;
  /** A time without a zone → milliseconds since the epoch; absent: UTC. Months count from 1. */
  wallClock?: (year: number, month: number, day: number, hour: number, minute: number, second: number) => number;
  /** Bytes of one file; `BYTES_MAX` when absent. */
  bytesMax?: number;
  /** Entries of one file; `ENTRIES_MAX` when absent. */
  entriesMax?: number;
}

export interface ReadCounts {
  /** Lines of the file; elements of nft's JSON. */
  lines: number;
  /** What should have been an entry: `entries + duplicates + over + refused`. */
  records: number;
  entries: number;
  /** The same address again: the first one counts. */
  duplicates: number;
  /** Its end has passed: nothing to add. */
  over: number;
  refused: number;
}

export interface ReadResult {
  /** Null: the file ended before anything was recognised (it is empty). */
  format: ListFormat | null;
  counts: ReadCounts;
  /**
   * The sets and jails of the file with their records, `SETS_MAX` at most. More than one deserves a look: `nft list ruleset`
   * holds lists of friends, too.
   */
  sets: { name: string; records: number }[];
  /** The first `PROBLEMS_MAX`; `counts.refused` is their number. */
  problems: Problem[];
  /** The first `NOTES_MAX`. */
  notes: Note[];
  notesTotal: number;
  /** Why reading stopped before the end: what was read must not be used, whatever is done about bad lines. Null: read to the end. */
  fatal: Problem | null;
}

export const ENTRIES_MAX = 2_000_000;
/** So many entries with long comments are less: what is longer is a device or a pipe that never ends. */
export const BYTES_MAX = 1 << 30;
export const SETS_MAX = 1000;
export const PROBLEMS_MAX = 100;
export const NOTES_MAX = 100;
/** Characters of a comment: as for one that is typed. */
export const COMMENT_CHARS_MAX = 500;
/** Characters of a line. Longer ones are passed over without being kept. */
export const LINE_CHARS_MAX = 65_536;
