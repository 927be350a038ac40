/** Every row of spec/scenarios in a real kernel: the same verdicts as in the engine, and only their sources are kept out. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Said } from '../spec/scenarios/scenario.ts';
import { allRows, type Clock, type Row } from './scenario-rows.ts';
import { playTable, type Kept, type Played } from './scenario-table.ts';

const textOf = ({ source, action, scope, finding }: Said) => `${source} ${action} ${scope} ${finding}`;
const HARMFUL = ['limit', 'block', 'deny'];
const KEPT_AS: Readonly<Record<Said['scope'], Kept>> = { address: 'addresses', port: 'phones', network: 'networks' };

const rows = allRows();
let played: Record<Clock, Played>;
/** Most of a minute on a machine that has nothing else to do. */
const PLAYED_MS = 300_000;
beforeAll(async () => void (played = await playTable(rows)), PLAYED_MS);

const of = (kind: 'attack' | 'innocent') =>
  rows
    .filter(({ group }) => group.kind === kind)
    .map(
      (row) =>
        [row.clock === 'real' ? row.scenario.name : `${row.scenario.name} (by the clock of its packets)`, row] as const,
    );

/** By the kernel: an address, one phone of it, its network, or nothing at all. */
function expectKeptOut(row: Row, said: Said | undefined): void {
  for (const [scope, what] of Object.entries(KEPT_AS)) {
    const kept = played[row.clock].keptOut(row, what);
    const meant = said?.scope === scope && HARMFUL.includes(said.action) ? [said.source] : [];
    expect(kept, what).toEqual(expect.arrayContaining(meant));
    // An attacker's phone may have been kept out before his address was; in a campaign everybody takes part.
    if (row.group.kind === 'innocent') expect(kept, what).toEqual(meant);
    else if (row.scenario.campaign === undefined) expect([said!.source], what).toEqual(expect.arrayContaining(kept));
  }
}

describe('attacks', () => {
  test.each(of('attack'))('%s', (_name, row) => {
    const said = row.scenario.said!;
    expect(played[row.clock].said(row).map(textOf).join('\n')).toContain(textOf(said));
    expectKeptOut(row, said);
  });
});

describe('innocent', () => {
  test.each(of('innocent'))('%s', (_name, row) => {
    const { said } = row.scenario;
    const kept = played[row.clock].said(row).filter(({ action }) => HARMFUL.includes(action));
    expect([...new Set(kept.map(textOf))]).toEqual(said === undefined ? [] : [textOf(said)]);
    expectKeptOut(row, said);
  });
});
