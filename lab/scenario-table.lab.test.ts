/** The rows of spec/scenarios in a real kernel, all at once: the same verdicts as in the engine, and only their sources are kept out. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Said } from '../spec/scenarios/scenario.ts';
import { liveRows, playTable, type Played, type Row } from './scenario-table.ts';

const textOf = ({ source, action, scope, finding }: Said) => `${source} ${action} ${scope} ${finding}`;
const HARMFUL = ['limit', 'block', 'deny'];

const rows = liveRows();
let played: Played;
beforeAll(async () => void (played = await playTable(rows)));

const of = (kind: 'attack' | 'innocent') =>
  rows.filter(({ group }) => group.kind === kind).map((row) => [row.scenario.name, row] as const);

/** By the kernel: an address, one phone of it, or nothing at all. */
function expectKeptOut(row: Row, said: Said | undefined): void {
  const kept = (scope: string) => (said?.scope === scope && HARMFUL.includes(said.action) ? [said.source] : []);
  expect(played.keptOut(row, 'addresses'), 'addresses').toEqual(kept('address'));
  expect(played.keptOut(row, 'phones'), 'phones').toEqual(kept('port'));
}

describe('attacks', () => {
  test.each(of('attack'))('%s', (_name, row) => {
    const said = row.scenario.said!;
    expect(played.said(row).map(textOf)).toContain(textOf(said));
    expectKeptOut(row, said);
  });
});

describe('innocent', () => {
  test.each(of('innocent'))('%s', (_name, row) => {
    const { said } = row.scenario;
    const kept = played.said(row).filter(({ action }) => HARMFUL.includes(action));
    expect(kept.map(textOf)).toEqual(said === undefined ? [] : [textOf(said)]);
    expectKeptOut(row, said);
  });
});

test('forty of each kind are played', () => {
  expect(of('attack').length).toBeGreaterThanOrEqual(40);
  expect(of('innocent').length).toBeGreaterThanOrEqual(40);
});
