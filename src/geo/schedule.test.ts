import { expect, it } from 'vitest';
import { nextCheck } from './schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 5, 20);

const cases: [what: string, attempts: Partial<Parameters<typeof nextCheck>[0]>, after: number][] = [
  ['never checked: now', {}, 0],
  ['checked two hours ago, every day', { checkedAt: NOW - 2 * HOUR }, 22 * HOUR],
  ['overdue after a long sleep', { checkedAt: NOW - 30 * HOUR }, -6 * HOUR],
  ['the clock was set back by a year: now', { checkedAt: NOW + 365 * 24 * HOUR }, 0],
  ['the first failure', { failedAt: NOW, failures: 1 }, MINUTE],
  ['the fourth', { failedAt: NOW, failures: 4 }, 8 * MINUTE],
  ['the hundredth: every six hours', { failedAt: NOW, failures: 100 }, 6 * HOUR],
  ['never later than in ordinary times', { failedAt: NOW, failures: 100, everyMs: HOUR }, HOUR],
];

it.each(cases)('%s', (_what, attempts, after) => {
  const given = { everyMs: 24 * HOUR, checkedAt: null, failedAt: null, failures: 0, ...attempts };
  expect(nextCheck(given, NOW) - NOW).toBe(after);
});
