/** Opens the store of a data directory: lock, check, migrate; a damaged database is replaced on the way. */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Orders } from '../../channel/protocol.ts';
import { StoreError } from '../error.ts';
import type { Store } from '../store.ts';
import { APPLICATION_ID, discard, openDatabase, pragma, storeError } from './database.ts';
import { takeRestored } from './backup.ts';
import { takeLock } from './lock.ts';
import { MIGRATIONS, migrate } from './migrate.ts';
import { NOWHERE, type Locate } from './incident-table.ts';
import { BACKUPS_FOLDER } from './nightly.ts';
import { RETENTION } from './prune.ts';
import type { Retention } from './prune.ts';
import { createDatabase, finishReplacement, replaceDamaged } from './repair.ts';
import { damaged, requireSound } from './sound.ts';
import { SqliteStore } from './sqlite-store.ts';

export const DATABASE_FILE = 'ringfence.db';
export const LOCK_FILE = 'ringfence.lock';

export interface OpenOptions {
  /** Milliseconds since the epoch. */
  now: number;
  /** The guard's last good copy: fills what cannot be read of a damaged database. A function is asked when it is needed. */
  fallback?: Orders | (() => Orders | undefined);
  retention?: Retention;
  /** Country and network of an incident's source; absent: not known. */
  locate?: Locate;
  /** Folder of the numbered SQL files. */
  migrations?: string;
}

/** Throws `StoreError`: `store-locked`, `store-newer`, `store-disk-full`, `store-not-permitted`, `store-io`. */
export function openStore(dir: string, options: OpenOptions): Store {
  const path = join(dir, DATABASE_FILE);
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const release = takeLock(join(dir, LOCK_FILE));
    try {
      return openLocked(path, release, options);
    } catch (error) {
      release();
      throw error;
    }
  } catch (error) {
    throw storeError(error, path);
  }
}

function openLocked(path: string, release: () => void, options: OpenOptions): Store {
  const migrations = options.migrations ?? MIGRATIONS;
  const repairOptions = (now: number) => {
    const { fallback } = options;
    const backups = join(dirname(path), BACKUPS_FOLDER);
    return { now, migrations, backups, fallback: typeof fallback === 'function' ? fallback() : fallback };
  };
  const source = {
    path,
    release,
    open: () => openChecked(path, migrations),
    repair: (reason: string, now: number) => {
      if (existsSync(path)) replaceDamaged(path, reason, repairOptions(now));
      else createDatabase(path, repairOptions(now));
    },
  };
  finishReplacement(path, options.now);
  discard(`${path}.new`);
  const before = takeRestored(path, options.now);
  if (!existsSync(path)) createDatabase(path, repairOptions(options.now));
  let db: DatabaseSync;
  try {
    db = source.open();
  } catch (error) {
    const known = storeError(error, path);
    if (!(known instanceof StoreError) || known.code !== 'store-damaged') throw known;
    source.repair(known.message, options.now);
    db = source.open();
  }
  const locate = options.locate ?? (() => NOWHERE);
  const store = new SqliteStore(source, db, options.now, options.retention ?? RETENTION, locate);
  if (before !== null) {
    const text = `a backup was restored; the database before it was set aside as ${before}`;
    store.noteEvent({ at: options.now, level: 'warning', code: 'store-restored', text });
  }
  return store;
}

function openChecked(path: string, migrations: string): DatabaseSync {
  const size = statSync(path).size;
  // A new database gets its name only when it is complete, so an empty file under that name has lost its content.
  if (size === 0) damaged(path, 'it is empty');
  const db = openDatabase(path);
  try {
    if (pragma(db, 'application_id') !== APPLICATION_ID) damaged(path, 'it is not one of Ringfence');
    requireSound(db, path, size);
    migrate(db, migrations);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
