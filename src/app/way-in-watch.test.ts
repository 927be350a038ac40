import { expect, test } from 'vitest';
import { WayInWatch } from './way-in-watch.ts';

/** Rows: seconds, packets by the counter of `total`, the code that is told. */
const ROWS: [at: number, packets: number, told: string | null][] = [
  // What an earlier guard left in the counter is none of ours.
  [0, 5000, null],
  // A burst of phones is no flood.
  [2, 5100, null],
  [4, 5800, 'way-in-flooded'],
  [6, 90_000, null],
  [20, 90_050, null],
  // Thirty seconds after the last of it.
  [35, 90_050, null],
  [36, 90_050, 'way-in-quiet'],
  [70, 90_050, null],
  // A new table counts from 0.
  [72, 700, 'way-in-flooded'],
];

test('a flood is told when it begins and when it is over, once each', () => {
  const watch = new WayInWatch();
  const told = ROWS.map(
    ([at, packets]) => watch.look((name) => (name === 'over_total' ? packets : 0), at * 1000)?.code,
  );
  expect(told.map((code) => code ?? null)).toEqual(ROWS.map(([, , code]) => code));
  expect(watch.health()).toEqual({
    over: { source: 0, network: 0, total: 90_050 - 5000 + 700, known: 0, trusted: 0 },
    since: 72_000,
  });
});
