/** Retention: what is removed, when, and how much of it in one call, so that nobody waits for a large clean-up; then the space goes back. */
import type { DatabaseSync } from 'node:sqlite';
import type { PruneResult } from '../store.ts';
import { transaction } from './database.ts';
import { giveBackSpace } from './space.ts';
import { StatisticsTable } from './statistics-table.ts';

const DAY_MS = 86_400_000;

/** Bounds in rows and bytes hold whatever an attacker does: a source that changes its address makes an incident with every packet. */
export const RETENTION = {
  incidentsMs: 365 * DAY_MS,
  incidentsMax: 1_000_000,
  evidenceMs: 30 * DAY_MS,
  evidenceBytesMax: 512 * 1_048_576,
  verdictsMs: 365 * DAY_MS,
  verdictsMax: 1_000_000,
  /** Ended blocks; as long as the longest `block.remember`. */
  blocksMs: 3650 * DAY_MS,
  blocksMax: 1_000_000,
  eventsMs: 365 * DAY_MS,
  eventsMax: 100_000,
  policyVersionsMax: 1000,
  auditMs: 3650 * DAY_MS,
  auditMax: 200_000,
  /** Rows that one call removes from one table: 5,000 incidents with their evidence take 0.5 s, beside 0.5 s of counting at a million. */
  rowsPerCall: 5000,
};
export type Retention = typeof RETENTION;

/**
 * A block whose end is this long past was ended by the kernel, whether or not a guard lived to report it. Blocks that the kernel
 * extends are reported with their new end every few seconds.
 */
const BLOCK_OVERDUE_MS = DAY_MS;

export function prune(db: DatabaseSync, now: number, keep: Retention): PruneResult {
  const removed = transaction(db, () => {
    db.prepare(`UPDATE blocks SET ended = until, how = 'expired' WHERE ended IS NULL AND until < ?`).run(
      now - BLOCK_OVERDUE_MS,
    );
    return {
      incidents: pruneIncidents(db, now - keep.incidentsMs, keep),
      evidence: pruneEvidence(db, now - keep.evidenceMs, keep),
      verdicts: pruneLog(db, 'verdicts', 'at', now - keep.verdictsMs, keep.verdictsMax, keep.rowsPerCall),
      // Never a block in force (`ended` null): the kernel has it, and `blocked` and `unblock` must see it.
      blocks: pruneLog(db, 'blocks', 'ended', now - keep.blocksMs, keep.blocksMax, keep.rowsPerCall),
      events: pruneLog(db, 'events', 'at', now - keep.eventsMs, keep.eventsMax, keep.rowsPerCall),
      audit: pruneLog(db, 'audit', 'at', now - keep.auditMs, keep.auditMax, keep.rowsPerCall),
      statistics: new StatisticsTable(db).fold(now, now - keep.incidentsMs, keep.rowsPerCall),
      policyVersions: pruneLog(db, 'policy_versions', 'at', -Infinity, keep.policyVersionsMax, keep.rowsPerCall),
    };
  });
  const more = Object.values(removed).some((count) => count >= keep.rowsPerCall);
  // Rows first: what they leave free is given back at once, not moved about in between.
  return { ...removed, more: more || giveBackSpace(db) };
}

function count(db: DatabaseSync, table: string): number {
  return (db.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n;
}

/** Rows are added in the order of time, so only the oldest of them, by `n`, are looked at. */
function pruneLog(db: DatabaseSync, table: string, time: string, before: number, max: number, rows: number): number {
  const excess = Math.max(0, count(db, table) - max);
  const oldest = db
    .prepare(`SELECT n, ${time} AS time FROM ${table} WHERE ${time} IS NOT NULL ORDER BY n LIMIT ?`)
    .all(rows) as { n: number; time: number }[];
  const remove = db.prepare(`DELETE FROM ${table} WHERE n = ?`);
  const doomed = oldest.filter((row, i) => row.time < before || i < excess);
  for (const { n } of doomed) remove.run(n);
  return doomed.length;
}

/** By the time of the last message, which is what the index is for; their evidence goes with them. */
function pruneIncidents(db: DatabaseSync, before: number, keep: Retention): number {
  const excess = Math.max(0, count(db, 'incidents') - keep.incidentsMax);
  const oldest = db.prepare('SELECT n, id, last FROM incidents ORDER BY last LIMIT ?').all(keep.rowsPerCall) as {
    n: number;
    id: string;
    last: number;
  }[];
  const incident = db.prepare('DELETE FROM incidents WHERE n = ?');
  const evidence = db.prepare('DELETE FROM evidence WHERE incident = ?');
  const doomed = oldest.filter((row, i) => row.last < before || i < excess);
  for (const { n, id } of doomed) {
    incident.run(n);
    evidence.run(id);
  }
  return doomed.length;
}

function pruneEvidence(db: DatabaseSync, before: number, keep: Retention): number {
  // length() of a blob reads the row's header, not the blob.
  let { bytes } = db.prepare('SELECT total(length(bytes)) AS bytes FROM evidence').get() as { bytes: number };
  const oldest = db
    .prepare('SELECT n, at, length(bytes) AS size FROM evidence ORDER BY n LIMIT ?')
    .all(keep.rowsPerCall) as {
    n: number;
    at: number;
    size: number;
  }[];
  const remove = db.prepare('DELETE FROM evidence WHERE n = ?');
  let removed = 0;
  for (const { n, at, size } of oldest) {
    if (at >= before && bytes <= keep.evidenceBytesMax) continue;
    remove.run(n);
    bytes -= size;
    removed++;
  }
  return removed;
}
