/** The statistics on disk: a tally for each hour or day and dimension. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { DAY_MS, HOUR_MS, HOURS_KEPT_MS, SERIES_POINTS_MAX, TOP_MAX } from '../statistics.ts';
import type { Counted, Statistics, StatisticsKind, StatisticsQuery, TopEntry } from '../statistics.ts';
import type { StatisticsBatch } from './statistics-batch.ts';
import {
  KEYS_MAX,
  addTo,
  largest,
  packets,
  readTally,
  tallyText,
  type Dimension,
  type Tally,
} from './statistics-tally.ts';
import { int } from './values.ts';

const TOP_ROWS = 20;
/** Of a `Date` (ECMA-262 §21.4.1.1): what is beyond it no clock says. */
const TIME_MAX = 8.64e15;

interface StoredTally {
  n: number;
  span: number;
  at: number;
  dimension: Dimension;
  tally: string;
}

export class StatisticsTable {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #between: StatementSync;
  readonly #kindsBetween: StatementSync;
  readonly #oldHours: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeOld: StatementSync;

  constructor(db: DatabaseSync) {
    this.#get = db.prepare('SELECT tally FROM statistics WHERE span = ? AND at = ? AND dimension = ?');
    this.#put = db.prepare(
      `INSERT INTO statistics (span, at, dimension, tally) VALUES (?, ?, ?, ?)
       ON CONFLICT (span, at, dimension) DO UPDATE SET tally = excluded.tally`,
    );
    this.#between = db.prepare('SELECT * FROM statistics WHERE span = ? AND at >= ? AND at < ?');
    this.#kindsBetween = db.prepare(
      `SELECT * FROM statistics WHERE span = ? AND at >= ? AND at < ? AND dimension = 'kinds'`,
    );
    this.#oldHours = db.prepare(`SELECT * FROM statistics WHERE span = ${HOUR_MS} AND at < ? ORDER BY at LIMIT ?`);
    this.#remove = db.prepare('DELETE FROM statistics WHERE n = ?');
    this.#removeOld = db.prepare(
      `DELETE FROM statistics WHERE n IN (SELECT n FROM statistics WHERE span = ${DAY_MS} AND at < ? ORDER BY at LIMIT ?)`,
    );
  }

  add({ hours }: StatisticsBatch): void {
    for (const [at, dimensions] of hours)
      for (const [dimension, tally] of dimensions) this.#merge(HOUR_MS, at, dimension, tally);
  }

  #merge(span: number, at: number, dimension: Dimension, more: Tally): void {
    const stored = this.#get.get(span, int(at), dimension) as { tally: string } | undefined;
    const tally: Tally = new Map();
    if (stored) readTally(stored.tally, tally);
    for (const [key, { attacks, messages, dropped }] of more) addTo(tally, key, attacks, messages, dropped);
    this.#put.run(span, int(at), dimension, tallyText(largest(tally, KEYS_MAX[dimension])));
  }

  /** Old hours become days, and days from before `oldest` go; at most `rowsMax` rows of each. */
  fold(now: number, oldest: number, rowsMax: number): number {
    const cutoff = dayOf(now - HOURS_KEPT_MS);
    const rows = this.#oldHours.all(cutoff, rowsMax) as unknown as StoredTally[];
    const days = new Map<string, { at: number; dimension: Dimension; tally: Tally }>();
    for (const { n, at, dimension, tally } of rows) {
      const key = `${dayOf(at)} ${dimension}`;
      const day = days.get(key) ?? { at: dayOf(at), dimension, tally: new Map() };
      days.set(key, day);
      readTally(tally, day.tally);
      this.#remove.run(n);
    }
    for (const { at, dimension, tally } of days.values()) this.#merge(DAY_MS, at, dimension, tally);
    return rows.length + Number(this.#removeOld.run(dayOf(oldest), rowsMax).changes);
  }

  query(query: StatisticsQuery): Statistics {
    const since = Math.min(TIME_MAX, Math.max(-TIME_MAX, query.since));
    const to = Math.ceil(Math.min(TIME_MAX, Math.max(since + 1, query.until)) / HOUR_MS) * HOUR_MS;
    const inDays = this.#between.all(DAY_MS, dayOf(since), to) as unknown as StoredTally[];
    const from = inDays.length > 0 ? dayOf(since) : hourOf(since);
    const rows = [...inDays, ...(this.#between.all(HOUR_MS, from, to) as unknown as StoredTally[])];
    const finest = Math.max(inDays.length > 0 ? DAY_MS : HOUR_MS, (to - from) / SERIES_POINTS_MAX);
    const stepMs = Math.ceil(Math.max(query.step, finest) / HOUR_MS) * HOUR_MS;
    const tops = topTallies(rows);
    const top = (dimension: Dimension, max = Math.min(TOP_MAX, query.top ?? TOP_ROWS)) =>
      sorted(tops.get(dimension), query.order ?? 'attacks').slice(0, max);
    const kinds = rows.filter((row) => row.dimension === 'kinds');
    return {
      ...{ from, to, stepMs },
      series: seriesOf(kinds, from, stepMs),
      totals: totalOf(kinds),
      before: totalOf(this.#kinds(from - (to - from), from)),
      top: {
        sources: top('sources'),
        victims: top('victims'),
        countries: top('countries', TOP_MAX),
        networks: top('networks').map(networkOf),
        userAgents: top('userAgents'),
        users: top('users'),
      },
    };
  }

  #kinds(from: number, to: number): StoredTally[] {
    const of = (span: number, begin: number) => this.#kindsBetween.all(span, begin, to) as unknown as StoredTally[];
    return [...of(DAY_MS, dayOf(from)), ...of(HOUR_MS, from)];
  }
}

function hourOf(time: number): number {
  return Math.floor(time / HOUR_MS) * HOUR_MS;
}

function dayOf(time: number): number {
  return Math.floor(time / DAY_MS) * DAY_MS;
}

function topTallies(rows: readonly StoredTally[]): Map<string, Tally> {
  const tops = new Map<string, Tally>();
  for (const { dimension, tally } of rows) {
    if (dimension === 'kinds') continue;
    let top = tops.get(dimension);
    if (top === undefined) tops.set(dimension, (top = new Map()));
    readTally(tally, top);
  }
  return tops;
}

function sorted(tally: Tally | undefined, order: 'attacks' | 'packets'): TopEntry[] {
  const byAttacks = (a: Counted, b: Counted) => b.attacks - a.attacks;
  const byPackets = (a: Counted, b: Counted) => packets(b) - packets(a);
  const [first, second] = order === 'attacks' ? [byAttacks, byPackets] : [byPackets, byAttacks];
  return [...(tally ?? [])]
    .map(([key, counted]) => ({ key, ...counted }))
    .sort((a, b) => first(a, b) || second(a, b) || (a.key < b.key ? -1 : 1));
}

function networkOf({ key, ...counted }: TopEntry): Statistics['top']['networks'][number] {
  const [asn, ...name] = key.split(' ');
  return { asn: Number(asn), network: name.join(' ') || null, ...counted };
}

function seriesOf(kinds: readonly StoredTally[], from: number, stepMs: number): Statistics['series'] {
  const steps = new Map<number, Tally>();
  for (const row of kinds) {
    const at = from + Math.floor((row.at - from) / stepMs) * stepMs;
    const step = steps.get(at) ?? new Map();
    steps.set(at, step);
    readTally(row.tally, step);
  }
  return [...steps]
    .sort(([a], [b]) => a - b)
    .flatMap(([at, step]) => [...step].map(([kind, counted]) => ({ at, kind: kind as StatisticsKind, ...counted })));
}

function totalOf(kinds: readonly StoredTally[]): Counted {
  const all: Tally = new Map();
  for (const { tally } of kinds) readTally(tally, all);
  const total = { attacks: 0, messages: 0, dropped: 0 };
  for (const { attacks, messages, dropped } of all.values()) {
    total.attacks += attacks;
    total.messages += messages;
    total.dropped += dropped;
  }
  return total;
}
