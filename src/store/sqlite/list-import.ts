/**
 * Imports. The rows of an import carry its number and count for nothing until the import is done, so a million rows are written in
 * slices between other work and become true by one row. What they replace is removed later, in slices too.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { NO_RANGES, holds, union, type PackedRanges } from '../../core/base/packed-ranges.ts';
import { StoreError } from '../error.ts';
import { LIST_ENTRIES_MAX } from '../store.ts';
import type { Change, ListEntry, ListImport, ListName, NewListEntry, Staged } from '../store.ts';
import { changedEntry, keyOf, madeEntry, toEntry } from './list-entry.ts';
import type { NewRow } from './list-insert.ts';
import { NO_IMPORT, full, packKeys, type ListTable } from './list-table.ts';
import { rangeOfKey, type RangeKey } from './range-key.ts';
import { int } from './values.ts';

/** Row numbers that one slice of tidying looks at: 10 to 20 ms. */
const TIDY_ROWS = 2000;

/** The rows of one import, and its number. */
export class ImportTable {
  readonly #db: DatabaseSync;
  readonly #lists: ListTable;
  readonly #replace: StatementSync;
  /** The import that goes on, or is done but not settled. */
  active = NO_IMPORT;
  /** Where tidying goes on; null: nothing is left to tidy. Invariant: null while an import is active. */
  #tidyFrom: number | null;

  constructor(db: DatabaseSync, lists: ListTable) {
    this.#db = db;
    this.#lists = lists;
    const left = db.prepare('SELECT count(*) AS count FROM list_imports').get() as { count: number };
    this.#tidyFrom = left.count > 0 ? 0 : null;
    this.#replace = db.prepare('UPDATE lists SET died = ? WHERE n = ?');
  }

  begin(list: ListName, change: Change): number {
    if (this.active !== NO_IMPORT || this.#tidyFrom !== null) {
      throw new StoreError('store-import-busy', 'another import is going on, or has just been given up');
    }
    const { lastInsertRowid } = this.#db
      .prepare('INSERT INTO list_imports (list, begun) VALUES (?, ?)')
      .run(list, int(change.now));
    this.active = Number(lastInsertRowid);
    this.#lists.pending = this.active;
    return this.active;
  }

