/** The statistics' series as bars: a value for each kind and step, the empty ones too. */
import { exactTime } from '../../text/moments.ts';
import type { Statistics } from './statistics.ts';

export type Measure = 'attacks' | 'dropped';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface KindSeries {
  kind: string;
  /** One for each step. */
  values: number[];
  total: number;
}

/** Kinds in which something happened, the largest first. `steps` are the begins of the bars. */
export function seriesOf(of: Statistics, measure: Measure): { steps: number[]; kinds: KindSeries[] } {
  const { from, to, stepMs, series } = of;
  const steps = Array.from({ length: Math.ceil((to - from) / stepMs) }, (_, index) => from + index * stepMs);
  const kinds = new Map<string, KindSeries>();
  for (const point of series) {
    const value = point[measure];
    const index = Math.floor((point.at - from) / stepMs);
    if (value === 0 || index < 0 || index >= steps.length) continue;
    const one = kinds.get(point.kind) ?? { kind: point.kind, values: steps.map(() => 0), total: 0 };
    one.values[index] += value;
    one.total += value;
    kinds.set(point.kind, one);
  }
  return { steps, kinds: [...kinds.values()].sort((a, b) => b.total - a.total || (a.kind < b.kind ? -1 : 1)) };
}

/** Under a bar, and whole: `14:00` and `2026-11-22 14:00 – 15:00`. Local time. */
export function stepNames(at: number, stepMs: number): { short: string; long: string } {
  const from = exactTime(at);
  const [day, time] = [from.slice(5, 10), from.slice(11, 16)];
  const to = exactTime(at + stepMs).slice(11, 16);
  if (stepMs <= HOUR_MS) return { short: time, long: `${from.slice(0, 16)} – ${to}` };
  if (stepMs < DAY_MS) return { short: `${day} ${time}`, long: `${from.slice(0, 16)} – ${to}` };
  return { short: day, long: `${from.slice(0, 16)}, ${Math.round(stepMs / HOUR_MS)} h` };
}
