/** The report from what was counted: a pure function. */
import { countryName } from '../../policy/country-codes.ts';
import type { AttackTotal } from '../../store/span-store.ts';
import type { Counted, Statistics, StatisticsKind, TopEntry } from '../../store/statistics.ts';
import {
  DECISIONS_MAX,
  RANKING_MAX,
  type DailyReport,
  type DataAge,
  type Figures,
  type PermanentBlock,
  type Ranking,
  type SensorDay,
} from './daily-report.ts';
import { decisionsOf } from './decisions.ts';
import type { LocalDay } from './local-day.ts';
import type { Counts, DayTally } from './tally.ts';

/** Seven before, and the one that is compared with. */
export const COMPARED_DAYS = 7;

export interface DayFacts {
  day: LocalDay;
  host: string;
  madeAt: number;
  tally: DayTally;
  permanentAfter: number;
  /** Totals of the days before, the latest first. */
  before: AttackTotal[][];
  drops: DayDrops;
  permanent: { rows: PermanentBlock[]; total: number };
  sensor: SensorDay;
  data: DataAge;
}

/** What the kernel dropped (`drops.ts`). */
export interface DayDrops {
  by: 'hours' | 'days';
  kinds: Map<StatisticsKind, number>;
  /** In all, of the days before, the latest first. */
  before: number[];
  /** Of each hour; null: the store keeps whole days of that time. */
  hours: number[] | null;
  top: Statistics['top'];
}

export function composeReport(facts: DayFacts): DailyReport {
  const { day, tally, before, drops } = facts;
  const { top } = drops;
  const decisions = decisionsOf(tally, facts.permanentAfter);
  const figures = before.map((totals, i) => figuresOf(totals, drops.before[i] ?? 0));
  return {
    format: 'ringfence-daily-report-1',
    ...{ day: day.day, zone: day.zone, host: facts.host, from: day.from, to: day.to },
    ...{ madeAt: facts.madeAt, complete: facts.madeAt >= day.to, droppedBy: drops.by },
    totals: {
      attacks: sum(tally.hours),
      messages: sum([...tally.kinds.keys.values()].map(({ messages }) => messages)),
      dropped: sum([...drops.kinds.values()]),
      sources: tally.sources.keys.size,
      actions: { ...tally.actions },
    },
    dayBefore: figures[0] ?? NOTHING,
    weekBefore: share(figures),
    kinds: kindsOf(facts),
    hours: day.hours.map((hour, i) => ({ ...hour, attacks: tally.hours[i], dropped: drops.hours?.[i] ?? null })),
    countries: ranking(tally.countries, withUnknown(drops), (key) =>
      key === '' ? { country: null, name: 'not known' } : { country: key, name: countryName(key) },
    ),
    networks: ranking(
      tally.networks,
      top.networks.map(({ asn, network, ...counted }) => ({ key: `${asn} ${network ?? ''}`, ...counted })),
      (key) => ({ asn: Number(key.split(' ')[0]), network: key.split(' ').slice(1).join(' ') || null }),
    ),
    victims: ranking(tally.victims, top.victims, (address) => ({ address })),
    sources: ranking(tally.sources, top.sources, (address) => ({
      ...{ address, country: null, network: null },
      ...tally.places.get(address),
    })),
    users: {
      rows: [...tally.users.keys]
        .map(([user, { attacks }]) => ({ user, attacks }))
        .sort((a, b) => b.attacks - a.attacks || (a.user < b.user ? -1 : 1))
        .slice(0, RANKING_MAX),
      ...{ total: tally.users.keys.size, atLeast: tally.users.atLeast },
    },
    permanent: facts.permanent,
    decisions: { rows: decisions.slice(0, DECISIONS_MAX), total: decisions.length },
    sensor: facts.sensor,
    data: facts.data,
  };
}

/** The statistics name countries that are known; what they do not name was dropped from somewhere, too. */
function withUnknown({ kinds, top }: DayDrops): readonly TopEntry[] {
  const dropped = sum([...kinds.values()]) - sum(top.countries.map((entry) => entry.dropped));
  return dropped > 0 ? [...top.countries, { key: '', attacks: 0, messages: 0, dropped }] : top.countries;
}

const NOTHING: Figures = { attacks: 0, messages: 0, dropped: 0 };

function figuresOf(totals: readonly AttackTotal[], dropped: number): Figures {
  const of = (name: 'attacks' | 'messages') => sum(totals.map((total) => total[name]));
  return { attacks: of('attacks'), messages: of('messages'), dropped };
}

/** One day's share of several, one digit behind the point. */
function share(days: readonly Figures[]): Figures {
  const of = (name: keyof Figures) => tenth(sum(days.map((day) => day[name])) / COMPARED_DAYS);
  return { attacks: of('attacks'), messages: of('messages'), dropped: of('dropped') };
}

function kindsOf({ tally, before, drops }: DayFacts): DailyReport['kinds'] {
  const attacksOf = (kind: string, totals: readonly AttackTotal[] = []) =>
    totals.find((total) => total.kind === kind)?.attacks ?? 0;
  const seen = before.flatMap((totals) => totals.map(({ kind }) => kind as StatisticsKind));
  const kinds = new Set<StatisticsKind>([
    ...([...tally.kinds.keys.keys()] as StatisticsKind[]),
    ...drops.kinds.keys(),
    ...seen,
  ]);
  const rows = [...kinds].map((kind) => ({
    kind,
    ...{ attacks: 0, messages: 0, ...tally.kinds.keys.get(kind) },
    dropped: drops.kinds.get(kind) ?? 0,
    dayBefore: attacksOf(kind, before[0]),
    weekBefore: tenth(sum(before.map((totals) => attacksOf(kind, totals))) / COMPARED_DAYS),
  }));
  return rows.sort(byMost((row) => row.kind));
}

/** Keys that only dropped packets are known of (blocked the day before) are in it, too. */
function ranking<Key>(counts: Counts, drops: readonly TopEntry[], keyOf: (key: string) => Key): Ranking<Key> {
  const dropped = new Map(drops.map((entry) => [entry.key, entry.dropped]));
  const keys = new Set([...counts.keys.keys(), ...drops.filter((entry) => entry.dropped > 0).map(({ key }) => key)]);
  const rows = [...keys].map((key) => ({
    key,
    ...{ attacks: 0, messages: 0, ...counts.keys.get(key) },
    dropped: dropped.get(key) ?? 0,
  }));
  const shown = rows.sort(byMost((row) => row.key)).slice(0, RANKING_MAX);
  return {
    rows: shown.map(({ key, ...figures }) => ({ ...keyOf(key), ...figures })),
    ...{ total: keys.size, atLeast: counts.atLeast },
  };
}

function byMost<Row extends Counted>(nameOf: (row: Row) => string): (a: Row, b: Row) => number {
  return (a, b) =>
    b.attacks - a.attacks || b.messages + b.dropped - (a.messages + a.dropped) || (nameOf(a) < nameOf(b) ? -1 : 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
