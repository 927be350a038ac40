/** Whether a database is sound, as far as there is time to look. */
import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../error.ts';

/**
 * The whole file is checked up to this size (0.5 s for 235 MB, 2 cores); of a larger one only the tables that hold people's
 * decisions and the blocks. What is not checked is found when it is read.
 */
const CHECK_BYTES_MAX = 256 * 1_048_576;
const VITAL_TABLES = ['lists', 'list_imports', 'policy_versions', 'blocks', 'accounts', 'tokens'];

/** Errors: `store-damaged`. */
export function requireSound(db: DatabaseSync, path: string, bytes: number): void {
  const named = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all() as { name: string }[];
  const tables = new Set(named.map(({ name }) => name));
  // A database of an earlier schema has fewer of them.
  for (const table of VITAL_TABLES) if (tables.has(table)) check(db, path, `integrity_check('${table}')`);
  if (bytes <= CHECK_BYTES_MAX) check(db, path, 'quick_check(1)');
}

function check(db: DatabaseSync, path: string, name: string): void {
  const [row] = db.prepare(`PRAGMA ${name}`).all() as Record<string, string>[];
  const answer = row === undefined ? 'ok' : Object.values(row)[0];
  if (answer !== 'ok') damaged(path, answer.replace(/\s+/g, ' ').slice(0, 200));
}

export function damaged(path: string, why: string): never {
  throw new StoreError('store-damaged', `the database is damaged (${why}): ${path}`);
}
