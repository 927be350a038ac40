/** Reads what can be read of a damaged database, row by row around the damage. */
import { closeSync, copyFileSync, existsSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { compareAddress, parseRange } from '../../core/base/address.ts';
import { parsePolicy } from '../../policy/yaml-file.ts';
import { transaction } from './database.ts';
import { keyOfRange, rangeOfKey } from './range-key.ts';
import type { Row } from './values.ts';

/** The decisions of people first: if the disk fills up on the way, they are saved. */
export const SALVAGE_TABLES = [
  'list_imports',
  'lists',
  'policy_versions',
  'accounts',
  'recovery_codes',
  'sessions',
  'tokens',
  'links',
  'views',
  'blocks',
  'notify_state',
  'notify_followed',
  'notify_facts',
  'notify_notices',
  'notify_held',
  'notify_deliveries',
  'audit',
  'events',
  'incidents',
  'statistics',
  'verdicts',
  'evidence',
] as const;
export type SalvageTable = (typeof SALVAGE_TABLES)[number];

export interface Salvaged {
  table: SalvageTable;
  rows: number;
  /** False: there was damage in the way, or rows that made no sense, and something may be missing. */
  whole: boolean;
}

/** Probes of one table: each damaged page costs some dozens of them, each a fraction of a millisecond. */
const PROBES_MAX = 50_000;
const STEP_GROWTH = 1.25;
const ROWS_PER_TRANSACTION = 5000;
const PAGE_BYTES = 4096;

/** Copies every readable row of the file `damaged` into the (new, empty) database `target`, whose own file is `fresh`. */
export function salvage(damaged: string, fresh: string, target: DatabaseSync): Salvaged[] {
  // SQLite throws the log of an empty file away; the graft below reads it.
  const direct = statSync(damaged).size < PAGE_BYTES ? null : openReadable(damaged);
  if (direct) {
    try {
      return copyAll(direct, target);
    } finally {
      closeQuietly(direct);
    }
  }
  // The first page (header and schema) is gone. The same migrations always make the same first page, so a new one's fits.
  const grafted = `${damaged}.graft`;
  try {
    graft(damaged, fresh, grafted);
    const source = openReadable(grafted);
    if (!source) return SALVAGE_TABLES.map((table) => ({ table, rows: 0, whole: false }));
    try {
      return copyAll(source, target).map((result) => ({ ...result, whole: false }));
    } finally {
      closeQuietly(source);
    }
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(grafted + suffix, { force: true });
  }
}

/** Whether a row of a backup still counts. */
export type StillCounts = (table: SalvageTable, row: Row) => boolean;

/** The rows that were not read, from a backup; what was read stays as it is. The answer is their number. */
export function fillFrom(
  backup: string,
  target: DatabaseSync,
  tables: readonly SalvageTable[],
  counts: StillCounts,
): number {
  const source = new DatabaseSync(backup, { readOnly: true });
  try {
    return tables.reduce((sum, table) => sum + copyTable(source, target, table, counts).rows, 0);
  } finally {
    source.close();
  }
}

/** Null: not even the schema can be read. */
function openReadable(path: string): DatabaseSync | null {
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(path, { readOnly: true });
    const { n } = db
      .prepare(`SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table' AND name = 'lists'`)
      .get() as { n: number };
    if (n === 1) return db;
  } catch {
    // An answer like any other: this file cannot be opened.
  }
  if (db) closeQuietly(db);
  return null;
}

function closeQuietly(db: DatabaseSync): void {
  try {
    db.close();
  } catch {
    // A checkpoint of a damaged file may fail; the file is not used any more.
  }
}

/** The schema begins on the first page and goes on on some that it names. All of them are the new file's afterwards. */
function graft(damaged: string, fresh: string, grafted: string): void {
  copyFileSync(damaged, grafted);
  if (existsSync(`${damaged}-wal`)) copyFileSync(`${damaged}-wal`, `${grafted}-wal`);
  const from = openSync(fresh, 'r');
  const to = openSync(grafted, 'r+');
  const page = pageOf(from, 1);
  for (const number of childPages(page)) writeSync(to, pageOf(from, number), 0, PAGE_BYTES, (number - 1) * PAGE_BYTES);
  closeSync(from);
  // File format 1.6: bytes 28 (size in pages) counts only while 24 (change counter) equals 92; unequal, the size of the file does.
  page.writeUInt32BE(0, 28);
  page.writeUInt32BE(page.readUInt32BE(24) + 1, 92);
  // Bytes 18 and 19: written with a log (2), which the file at `fresh` is not while it is being built.
  page.fill(2, 18, 20);
  // The list of free pages (32, 36) is the new file's, not this one's.
  page.writeUInt32BE(0, 32);
  page.writeUInt32BE(0, 36);
  writeSync(to, page, 0, PAGE_BYTES, 0);
  closeSync(to);
}

function pageOf(file: number, number: number): Buffer {
  const page = Buffer.alloc(PAGE_BYTES);
  readSync(file, page, 0, PAGE_BYTES, (number - 1) * PAGE_BYTES);
  return page;
}

