/** What the kernel dropped on a day and the days before, from statistics that know hours or days of UTC alone. */
import type { StatisticsKind, Statistics, StatisticsQuery } from '../../store/statistics.ts';
import { DAY_MS, HOUR_MS, TOP_MAX } from '../../store/statistics.ts';
import type { DayDrops } from './compose.ts';
import type { LocalDay } from './local-day.ts';

type Span = Pick<LocalDay, 'from' | 'to'>;

/** `before`: the days before, the latest first. */
export function dropsOf(ask: (query: StatisticsQuery) => Statistics, day: LocalDay, before: readonly Span[]): DayDrops {
  const { unit, statistics } = finest(ask, day);
  const kinds = new Map<StatisticsKind, number>();
  for (const { kind, dropped } of statistics.series) {
    if (dropped > 0) kinds.set(kind, (kinds.get(kind) ?? 0) + dropped);
  }
  const earlier = finest(ask, { from: before.at(-1)?.from ?? day.from, to: day.from });
  return {
    ...{ by: unit === HOUR_MS ? 'hours' : 'days', kinds, top: statistics.top },
    hours: unit === HOUR_MS ? shares(statistics, unit, day.hours) : null,
    before: shares(earlier.statistics, earlier.unit, before),
  };
}

/** By the hour if the store still has hours of all of it, by the day otherwise: those of which the middle lies in the span. */
function finest(
  ask: (query: StatisticsQuery) => Statistics,
  { from, to }: Span,
): { unit: number; statistics: Statistics } {
  const middles = (unit: number): StatisticsQuery => {
    const first = (time: number) => Math.ceil((time - unit / 2) / unit) * unit;
    return { since: first(from), until: first(to), step: unit, top: TOP_MAX };
  };
  const byHours = ask(middles(HOUR_MS));
  if (byHours.stepMs < DAY_MS) return { unit: HOUR_MS, statistics: byHours };
  return { unit: DAY_MS, statistics: ask(middles(DAY_MS)) };
}

function shares({ series }: Statistics, unit: number, spans: readonly Span[]): number[] {
  const dropped = spans.map(() => 0);
  for (const point of series) {
    const middle = point.at + unit / 2;
    const span = spans.findIndex(({ from, to }) => middle >= from && middle < to);
    if (span >= 0) dropped[span] += point.dropped;
  }
  return dropped;
}
