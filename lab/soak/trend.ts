/** Does it grow? The last quarter of a run against the second: the first is for filling what has bounds. */
import { median } from '../../bench/statistics.ts';

export interface Tolerance {
  /** Share of what the second quarter had. */
  share: number;
  /** In the unit of the figure; the larger of both counts. */
  atLeast: number;
}

export interface Trend {
  second: number;
  last: number;
  /** What `last` may be. */
  limit: number;
}

export function trendOf(samples: readonly number[], { share, atLeast }: Tolerance): Trend {
  const quarter = samples.length / 4;
  const second = median(samples.slice(Math.floor(quarter), Math.floor(2 * quarter)));
  const last = median(samples.slice(Math.floor(3 * quarter)));
  return { second, last, limit: second + Math.max(second * share, atLeast) };
}
