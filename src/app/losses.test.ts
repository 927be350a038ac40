import { expect, test } from 'vitest';
import { Losses } from './losses.ts';

const MINUTE_MS = 60_000;

test('losses are told at once, then every ten minutes, each of them once', () => {
  const losses = new Losses();
  // Minute, what the sensor has lost since its start, and what is told.
  const rows: [minute: number, lost: number, told: number][] = [
    [0, 0, 0],
    [1, 5, 5],
    [2, 9, 0],
    [10.9, 20, 0],
    [11, 20, 15],
    [30, 20, 0],
    // Another sensor.
    [31, 3, 3],
    [32, 4, 0],
    [41, 4, 1],
  ];
  for (const [minute, lost, told] of rows) expect(losses.look(lost, minute * MINUTE_MS), `minute ${minute}`).toBe(told);
});
