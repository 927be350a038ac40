/** The attack log: pages of incidents, filtered. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { formatAddress, parseAddress } from '../../core/base/address.ts';
import { INCIDENTS_PAGE_MAX } from '../store.ts';
import type { IncidentPage, IncidentQuery } from '../store.ts';
import { toIncident } from './incident-table.ts';
import { addRange, Conditions, cursorOf, pageSize } from './page.ts';
import { int, text } from './values.ts';
import type { Row } from './values.ts';

/** Rows that one page looks at; the next page goes on from there. A search that finds nothing in them takes 30 ms, on a busy machine twice that. */
export const PAGE_SCAN_MAX = 10_000;

export class IncidentPages {
  readonly #db: DatabaseSync;
  readonly #count: StatementSync;
  readonly #countOpen: StatementSync;
  readonly #ends: StatementSync;
  readonly #firstAt: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#count = db.prepare('SELECT count(*) AS count FROM incidents WHERE last >= ?');
    this.#countOpen = db.prepare(
      'SELECT count(*) AS count FROM incidents INDEXED BY incidents_open WHERE closed IS NULL AND last >= ?',
    );
    this.#ends = db.prepare(
      'SELECT coalesce((SELECT min(n) FROM incidents), 0) AS low, coalesce((SELECT max(n) FROM incidents), 0) AS high',
    );
    this.#firstAt = db.prepare('SELECT first FROM incidents WHERE n >= ? ORDER BY n LIMIT 1');
  }

  count(since: number): { all: number; open: number } {
    const of = (statement: StatementSync) => (statement.get(int(since)) as { count: number }).count;
    return { all: of(this.#count), open: of(this.#countOpen) };
  }

  page(query: IncidentQuery): IncidentPage {
    const limit = pageSize(query.limit, INCIDENTS_PAGE_MAX);
    const { index, order, walk, beyond } = this.#walk(query);
    const filter = filterOf(query);
    const from = `FROM incidents ${index} WHERE`;
    // Where the page ends at the latest, found in the index alone.
    const end = filter.empty
      ? undefined
      : (this.#db
          .prepare(`SELECT last, n ${from} ${walk.sql} ORDER BY ${order} LIMIT 1 OFFSET ${PAGE_SCAN_MAX - 1}`)
          .get(...walk.values) as Row | undefined);
    const all = walk.with(filter);
    if (end) beyond(all, '>=', end.last, end.n);
    const rows = this.#db
      .prepare(`SELECT * ${from} ${all.sql} ORDER BY ${order} LIMIT ${limit + 1}`)
      .all(...all.values) as Row[];
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : end;
    return {
      incidents: shown.map(toIncident),
      next: last ? `${last.last as number}.${last.n as number}` : null,
      searchedTo: last ? (last.last as number) : null,
    };
  }

  #walk(query: IncidentQuery): Walk {
    const source = query.source === undefined ? null : parseAddress(query.source);
    const byRow = source !== null || query.until !== undefined;
    const walk = byRow ? alongRows(source && formatAddress(source)) : alongTime(query);
    if (query.until !== undefined) walk.walk.add('n <= ?', this.#lastRowBy(int(query.until) + LATE_MS));
    if (query.cursor !== undefined) walk.beyond(walk.walk, '<', ...cursorOf(query.cursor));
    return walk;
  }

  /** The last row whose incident began by then, by halving: rows are in the order of the first reports, so nearly in that of the begins. */
  #lastRowBy(time: number): number {
    let { low, high } = this.#ends.get() as { low: number; high: number };
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const { first } = (this.#firstAt.get(middle) ?? { first: Infinity }) as { first: number };
      if (first <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** An attack is reported when it crosses a threshold: so long after its first message, at most, that a walk by rows still finds it. */
export const LATE_MS = 3_600_000;

interface Walk {
  /** What SQL says of it; the page goes along it, without sorting. */
  index: string;
  order: string;
  walk: Conditions;
  /** Adds that rows stand before (`>=`: or at) a place in the order, or behind it. */
  beyond: (conditions: Conditions, side: '>=' | '<', last: number, n: number) => void;
}

function alongTime(query: IncidentQuery): Walk {
  const walk = new Conditions();
  if (query.open === true) walk.add('closed IS NULL');
  walk.add('last >= ?', query.since === undefined ? Number.MIN_SAFE_INTEGER : int(query.since));
  return {
    ...{ index: `INDEXED BY ${query.open === true ? 'incidents_open' : 'incidents_last'}`, walk },
    order: 'last DESC, n DESC',
    // The first half is what the index is searched for.
    beyond: (conditions, side, last, n) =>
      conditions.add(`last ${side[0]}= ? AND (last, n) ${side} (?, ?)`, last, last, n),
  };
}

/**
 * In the order in which they were first reported. There may be 100,000 of one source, and by the last message they would have to be sorted; and what began
 * long ago would be found after everything since.
 */
function alongRows(source: string | null): Walk {
  const walk = new Conditions();
  if (source !== null) walk.add('source = ?', source);
  return {
    ...{ index: source === null ? 'NOT INDEXED' : 'INDEXED BY incidents_source', order: 'n DESC', walk },
    beyond: (conditions, side, _last, n) => conditions.add(`n ${side} ?`, n),
  };
}

function filterOf(query: IncidentQuery): Conditions {
  const filter = new Conditions();
  const byRow = query.until !== undefined || (query.source !== undefined && parseAddress(query.source) !== null);
  if (byRow && query.since !== undefined) filter.add('last >= ?', int(query.since));
  if (byRow && query.open === true) filter.add('closed IS NULL');
  if (query.until !== undefined) filter.add('first <= ?', int(query.until));
  if (query.open === false) filter.add('closed IS NOT NULL');
  for (const name of ['kind', 'action', 'country'] as const)
    if (query[name] !== undefined) filter.add(`${name} = ?`, text(query[name]));
  if (query.asn !== undefined) filter.add('asn = ?', int(query.asn));
  if (query.victim !== undefined && parseAddress(query.victim))
    filter.add('victim = ?', formatAddress(parseAddress(query.victim)!));
  for (const name of ['source', 'victim'] as const) {
    const wanted = query[name];
    if (wanted === undefined || parseAddress(wanted)) continue;
    addRange(filter, name, wanted);
  }
  if (query.text !== undefined && query.text !== '') filter.addText(TEXT_COLUMNS, query.text);
  return filter;
}

/** Users and files are JSON: a quote in a name is written there as `\"`. */
const TEXT_COLUMNS = { plain: ['user_agent', 'reason', 'network'], json: ['users', 'files'] };
