/** What was removed goes back to the file system: pages from the end of the file move into free ones, a bounded number at a time. */
import type { DatabaseSync } from 'node:sqlite';
import { pragma } from './database.ts';

const INCREMENTAL = 2;

/** So much stays free for what comes next, of the whole and at least: a store at its bounds removes as much as it adds, hour by hour. */
const SPARE_SHARE = 1 / 8;
const SPARE_PAGES_MIN = 1024;
/** Of 4 kB, in one call. */
const PAGES_PER_CALL = 1000;

/** For `VACUUM`, which makes the file anew: from then on it can shrink. */
export function letShrink(db: DatabaseSync): void {
  db.exec('PRAGMA auto_vacuum = INCREMENTAL');
}

/** True: there is more to give back than one call does. */
export function giveBackSpace(db: DatabaseSync): boolean {
  if (pragma(db, 'auto_vacuum') !== INCREMENTAL) return false;
  const spare = Math.max(SPARE_PAGES_MIN, Math.ceil(pragma(db, 'page_count') * SPARE_SHARE));
  const excess = pragma(db, 'freelist_count') - spare;
  if (excess <= 0) return false;
  db.exec(`PRAGMA incremental_vacuum(${Math.min(excess, PAGES_PER_CALL)})`);
  return excess > PAGES_PER_CALL;
}
