/** What the page of a day shows at once: the latest report that was counted, on a real store. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { localDay } from '../notify/report/local-day.ts';
import { REPORTS_KEPT_MAX } from '../store/span-store.ts';
import { change, incident } from '../store/sqlite/sample-reports.ts';
import { useStore } from '../store/sqlite/testing/store-under-test.ts';
import type { OperationsContext } from './context.ts';
import { KeptReports } from './kept-reports.ts';
import { report, reportOf } from './reports.ts';

const NOON = Date.UTC(2026, 10, 21, 12);
const DAY = localDay('2026-11-21', 'UTC')!;
const test = useStore();
let now: number;
let counts: number;

function reports(): { context: OperationsContext; kept: KeptReports } {
  now = NOON;
  counts = 0;
  // Only what reports use.
  const parts = {
    ...{ store: test.store, now: () => now, guard: { ask: () => Promise.resolve([]) }, feeds: { status: () => [] } },
    geo: { status: () => ({ inUse: null, problem: null }) },
  };
  const context = parts as unknown as OperationsContext;
  const count = (day: typeof DAY) => {
    counts++;
    return reportOf(context, day);
  };
  return { context, kept: new KeptReports(context, count) };
}

function attack(id: string): void {
  test.store.applyReports([change(incident(id, { first: NOON - 1000, last: NOON - 1000 }))]);
}

const attacksOf = async (kept: KeptReports) => {
  const { report, renewing } = await kept.latest(DAY);
  return [report.totals.attacks, renewing];
};

describe('the report of a day', () => {
  it('is counted when none is kept, shown as it was within a minute, and then shown once more while it is counted anew', async () => {
    const { kept } = reports();
    attack('i1');
    expect(await attacksOf(kept)).toEqual([1, false]);
    attack('i2');
    now += 30_000;
    expect(await attacksOf(kept)).toEqual([1, false]);
    now += 31_000;
    expect(await attacksOf(kept)).toEqual([1, true]);
    await kept.counted(DAY);
    expect(await attacksOf(kept)).toEqual([2, false]);
    expect(counts).toBe(2);
  });

  it('outlives the console', async () => {
    attack('i1');
    await reports().kept.latest(DAY);
    test.reopen();
    attack('i2');
    expect(await attacksOf(reports().kept)).toEqual([1, false]);
  });

  it('is counted now for everybody but the page', async () => {
    const { context, kept } = reports();
    const asked = (query: object) => report(context, kept, '2026-11-21', { zone: 'UTC', ...query });
    await kept.latest(DAY);
    attack('i1');
    expect(await asked({ kept: 'true' })).toMatchObject({ totals: { attacks: 0 }, renewing: false });
    expect(await asked({})).toMatchObject({ totals: { attacks: 1 }, renewing: false });
    expect(await asked({ kept: 'true' })).toMatchObject({ totals: { attacks: 1 } });
  });

  it('is counted once for two who ask at the same time', async () => {
    const { kept } = reports();
    await Promise.all([kept.counted(DAY), kept.counted(DAY), kept.latest(DAY)]);
    expect(counts).toBe(1);
  });

  it.each([
    ['another release wrote it in another shape', { format: 'ringfence-daily-report-1', totals: 7 }],
    ['a bit flipped', 'no object'],
  ])('is counted anew when %s', async (_, report) => {
    test.store.spans.keep({ ...{ day: DAY.day, zone: DAY.zone }, madeAt: NOON, report: JSON.stringify(report) });
    expect(await attacksOf(reports().kept)).toEqual([0, false]);
  });

  it('of so many days is kept, and those that were counted last', () => {
    const keep = (i: number) =>
      test.store.spans.keep({ ...{ day: `day ${i}`, zone: 'UTC' }, madeAt: NOON + i, report: '{}' });
    for (let i = 0; i <= REPORTS_KEPT_MAX; i++) keep(i);
    const there = [0, 1, REPORTS_KEPT_MAX].map((i) => test.store.spans.kept(`day ${i}`, 'UTC') !== null);
    expect(there).toEqual([false, true, true]);
  });

  it('that cannot be counted anew stays on the page, which does not ask again and again', async () => {
    const { context, kept } = reports();
    await kept.latest(DAY);
    now += 61_000;
    const failing = new KeptReports(context, () => Promise.reject(new Error('the disk is gone')));
    expect(await attacksOf(failing)).toEqual([0, true]);
    await nextTurn();
    expect(await attacksOf(failing)).toEqual([0, false]);
    expect(test.store.events(1)).toMatchObject([{ code: 'report-not-counted', text: expect.stringContaining('disk') }]);
  });
});
