/** A damaged database is set aside whole, and a new one begins with everything that could be read of it, and of what was kept elsewhere. */
import { existsSync, renameSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Orders } from '../../channel/protocol.ts';
import { formatRange } from '../../core/base/address.ts';
import { ALL_ADDRESSES, holdsAnyOf, subtract, unpackRanges } from '../../core/base/packed-ranges.ts';
import { renderPolicy } from '../../policy/render.ts';
import type { StoredEvent } from '../store.ts';
import { NOT_RESTORED } from './backup.ts';
import { BlockTable } from './block-table.ts';
import { discard, openUnfinished, SUFFIXES, transaction } from './database.ts';
import { removeOrphans } from './identity-table.ts';
import { ListTable } from './list-table.ts';
import { EventTable } from './log-tables.ts';
import { migrate } from './migrate.ts';
import { newestSound } from './nightly.ts';
import { NotifyTable } from './notify-table.ts';
import { PolicyTable } from './policy-table.ts';
import { rangeOfKey } from './range-key.ts';
import { fillFrom, SALVAGE_TABLES, salvage } from './salvage.ts';
import { fillStatistics } from './statistics-fill.ts';
import type { SalvageTable, Salvaged, StillCounts } from './salvage.ts';

export interface RepairOptions {
  now: number;
  /** The guard's last good copy, for what cannot be read. */
  fallback: Orders | undefined;
  /** Folder of the backups, for what it does not know. */
  backups: string;
  migrations: string;
}

/**
 * The file at `path` becomes `<path>.damaged-<time>`. Invariant: until the new file is complete the old one keeps its name, so a
 * full disk or a crash on the way changes nothing and the next start tries again.
 */
export function replaceDamaged(path: string, reason: string, options: RepairOptions): void {
  const fresh = `${path}.new`;
  discard(fresh);
  const aside = asideName(path, options.now);
  const db = openUnfinished(fresh);
  try {
    migrate(db, options.migrations);
    const salvaged = salvage(path, fresh, db);
    const notes = fill(db, salvaged, options);
    removeOrphans(db);
    if (db.prepare('SELECT 1 FROM statistics').get() === undefined) transaction(db, () => fillStatistics(db));
    tell(db, event(reason, aside, salvaged, notes, options.now));
  } catch (error) {
    db.close();
    discard(fresh);
    throw error;
  }
  db.close();
  renameSync(fresh, `${path}.ready`);
  finishReplacement(path, options.now, aside);
}

/** The last step, taken up again by the next start when a crash came between the renames. */
export function finishReplacement(path: string, now: number, aside = asideName(path, now)): void {
  if (!existsSync(`${path}.ready`)) return;
  // The main file last: while it has its name, the step is not done.
  for (const suffix of [...SUFFIXES].reverse()) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  renameSync(`${path}.ready`, path);
}

/** A new, empty database; the file was lost or removed, a backup and the guard's copy still know. */
export function createDatabase(path: string, options: RepairOptions): void {
  const fresh = `${path}.new`;
  discard(fresh);
  const db = openUnfinished(fresh);
  try {
    migrate(db, options.migrations);
    const nothing = SALVAGE_TABLES.map((table) => ({ table, rows: 0, whole: false }));
    if (options.fallback || newestSound(options.backups)) {
      const notes = fill(db, nothing, options);
      removeOrphans(db);
      const text = `the database was missing: ${path}; a new one was begun. ${notes.join(' ')}`;
      tell(db, { at: options.now, level: 'warning', code: 'store-missing', text });
    }
  } finally {
    db.close();
  }
  renameSync(fresh, path);
}

/**
 * Fills what was not read whole: from the newest backup that can be trusted, as far as the guard's copy does not know better, then from that copy.
 * Says what it did.
 */