/** Of the first page, when the schema is longer than it (file format 1.6, b-tree pages): its b-tree begins behind the header of 100 bytes. */
function childPages(first: Buffer): number[] {
  const interior = first[100] === 5;
  if (!interior) return [];
  const cells = Array.from({ length: first.readUInt16BE(103) }, (_, i) => first.readUInt16BE(112 + 2 * i));
  return [...cells.map((at) => first.readUInt32BE(at)), first.readUInt32BE(108)];
}

function copyAll(source: DatabaseSync, target: DatabaseSync): Salvaged[] {
  return SALVAGE_TABLES.map((table) => copyTable(source, target, table));
}

function copyTable(
  source: DatabaseSync,
  target: DatabaseSync,
  table: SalvageTable,
  counts: StillCounts = () => true,
): Salvaged {
  const there = source.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(table);
  // A table that a later schema brought.
  if (!there) return { table, rows: 0, whole: true };
  const columns = (target.prepare(`PRAGMA table_info(${table})`).all() as { name: string }[]).map(({ name }) => name);
  const insert = target.prepare(
    `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
  );
  const state = { whole: true };
  let rows = 0;
  const generator = readableRows(source, table, () => (state.whole = false));
  for (let more = true; more;) {
    transaction(target, () => {
      for (let i = 0; i < ROWS_PER_TRANSACTION; i++) {
        const { value, done } = generator.next();
        if (done) return (more = false);
        const row = upgraded(table, value);
        if (row !== null && plausible(table, row) && counts(table, row) && inserted(insert, columns, row)) rows++;
        else state.whole = false;
      }
      return more;
    });
  }
  return { table, rows, whole: state.whole };
}

function inserted(insert: ReturnType<DatabaseSync['prepare']>, columns: string[], row: Row): boolean {
  try {
    return insert.run(...columns.map((name) => row[name] ?? null)).changes > 0;
  } catch (error) {
    const { errcode } = error as { errcode?: number };
    // SQLITE_CONSTRAINT and SQLITE_MISMATCH: the row is damaged in itself. Anything else is a failure of the new file.
    if (errcode !== undefined && [19, 20].includes(errcode & 0xff)) return false;
    throw error;
  }
}

/** A row of an earlier schema as one of this; null when it makes no sense. */
function upgraded(table: SalvageTable, row: Row): Row | null {
  // Blocks of the schemas before 006 are of addresses.
  if (table === 'blocks' && !('target' in row)) return { ...row, target: row.address, scope: 'address' } as never;
  if ((table === 'incidents' || table === 'verdicts') && !('scope' in row))
    return { ...row, scope: 'address' } as never;
  if (table !== 'lists' || !('range' in row)) return row;
  const range = parseRange(String(row.range));
  return range === null ? null : ({ ...row, ...keyOfRange(range), born: 0 } as never);
}

/** A flipped bit inside a row leaves the file well-formed; a wrong range on the allowlist would be worse than a missing one. */
function plausible(table: SalvageTable, row: Row): boolean {
  if (table === 'lists') return row.family === 0 || plausibleRange(row);
  if (table === 'policy_versions') return 'document' in parsePolicy(row.text, 'policy');
  return true;
}

function plausibleRange(row: Row): boolean {
  const [first, last] = [row.first as Uint8Array, row.last as Uint8Array];
  if (![4, 16].includes(first.length) || first.length !== last.length) return false;
  const range = rangeOfKey({ first, last });
  return compareAddress(range.first, range.last) <= 0 && keyOfRange(range).span === row.span;
}

/**
 * Row by row up to damage; then the nearest row number beyond it from which reading works again is found with growing steps and
 * halving: some dozens of probes for each damaged page, however many rows it took with it. What lies between two damaged pages
 * close to each other may be stepped over.
 */
function* readableRows(db: DatabaseSync, table: string, onDamage: () => void): Generator<Row> {
  const from = db.prepare(`SELECT * FROM ${table} WHERE n > ? ORDER BY n`);
  const one = db.prepare(`SELECT * FROM ${table} WHERE n > ? ORDER BY n LIMIT 1`);
  let probes = 0;
  const readable = (n: number) => {
    probes++;
    try {
      one.get(n);
      return true;
    } catch {
      return false;
    }
  };
  for (let low = -1; probes < PROBES_MAX;) {
    try {
      for (const row of from.iterate(low) as Iterable<Row>) {
        yield row;
        low = row.n;
      }
      return;
    } catch {
      onDamage();
    }
    let bad = low;
    let good = low + 1;
    for (let step = 1; !readable(good); step = Math.ceil(step * STEP_GROWTH)) {
      bad = good;
      good = low + step + 1;
      if (good > Number.MAX_SAFE_INTEGER) return;
    }
    while (good - bad > 1) {
      const middle = bad + Math.floor((good - bad) / 2);
      if (readable(middle)) good = middle;
      else bad = middle;
    }
    low = good;
  }
}
