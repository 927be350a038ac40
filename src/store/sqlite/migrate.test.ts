/** A database of every earlier schema opens, complete. `testing/schema-001.db` was written by the first one, the others by `testing/write-schemas.ts`. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { formatRange } from '../../core/base/address.ts';
import { unpackRanges } from '../../core/base/packed-ranges.ts';
import type { Store } from '../store.ts';
import { MIGRATIONS, migrations } from './migrate.ts';
import { DATABASE_FILE, openStore } from './open.ts';
import { T0, evidence, incident, stored } from './sample-reports.ts';
import { by, useStore } from './testing/store-under-test.ts';
import { databaseOfSchema } from './testing/write-schemas.ts';

const t = useStore();
const FIRST = join(import.meta.dirname, 'testing/schema-001.db');
const path = () => join(t.dir, DATABASE_FILE);

const ALLOW = ['192.0.2.0/24', '2001:db8::/32', '198.51.100.10-198.51.100.20'];
const DENY = ['203.0.113.66', '2001:db8:bad::1'];

function openFirst(harm: () => void = () => {}): void {
  t.store.close();
  copyFileSync(FIRST, path());
  harm();
  t.store = openStore(t.dir, { now: T0 });
}

const kept = () => ({
  allow: t.store.list('allow').map(({ range }) => range),
  deny: t.store
    .list('deny')
    .map(({ range, comment, addedBy, addedAt, until }) => [range, comment, addedBy, addedAt, until]),
  policy: t.store.policyCurrent().text,
  blocks: t.store.blocks().map(({ target, scope }) => [target, scope]),
});
const complete = {
  allow: ALLOW,
  deny: [
    [DENY[0], 'said so', 'administrator', T0 + 1, null],
    [DENY[1], '', 'administrator', T0 + 1, null],
  ],
  policy: 'block: { for: 2h }\n',
  blocks: [['203.0.113.7', 'address']],
};

describe('a database of the first schema', () => {
  test('is brought to this one with everything in it', () => {
    openFirst();
    expect(kept()).toEqual(complete);
    expect([...unpackRanges(t.store.packed('allow'))].map(formatRange).sort()).toEqual([...ALLOW].sort());
    expect(t.store.incident('i1')).toEqual(stored(incident('i1')));
    expect(t.store.incident('i2')?.closed).toBe(T0 + 9);
    expect(t.store.evidence('i1')).toEqual([evidence(T0), evidence(T0 + 1)]);
    expect(t.store.verdicts()).toHaveLength(1);
    expect(t.store.events()).toMatchObject([{ text: 'hello' }]);
    t.store.listRemove('deny', [DENY[0]], by(T0));
    t.reopen();
    expect(t.store.list('deny').map(({ range }) => range)).toEqual([DENY[1]]);
  });

  test('damaged: what can be read of it becomes this schema', () => {
    openFirst(() => {
      const bytes = readFileSync(path());
      // The index of the list; its table is whole.
      const db = new DatabaseSync(path(), { readOnly: true });
      const { rootpage } = db
        .prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_lists_1'")
        .get() as {
        rootpage: number;
      };
      db.close();
      bytes.fill(0xee, (rootpage - 1) * 4096, rootpage * 4096);
      writeFileSync(path(), bytes);
    });
    expect(t.store.events()[0]).toMatchObject({ code: 'store-damaged' });
    expect(kept()).toEqual(complete);
    // What the old schema did not have is made from what was read.
    expect(
      t.store.statistics({ since: T0 - 86_400_000, until: T0 + 86_400_000, step: 86_400_000 }).totals.attacks,
    ).toBe(2);
  });

  test('has the same first page as a new one afterwards, whatever it holds: the salvage relies on it', () => {
    const pages = () => {
      t.store.close();
      const db = new DatabaseSync(path());
      const rows = db.prepare('SELECT name, rootpage FROM sqlite_schema ORDER BY rootpage').all();
      db.close();
      t.store = openStore(t.dir, { now: T0 });
      return rows;
    };
    const fresh = pages();
    openFirst();
    expect(pages()).toEqual(fresh);
  });
});

/** What each schema brought, as the store tells it; an earlier one's is in the files of all that follow. */
const BROUGHT: Record<number, (store: Store) => void> = {
  2: (store) => {
    expect(store.hostNames()).toEqual(['sip.example.org']);
    expect(store.list('deny').at(-1)).toMatchObject({ range: '203.0.114.0/24', until: T0 + 30 * 86_400_000 });
    expect(store.audit()).toMatchObject([{ what: 'deny.add', subject: '203.0.114.0/24', comment: 'for a month' }]);
    expect(store.incident('i2')).toMatchObject({ country: 'NL', asn: 64500, network: 'Example Net' });
  },
  3: (store) => {
    expect(store.views('administrator')).toMatchObject([{ name: 'mine', filter: { kind: 'flood' } }]);
    expect(store.statistics({ since: T0, until: T0 + 3_600_000, step: 3_600_000 }).totals.attacks).toBe(2);
  },
  4: (store) => {
    expect(store.identity.read((rows) => rows.accounts())).toMatchObject([
      { name: 'Anna', role: 'administrator', disabled: false },
      { name: 'gone', disabled: true },
    ]);
    expect(store.identity.read((rows) => rows.tokens())).toMatchObject([{ name: 'grafana', scopes: ['metrics'] }]);
  },
  5: (store) => {
    expect(store.notify.read((rows) => rows.followed('i1'))).toMatchObject({ action: 'block' });
    expect(store.notify.read((rows) => rows.state('event-row'))).toBe(1);
  },
  6: (store) => {
    expect(store.blocks().map(({ target, scope }) => [target, scope])).toEqual([
      ['203.0.113.7', 'address'],
      ['203.0.113.9:5062/udp', 'port'],
      ['198.51.100.0/24', 'network'],
    ]);
    expect(store.incident('i1')).toMatchObject({ scope: 'port', target: '203.0.113.7:5071/udp', proof: 'nonce' });
  },
  7: (store) => expect(store.spans.kept('2025-12-31', 'Europe/Berlin')).toBe('{"day":"2025-12-31"}'),
};

