/** The period that the Overview looks at, and what is asked of the statistics for it. */
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export type PeriodName = '24h' | '7d' | '30d';
export const DEFAULT_PERIOD: PeriodName = '24h';

export interface Period {
  title: string;
  /** As a sentence goes on: “in the …”. */
  words: string;
  lengthMs: number;
  /** Of one bar. */
  stepMs: number;
}

export const PERIODS: Readonly<Record<PeriodName, Period>> = {
  '24h': { title: '24 h', words: 'last 24 hours', lengthMs: DAY_MS, stepMs: HOUR_MS },
  '7d': { title: '7 days', words: 'last 7 days', lengthMs: 7 * DAY_MS, stepMs: 6 * HOUR_MS },
  '30d': { title: '30 days', words: 'last 30 days', lengthMs: 30 * DAY_MS, stepMs: DAY_MS },
};

/** What an address holds, or the default: an old or mistyped link still shows something. */
export function periodOf(text: string | undefined): PeriodName {
  return text !== undefined && Object.hasOwn(PERIODS, text) ? (text as PeriodName) : DEFAULT_PERIOD;
}

/** The hour that has begun counts, and as many before it as make the period: one bar for each step, none of them cut. */
export function questionOf(name: PeriodName, now: number): { since: number; until: number; step: number } {
  const { lengthMs, stepMs } = PERIODS[name];
  const until = Math.floor(now / HOUR_MS) * HOUR_MS + HOUR_MS;
  return { since: until - lengthMs, until, step: stepMs };
}

/** `+12 %`, `−40 %`, `the same`; much more than before is told as a factor: `14 ×`. Null: there was nothing to compare with. */
export function changeText(now: number, before: number): string | null {
  if (before === 0) return null;
  const percent = Math.round(((now - before) / before) * 100);
  if (percent === 0) return 'the same';
  if (percent >= 1000) return `${Math.round(now / before)} ×`;
  return `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`;
}
