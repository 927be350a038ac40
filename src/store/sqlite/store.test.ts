import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GuardHealth, GuardReport } from '../../channel/protocol.ts';
import { formatRange } from '../../core/base/address.ts';
import { unpackRanges } from '../../core/base/packed-ranges.ts';
import type { Incident } from '../../core/judge/incident.ts';
import { defaultDocument } from '../../policy/default-document.ts';
import { StoreError } from '../error.ts';
import type { Store } from '../store.ts';
import { EVIDENCE_BYTES_PER_INCIDENT_MAX, EVIDENCE_PER_INCIDENT_MAX } from './incident-table.ts';
import { MIGRATIONS } from './migrate.ts';
import { DATABASE_FILE, LOCK_FILE, openStore } from './open.ts';
import { RETENTION } from './prune.ts';
import { T0, block, change, evidence, incident, verdict } from './sample-reports.ts';

let dir: string;
let store: Store;
const by = (now: number, comment?: string) => ({ now, by: 'admin', comment });
const DAY = 86_400_000;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rf-store-'));
  store = openStore(dir, { now: T0 });
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

function reopen(): void {
  store.close();
  store = openStore(dir, { now: T0 });
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreError) return error.code;
    throw error;
  }
  return 'none';
}

describe('reports', () => {
  test('an incident is kept as it was reported, and again as it changes', () => {
    const first = incident('i1');
    store.applyReports([change(first, evidence(T0), evidence(T0 + 5))]);
    expect(store.incident('i1')).toEqual(first);
    const later = incident('i1', {
      last: T0 + 9000,
      count: 50,
      dropped: 7,
      users: ['100', '101', '102'],
      usersTotal: 3,
      closed: T0 + 9500,
    });
    store.applyReports([change(later)]);
    reopen();
    expect(store.incident('i1')).toEqual(later);
    expect(store.evidence('i1')).toEqual([evidence(T0), evidence(T0 + 5)]);
    expect(store.incident('nobody')).toBeNull();
    expect(store.evidence('nobody')).toEqual([]);
  });

  // After a lost acknowledgement the guard sends everything since the last one again, in any cut.
  test('reports that come again, whole or in part, change nothing', () => {
    const reports: GuardReport[] = [
      change(incident('i1'), evidence(T0), evidence(T0 + 1)),
      { type: 'verdict', verdict: verdict(T0 + 1) },
      { type: 'blocked', block: block('203.0.113.7') },
      change(incident('i1', { count: 20, last: T0 + 2000 }), evidence(T0 + 2)),
      { type: 'drops', dropped: [{ address: '203.0.113.7', packets: 40, until: T0 + 4_000_000 }] },
      { type: 'unblocked', address: '203.0.113.7', at: T0 + 4_000_000, how: 'expired' },
      { type: 'blocked', block: block('203.0.113.7', { since: T0 + 5_000_000, until: T0 + 9_000_000 }) },
      change(incident('i1', { count: 30, last: T0 + 3000, closed: T0 + 4000 })),
      { type: 'event', at: T0 + 5, level: 'warning', code: 'table-repaired', text: 'the table was gone' },
    ];
    const everything = () => ({
      incidents: store.incidents(),
      evidence: store.evidence('i1'),
      verdicts: store.verdicts(),
      blocks: store.blocks(),
      history: store.blockHistory('203.0.113.7'),
      events: store.events(),
    });
    store.applyReports(reports);
    const once = everything();
    expect(once.evidence).toHaveLength(3);
    expect(once.history.map((b) => [b.since - T0, b.ended === null ? null : b.ended - T0, b.how, b.dropped])).toEqual([
      [5_000_000, null, null, 0],
      [0, 4_000_000, 'expired', 40],
    ]);
    fc.assert(
      fc.property(fc.nat(reports.length), fc.nat(reports.length), (a, b) => {
        store.applyReports(reports.slice(Math.min(a, b), Math.max(a, b)));
        expect(everything()).toEqual(once);
      }),
      { numRuns: 60 },
    );
  });

  test('one batch is one transaction: a failure in it leaves nothing of it', () => {
    const broken = { type: 'incidents', changes: [{ incident: null, evidence: [] }] } as never;
    expect(() => store.applyReports([change(incident('i1')), broken])).toThrow(TypeError);
    expect(store.incidents().incidents).toEqual([]);
    store.applyReports([change(incident('i1'))]);
    expect(store.incidents().incidents).toHaveLength(1);
  });

  test('evidence of one incident is capped by number and by size', () => {
    for (let i = 0; i < 30; i++) {
      store.applyReports([
        change(incident('many', { count: i }), ...Array.from({ length: 10 }, (_, k) => evidence(T0 + i * 10 + k))),
      ]);
    }
    expect(store.evidence('many')).toHaveLength(EVIDENCE_PER_INCIDENT_MAX);
    const large = Array.from({ length: 20 }, (_, k) => evidence(T0 + k, 'x'.repeat(60_000)));
    store.applyReports([change(incident('large'), ...large)]);
    const bytes = store.evidence('large').reduce((sum, item) => sum + item.bytes.length, 0);
    expect(bytes).toBe(240_000);
    expect(bytes).toBeLessThanOrEqual(EVIDENCE_BYTES_PER_INCIDENT_MAX);
  });

  test('incidents left open by a guard that died are closed at their last message', () => {
    store.applyReports([
      change(incident('old', { last: T0 })),
      change(incident('new', { first: T0 + 60_000, last: T0 + 60_000 })),
    ]);
    store.applyReports([{ type: 'health', health: { startedAt: T0 + 30_000 } as GuardHealth }]);
    expect(store.incident('old')?.closed).toBe(T0);
    expect(store.incident('new')?.closed).toBeNull();
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
    store.applyReports([
      change(all, item),
      { type: 'verdict', verdict: verdict(T0, { source: text, reason: text, incident: text }) },
      { type: 'blocked', block: block(text, { reason: text, finding: text, incident: text }) },
      { type: 'event', at: T0, level: 'error', code: text, text },
    ]);
    store.listAdd('deny', [{ range: '198.51.100.1', comment: text }], { now: T0, by: text });
    reopen();
    const [kept] = store.incidents().incidents;
    const expected = (max: number) => text.slice(0, max).toWellFormed();
    expect(kept.source).toBe(expected(256));
    expect(kept.userAgent).toBe(expected(1024));
    expect(kept.users).toEqual([expected(256), expected(256)]);
    expect(store.evidence(kept.id)[0].from).toBe(expected(256));
    expect(store.list('deny')[0].comment).toBe(expected(4096));
    expect(store.verdicts()[0].incident).toBe(expected(256));
    expect(store.blocks()[0].reason).toBe(expected(4096));
    expect(store.events()[0].text).toBe(expected(4096));
  });

  test.each([NaN, Infinity, -Infinity, 1.5, 2 ** 60, undefined, 'x'])(
    '%s where a number belongs never stops a batch',
    (value) => {
      const odd = { count: value, first: value, dropped: value, usersTotal: value } as Partial<Incident>;
      store.applyReports([
        change(incident('i1', odd)),
        { type: 'verdict', verdict: verdict(T0, { count: value as number }) },
      ]);
      expect(Number.isSafeInteger(store.incident('i1')?.count)).toBe(true);
    },
  );
});

