/**
 * A backup is the whole database in one file, made while reports come in; restoring is putting a checked copy of it in the place of the
 * database, which is set aside, at the next opening.
 */
import { copyFileSync, existsSync, fsyncSync, openSync, closeSync, readSync, renameSync, statSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { StoreError } from '../error.ts';
import { APPLICATION_ID, discard, openUnfinished, pragma, storeError, SUFFIXES } from './database.ts';
import { MIGRATIONS, migrations } from './migrate.ts';
import { requireSound } from './sound.ts';

/** Pages of 4 kB that are copied before others get their turn: 5 ms of copying. */
const STEP_PAGES = 1000;

/**
 * Who was signed in then may have signed out since, a link may have been used, and nobody wants last month's mail: none of it comes back.
 */
export const NOT_RESTORED: readonly string[] = [
  'sessions',
  'links',
  'notify_deliveries',
  'notify_notices',
  'notify_held',
  'notify_facts',
];

/** `target` has its name only when it is complete and on the disk; readable by its owner only. Errors: `StoreError`. */
export async function copyDatabase(db: DatabaseSync, target: string): Promise<void> {
  const unfinished = `${target}.unfinished`;
  discard(unfinished);
  try {
    // Its mode, before there is anything to read in it.
    openUnfinished(unfinished).close();
    await backup(db, unfinished, { rate: STEP_PAGES });
    intoOneFile(unfinished);
    checkCopy(unfinished);
    renameSync(unfinished, target);
  } catch (error) {
    discard(unfinished);
    throw storeError(error, target);
  }
}

export function restorePath(path: string): string {
  return `${path}.restore`;
}

/**
 * Checks the backup and lays a copy of it ready for the next opening of the database at `path`. Errors: `store-backup-invalid`, `store-newer`,
 * those of the disk; nothing is changed then.
 */
export function layReady(backupFile: string, path: string): void {
  const unfinished = `${restorePath(path)}.unfinished`;
  discard(unfinished);
  try {
    if (!existsSync(backupFile)) throw new StoreError('store-backup-invalid', `there is no such file: ${backupFile}`);
    openUnfinished(unfinished).close();
    copyFileSync(backupFile, unfinished);
    const db = openUnfinished(unfinished);
    try {
      check(db, backupFile);
      const there = db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`);
      for (const table of NOT_RESTORED) if (there.get(table)) db.exec(`DELETE FROM ${table}`);
    } finally {
      db.close();
    }
    intoOneFile(unfinished);
    renameSync(unfinished, restorePath(path));
  } catch (error) {
    discard(unfinished);
    const known = storeError(error, backupFile);
    throw known instanceof StoreError && known.code === 'store-damaged' ? invalid(backupFile, reasonOf(known)) : known;
  }
}

/** Errors: `store-backup-invalid` when its first bytes are not those of a database of Ringfence; those of the disk, as they come. */
export function requireBackupHeader(file: string): void {
  const header = Buffer.alloc(APPLICATION_ID_AT + 4);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, header);
  } finally {
    closeSync(handle);
  }
  if (header.readUInt32BE(APPLICATION_ID_AT) !== APPLICATION_ID) throw invalid(file, 'it is no database of Ringfence');
}

/** SQLite, “Database File Format”, 1.3. */
const APPLICATION_ID_AT = 68;

/** Before the database is opened. The name under which the one before was set aside; null: nothing was ready. */
export function takeRestored(path: string, now: number): string | null {
  const ready = restorePath(path);
  if (!existsSync(ready)) return null;
  const aside = `${path}.before-restore-${new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')}`;
  // The main file last: while it has its name, the step is not done, and the next start takes it up again.
  for (const suffix of [...SUFFIXES].reverse())
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  renameSync(ready, path);
  return aside;
}

/** A copy has the damage of its original, which nobody has read yet. Errors: `store-damaged`. */
function checkCopy(file: string): void {
  const copy = new DatabaseSync(file, { readOnly: true });
  try {
    requireSound(copy, file, statSync(file).size);
  } finally {
    copy.close();
  }
}

/** Errors: `store-backup-invalid`, `store-newer`. */
export function check(db: DatabaseSync, file: string): void {
  if (pragma(db, 'application_id') !== APPLICATION_ID) throw invalid(file, 'it is no database of Ringfence');
  const newest = migrations(MIGRATIONS).at(-1)?.number ?? 0;
  const version = pragma(db, 'user_version');
  if (version > newest) {
    const text = `the backup was made by a newer version (schema ${version}; this one knows ${newest}): ${file}`;
    throw new StoreError('store-newer', text);
  }
  const [row] = db.prepare('PRAGMA integrity_check(1)').all() as Record<string, string>[];
  const answer = Object.values(row)[0];
  if (answer !== 'ok') throw invalid(file, answer.replace(/\s+/g, ' ').slice(0, 200));
}

/** SQLite's own words: those of the store speak of the database, and name the file again. */
function reasonOf({ cause, message }: StoreError): string {
  return cause instanceof Error ? cause.message : message;
}

function invalid(file: string, why: string): StoreError {
  return new StoreError('store-backup-invalid', `this is no backup that can be restored (${why}): ${file}`);
}

/** A copy says of itself that it has a log beside it, as the database has. */
function intoOneFile(file: string): void {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = DELETE');
  db.close();
  const handle = openSync(file, 'r+');
  fsyncSync(handle);
  closeSync(handle);
}
