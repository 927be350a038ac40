import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GuardHealth, GuardReport } from '../../channel/protocol.ts';
import type { Incident } from '../../core/judge/incident.ts';
import { EVIDENCE_BYTES_PER_INCIDENT_MAX, EVIDENCE_PER_INCIDENT_MAX } from './incident-table.ts';
import { T0, block, change, evidence, incident, stored, verdict } from './sample-reports.ts';
import { useStore } from './testing/store-under-test.ts';

const t = useStore();

describe('reports', () => {
  test('an incident is kept as it was reported, and again as it changes', () => {
    const first = incident('i1');
    t.store.applyReports([change(first, evidence(T0), evidence(T0 + 5))]);
    expect(t.store.incident('i1')).toEqual(stored(first));
    const later = incident('i1', {
      last: T0 + 9000,
      count: 50,
      dropped: 7,
      users: ['100', '101', '102'],
      usersTotal: 3,
      closed: T0 + 9500,
    });
    t.store.applyReports([change(later)]);
    t.reopen();
    expect(t.store.incident('i1')).toEqual(stored(later));
    expect(t.store.evidence('i1')).toEqual([evidence(T0), evidence(T0 + 5)]);
    expect(t.store.incident('nobody')).toBeNull();
    expect(t.store.evidence('nobody')).toEqual([]);
  });

  // After a lost acknowledgement the guard sends everything since the last one again, in any cut.
  test('reports that come again, whole or in part, change nothing', () => {
    const reports: GuardReport[] = [
      change(incident('i1'), evidence(T0), evidence(T0 + 1)),
      { type: 'verdict', verdict: verdict(T0 + 1) },
      { type: 'blocked', block: block('203.0.113.7') },
      change(incident('i1', { count: 20, last: T0 + 2000 }), evidence(T0 + 2)),
      { type: 'drops', dropped: [{ target: '203.0.113.7', packets: 40, until: T0 + 4_000_000 }] },
      { type: 'unblocked', target: '203.0.113.7', at: T0 + 4_000_000, how: 'expired' },
      { type: 'blocked', block: block('203.0.113.7', { since: T0 + 5_000_000, until: T0 + 9_000_000 }) },
      change(incident('i1', { count: 30, last: T0 + 3000, closed: T0 + 4000 })),
      { type: 'event', at: T0 + 5, level: 'warning', code: 'table-repaired', text: 'the table was gone' },
    ];
    const everything = () => ({
      incidents: t.store.incidents(),
      evidence: t.store.evidence('i1'),
      verdicts: t.store.verdicts(),
      blocks: t.store.blocks(),
      history: t.store.blockHistory('203.0.113.7'),
      events: t.store.events(),
    });
    t.store.applyReports(reports);
    const once = everything();
    expect(once.evidence).toHaveLength(3);
    expect(once.history.map((b) => [b.since - T0, b.ended === null ? null : b.ended - T0, b.how, b.dropped])).toEqual([
      [5_000_000, null, null, 0],
      [0, 4_000_000, 'expired', 40],
    ]);
    fc.assert(
      fc.property(fc.nat(reports.length), fc.nat(reports.length), (a, b) => {
        t.store.applyReports(reports.slice(Math.min(a, b), Math.max(a, b)));
        expect(everything()).toEqual(once);
      }),
      { numRuns: 60 },
    );
  });

  test('one batch is one transaction: a failure in it leaves nothing of it', () => {
    const broken = { type: 'incidents', changes: [{ incident: null, evidence: [] }] } as never;
    expect(() => t.store.applyReports([change(incident('i1')), broken])).toThrow(TypeError);
    expect(t.store.incidents().incidents).toEqual([]);
    t.store.applyReports([change(incident('i1'))]);
    expect(t.store.incidents().incidents).toHaveLength(1);
  });

  test('evidence of one incident is capped by number and by size', () => {
    for (let i = 0; i < 30; i++) {
      t.store.applyReports([
        change(incident('many', { count: i }), ...Array.from({ length: 10 }, (_, k) => evidence(T0 + i * 10 + k))),
      ]);
    }
    expect(t.store.evidence('many')).toHaveLength(EVIDENCE_PER_INCIDENT_MAX);
    const large = Array.from({ length: 20 }, (_, k) => evidence(T0 + k, 'x'.repeat(60_000)));
    t.store.applyReports([change(incident('large'), ...large)]);
    const bytes = t.store.evidence('large').reduce((sum, item) => sum + item.bytes.length, 0);
    expect(bytes).toBe(240_000);
    expect(bytes).toBeLessThanOrEqual(EVIDENCE_BYTES_PER_INCIDENT_MAX);
  });

  test('incidents left open by a guard that died are closed at their last message', () => {
    t.store.applyReports([
      change(incident('old', { last: T0 })),
      change(incident('new', { first: T0 + 60_000, last: T0 + 60_000 })),
    ]);
    t.store.applyReports([{ type: 'health', health: { startedAt: T0 + 30_000 } as GuardHealth }]);
    expect(t.store.incident('old')?.closed).toBe(T0);
    expect(t.store.incident('new')?.closed).toBeNull();
  });
});

describe('hostile text', () => {
  const hostile = [
    'a\0b',
    "'; DROP TABLE incidents; --",
    '\ud800 lone',
    '\u202e\u001b[2J',
    'x'.repeat(1_000_000),
    '{"json":[1]}',
    '%s%n',
    '',
    '💥'.repeat(600),
  ];
  test.each(hostile.map((text) => [text.slice(0, 20), text]))('%j in every column', (_name, text) => {
    const fields = {
      source: text,
      victim: text,
      userAgent: text,
      reason: text,
      finding: text,
      users: [text, text],
      files: [text],
    };
    const all = { ...incident(text.slice(0, 100)), ...fields } as Incident;
    const item = { ...evidence(T0), from: text, to: text };
    t.store.applyReports([
      change(all, item),
      { type: 'verdict', verdict: verdict(T0, { source: text, reason: text, incident: text }) },
      {
        type: 'blocked',
        block: block('203.0.113.7', { target: text, address: text, reason: text, finding: text, incident: text }),
      },
      { type: 'event', at: T0, level: 'error', code: text, text },
    ]);
    t.store.listAdd('deny', [{ range: '198.51.100.1', comment: text }], { now: T0, by: text });
    t.reopen();
    const [kept] = t.store.incidents().incidents;
    const expected = (max: number) => text.slice(0, max).toWellFormed();
    expect(kept.source).toBe(expected(256));
    expect(kept.userAgent).toBe(expected(1024));
    expect(kept.users).toEqual([expected(256), expected(256)]);
    expect(t.store.evidence(kept.id)[0].from).toBe(expected(256));
    expect(t.store.list('deny')[0].comment).toBe(expected(4096));
    expect(t.store.verdicts()[0].incident).toBe(expected(256));
    expect(t.store.blocks()[0].reason).toBe(expected(4096));
    expect(t.store.events()[0].text).toBe(expected(4096));
  });

  test.each([NaN, Infinity, -Infinity, 1.5, 2 ** 60, undefined, 'x'])(
    '%s where a number belongs never stops a batch',
    (value) => {
      const odd = { count: value, first: value, dropped: value, usersTotal: value } as Partial<Incident>;
      t.store.applyReports([
        change(incident('i1', odd)),
        { type: 'verdict', verdict: verdict(T0, { count: value as number }) },
      ]);
      expect(Number.isSafeInteger(t.store.incident('i1')?.count)).toBe(true);
    },
  );
});
