/** Opening one SQLite file, transactions, and SQLite's failures in the store's own words. */
import { chmodSync, closeSync, openSync, rmSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../error.ts';

/** "RING": a file without it is no database of ours, whatever its name. */
export const APPLICATION_ID = 0x52494e47;

/** Other readers (a backup, the sqlite3 shell) may hold the file for a moment. */
const BUSY_TIMEOUT_MS = 5000;
/** The log is cut back to this after a checkpoint, so that one large batch does not keep its size for ever. */
const WAL_BYTES_MAX = 16 * 1_048_576;
/** Pages of the log after which it goes into the file, as many as fit into it: pages that are written again and again go once. */
const CHECKPOINT_PAGES = 4000;
/** A list of a million entries has 40 MB of index; with SQLite's own 2 MB each row of an import reads pages back (twice the time). */
const CACHE_KB = 16_384;

/**
 * WAL with `synchronous=NORMAL`: a commit is written to the log but not flushed. `kill -9` loses nothing, because what was written
 * stays in the kernel's page cache; a power cut may lose the last commits but never damages the file. The lists and the policy,
 * an administrator's own decisions, are flushed as well (`durably`).
 */
export function openDatabase(path: string): DatabaseSync {
  return openWith(path, 'WAL');
}

/** A file that is being built: thrown away if it is not finished, so it needs no log, which would double the space it takes. */
export function openUnfinished(path: string): DatabaseSync {
  return openWith(path, 'MEMORY');
}

function openWith(path: string, journal: 'WAL' | 'MEMORY'): DatabaseSync {
  // SQLite gives -wal and -shm the mode of the main file.
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: false });
  try {
    db.exec(`PRAGMA journal_mode = ${journal}; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ${WAL_BYTES_MAX};
             PRAGMA cell_size_check = ON; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
             PRAGMA cache_size = -${CACHE_KB}; PRAGMA trusted_schema = OFF;`);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

export const SUFFIXES = ['', '-wal', '-shm'];

/** A file that was being built when the process died: its source is still there under its own name, so it is built again. */
export function discard(path: string): void {
  for (const suffix of SUFFIXES) rmSync(path + suffix, { force: true });
}

export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk makes SQLite roll back by itself.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** A transaction that a power cut does not undo either: 2 ms instead of 0.05. */
export function durably<T>(db: DatabaseSync, work: () => T): T {
  db.exec('PRAGMA synchronous = FULL');
  try {
    return transaction(db, work);
  } finally {
    db.exec('PRAGMA synchronous = NORMAL');
  }
}

export function pragma(db: DatabaseSync, name: string): number {
  return Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? { none: 0 })[0]);
}

interface SqliteFailure extends Error {
  errcode?: number;
  code?: string;
}

/** Primary result codes, https://www.sqlite.org/rescode.html. */
const SQLITE_PERM = 3;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** Failures of SQLite and of the file system as `StoreError`; everything else (a defect of ours) as it is. */
export function storeError(error: unknown, path: string): unknown {
  if (error instanceof StoreError) return error;
  const { errcode, code, message } = error as SqliteFailure;
  const make = (name: ConstructorParameters<typeof StoreError>[0], text: string) =>
    new StoreError(name, `${text}: ${path}`, { cause: error });
  if (code === 'ERR_SQLITE_ERROR' && errcode !== undefined) {
    switch (errcode & 0xff) {
      case SQLITE_FULL:
        return make('store-disk-full', 'no space is left for the database');
      case SQLITE_BUSY:
      case SQLITE_LOCKED:
        return make('store-locked', 'another process is using the database');
      case SQLITE_CORRUPT:
      case SQLITE_NOTADB:
        return make('store-damaged', `the database is damaged (${message})`);
      case SQLITE_PERM:
      case SQLITE_READONLY:
      case SQLITE_CANTOPEN:
        return make('store-not-permitted', `the database cannot be opened for writing (${message})`);
      case SQLITE_IOERR:
        return isFull(path)
          ? make('store-disk-full', 'no space is left for the database')
          : make('store-io', `the disk failed (${message})`);
    }
  }
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return make('store-disk-full', 'no space is left for the database');
    case 'EACCES':
    case 'ENOENT':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
      return make('store-not-permitted', `the data directory cannot be used (${message})`);
    case 'EIO':
      return make('store-io', 'the disk failed');
  }
  return error;
}

/** Growing the shared-memory file (-shm) on a full disk is an I/O error to SQLite, not SQLITE_FULL. */
function isFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize < 65_536;
  } catch {
    return false;
  }
}
