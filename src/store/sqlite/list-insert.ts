/** Rows on their way into `lists`: one, or a run of them in one statement. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ListEntry, ListName } from '../store.ts';
import type { RangeKey } from './range-key.ts';

const COLUMNS = 'list, family, span, first, last, comment, added_by, added_at, until, born';

export interface NewRow {
  key: RangeKey;
  entry: ListEntry;
}

export class ListInsert {
  readonly #one: StatementSync;
  readonly #run: StatementSync;

  constructor(db: DatabaseSync) {
    this.#one = db.prepare(`INSERT OR IGNORE INTO lists (${COLUMNS}, died) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    // What the rows of a run share is bound once; addresses are cut out of two blobs, comments come as a JSON array of strings.
    this.#run = db.prepare(
      `INSERT OR IGNORE INTO lists (${COLUMNS})
       SELECT ?1, ?2, ?3, substr(?4, e.key * ?6 + 1, ?6), substr(?5, e.key * ?6 + 1, ?6), e.value, ?7, ?8, ?9, ?10
         FROM json_each(?11) AS e`,
    );
  }

  /** False: there is such a row. */
  one(list: ListName, { key, entry }: NewRow, born: number, died: number | null): boolean {
    const { family, span, first, last } = key;
    const { comment, addedBy, addedAt, until } = entry;
    return this.#one.run(list, family, span, first, last, comment, addedBy, addedAt, until, born, died).changes > 0;
  }

  /**
   * Rows that differ in address and comment only (`runEnd`), in their order; how many were put in: some may be there. 3 µs a row, half of what
   * one statement for each costs.
   */
  run(list: ListName, rows: readonly NewRow[], from: number, to: number, born: number): number {
    const { key, entry } = rows[from];
    const width = key.first.length;
    const first = new Uint8Array((to - from) * width);
    const last = new Uint8Array((to - from) * width);
    const comments: string[] = [];
    for (let i = from; i < to; i++) {
      first.set(rows[i].key.first, (i - from) * width);
      last.set(rows[i].key.last, (i - from) * width);
      comments.push(rows[i].entry.comment);
    }
    const { addedBy, addedAt, until } = entry;
    const shared = [addedBy, addedAt, until, born] as const;
    const { changes } = this.#run.run(
      ...[list, key.family, key.span, first, last, width],
      ...shared,
      JSON.stringify(comments),
    );
    return Number(changes);
  }
}

/** Where the run that begins at `from` ends. Names are of different lengths: each is a run of its own. */
export function runEnd(rows: readonly NewRow[], from: number): number {
  const { key, entry } = rows[from];
  let to = from + 1;
  if (key.family === 0) return to;
  for (; to < rows.length; to++) {
    const next = rows[to];
    if (next.key.family !== key.family || next.key.span !== key.span) break;
    const { addedBy, addedAt, until } = next.entry;
    if (addedBy !== entry.addedBy || addedAt !== entry.addedAt || until !== entry.until) break;
  }
  return to;
}
