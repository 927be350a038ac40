/** What began in a span of time, for reports: rows are in the order of the guard's reports, so a span is found by halving and no index is needed. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Verdict } from '../../core/judge/verdict.ts';
import { SPAN_PAGE_MAX, type AttackTotal, type SpanPage, type SpanQuery, type SpanStore } from '../span-store.ts';
import type { StoredIncident } from '../store.ts';
import { LATE_MS } from './incident-pages.ts';
import { toIncident } from './incident-table.ts';
import { toVerdict } from './log-tables.ts';
import { pageSize } from './page.ts';
import { int } from './values.ts';
import type { Row } from './values.ts';

export class SpanPages implements Pick<SpanStore, 'incidents' | 'verdicts' | 'totals'> {
  readonly #incidents: Span;
  readonly #verdicts: Span;
  readonly #totals: StatementSync;

  constructor(db: DatabaseSync) {
    this.#incidents = new Span(db, 'incidents', 'first');
    this.#verdicts = new Span(db, 'verdicts', 'at');
    this.#totals = db.prepare(
      `SELECT kind, count(*) AS attacks, sum(count) AS messages FROM incidents
        WHERE n > ? AND n <= ? AND first >= ? AND first < ? GROUP BY kind`,
    );
  }

  incidents(query: SpanQuery): SpanPage<StoredIncident> {
    return this.#incidents.page(query, toIncident);
  }

  verdicts(query: SpanQuery): SpanPage<Verdict> {
    return this.#verdicts.page(query, toVerdict);
  }

  totals(from: number, to: number): AttackTotal[] {
    const [low, high] = this.#incidents.rows(from, to);
    return (this.#totals.all(low, high, int(from), int(to)) as Row[]).map(({ kind, attacks, messages }) => ({
      ...{ kind, attacks, messages },
    }));
  }
}

/** The rows of one table whose time lies in a span. */
class Span {
  readonly #ends: StatementSync;
  readonly #timeAt: StatementSync;
  readonly #page: StatementSync;

  constructor(db: DatabaseSync, table: string, time: string) {
    this.#ends = db.prepare(
      `SELECT coalesce((SELECT min(n) FROM ${table}), 1) - 1 AS low, coalesce((SELECT max(n) FROM ${table}), 0) AS high`,
    );
    this.#timeAt = db.prepare(`SELECT ${time} AS time FROM ${table} WHERE n >= ? ORDER BY n LIMIT 1`);
    this.#page = db.prepare(
      `SELECT * FROM ${table} WHERE n > ? AND n <= ? AND ${time} >= ? AND ${time} < ? ORDER BY n LIMIT ?`,
    );
  }

  page<T>({ from, to, after, limit }: SpanQuery, of: (row: Row) => T): SpanPage<T> {
    const size = pageSize(limit, SPAN_PAGE_MAX, SPAN_PAGE_MAX);
    const [low, high] = this.rows(from, to);
    const rows = this.#page.all(Math.max(low, int(after ?? 0)), high, int(from), int(to), size) as Row[];
    return { items: rows.map(of), next: rows.length < size ? null : rows.at(-1)!.n };
  }

  /** All of the span lie behind the first of these rows, and at or before the second. */
  rows(from: number, to: number): [low: number, high: number] {
    return [this.#lastBy(int(from) - LATE_MS - 1), this.#lastBy(int(to) + LATE_MS)];
  }

  #lastBy(time: number): number {
    let { low, high } = this.#ends.get() as { low: number; high: number };
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#timeAt.get(middle) as { time: number }).time <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