describe('questions', () => {
  beforeEach(() => {
    const kinds = ['enumeration', 'flood', 'malformed'] as const;
    store.applyReports(
      Array.from({ length: 30 }, (_, i) =>
        change(
          incident(`i${i}`, {
            source: `203.0.113.${i}`,
            victim: i % 2 === 0 ? '192.0.2.1' : '2001:db8::5',
            kind: kinds[i % 3],
            first: T0 + i * 1000,
            last: T0 + i * 1000 + 500,
          }),
        ),
      ),
    );
  });
  const ids = (query: Parameters<Store['incidents']>[0]) =>
    store.incidents(query).incidents.map(({ id }) => Number(id.slice(1)));

  test.each<[string, Parameters<Store['incidents']>[0], number[]]>([
    ['the latest first', { limit: 3 }, [29, 28, 27]],
    ['active since', { since: T0 + 27_500 }, [29, 28, 27]],
    ['begun until', { until: T0 + 1000 }, [1, 0]],
    ['of a kind', { kind: 'flood', since: T0 + 20_000 }, [28, 25, 22]],
    ['of a source', { source: '203.0.113.9' }, [9]],
    ['of sources in a network', { source: '203.0.113.4/30' }, [7, 6, 5, 4]],
    ['of sources in a range', { source: '203.0.113.1-203.0.113.2' }, [2, 1]],
    ['of a victim, however it is written', { victim: '2001:DB8:0::5', limit: 2 }, [29, 27]],
    ['of nobody', { source: '198.51.100.1' }, []],
  ])('%s', (_name, query, expected) => expect(ids(query)).toEqual(expected));

  test('pages follow each other without gap or repetition', () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = store.incidents({ limit: 7, cursor });
      seen.push(...page.incidents.map(({ id }) => id));
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => `i${29 - i}`));
  });

  test('a bad cursor or address is refused', () => {
    expect(codeOf(() => store.incidents({ cursor: 'x' }))).toBe('store-query-invalid');
    expect(codeOf(() => store.incidents({ source: '300.1.1.1/40' }))).toBe('store-query-invalid');
  });
});

