/** A damaged database is set aside whole, and a new one begins with everything that could be read of it. */
import { existsSync, renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Orders } from '../../channel/protocol.ts';
import { formatRange } from '../../core/base/address.ts';
import { unpackRanges } from '../../core/base/packed-ranges.ts';
import { renderPolicy } from '../../policy/render.ts';
import type { StoredEvent } from '../store.ts';
import { BlockTable } from './block-table.ts';
import { openUnfinished, transaction } from './database.ts';
import { removeOrphans } from './identity-table.ts';
import { ListTable } from './list-table.ts';
import { EventTable } from './log-tables.ts';
import { migrate } from './migrate.ts';
import { PolicyTable } from './policy-table.ts';
import { SALVAGE_TABLES, salvage } from './salvage.ts';
import { fillStatistics } from './statistics-fill.ts';
import type { SalvageTable, Salvaged } from './salvage.ts';

export const SUFFIXES = ['', '-wal', '-shm'];

export interface RepairOptions {
  now: number;
  /** The guard's last good copy, for what cannot be read. */
  fallback: Orders | undefined;
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
    removeOrphans(db);
    if (salvaged.find(({ table }) => table === 'statistics')!.rows === 0) transaction(db, () => fillStatistics(db));
    const notes = restore(db, salvaged, options);
    new EventTable(db).add(event(reason, aside, salvaged, notes, options.now));
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

/** A new, empty database; with a fallback, its lists, policy and blocks (the file was lost or removed, the guard still knows). */
export function createDatabase(path: string, options: RepairOptions): void {
  const fresh = `${path}.new`;
  discard(fresh);
  const db = openUnfinished(fresh);
  try {
    migrate(db, options.migrations);
    if (options.fallback) {
      const nothing = SALVAGE_TABLES.map((table) => ({ table, rows: 0, whole: false }));
      const notes = restore(db, nothing, options);
      const text = `the database was missing: ${path}; a new one was begun. ${notes.join(' ')}`;
      new EventTable(db).add({ at: options.now, level: 'warning', code: 'store-missing', text });
    }
  } finally {
    db.close();
  }
  renameSync(fresh, path);
}

/** A file that was being built when the process died: its source is still there under its own name, so it is built again. */
export function discard(path: string): void {
  for (const suffix of SUFFIXES) rmSync(path + suffix, { force: true });
}

/** Takes from the fallback what was not read whole; says what it did. */
function restore(db: DatabaseSync, salvaged: readonly Salvaged[], { fallback, now }: RepairOptions): string[] {
  const broken = (table: SalvageTable) => !salvaged.find((result) => result.table === table)!.whole;
  if (!fallback)
    return broken('lists') || broken('policy_versions')
      ? ['There was no copy of lists and policy to fill the gaps from.']
      : [];
  const notes: string[] = [];
  return transaction(db, () => {
    if (broken('lists')) {
      const lists = new ListTable(db);
      // The guard knows addresses only: comments and names are lost with the database.
      const kept = { comment: "from the guard's last copy", addedBy: 'ringfence', addedAt: now, until: null };
      let count = 0;
      for (const list of ['allow', 'deny'] as const)
        for (const range of unpackRanges(fallback.ranges[list]))
          if (lists.insert(list, { range: formatRange(range), ...kept })) count++;
      notes.push(`${count} list entries came from the guard's last copy.`);
    }
    if (broken('policy_versions')) {
      const comment = "from the guard's last copy, after damage of the database";
      new PolicyTable(db).add(renderPolicy(fallback.policy), { now, by: 'ringfence', comment });
      notes.push("The policy is the guard's last copy.");
    }
    if (broken('blocks')) {
      const blocks = new BlockTable(db);
      for (const block of fallback.blocks) blocks.begin(block);
      for (const earlier of fallback.blockHistory) blocks.restoreCount(earlier);
      notes.push(`${fallback.blocks.length} blocks in force came from the guard's last copy.`);
    }
    return notes;
  });
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