  /** In their order. */
  stage(list: ListName, entries: readonly NewListEntry[], change: Change): { staged: Staged; key: RangeKey }[] {
    const packed = this.#lists.packed(list);
    const all: { staged: Staged; key: RangeKey }[] = [];
    // Most of a long file is new, and its first address on no list: found out in memory, and put in together.
    const fresh: NewRow[] = [];
    const putFresh = () => {
      const put = this.#lists.putAll(list, fresh, this.#lists.pending);
      fresh.forEach(({ key, entry }, i) =>
        all.push({ staged: { what: put[i] ? 'added' : 'same', after: entry }, key }),
      );
      fresh.length = 0;
    };
    for (const entry of entries) {
      const key = keyOf(list, entry.range);
      if (key.family !== 0 && !holds(packed, rangeOfKey(key).first)) {
        fresh.push({ key, entry: madeEntry(key, entry, change) });
        continue;
      }
      putFresh();
      all.push({ staged: this.#stageKnown(list, key, entry, change), key });
    }
    putFresh();
    return all;
  }

  #stageKnown(list: ListName, key: RangeKey, entry: NewListEntry, change: Change): Staged {
    const { pending } = this.#lists;
    const { valid, staged } = this.#lists.find(list, key);
    if (staged !== null) return { what: 'same', after: toEntry(staged) };
    if (valid === null) {
      const after = madeEntry(key, entry, change);
      this.#lists.put(list, key, after, pending, null);
      return { what: 'added', after };
    }
    const before = toEntry(valid);
    const after = changedEntry(before, entry);
    if (after === null) return { what: 'same', after: before };
    this.#lists.put(list, key, after, pending, null);
    this.#replace.run(pending, valid.n);
    return { what: 'changed', before, after };
  }

  /** From here on its rows count, and those that they replace do not. */
  commit(now: number): void {
    this.#db.prepare('UPDATE list_imports SET done = ? WHERE n = ?').run(int(now), this.active);
    this.#lists.pending = NO_IMPORT;
  }

  /** Done for good: what it replaced can go. */
  settle(replaced: boolean): void {
    if (!replaced) this.#db.prepare('DELETE FROM list_imports').run();
    this.#tidyFrom = replaced ? 0 : null;
    this.active = NO_IMPORT;
  }

  /** From here on its rows do not count, whether they did or not. */
  giveUp(): void {
    const { changes } = this.#db
      .prepare('UPDATE list_imports SET done = NULL WHERE n = ? AND done IS NOT NULL')
      .run(this.active);
    this.#lists.pending = this.active;
    if (changes > 0) this.#lists.forget();
    this.#tidyFrom = 0;
    this.active = NO_IMPORT;
  }

  /** True: there is more. */
  tidy(): boolean {
    if (this.#tidyFrom === null) return false;
    const { pending } = this.#lists;
    const from = this.#tidyFrom;
    const bounds = [from, from + TIDY_ROWS] as const;
    // Replaced by an import that is done; staged by one that was given up.
    this.#db
      .prepare('DELETE FROM lists WHERE n > ? AND n <= ? AND died IS NOT NULL AND died <> ?')
      .run(...bounds, pending);
    if (pending !== NO_IMPORT) {
      this.#db.prepare('DELETE FROM lists WHERE n > ? AND n <= ? AND born = ?').run(...bounds, pending);
      this.#db.prepare('UPDATE lists SET died = NULL WHERE n > ? AND n <= ? AND died = ?').run(...bounds, pending);
    }
    // Gaps in the numbers (a long list that was removed) are stepped over.
    const next = this.#db.prepare('SELECT min(n) AS n FROM lists WHERE n > ?').get(bounds[1]) as { n: number | null };
    this.#tidyFrom = next.n === null ? null : next.n - 1;
    if (this.#tidyFrom !== null) return true;
    this.#db.prepare('DELETE FROM list_imports').run();
    this.#lists.pending = NO_IMPORT;
    return false;
  }
}

/** Entries of an import that the audit log names. */
const EXAMPLES_MAX = 20;

/** How an import gets at the tables, which a repair may replace between two steps: one step is one transaction. */
export interface ImportSteps {
  write<T>(step: (imports: ImportTable, lists: ListTable) => T): T;
  /** As `write`, on the disk before it returns, with a line in the audit log. */
  decide(what: string, subject: string, after: unknown, step: (imports: ImportTable, lists: ListTable) => void): void;
}

export class SqliteListImport implements ListImport {
  readonly counts = { added: 0, changed: 0, same: 0 };
  readonly #list: ListName;
  readonly #change: Change;
  readonly #steps: ImportSteps;
  readonly #number: number;
  readonly #room: number;
  readonly #chunks: PackedRanges[] = [];
  readonly #examples: ListEntry[] = [];
  #state: 'staging' | 'committed' | 'ended' = 'staging';

  constructor(list: ListName, change: Change, steps: ImportSteps) {
    this.#list = list;
    this.#change = change;
    this.#steps = steps;
    const begun = steps.write((imports, lists) => ({
      number: imports.begin(list, change),
      room: LIST_ENTRIES_MAX - lists.count(list),
    }));
    this.#number = begun.number;
    this.#room = begun.room;
  }

  stage(entries: readonly NewListEntry[]): Staged[] {
    if (this.counts.added + entries.length > this.#room) full(this.#list);
    const all = this.#steps.write((imports) => {
      this.#requireActive(imports);
      return imports.stage(this.#list, entries, this.#change);
    });
    const added: RangeKey[] = [];
    for (const { staged, key } of all) {
      this.counts[staged.what]++;
      if (staged.what !== 'added') continue;
      added.push(key);
      if (this.#examples.length < EXAMPLES_MAX) this.#examples.push(staged.after);
    }
    this.#collect(packKeys(added));
    return all.map(({ staged }) => staged);
  }

  /** As a binary counter adds: no range is merged more than log₂ n times, and no step holds all others up for long. */
  #collect(more: PackedRanges): void {
    const chunks = this.#chunks;
    chunks.push(more);
    while (chunks.length > 1 && size(chunks[chunks.length - 2]) <= size(chunks[chunks.length - 1])) {
      const last = chunks.pop()!;
      chunks.push(union(chunks.pop()!, last));
    }
  }

  packed(): PackedRanges {
    while (this.#chunks.length > 1) this.#chunks.push(union(this.#chunks.pop()!, this.#chunks.pop()!));
    return this.#chunks[0] ?? NO_RANGES;
  }

  commit(subject: string): void {
    const covered = this.packed();
    const { counts } = this;
    this.#steps.decide(`${this.#list}.import`, subject, { ...counts, first: this.#examples }, (imports, lists) => {
      this.#requireActive(imports);
      imports.commit(this.#change.now);
      lists.cover(this.#list, covered, counts.added);
    });
    this.#state = 'committed';
  }

  settle(): void {
    if (this.#state !== 'committed') return;
    this.#state = 'ended';
    this.#steps.write((imports) => {
      if (imports.active === this.#number) imports.settle(this.counts.changed > 0);
    });
  }

  undo(why: string): void {
    const before = this.#state;
    if (before === 'ended') return;
    this.#state = 'ended';
    const giveUp = (imports: ImportTable) => {
      // The repair of a damaged database has given it up already.
      if (imports.active === this.#number) imports.giveUp();
    };
    if (before === 'staging') this.#steps.write(giveUp);
    else this.#steps.decide(`${this.#list}.import-undone`, why, this.counts, giveUp);
  }

  #requireActive(imports: ImportTable): void {
    if (imports.active === this.#number) return;
    throw new StoreError('store-import-lost', 'the database was replaced while the import was going on');
  }
}

function size({ v4, v6 }: PackedRanges): number {
  return v4.length + v6.length;
}
