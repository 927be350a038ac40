import { describe, expect, it } from 'vitest';
import { RETENTION } from './prune.ts';
import { change, incident, T0, verdict } from './sample-reports.ts';
import { useStore } from './testing/store-under-test.ts';

const MINUTE = 60_000;
const test = useStore();

/** One attack a minute, some of them reported in another order than they began, and long ones that end much later. */
function fill(minutes: number): void {
  const begun = Array.from({ length: minutes }, (_, i) => (i % 10 < 5 ? i + 4 - 2 * (i % 5) : i));
  test.store.applyReports(
    begun.map((minute) => {
      const first = T0 + minute * MINUTE;
      const last = minute % 7 === 0 ? first + 600 * MINUTE : first;
      return change(incident(`i${minute}`, { first, last, count: minute, kind: minute % 2 ? 'flood' : 'malformed' }));
    }),
  );
}

describe('what began in a span', () => {
  // From, to (minutes); the attacks are those of the minutes in between, `to` not among them.
  it.each([
    [0, 1],
    [0, 1500],
    [60, 120],
    [61, 1440],
    [119, 119],
    [1499, 4000],
    [-500, 0],
    [2000, 3000],
  ])('%i to %i', (from, to) => {
    fill(1500);
    const span = { from: T0 + from * MINUTE, to: T0 + to * MINUTE };
    const expected = Array.from({ length: 1500 }, (_, i) => i).filter((minute) => minute >= from && minute < to);
    const found: string[] = [];
    let after: number | null = null;
    do {
      const page = test.store.spans.incidents({ ...span, after, limit: 37 });
      found.push(...page.items.map(({ id }) => id));
      after = page.next;
    } while (after !== null);
    expect(found.sort()).toEqual(expected.map((minute) => `i${minute}`).sort());
    const totals = test.store.spans.totals(span.from, span.to);
    const odd = expected.filter((minute) => minute % 2);
    const sum = odd.reduce((all, minute) => all + minute, 0);
    const flood = odd.length === 0 ? [] : [{ kind: 'flood', attacks: odd.length, messages: sum }];
    expect(totals.filter(({ kind }) => kind === 'flood')).toEqual(flood);
    expect(totals.reduce((all, { attacks }) => all + attacks, 0)).toBe(expected.length);
  });

  it('verdicts', () => {
    const reports = [0, 10, 20, 30].map((at) => ({ type: 'verdict' as const, verdict: verdict(T0 + at) }));
    test.store.applyReports(reports);
    const { items, next } = test.store.spans.verdicts({ from: T0 + 10, to: T0 + 30 });
    expect(items).toEqual([verdict(T0 + 10), verdict(T0 + 20)]);
    expect(next).toBeNull();
  });

  it('of an empty store, and after the oldest were removed', () => {
    expect(test.store.spans.incidents({ from: 0, to: T0 })).toEqual({ items: [], next: null });
    expect(test.store.spans.totals(0, T0)).toEqual([]);
    fill(300);
    test.reopen({ retention: { ...RETENTION, incidentsMax: 100 } });
    test.store.prune(T0);
    const { items } = test.store.spans.incidents({ from: T0, to: T0 + 300 * MINUTE });
    expect(items).toHaveLength(test.store.incidentCount(0).all);
    expect(items).toHaveLength(100);
  });
});
