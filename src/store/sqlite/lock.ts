/**
 * One process to a data directory. The lock is SQLite's own file lock on an empty database beside the real one: the kernel drops
 * it with the process, however it dies, so there is no stale lock to clean up; and it holds while a damaged database is replaced.
 */
import { chmodSync, closeSync, openSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../error.ts';
import { storeError } from './database.ts';

/** Returns the function that gives the lock back. */
export function takeLock(path: string): () => void {
  for (let attempt = 0; ; attempt++) {
    const db = openLock(path);
    try {
      db.exec('BEGIN EXCLUSIVE');
      return () => db.close();
    } catch (error) {
      db.close();
      const known = storeError(error, path);
      // Somebody's garbage in the lock file: nobody can hold such a lock, so it is made anew.
      if (known instanceof StoreError && known.code === 'store-damaged' && attempt === 0) rmSync(path, { force: true });
      else if (known instanceof StoreError && known.code === 'store-locked') {
        throw new StoreError('store-locked', `another process is using this data directory: ${path}`, { cause: error });
      } else throw known;
    }
  }
}

function openLock(path: string): DatabaseSync {
  try {
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
    return new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    throw storeError(error, path);
  }
}
