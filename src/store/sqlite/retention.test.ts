import { statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DATABASE_FILE, openStore } from './open.ts';
import { RETENTION } from './prune.ts';
import { T0, block, change, evidence, incident, verdict } from './sample-reports.ts';
import { by, useStore } from './testing/store-under-test.ts';

const DAY = 86_400_000;

const t = useStore();

describe('retention', () => {
  test('by age: incidents a year, evidence a month, blocks in force never', () => {
    const old = (days: number) => T0 - days * DAY;
    t.store.applyReports([
      change(incident('ancient', { first: old(400), last: old(366) }), evidence(old(400))),
      change(incident('older', { first: old(40), last: old(40) }), evidence(old(40))),
      change(incident('recent', { first: old(2), last: old(2) }), evidence(old(2))),
      { type: 'verdict', verdict: verdict(old(366)) },
      { type: 'verdict', verdict: verdict(old(3)) },
      { type: 'event', at: old(366), level: 'info', code: 'x', text: 'x' },
      { type: 'blocked', block: block('203.0.113.1', { since: old(4000), until: null }) },
      { type: 'blocked', block: block('203.0.113.2', { since: old(4000), until: old(3999) }) },
      { type: 'blocked', block: block('203.0.113.3', { since: old(3), until: T0 - 1000 }) },
    ]);
    expect(t.store.prune(T0)).toMatchObject({
      incidents: 1,
      evidence: 1,
      verdicts: 1,
      blocks: 1,
      events: 1,
      more: false,
    });
    expect(t.store.incidents().incidents.map(({ id }) => id)).toEqual(['recent', 'older']);
    expect(t.store.evidence('older')).toEqual([]);
    expect(t.store.evidence('recent')).toHaveLength(1);
    // The one that ended a moment ago may have been extended by the kernel; the guard will say.
    expect(t.store.blocks().map(({ address }) => address)).toEqual(['203.0.113.1', '203.0.113.3']);
    expect(t.store.prune(T0)).toMatchObject({ incidents: 0, evidence: 0, verdicts: 0, blocks: 0, events: 0 });
  });

  test('by number and size, the oldest first, a bounded amount for each call', () => {
    t.store.close();
    const retention = {
      ...RETENTION,
      incidentsMax: 40,
      evidenceBytesMax: 3000,
      eventsMax: 5,
      verdictsMax: 7,
      policyVersionsMax: 3,
      rowsPerCall: 30,
    };
    t.store = openStore(t.dir, { now: T0, retention });
    for (let i = 0; i < 100; i++) {
      t.store.applyReports([
        change(incident(`i${i}`, { first: T0 + i, last: T0 + i }), evidence(T0 + i, 'x'.repeat(100))),
        { type: 'event', at: T0 + i, level: 'info', code: 'x', text: `${i}` },
        { type: 'verdict', verdict: verdict(T0 + i) },
      ]);
    }
    for (let i = 0; i < 5; i++) t.store.policySet(`block: { for: ${i + 1}h }`, by(T0 + i));
    expect(t.store.prune(T0)).toMatchObject({ incidents: 30, more: true });
    let calls = 1;
    while (t.store.prune(T0).more && calls < 10) calls++;
    expect(t.store.incidents({ limit: 1000 }).incidents.map(({ id }) => id)).toEqual(
      Array.from({ length: 40 }, (_, i) => `i${99 - i}`),
    );
    const kept = Array.from({ length: 100 }, (_, i) => t.store.evidence(`i${i}`).length);
    expect(kept.reduce((a, b) => a + b)).toBe(30);
    expect(kept.slice(70)).not.toContain(0);
    expect(t.store.events(1000).map(({ text }) => text)).toEqual(['99', '98', '97', '96', '95']);
    expect(t.store.verdicts({ limit: 1000 })).toHaveLength(7);
    expect(t.store.policyHistory().map(({ version }) => version)).toEqual([5, 4, 3]);
  });

  test('the file shrinks with what is in it, a bounded amount for each call, and nothing that stays is lost', () => {
    const retention = { ...RETENTION, evidenceBytesMax: 1_000_000, rowsPerCall: 2000 };
    t.reopen({ retention });
    const message = 'x'.repeat(4000);
    const all = Array.from({ length: 6000 }, (_, i) =>
      change(incident(`i${i}`, { first: T0 + i, last: T0 + i }), evidence(T0 + i, message)),
    );
    t.store.applyReports(all);
    const size = () => {
      // What is in the log goes into the file.
      t.reopen({ retention });
      return statSync(join(t.dir, DATABASE_FILE)).size;
    };
    const before = size();
    expect(before).toBeGreaterThan(24_000_000);
    const sizes: number[] = [];
    for (let more = true; more && sizes.length < 100; sizes.push(size())) ({ more } = t.store.prune(T0));
    expect(sizes.at(-1)).toBeLessThan(before / 2);
    const largest = Math.max(...sizes.map((now, i) => (sizes[i - 1] ?? before) - now));
    expect(largest, 'of one call').toBeLessThan(before / 5);
    expect(t.store.evidence('i5999')).toEqual([evidence(T0 + 5999, message)]);
    expect(t.store.incidents({ limit: 1 }).incidents.map(({ id }) => id)).toEqual(['i5999']);
    expect(t.store.prune(T0).more, 'some stays free for what comes next').toBe(false);
    expect(size()).toBe(sizes.at(-1));
  });
});