const schemas = migrations(MIGRATIONS).map(({ number }) => number);
const newest = schemas.at(-1)!;

// The newest may have no file yet; from the next one on it must have.
test.each(schemas.filter((number) => number < newest || databaseOfSchema(number) !== null))(
  'a database of schema %d: no row and no value is lost, and the store tells them',
  (number) => {
    const before = databaseOfSchema(number);
    expect(before, 'keep one of each schema: node src/store/sqlite/testing/write-schemas.ts').not.toBeNull();
    t.store.close();
    writeFileSync(path(), before!);
    const earlier = rowsOf(path());
    t.store = openStore(t.dir, { now: T0 });
    expect(t.store.events(), 'nothing had to be repaired').toHaveLength(1);
    expect(kept()).toMatchObject({ policy: complete.policy, allow: expect.arrayContaining(ALLOW) as string[] });
    for (const [brought, tells] of Object.entries(BROUGHT)) if (Number(brought) <= number) tells(t.store);
    t.store.close();
    expect(canShrink(path())).toBe(true);
    const now = rowsOf(path());
    for (const [table, rows] of Object.entries(earlier))
      for (const [n, row] of Object.entries(rows)) expect([table, n, now[table][n]]).toMatchObject([table, n, row]);
    t.store = openStore(t.dir, { now: T0 });
  },
);

/** `PRAGMA auto_vacuum`: 2 is incremental. */
function canShrink(file: string): boolean {
  const db = new DatabaseSync(file, { readOnly: true });
  const { auto_vacuum: kind } = db.prepare('PRAGMA auto_vacuum').get()!;
  db.close();
  return kind === 2;
}

/** Every row of every table by its number; without what a later schema says in another way. */
function rowsOf(file: string): Record<string, Record<string, object>> {
  const db = new DatabaseSync(file, { readOnly: true });
  const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`).all();
  const found = tables.map(({ name }) => {
    const rows = db.prepare(`SELECT * FROM ${String(name)}`).all() as { n: number; range?: string }[];
    return [name, Object.fromEntries(rows.map(({ range: _range, ...row }) => [row.n, row]))] as const;
  });
  db.close();
  return Object.fromEntries(found) as Record<string, Record<string, object>>;
}

describe('the place of a source', () => {
  test('of incidents that came before the country data: once these are there', () => {
    let known = false;
    t.reopen({
      locate: (address) =>
        known && formatRange({ first: address, last: address }) === '203.0.113.7'
          ? { country: 'NL', asn: 64500, network: 'Example Net' }
          : { country: null, asn: null, network: null },
    });
    const changes = [
      { incident: incident('i1', { source: '203.0.113.7' }), evidence: [] },
      { incident: incident('i2', { source: '203.0.113.8' }), evidence: [] },
    ];
    t.store.applyReports([{ type: 'incidents', changes }]);
    expect(t.store.placeIncidents()).toBe(0);
    known = true;
    expect([t.store.placeIncidents(), t.store.placeIncidents()]).toEqual([1, 0]);
    expect(t.store.incident('i1')).toMatchObject({ country: 'NL', asn: 64500, network: 'Example Net' });
    expect(t.store.incident('i2')).toMatchObject({ country: null, asn: null, network: null });
  });

  test('is kept as it was known when the attack began, and filled in when it was not', () => {
    const asked: string[] = [];
    let country: string | null = null;
    t.reopen({
      locate: (address) => {
        asked.push(formatRange({ first: address, last: address }));
        return { country, asn: country === null ? null : 64500, network: country === null ? null : 'Example Net' };
      },
    });
    const report = (count: number) =>
      t.store.applyReports([{ type: 'incidents', changes: [{ incident: incident('i1', { count }), evidence: [] }] }]);
    report(1);
    expect(t.store.incident('i1')).toMatchObject({ country: null, asn: null, network: null });
    country = 'NL';
    report(2);
    expect(t.store.incident('i1')).toMatchObject({ country: 'NL', asn: 64500, network: 'Example Net' });
    country = 'DE';
    report(3);
    expect(t.store.incidents().incidents).toMatchObject([{ count: 3, country: 'NL' }]);
    expect(asked).toEqual(['203.0.113.7', '203.0.113.7', '203.0.113.7']);
  });
});
