/** The allowlist and the denylist. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ListEntry } from '../../channel/protocol.ts';
import { formatRange, parseRange } from '../../core/base/address.ts';
import { packRanges, type PackedRanges } from '../../core/base/packed-ranges.ts';
import { rangeProblem } from '../../policy/address-text.ts';
import { StoreError } from '../error.ts';
import type { Change, ListName } from '../store.ts';
import { PROSE_CHARS_MAX, int, text } from './values.ts';
import type { Row } from './values.ts';

export class ListTable {
  readonly #add: StatementSync;
  readonly #get: StatementSync;
  readonly #remove: StatementSync;
  readonly #all: StatementSync;

  constructor(db: DatabaseSync) {
    this.#add = db.prepare(
      'INSERT OR IGNORE INTO lists (list, range, comment, added_by, added_at) VALUES (?, ?, ?, ?, ?)',
    );
    this.#get = db.prepare('SELECT * FROM lists WHERE list = ? AND range = ?');
    this.#remove = db.prepare('DELETE FROM lists WHERE list = ? AND range = ?');
    this.#all = db.prepare('SELECT * FROM lists WHERE list = ? ORDER BY n');
  }

  add(list: ListName, entries: readonly { range: string; comment?: string }[], change: Change) {
    const added: ListEntry[] = [];
    const duplicates: ListEntry[] = [];
    for (const entry of entries) {
      const made: ListEntry = {
        range: normal(entry.range),
        comment: text(entry.comment ?? '', PROSE_CHARS_MAX),
        addedBy: text(change.by),
        addedAt: int(change.now),
      };
      if (this.insert(list, made)) added.push(made);
      else duplicates.push(this.#entry(list, made.range)!);
    }
    return { added, duplicates };
  }

  /** False: the range is on the list already. */
  insert(list: ListName, entry: ListEntry): boolean {
    return this.#add.run(list, entry.range, entry.comment, entry.addedBy, entry.addedAt).changes > 0;
  }

  remove(list: ListName, ranges: readonly string[]) {
    const removed: ListEntry[] = [];
    const missing: string[] = [];
    for (const range of ranges.map(normal)) {
      const entry = this.#entry(list, range);
      this.#remove.run(list, range);
      if (entry) removed.push(entry);
      else missing.push(range);
    }
    return { removed, missing };
  }

  #entry(list: ListName, range: string): ListEntry | null {
    const row = this.#get.get(list, range) as Row | undefined;
    return row ? toEntry(row) : null;
  }

  packed(list: ListName): PackedRanges {
    return packRanges(this.all(list).map(({ range }) => parseRange(range)!));
  }

  all(list: ListName): ListEntry[] {
    return (this.#all.all(list) as Row[]).map(toEntry);
  }
}

function toEntry(row: Row): ListEntry {
  return { range: row.range, comment: row.comment, addedBy: row.added_by, addedAt: row.added_at };
}

function normal(written: string): string {
  const range = parseRange(written.trim());
  if (range) return formatRange(range);
  const why = rangeProblem(written.trim()) ?? 'this is no address';
  throw new StoreError('store-range-invalid', `${text(written, 80)}: ${why}`);
}
