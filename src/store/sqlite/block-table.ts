/** Blocks in force, and the history of those that are over. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { targetFields, type BlockRecord, type Orders } from '../../channel/protocol.ts';
import { parseTarget } from '../../core/base/target.ts';
import type { PastBlock } from '../store.ts';
import { PROSE_CHARS_MAX, int, intOrNull, text, textOrNull } from './values.ts';
import type { Row } from './values.ts';

/** Addresses whose earlier blocks the guard is told: what its own table holds (`core/judge/block-history.ts`). */
const HISTORY_ADDRESSES_MAX = 262_144;
const HISTORY_PAGE_MAX = 1000;
/** The largest `permanentAfter`. */
const RESTORED_MAX = 1000;

export class BlockTable {
  readonly #upsert: StatementSync;
  readonly #replace: StatementSync;
  readonly #end: StatementSync;
  readonly #restore: StatementSync;
  readonly #drops: StatementSync;
  readonly #standing: StatementSync;
  readonly #inForce: StatementSync;
  readonly #ofAddress: StatementSync;
  readonly #counts: StatementSync;

  constructor(db: DatabaseSync) {
    // A report that comes again finds its row by target and begin; a block that has ended stays ended.
    this.#upsert = db.prepare(
      `INSERT INTO blocks (target, address, scope, port, transport, since, until, reason, finding, incident, origin, dropped)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (target, since) DO UPDATE SET until = excluded.until, reason = excluded.reason,
         finding = excluded.finding, incident = excluded.incident, origin = excluded.origin, dropped = max(dropped, excluded.dropped)
       WHERE ended IS NULL`,
    );
    // Invariant: at most one block of a target is in force, the one that began last.
    this.#replace = db.prepare(
      `UPDATE blocks SET how = 'replaced', ended = (SELECT max(since) FROM blocks WHERE target = ?1)
       WHERE target = ?1 AND ended IS NULL AND since < (SELECT max(since) FROM blocks WHERE target = ?1)`,
    );
    this.#end = db.prepare(
      'UPDATE blocks SET ended = ?2, how = ?3 WHERE target = ?1 AND ended IS NULL AND since <= ?2',
    );
    this.#restore = db.prepare(
      `INSERT OR IGNORE INTO blocks (target, address, scope, port, transport, since, until, reason, origin, dropped, ended, how)
       VALUES (?1, ?3, ?4, ?5, ?6, ?2, ?2, 'restored', 'automatic', 0, ?2, 'expired')`,
    );
    // The kernel's counter is a total; the kernel alone extends a block. A permanent one (until null) stays permanent.
    // Tolerance: the report names no block; one that comes again after its block has ended must not count for the next one.
    this.#drops = db.prepare(
      `UPDATE blocks SET dropped = max(dropped, ?2),
         until = CASE WHEN until IS NULL OR ?3 IS NULL THEN until ELSE max(until, ?3) END
       WHERE target = ?1 AND ended IS NULL AND (?3 IS NULL OR ?3 > since)`,
    );
    this.#standing = db.prepare('SELECT * FROM blocks WHERE target = ? AND ended IS NULL');
    this.#inForce = db.prepare('SELECT * FROM blocks WHERE ended IS NULL ORDER BY n');
    this.#ofAddress = db.prepare(
      `SELECT * FROM blocks WHERE address = ? ORDER BY since DESC LIMIT ${HISTORY_PAGE_MAX}`,
    );
    this.#counts = db.prepare(
      // Lifted by hand: that block, and those before it, were a mistake and count no longer. Nor does what anybody could have forged.
      `WITH lifted AS (SELECT target, max(ended) AS at FROM blocks WHERE how = 'lifted' GROUP BY target)
       SELECT blocks.target AS address, count(*) AS count, max(since) AS last
         FROM blocks LEFT JOIN lifted ON lifted.target = blocks.target
              LEFT JOIN incidents ON incidents.id = blocks.incident
        WHERE blocks.origin = 'automatic' AND (incidents.id IS NULL OR incidents.proof IS NOT NULL) AND since > ? AND since > coalesce(lifted.at, 0)
       GROUP BY blocks.target ORDER BY last DESC LIMIT ${HISTORY_ADDRESSES_MAX}`,
    );
  }

  /** The answer is how many packets more than before it is known to have dropped. */
  begin(block: BlockRecord): number {
    const target = text(block.target);
    const before = block.dropped > 0 ? this.standing(target) : null;
    const { changes } = this.#upsert.run(
      target,
      text(block.address),
      text(block.scope),
      intOrNull(block.port),
      textOrNull(block.transport),
      int(block.since),
      intOrNull(block.until),
      text(block.reason, PROSE_CHARS_MAX),
      textOrNull(block.finding),
      textOrNull(block.incident),
      text(block.origin),
      int(block.dropped),
    );
    if (changes > 0) this.#replace.run(target);
    return changes > 0 && before?.since === int(block.since) ? Math.max(0, int(block.dropped) - before.dropped) : 0;
  }

  /** Earlier blocks of which only the number is known, as ended blocks up to the time of the last one. */
  restoreCount({ address, count, last }: Orders['blockHistory'][number]): void {
    const target = parseTarget(address);
    if (target === null) return;
    const of = targetFields(target);
    for (let i = 0; i < Math.min(count, RESTORED_MAX); i++) {
      this.#restore.run(text(address), int(last) - i, of.address, of.scope, of.port, of.transport);
    }
  }

  end(target: string, at: number, how: 'expired' | 'lifted'): void {
    this.#end.run(text(target), int(at), text(how));
  }

  /** The answer is the block, and how many packets more than before it has dropped; null when none of the target stands. */
  drops(target: string, packets: number, until: number | null): { block: BlockRecord; more: number } | null {
    const block = this.standing(text(target));
    if (block === null) return null;
    const { changes } = this.#drops.run(text(target), int(packets), intOrNull(until));
    return changes > 0 ? { block, more: Math.max(0, int(packets) - block.dropped) } : null;
  }

  /** The block of a target that has not ended as far as the guard has told. */
  standing(target: string): BlockRecord | null {
    const row = this.#standing.get(text(target)) as Row | undefined;
    return row ? toBlock(row) : null;
  }

  inForce(): BlockRecord[] {
    return (this.#inForce.all() as Row[]).map(toBlock);
  }

  history(address: string): PastBlock[] {
    return (this.#ofAddress.all(text(address)) as Row[]).map((row) => ({
      ...toBlock(row),
      ended: row.ended,
      how: row.how,
    }));
  }

  /** Automatic blocks since `after`, for `permanentAfter`; the address blocked longest ago first. */
  counts(after: number): Orders['blockHistory'] {
    const rows = this.#counts.all(int(after)) as Row[];
    return rows.reverse().map(({ address, count, last }) => ({ address, count, last }));
  }
}

export function toBlock(row: Row): BlockRecord {
  return {
    target: row.target,
    address: row.address,
    scope: row.scope,
    port: row.port,
    transport: row.transport,
    since: row.since,
    until: row.until,
    reason: row.reason,
    finding: row.finding,
    incident: row.incident,
    origin: row.origin,
    dropped: row.dropped,
  };
}
