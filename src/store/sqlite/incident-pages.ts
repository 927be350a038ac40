/** The attack log: pages of incidents, filtered. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { formatAddress, parseAddress, parseRange } from '../../core/base/address.ts';
import { StoreError } from '../error.ts';
import { INCIDENTS_PAGE_MAX } from '../store.ts';
import type { IncidentPage, IncidentQuery } from '../store.ts';
import { toIncident } from './incident-table.ts';
import { Conditions, cursorOf, pageSize } from './page.ts';
import { int, text } from './values.ts';
import type { Row } from './values.ts';

/** Rows that one page looks at; the next page goes on from there. A search that finds nothing in them takes 0.1 s. */
export const PAGE_SCAN_MAX = 50_000;

export class IncidentPages {
  readonly #db: DatabaseSync;
  readonly #count: StatementSync;
  readonly #countOpen: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#count = db.prepare('SELECT count(*) AS count FROM incidents WHERE last >= ?');
    this.#countOpen = db.prepare(
      'SELECT count(*) AS count FROM incidents INDEXED BY incidents_open WHERE closed IS NULL AND last >= ?',
    );
  }

  count(since: number): { all: number; open: number } {
    const of = (statement: StatementSync) => (statement.get(int(since)) as { count: number }).count;
    return { all: of(this.#count), open: of(this.#countOpen) };
  }

  page(query: IncidentQuery): IncidentPage {
    const limit = pageSize(query.limit, INCIDENTS_PAGE_MAX);
    const { index, walk } = walkOf(query);
    const filter = filterOf(query);
    const from = `FROM incidents INDEXED BY ${index} WHERE`;
    const order = 'ORDER BY last DESC, n DESC';
    // Where the page ends at the latest, found in the index alone. The incidents of one source are few, and are sorted here.
    const end =
      filter.empty || index === 'incidents_source'
        ? undefined
        : (this.#db
            .prepare(`SELECT last, n ${from} ${walk.sql} ${order} LIMIT 1 OFFSET ${PAGE_SCAN_MAX - 1}`)
            .get(...walk.values) as Row | undefined);
    const all = walk.with(filter);
    if (end) all.add('last >= ? AND (last, n) >= (?, ?)', end.last, end.last, end.n);
    const rows = this.#db
      .prepare(`SELECT * ${from} ${all.sql} ${order} LIMIT ${limit + 1}`)
      .all(...all.values) as Row[];
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : end;
    return { incidents: shown.map(toIncident), next: last ? `${last.last as number}.${last.n as number}` : null };
  }
}

/** The index that the page walks along, from the latest incident, and from where to where. */
function walkOf(query: IncidentQuery): { index: string; walk: Conditions } {
  const walk = new Conditions();
  const source = query.source === undefined ? null : parseAddress(query.source);
  let index = 'incidents_last';
  if (source) {
    index = 'incidents_source';
    walk.add('source = ?', formatAddress(source));
  } else if (query.open === true) {
    index = 'incidents_open';
  }
  if (query.open === true) walk.add('closed IS NULL');
  walk.add('last >= ?', query.since === undefined ? Number.MIN_SAFE_INTEGER : int(query.since));
  if (query.cursor !== undefined) {
    const [last, n] = cursorOf(query.cursor);
    walk.add('last <= ? AND (last, n) < (?, ?)', last, last, n);
  }
  return { index, walk };
}

function filterOf(query: IncidentQuery): Conditions {
  const filter = new Conditions();
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
    if (!parseRange(wanted)) throw new StoreError('store-query-invalid', `${name} is neither an address nor a range`);
    filter.add(`within(${name}, ?)`, wanted);
  }
  if (query.text !== undefined && query.text !== '') filter.addText(TEXT_COLUMNS, query.text);
  return filter;
}

/** Users and files are JSON: a quote in a name is written there as `\"`. */
const TEXT_COLUMNS = { plain: ['user_agent', 'reason', 'network'], json: ['users', 'files'] };