function fill(db: DatabaseSync, salvaged: readonly Salvaged[], { fallback, backups, now }: RepairOptions): string[] {
  const gaps = salvaged.filter(({ whole }) => !whole).map(({ table }) => table);
  if (gaps.length === 0) return [];
  const backup = newestSound(backups);
  const notes: string[] = [];
  if (backup) {
    const tables = gaps.filter((table) => !NOT_RESTORED.includes(table));
    const rows = fillFrom(backup.path, db, tables, stillCounts(fallback, now));
    notes.push(`${rows} rows came from the backup of ${new Date(backup.madeAt).toISOString()}.`);
  }
  if (fallback) notes.push(...transaction(db, () => fillFromGuard(db, gaps, fallback, now)));
  if (!backup && !fallback && (gaps.includes('lists') || gaps.includes('policy_versions')))
    notes.push('There was no backup and no copy of lists and policy to fill the gaps from.');
  return notes;
}

/** What people took back since the backup stays taken back, as far as the guard knows. */
function stillCounts(fallback: Orders | undefined, now: number): StillCounts {
  const gone = (list: 'allow' | 'deny') => fallback && subtract(ALL_ADDRESSES, fallback.ranges[list]);
  const outside = { allow: gone('allow'), deny: gone('deny') };
  return (table, row) => {
    if (table === 'blocks' && row.ended === null) return !fallback && (row.until === null || row.until > now);
    if (table !== 'lists' || row.family === 0) return true;
    const others = outside[row.list as 'allow' | 'deny'];
    return !others || !holdsAnyOf(others, rangeOfKey({ first: row.first, last: row.last }));
  };
}

function fillFromGuard(db: DatabaseSync, gaps: readonly SalvageTable[], copy: Orders, now: number): string[] {
  const notes: string[] = [];
  if (gaps.includes('lists')) {
    const lists = new ListTable(db);
    // The guard knows addresses only: comments and names are lost with the database.
    const kept = { comment: "from the guard's last copy", addedBy: 'ringfence', addedAt: now, until: null };
    let count = 0;
    for (const list of ['allow', 'deny'] as const)
      for (const range of unpackRanges(subtract(copy.ranges[list], lists.packed(list))))
        if (lists.insert(list, { range: formatRange(range), ...kept })) count++;
    notes.push(`${count} list entries came from the guard's last copy.`);
  }
  if (gaps.includes('policy_versions')) {
    const comment = "from the guard's last copy, after damage of the database";
    const policies = new PolicyTable(db);
    const text = renderPolicy(copy.policy);
    if (renderPolicy(policies.document().document) !== text || policies.current().version === 0)
      policies.add(text, { now, by: 'ringfence', comment });
    notes.push("The policy is the guard's last copy.");
  }
  if (gaps.includes('blocks')) {
    const blocks = new BlockTable(db);
    for (const block of copy.blocks) blocks.begin(block);
    for (const earlier of copy.blockHistory) blocks.restoreCount(earlier);
    notes.push(`${copy.blocks.length} blocks in force came from the guard's last copy.`);
  }
  return notes;
}

/**
 * Whoever tells people reads events from here on: those before were told, or are gone. Also when nobody knows any more how far they were
 * read: a notifier that begins anew would pass over what happened before it.
 */
function tell(db: DatabaseSync, event: StoredEvent): void {
  const notify = new NotifyTable(db);
  notify.setState('event-row', notify.lastEventRow());
  new EventTable(db).add(event);
}

function event(
  reason: string,
  aside: string,
  salvaged: readonly Salvaged[],
  notes: string[],
  now: number,
): StoredEvent {
  const name = (table: string) => table.replace('_', ' ');
  const rows = salvaged.map(({ table, rows }) => `${rows} ${name(table)}`).join(', ');
  const broken = salvaged.filter(({ whole }) => !whole).map(({ table }) => name(table));
  const lost =
    broken.length === 0
      ? 'Every table could be read to its end.'
      : `Not everything could be read of: ${broken.join(', ')}.`;
  return {
    at: now,
    level: 'error',
    code: 'store-damaged',
    text: [`${reason}. It was set aside as ${aside}. Read from it: ${rows}. ${lost}`, ...notes].join(' '),
  };
}

function asideName(path: string, now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const base = `${path}.damaged-${time}`;
  let name = base;
  for (let i = 2; existsSync(name); i++) name = `${base}-${i}`;
  return name;
}
