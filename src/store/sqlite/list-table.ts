/** The allowlist and the denylist: entries, which of them overlap, and their addresses as packed ranges. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { compareAddress, parseRange, type AddressRange } from '../../core/base/address.ts';
import { countRanges, packRanges, subtract, union, type PackedRanges } from '../../core/base/packed-ranges.ts';
import { StoreError } from '../error.ts';
import { LIST_ENTRIES_MAX, LIST_PAGE_MAX } from '../store.ts';
import type { Change, ListAddition, ListEntry, ListName, ListPage, ListQuery, NewListEntry } from '../store.ts';
import { changedEntry, keyOf, madeEntry, toEntry } from './list-entry.ts';
import { ListInsert, runEnd, type NewRow } from './list-insert.ts';
import { readPacked } from './list-packing.ts';
import { earliestReach, keyOfRange, rangeOfKey, type RangeKey } from './range-key.ts';
import { int, text } from './values.ts';
import type { Row } from './values.ts';

/** Row numbers that one page looks at when a text filters them. */
const PAGE_SCAN_ROWS = 50_000;
/** Removed entries, or entries that overlap one of them, from which on reading the list anew is cheaper than mending the packed form. */
const MEND_MAX = 1000;
/** Bits of an IPv6 address, the widest span there is. */
const SPAN_MAX = 128;

/** Rows that count: not of an import that is not done (its number is the parameter, twice). */
const VALID = 'born <> ? AND (died IS NULL OR died = ?)';

export interface Remembered {
  packed: Map<ListName, PackedRanges>;
  counts: Map<ListName, number>;
}

/** No row is born of it: those that came by themselves have 0, imports count from 1. */
export const NO_IMPORT = -1;