describe('blocks', () => {
  test('in force, extended, ended, and counted for permanentAfter', () => {
    const at = (n: number) => T0 + n * DAY;
    for (const n of [0, 1, 2]) {
      store.applyReports([
        { type: 'blocked', block: block('203.0.113.7', { since: at(n), until: at(n) + 3_600_000 }) },
        { type: 'drops', dropped: [{ address: '203.0.113.7', packets: 5, until: at(n) + 7_200_000 }] },
      ]);
      if (n < 2)
        store.applyReports([{ type: 'unblocked', address: '203.0.113.7', at: at(n) + 7_200_000, how: 'expired' }]);
    }
    store.applyReports([{ type: 'blocked', block: block('198.51.100.9', { origin: 'manual', until: null }) }]);
    expect(store.blocks().map(({ address, until, dropped }) => [address, until, dropped])).toEqual([
      ['203.0.113.7', at(2) + 7_200_000, 5],
      ['198.51.100.9', null, 0],
    ]);
    // A block by hand says nothing about how often an address attacked.
    expect(store.orders(at(3)).blockHistory).toEqual([{ address: '203.0.113.7', count: 3, last: at(2) }]);
    // `block.remember` is 90 days.
    expect(store.orders(at(91)).blockHistory).toEqual([{ address: '203.0.113.7', count: 1, last: at(2) }]);
    expect(store.orders(at(93)).blockHistory).toEqual([]);
    // Lifted by hand: the administrator says that it was a mistake, and so were those before it.
    store.applyReports([{ type: 'unblocked', address: '203.0.113.7', at: at(4), how: 'lifted' }]);
    expect(store.orders(at(5)).blockHistory).toEqual([]);
  });

  test('a new block of an address takes the place of the one in force', () => {
    store.applyReports([
      { type: 'blocked', block: block('203.0.113.7') },
      { type: 'blocked', block: block('203.0.113.7', { since: T0 + 10, until: null, origin: 'manual' }) },
    ]);
    expect(store.blocks().map(({ until }) => until)).toEqual([null]);
    expect(store.blockHistory('203.0.113.7').map(({ how, ended }) => [how, ended])).toEqual([
      [null, null],
      ['replaced', T0 + 10],
    ]);
    store.applyReports([{ type: 'unblocked', address: '203.0.113.7', at: T0 + 20, how: 'lifted' }]);
    expect(store.blocks()).toEqual([]);
  });
});

