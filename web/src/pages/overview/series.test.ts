import { expect, test } from 'vitest';
import { seriesOf } from './series.ts';
import type { Statistics } from './statistics.ts';

const HOUR = 3_600_000;
const from = 1_795_000_000_000;
const at = (step: number, kind: string, attacks: number, dropped: number) => ({
  at: from + step * HOUR,
  kind: kind as 'flood',
  attacks,
  dropped,
  messages: 0,
});

const of = {
  from,
  to: from + 4 * HOUR,
  stepMs: HOUR,
  series: [at(0, 'flood', 2, 10), at(2, 'malformed', 5, 0), at(2, 'flood', 1, 90), at(9, 'flood', 7, 7)],
} as unknown as Statistics;

test('steps without attacks are bars of height 0, kinds come by their size, what lies outside is left out', () => {
  expect(seriesOf(of, 'attacks')).toEqual({
    steps: [from, from + HOUR, from + 2 * HOUR, from + 3 * HOUR],
    kinds: [
      { kind: 'malformed', values: [0, 0, 5, 0], total: 5 },
      { kind: 'flood', values: [2, 0, 1, 0], total: 3 },
    ],
  });
});

test('a kind of which nothing was dropped is not among the drops', () => {
  expect(seriesOf(of, 'dropped').kinds).toEqual([{ kind: 'flood', values: [10, 0, 90, 0], total: 100 }]);
});
