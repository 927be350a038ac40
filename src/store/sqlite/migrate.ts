/** Numbered SQL files, each applied once, in order, in its own transaction. The number reached is kept in `user_version`. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../error.ts';
import { APPLICATION_ID, pragma, transaction } from './database.ts';
import { defineRangeFunctions } from './range-key.ts';
import { letShrink } from './space.ts';
import { fillStatistics } from './statistics-fill.ts';

const SQLITE_FULL = 13;

export const MIGRATIONS = join(import.meta.dirname, 'migrations');

/** What SQL cannot do well, after the file of that number and in its transaction. */
const STEPS: Record<number, (db: DatabaseSync) => void> = { 3: fillStatistics };

interface Migration {
  number: number;
  file: string;
}

export function migrations(folder: string): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{3}-.*\.sql$/.test(name))
    .map((name) => ({ number: Number(name.slice(0, 3)), file: join(folder, name) }))
    .sort((a, b) => a.number - b.number);
}

/**
 * Invariant: after it the first page depends on the schema alone: VACUUM lays tables and indices out in the order of the schema,
 * whatever they hold. The salvage of a file whose first page is lost relies on it (salvage.ts).
 */
export function migrate(db: DatabaseSync, folder: string): void {
  const known = migrations(folder);
  const newest = known.at(-1)?.number ?? 0;
  const version = pragma(db, 'user_version');
  if (version > newest) {
    throw new StoreError(
      'store-newer',
      `the database was written by a newer version (schema ${version}; this one knows ${newest})`,
    );
  }
  if (version < newest) defineRangeFunctions(db);
  for (const { number, file } of known) {
    if (number <= version) continue;
    transaction(db, () => {
      db.exec(readFileSync(file, 'utf8'));
      STEPS[number]?.(db);
      db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${number}`);
    });
  }
  if (version < newest) vacuum(db);
}

function vacuum(db: DatabaseSync): void {
  letShrink(db);
  try {
    db.exec('VACUUM');
  } catch (error) {
    // Tolerance: it needs the size of the file once more. Without the room everything works; but a lost first page cannot be made again, and the file
    // never shrinks, until the next schema.
    const { errcode = 0 } = error as { errcode?: number };
    if ((errcode & 0xff) !== SQLITE_FULL) throw error;
  }
}