describe('lists', () => {
  test('ranges are normalised; what is there already is said', () => {
    const { added, duplicates } = store.listAdd(
      'allow',
      [{ range: '192.0.2.5/24', comment: 'office' }, { range: '192.0.2.0-192.0.2.255' }, { range: ' 2001:DB8::1 ' }],
      by(T0),
    );
    expect(added.map(({ range }) => range)).toEqual(['192.0.2.0/24', '2001:db8::1']);
    expect(duplicates).toEqual([{ range: '192.0.2.0/24', comment: 'office', addedBy: 'admin', addedAt: T0 }]);
    reopen();
    expect(store.list('allow')).toEqual(added);
    expect(store.list('deny')).toEqual([]);
    expect([...unpackRanges(store.orders(T0).ranges.allow)].map(formatRange)).toEqual(['192.0.2.0/24', '2001:db8::1']);
    expect(store.listRemove('allow', ['192.0.2.77/24', '10.0.0.1'])).toEqual({
      removed: [added[0]],
      missing: ['10.0.0.1'],
    });
    expect(store.list('allow')).toEqual([added[1]]);
  });

  test('one bad range, and nothing is added', () => {
    const add = () => store.listAdd('deny', [{ range: '10.0.0.1' }, { range: '300.1.1.1/40' }], by(T0));
    expect(codeOf(add)).toBe('store-range-invalid');
    expect(add).toThrow(/"300" is no octet.*0 to 32/);
    expect(store.list('deny')).toEqual([]);
  });
});

describe('policy', () => {
  test('versions, and back again as a new version', () => {
    expect(store.policyCurrent()).toMatchObject({ version: 0, by: 'ringfence' });
    expect(store.orders(T0).policy).toEqual(defaultDocument);
    const monitor = store.policySet('mode: monitor # for now\n', by(T0 + 1, 'try it'));
    expect(monitor).toEqual({
      version: 1,
      at: T0 + 1,
      by: 'admin',
      comment: 'try it',
      text: 'mode: monitor # for now\n',
    });
    store.policySet('block: { for: 2h }\n', by(T0 + 2));
    // The same text again is no change.
    expect(store.policySet('block: { for: 2h }\n', by(T0 + 3)).version).toBe(2);
    expect(store.policyRollback(1, by(T0 + 4))).toMatchObject({
      version: 3,
      text: monitor.text,
      comment: 'back to version 1',
    });
    expect(store.policyRollback(0, by(T0 + 5)).version).toBe(4);
    reopen();
    expect(store.policyHistory().map(({ version }) => version)).toEqual([4, 3, 2, 1]);
    expect(store.orders(T0).policy).toEqual(defaultDocument);
    expect(codeOf(() => store.policyRollback(9, by(T0)))).toBe('store-version-unknown');
  });

  test('a policy with an error is refused with its place; the one before stays in force', () => {
    store.policySet('mode: monitor\n', by(T0));
    try {
      store.policySet('mode: monitor\nports:\n  sip: 5060-\n', by(T0 + 1));
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'store-policy-invalid', policyErrors: [{ line: 3, column: 8 }] });
    }
    expect(store.policyCurrent().version).toBe(1);
    expect(store.orders(T0).policy.mode).toBe('monitor');
  });

  test('a stored policy that is not valid any more: the older one, and an event', () => {
    store.policySet('mode: monitor\n', by(T0));
    store.close();
    const db = new DatabaseSync(join(dir, DATABASE_FILE));
    db.exec("INSERT INTO policy_versions (at, author, comment, text) VALUES (1, 'x', '', 'nonsense: 1')");
    db.close();
    store = openStore(dir, { now: T0 });
    expect(store.orders(T0 + 9).policy.mode).toBe('monitor');
    expect(store.events()).toMatchObject([{ code: 'policy-not-valid', level: 'error' }]);
  });
});

