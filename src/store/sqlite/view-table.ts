/** Filters of the attack log that somebody gave a name. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StoreError } from '../error.ts';
import { VIEWS_MAX } from '../store.ts';
import type { SavedView } from '../store.ts';
import { int, text } from './values.ts';
import type { Row } from './values.ts';

export class ViewTable {
  readonly #all: StatementSync;
  readonly #count: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;

  constructor(db: DatabaseSync) {
    this.#all = db.prepare('SELECT name, filter, saved_at FROM views WHERE owner = ? ORDER BY name');
    this.#count = db.prepare('SELECT count(*) AS n FROM views WHERE owner = ? AND name <> ?');
    this.#put = db.prepare(
      `INSERT INTO views (owner, name, filter, saved_at) VALUES (?, ?, ?, ?)
       ON CONFLICT (owner, name) DO UPDATE SET filter = excluded.filter, saved_at = excluded.saved_at`,
    );
    this.#remove = db.prepare('DELETE FROM views WHERE owner = ? AND name = ?');
  }

  all(owner: string): SavedView[] {
    return (this.#all.all(text(owner)) as Row[]).map((row) => ({
      name: row.name,
      filter: filterOf(row.filter),
      savedAt: row.saved_at,
    }));
  }

  save(owner: string, { name, filter, savedAt }: SavedView): void {
    const { n } = this.#count.get(text(owner), text(name)) as { n: number };
    if (n >= VIEWS_MAX) throw new StoreError('store-views-full', `there are ${VIEWS_MAX} saved views already`);
    this.#put.run(text(owner), text(name), JSON.stringify(filter).toWellFormed(), int(savedAt));
  }

  remove(owner: string, name: string): boolean {
    return this.#remove.run(text(owner), text(name)).changes > 0;
  }
}

function filterOf(json: string): Record<string, unknown> {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    // A flipped bit on the disk: the view shows everything.
    return {};
  }
}
