/** The blocks in force, page by page. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { compareAddress, formatAddress, isV4, parseRange } from '../../core/base/address.ts';
import { formatTarget, networkLengths, networkTarget } from '../../core/base/target.ts';
import { BLOCKS_PAGE_MAX } from '../store.ts';
import type { BlockPage, BlockQuery } from '../store.ts';
import { toBlock } from './block-table.ts';
import { addRange, Conditions, cursorOf, pageSize } from './page.ts';
import { int, text } from './values.ts';
import type { Row } from './values.ts';

export class BlockPages {
  readonly #db: DatabaseSync;
  readonly #counts: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    // In the index alone: 8 ms at 100,000.
    this.#counts = db.prepare(
      `SELECT count(*) FILTER (WHERE until IS NULL OR until > ?) AS now, count(*) FILTER (WHERE until IS NULL) AS permanent
         FROM blocks INDEXED BY blocks_in_force WHERE ended IS NULL`,
    );
  }

  counts(now: number): { now: number; permanent: number } {
    const row = this.#counts.get(int(now)) as { now: number; permanent: number };
    return { now: row.now, permanent: row.permanent };
  }

  page(query: BlockQuery): BlockPage {
    const limit = pageSize(query.limit, BLOCKS_PAGE_MAX);
    const filter = filterOf(query);
    const inForce = new Conditions();
    inForce.add('ended IS NULL AND (until IS NULL OR until > ?)', int(query.now));
    const rest = new Conditions();
    if (query.cursor !== undefined) {
      const [since, n] = cursorOf(query.cursor);
      rest.add('since <= ? AND (since, n) < (?, ?)', since, since, n);
    }
    const all = inForce.with(filter).with(rest);
    // The blocks of one address or network are few and are sorted here.
    const index = query.source === undefined ? 'blocks_newest' : 'blocks_in_force';
    const rows = this.#db
      .prepare(
        `SELECT * FROM blocks INDEXED BY ${index} WHERE ${all.sql} ORDER BY since DESC, n DESC LIMIT ${limit + 1}`,
      )
      .all(...all.values) as Row[];
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      blocks: shown.map(toBlock),
      next: last ? `${last.since as number}.${last.n as number}` : null,
      total: filter.empty ? this.counts(query.now).now : this.#total(index, inForce.with(filter)),
    };
  }

  #total(index: string, { sql, values }: Conditions): number {
    const counted = this.#db.prepare(`SELECT count(*) AS n FROM blocks INDEXED BY ${index} WHERE ${sql}`);
    return (counted.get(...values) as { n: number }).n;
  }
}

function filterOf(query: BlockQuery): Conditions {
  const filter = new Conditions();
  if (query.source !== undefined) addSource(filter, query.source);
  if (query.scope !== undefined) filter.add('scope = ?', text(query.scope));
  if (query.permanent !== undefined) filter.add(`until IS ${query.permanent ? '' : 'NOT '}NULL`);
  if (query.origin !== undefined) filter.add('origin = ?', text(query.origin));
  if (query.text !== undefined && query.text !== '') filter.addText({ plain: ['target', 'reason'] }, query.text);
  return filter;
}

/** Blocks of addresses of the range and their phones, of networks within it, and of networks that hold its first address. */
function addSource(filter: Conditions, source: string): void {
  const range = parseRange(source);
  if (range === null) return addRange(filter, 'address', source);
  const { first, last } = range;
  const around = networkLengths(isV4(first)).map((bits) => formatTarget(networkTarget(first, bits)));
  const single = compareAddress(first, last) === 0;
  if (single) around.push(formatAddress(first));
  const held = around.map(() => '?').join(', ');
  if (single) return filter.add(`address IN (${held})`, ...around);
  const within = new Conditions();
  addRange(within, 'address', source);
  filter.add(`(address IN (${held}) OR (${within.sql}))`, ...around, ...within.values);
}