describe('retention', () => {
  test('by age: incidents a year, evidence a month, blocks in force never', () => {
    const old = (days: number) => T0 - days * DAY;
    store.applyReports([
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
    expect(store.prune(T0)).toMatchObject({
      incidents: 1,
      evidence: 1,
      verdicts: 1,
      blocks: 1,
      events: 1,
      more: false,
    });
    expect(store.incidents().incidents.map(({ id }) => id)).toEqual(['recent', 'older']);
    expect(store.evidence('older')).toEqual([]);
    expect(store.evidence('recent')).toHaveLength(1);
    // The one that ended a moment ago may have been extended by the kernel; the guard will say.
    expect(store.blocks().map(({ address }) => address)).toEqual(['203.0.113.1', '203.0.113.3']);
    expect(store.prune(T0)).toMatchObject({ incidents: 0, evidence: 0, verdicts: 0, blocks: 0, events: 0 });
  });

  test('by number and size, the oldest first, a bounded amount for each call', () => {
    store.close();
    const retention = {
      ...RETENTION,
      incidentsMax: 40,
      evidenceBytesMax: 3000,
      eventsMax: 5,
      verdictsMax: 7,
      policyVersionsMax: 3,
      rowsPerCall: 30,
    };
    store = openStore(dir, { now: T0, retention });
    for (let i = 0; i < 100; i++) {
      store.applyReports([
        change(incident(`i${i}`, { first: T0 + i, last: T0 + i }), evidence(T0 + i, 'x'.repeat(100))),
        { type: 'event', at: T0 + i, level: 'info', code: 'x', text: `${i}` },
        { type: 'verdict', verdict: verdict(T0 + i) },
      ]);
    }
    for (let i = 0; i < 5; i++) store.policySet(`block: { for: ${i + 1}h }`, by(T0 + i));
    expect(store.prune(T0)).toMatchObject({ incidents: 30, more: true });
    let calls = 1;
    while (store.prune(T0).more && calls < 10) calls++;
    expect(store.incidents({ limit: 1000 }).incidents.map(({ id }) => id)).toEqual(
      Array.from({ length: 40 }, (_, i) => `i${99 - i}`),
    );
    const kept = Array.from({ length: 100 }, (_, i) => store.evidence(`i${i}`).length);
    expect(kept.reduce((a, b) => a + b)).toBe(30);
    expect(kept.slice(70)).not.toContain(0);
    expect(store.events(1000).map(({ text }) => text)).toEqual(['99', '98', '97', '96', '95']);
    expect(store.verdicts({ limit: 1000 })).toHaveLength(7);
    expect(store.policyHistory().map(({ version }) => version)).toEqual([5, 4, 3]);
  });
});

describe('the file', () => {
  test('only its owner can read it', () => {
    store.applyReports([change(incident('i1'))]);
    for (const name of [DATABASE_FILE, `${DATABASE_FILE}-wal`, `${DATABASE_FILE}-shm`, LOCK_FILE]) {
      expect([name, statSync(join(dir, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  test('one process to a data directory', () => {
    expect(codeOf(() => openStore(dir, { now: T0 }))).toBe('store-locked');
    store.close();
    store = openStore(dir, { now: T0 });
    expect(codeOf(() => openStore(dir, { now: T0 }))).toBe('store-locked');
  });

  test('garbage in the lock file locks nobody out', () => {
    store.close();
    writeFileSync(join(dir, LOCK_FILE), 'garbage'.repeat(1000));
    store = openStore(dir, { now: T0 });
    expect(store.incidents().incidents).toEqual([]);
  });

  test('a directory that is a file', () => {
    writeFileSync(join(dir, 'file'), '');
    expect(codeOf(() => openStore(join(dir, 'file'), { now: T0 }))).toBe('store-not-permitted');
  });

  test('after close everything is refused', () => {
    store.close();
    expect(codeOf(() => store.incidents())).toBe('store-closed');
  });

  test('migrations go forward and keep what is there; an older program refuses a newer file', () => {
    store.applyReports([change(incident('i1'), evidence(T0))]);
    store.close();
    const folder = join(dir, 'migrations');
    mkdirSync(folder);
    cpSync(MIGRATIONS, folder, { recursive: true });
    writeFileSync(
      join(folder, '002-country.sql'),
      "ALTER TABLE incidents ADD COLUMN country TEXT NOT NULL DEFAULT '??';",
    );
    store = openStore(dir, { now: T0, migrations: folder });
    expect(store.incident('i1')).toEqual(incident('i1'));
    store.close();
    expect(codeOf(() => openStore(dir, { now: T0 }))).toBe('store-newer');
    // A migration that fails leaves the file at the version before.
    writeFileSync(join(folder, '003-bad.sql'), 'CREATE TABLE half (n INTEGER); SELECT nonsense FROM nowhere;');
    expect(() => openStore(dir, { now: T0, migrations: folder })).toThrow(/nowhere/);
    rmSync(join(folder, '003-bad.sql'));
    store = openStore(dir, { now: T0, migrations: folder });
    expect(store.evidence('i1')).toHaveLength(1);
  });
});