export class ListTable {
  /** Number of the import that is not done, or was given up and is not tidied away; `NO_IMPORT`: there is none. */
  pending: number;
  readonly #db: DatabaseSync;
  readonly #insert: ListInsert;
  readonly #find: StatementSync;
  readonly #update: StatementSync;
  readonly #delete: StatementSync;
  readonly #count: StatementSync;
  readonly #due: StatementSync;
  readonly #packed = new Map<ListName, PackedRanges>();
  /** Counting a million rows takes 0.2 s. */
  readonly #counts = new Map<ListName, number>();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#insert = new ListInsert(db);
    this.#find = db.prepare(
      'SELECT * FROM lists WHERE list = ? AND family = ? AND span = ? AND first = ? AND last = ? ORDER BY born',
    );
    this.#update = db.prepare('UPDATE lists SET comment = ?, until = ? WHERE n = ?');
    this.#delete = db.prepare('DELETE FROM lists WHERE n = ?');
    this.#count = db.prepare(`SELECT count(*) AS count FROM lists WHERE list = ? AND ${VALID}`);
    this.#due = db.prepare(`SELECT * FROM lists WHERE until <= ? AND ${VALID} ORDER BY n LIMIT ${LIST_PAGE_MAX}`);
    const left = db.prepare('SELECT max(n) AS n FROM list_imports WHERE done IS NULL').get() as { n: number | null };
    this.pending = left.n ?? NO_IMPORT;
  }

  add(list: ListName, entries: readonly NewListEntry[], change: Change): ListAddition {
    const addition: ListAddition = { added: [], changed: [], duplicates: [] };
    if (this.count(list) + entries.length > LIST_ENTRIES_MAX) full(list);
    const keys: RangeKey[] = [];
    for (const entry of entries) {
      const key = keyOf(list, entry.range);
      const { valid, staged } = this.find(list, key);
      if (valid === null) {
        const made = madeEntry(key, entry, change);
        // An import that has brought the same range already comes after this, and replaces it.
        this.put(list, key, made, 0, staged === null ? null : this.pending);
        addition.added.push(made);
        keys.push(key);
        continue;
      }
      const before = toEntry(valid);
      const after = changedEntry(before, entry);
      if (after === null) addition.duplicates.push(before);
      else {
        this.#update.run(after.comment, after.until, valid.n);
        addition.changed.push({ before, after });
      }
    }
    this.cover(list, packKeys(keys), keys.length);
    return addition;
  }

  /** False: the range is on the list already. */
  insert(list: ListName, entry: ListEntry): boolean {
    const key = keyOf(list, entry.range);
    if (this.find(list, key).valid !== null) return false;
    this.put(list, key, entry, 0, null);
    this.forget();
    return true;
  }

  remove(list: ListName, ranges: readonly string[]): { removed: ListEntry[]; missing: string[] } {
    const removed: ListEntry[] = [];
    const missing: string[] = [];
    const gone: RangeKey[] = [];
    for (const written of ranges) {
      const key = keyOf(list, written);
      const { valid } = this.find(list, key);
      if (valid === null) missing.push(written.trim());
      else {
        this.#delete.run(valid.n);
        removed.push(toEntry(valid));
        gone.push(key);
      }
    }
    this.#uncover(list, gone);
    return { removed, missing };
  }

  /** Takes out what has ended, at most a page of it. */
  expire(now: number): { list: ListName; entry: ListEntry }[] {
    const rows = this.#due.all(int(now), this.pending, this.pending) as Row[];
    for (const row of rows) this.#delete.run(row.n);
    for (const list of ['allow', 'deny'] as const)
      this.#uncover(list, rows.filter((row) => row.list === list) as never);
    return rows.map((row) => ({ list: row.list, entry: toEntry(row) }));
  }

  nextEnd(): number | null {
    const query = `SELECT min(until) AS until FROM lists WHERE until IS NOT NULL AND ${VALID}`;
    return (this.#db.prepare(query).get(this.pending, this.pending) as { until: number | null }).until;
  }

  /** The row that counts and the one that an import has staged, of exactly this range. */
  find(list: ListName, { family, span, first, last }: RangeKey): { valid: Row | null; staged: Row | null } {
    let valid: Row | null = null;
    let staged: Row | null = null;
    for (const row of this.#find.all(list, family, span, first, last) as Row[]) {
      if (row.born === this.pending) staged = row;
      else if (row.died === null || row.died === this.pending) valid = row;
    }
    return { valid, staged };
  }

  /** False: there is such a row. */
  put(list: ListName, key: RangeKey, entry: ListEntry, born: number, died: number | null): boolean {
    return this.#insert.one(list, { key, entry }, born, died);
  }

  /** All that the import `born` has not staged before; for each whether it was put in. */
  putAll(list: ListName, rows: readonly NewRow[], born: number): boolean[] {
    const put: boolean[] = [];
    for (let from = 0; from < rows.length;) {
      const to = runEnd(rows, from);
      this.#db.exec('SAVEPOINT run');
      const whole = this.#insert.run(list, rows, from, to, born) === to - from;
      // A client that sends an entry twice: one by one, to see which.
      if (!whole) this.#db.exec('ROLLBACK TO run');
      this.#db.exec('RELEASE run');
      for (; from < to; from++) put.push(whole || this.#insert.one(list, rows[from], born, null));
    }
    return put;
  }

  all(list: ListName): ListEntry[] {
    const query = `SELECT * FROM lists WHERE list = ? AND ${VALID} ORDER BY n`;
    return (this.#db.prepare(query).all(list, this.pending, this.pending) as Row[]).map(toEntry);
  }

  /** By row number: the index of ranges would sort the whole list for each page. */
  page(list: ListName, { after = 0, limit = LIST_PAGE_MAX, filter = '' }: ListQuery): ListPage {
    const rows = Math.max(1, Math.min(LIST_PAGE_MAX, Math.trunc(limit)));
    const range = parseRange(filter.trim());
    if (range) return this.#overlapPage(list, range, int(after), rows);
    const last = filter === '' ? Number.MAX_SAFE_INTEGER : int(after) + PAGE_SCAN_ROWS;
    const found = this.#db
      .prepare(
        `SELECT * FROM lists NOT INDEXED WHERE n > ? AND n <= ? AND list = ? AND ${VALID} AND (? = '' OR
           instr(lower(comment || char(0) || added_by || char(0) || iif(family = 0, CAST(first AS TEXT), '')), lower(?)) > 0)
         ORDER BY n LIMIT ?`,
      )
      .all(int(after), last, list, this.pending, this.pending, text(filter), text(filter), rows) as Row[];
    if (found.length === rows) return { entries: found.map(toEntry), next: found[found.length - 1].n };
    const { max } = this.#db.prepare('SELECT max(n) AS max FROM lists').get() as { max: number | null };
    return { entries: found.map(toEntry), next: (max ?? 0) > last ? last : null };
  }

  #overlapPage(list: ListName, range: AddressRange, after: number, limit: number): ListPage {
    const rows = this.#overlaps(list, range, LIST_ENTRIES_MAX).filter((row) => row.n > after);
    rows.sort((a, b) => a.n - b.n);
    const shown = rows.slice(0, limit);
    return { entries: shown.map(toEntry), next: rows.length > limit ? shown[limit - 1].n : null };
  }

  count(list: ListName): number {
    const known = this.#counts.get(list);
    if (known !== undefined) return known;
    const { count } = this.#count.get(list, this.pending, this.pending) as { count: number };
    this.#counts.set(list, count);
    return count;
  }

  overlapping(list: ListName, range: AddressRange, limit: number): ListEntry[] {
    return this.#overlaps(list, range, limit).map(toEntry);
  }

  /** One look at the index for each width that entries of the list have. */
  #overlaps(list: ListName, range: AddressRange, limit: number): Row[] {
    const { family, first, last } = keyOfRange(range);
    const below = this.#db.prepare('SELECT max(span) AS span FROM lists WHERE list = ? AND family = ? AND span < ?');
    const ofSpan = this.#db.prepare(
      `SELECT * FROM lists WHERE list = ? AND family = ? AND span = ? AND first >= ? AND first <= ? AND last >= ? AND ${VALID} LIMIT ?`,
    );
    const found: Row[] = [];
    for (let span = SPAN_MAX + 1; found.length < limit;) {
      const next = below.get(list, family, span) as { span: number | null };
      if (next.span === null) break;
      span = next.span;
      const earliest = earliestReach(family as 4 | 6, first, span);
      const bounds = [earliest, last, first, this.pending, this.pending, limit - found.length] as const;
      for (const row of ofSpan.all(list, family, span, ...bounds) as Row[]) found.push(row);
    }
    return found;
  }

  packed(list: ListName): PackedRanges {
    const known = this.#packed.get(list);
    if (known) return known;
    const { ranges, count } = readPacked(this.#db, list, this.pending);
    this.#packed.set(list, ranges);
    this.#counts.set(list, count);
    return ranges;
  }

  hostNames(): string[] {
    const query = `SELECT * FROM lists WHERE list = 'allow' AND family = 0 AND ${VALID} ORDER BY n`;
    return (this.#db.prepare(query).all(this.pending, this.pending) as Row[]).map((row) => toEntry(row).range);
  }

  /** The packed form gains the addresses of so many new entries. */
  cover(list: ListName, more: PackedRanges, entries: number): void {
    this.#countOn(list, entries);
    const known = this.#packed.get(list);
    if (known && countRanges(more) > 0) this.#packed.set(list, union(known, more));
  }

  #countOn(list: ListName, entries: number): void {
    const known = this.#counts.get(list);
    if (known !== undefined) this.#counts.set(list, known + entries);
  }

  /** What is kept in memory is read again when it is needed, which takes a second or two for a million entries. */
  forget(): void {
    this.#packed.clear();
    this.#counts.clear();
  }

  /** What is kept in memory, for `restore` after a transaction that failed. */
  remembered(): Remembered {
    return { packed: new Map(this.#packed), counts: new Map(this.#counts) };
  }

  restore({ packed, counts }: Remembered): void {
    this.forget();
    for (const [list, ranges] of packed) this.#packed.set(list, ranges);
    for (const [list, count] of counts) this.#counts.set(list, count);
  }

  /** The packed form loses these entries, but not what others still cover. */
  #uncover(list: ListName, gone: readonly RangeKey[]): void {
    this.#countOn(list, -gone.length);
    const known = this.#packed.get(list);
    const ranges = gone.filter(({ family }) => family !== 0).map((key) => rangeOfKey(key));
    if (!known || ranges.length === 0) return;
    const left: AddressRange[] = [];
    for (const range of ranges) {
      for (const row of this.#overlaps(list, range, MEND_MAX))
        left.push(common(rangeOfKey(row as never as RangeKey), range));
      if (ranges.length > MEND_MAX || left.length >= MEND_MAX) return void this.#packed.delete(list);
    }
    this.#packed.set(list, union(subtract(known, packRanges(ranges)), packRanges(left)));
  }
}

export function packKeys(keys: readonly RangeKey[]): PackedRanges {
  return packRanges(keys.filter(({ family }) => family !== 0).map(rangeOfKey));
}

function common(a: AddressRange, b: AddressRange): AddressRange {
  return {
    first: compareAddress(a.first, b.first) < 0 ? b.first : a.first,
    last: compareAddress(a.last, b.last) > 0 ? b.last : a.last,
  };
}

export function full(list: ListName): never {
  throw new StoreError('store-list-full', `the ${list}list has room for ${LIST_ENTRIES_MAX} entries`);
}
