/** Every kind of damage to the file ends in a working store, with what could be read, and an event that says what happened. */
import {
  existsSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Orders } from '../../channel/protocol.ts';
import { parseRange } from '../../core/base/address.ts';
import { NO_RANGES, packRanges } from '../../core/base/packed-ranges.ts';
import { defaultDocument } from '../../policy/default-document.ts';
import type { Store } from '../store.ts';
import { DATABASE_FILE, openStore } from './open.ts';
import { T0, block, change, evidence, incident, stored } from './sample-reports.ts';

const PAGE = 4096;
const INCIDENTS = 600;

let dir: string;
let path: string;
let store: Store | null;

const packed = (...ranges: string[]) => packRanges(ranges.map((range) => parseRange(range)!));
const fallback: Orders = {
  policy: { ...defaultDocument, mode: 'monitor' },
  ranges: {
    allow: packed('192.0.2.0/24', '2001:db8::/32'),
    deny: packed('198.51.100.1'),
    country: NO_RANGES,
    feeds: [],
  },
  blockHistory: [{ address: '203.0.113.7', count: 3, last: T0 }],
  blocks: [block('203.0.113.7')],
};

/** A store with content, closed cleanly: everything is in the main file. */
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rf-damage-'));
  path = join(dir, DATABASE_FILE);
  const full = openStore(dir, { now: T0 });
  full.listAdd('allow', [{ range: '192.0.2.0/24' }, { range: '2001:db8::/32' }], { now: T0, by: 'admin' });
  full.listAdd('deny', [{ range: '198.51.100.1' }], { now: T0, by: 'admin' });
  full.policySet('mode: monitor\n', { now: T0, by: 'admin' });
  full.applyReports([{ type: 'blocked', block: block('203.0.113.7') }]);
  full.applyReports(
    Array.from({ length: INCIDENTS }, (_, i) =>
      change(incident(`i${i}`, { last: T0 + i }), evidence(T0 + i, `REGISTER ${i} ${'x'.repeat(900)}`)),
    ),
  );
  full.close();
  store = null;
});
afterEach(() => {
  store?.close();
  rmSync(dir, { recursive: true });
});

function overwrite(offset: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, offset);
  closeSync(file);
}

/** Bytes that are the same in every run and no valid page. */
const noise = (length: number, seed = 1) => {
  let x = seed;
  return Uint8Array.from({ length }, () => (x = (x * 1_103_515_245 + 12_345) & 0x7fffffff) >>> 16);
};

const setAside = () => readdirSync(dir).filter((name) => /\.damaged-20260101T000000Z(-\d+)?$/.test(name));
const readable = (from: Store) => ({
  allow: from.list('allow').map(({ range }) => range),
  deny: from.list('deny').map(({ range }) => range),
  mode: from.orders(T0).policy.mode,
  blocks: from.blocks().map(({ address }) => address),
});
const complete = {
  allow: ['192.0.2.0/24', '2001:db8::/32'],
  deny: ['198.51.100.1'],
  mode: 'monitor',
  blocks: ['203.0.113.7'],
};

function otherDatabase(): void {
  rmSync(path);
  const db = new DatabaseSync(path);
  db.exec('CREATE TABLE somebody (else_s TEXT); INSERT INTO somebody VALUES (1)');
  db.close();
}

describe('at the start', () => {
  test.each<[name: string, harm: () => void, incidentsAtLeast: number]>([
    ['the header is garbage', () => overwrite(0, noise(100)), INCIDENTS],
    ['the whole first page (header and schema) is garbage', () => overwrite(0, noise(PAGE)), INCIDENTS],
    [
      'the pages behind the first that the schema goes on on are garbage',
      () => {
        const db = new DatabaseSync(path, { readOnly: true });
        const pages = db.prepare("SELECT pageno FROM dbstat WHERE name = 'sqlite_schema' AND pageno > 1").all();
        db.close();
        expect(pages).not.toEqual([]);
        for (const { pageno } of pages) overwrite(PAGE * (Number(pageno) - 1), noise(PAGE));
      },
      INCIDENTS,
    ],
    ['one page in the middle is garbage', () => overwrite(PAGE * 60, noise(PAGE)), INCIDENTS - 40],
    ['twenty pages in the middle are garbage', () => overwrite(PAGE * 60, noise(PAGE * 20)), INCIDENTS - 200],
    [
      'every tenth page is garbage',
      () => {
        // Behind the roots, which are the whole of the small tables.
        for (let p = 60; p < statSync(path).size / PAGE; p += 10) overwrite(p * PAGE, noise(PAGE, p));
      },
      INCIDENTS / 3,
    ],
    ['the second half is missing', () => truncateSync(path, Math.floor(statSync(path).size / 2 / PAGE) * PAGE), 20],
    ['it ends in the middle of a page', () => truncateSync(path, statSync(path).size - 1000), INCIDENTS - 40],
  ])('%s: lists, policy and blocks are read, and most of the rest', (_name, harm, incidentsAtLeast) => {
    harm();
    const before = readFileSync(path);
    store = openStore(dir, { now: T0 });
    expect(setAside()).toHaveLength(1);
    // The damaged file is kept as it was found.
    expect(readFileSync(join(dir, setAside()[0])).equals(before)).toBe(true);
    expect(readable(store)).toEqual(complete);
    const { incidents } = store.incidents({ limit: 1000 });
    expect(incidents.length).toBeGreaterThanOrEqual(incidentsAtLeast);
    for (const one of incidents) expect(one).toEqual(stored(incident(one.id, { last: T0 + Number(one.id.slice(1)) })));
    const [told] = store.events();
    expect(told).toMatchObject({ at: T0, level: 'error', code: 'store-damaged' });
    expect(told.text).toContain(setAside()[0]);
    expect(told.text).toContain(`${incidents.length} incidents`);
    // The new file is sound: it opens again without another repair, and takes reports.
    store.close();
    store = openStore(dir, { now: T0 });
    expect(setAside()).toHaveLength(1);
    store.applyReports([change(incident('after'))]);
    expect(store.incident('after')).not.toBeNull();
  });

  test.each<[name: string, harm: () => void]>([
    ['an empty file', () => truncateSync(path, 0)],
    ['a text file', () => writeFileSync(path, 'not a database\n'.repeat(1000))],
    ['noise from the first to the last byte', () => overwrite(0, noise(statSync(path).size))],
    ['another program’s database', () => otherDatabase()],
  ])('%s: nothing can be read, the guard’s copy fills in', (_name, harm) => {
    harm();
    store = openStore(dir, { now: T0, fallback: () => fallback });
    expect(readable(store)).toEqual(complete);
    expect(store.orders(T0).blockHistory).toEqual([{ address: '203.0.113.7', count: 3, last: T0 }]);
    expect(store.incidents().incidents).toEqual([]);
    expect(store.events()[0].text).toMatch(
      /3 list entries came from the guard's last copy.*policy is the guard's last copy/,
    );
  });

  test('saved views and statistics are read, too', () => {
    const whole = openStore(dir, { now: T0 });
    whole.viewSave('alice', { name: 'mine', filter: { kind: 'flood' }, savedAt: T0 });
    const question = { since: T0, until: T0 + 3_600_000, step: 3_600_000 };
    const before = whole.statistics(question);
    whole.close();
    overwrite(0, noise(PAGE));
    store = openStore(dir, { now: T0, fallback });
    expect(store.views('alice')).toHaveLength(1);
    expect(before.totals.attacks).toBe(INCIDENTS);
    expect(store.statistics(question)).toEqual(before);
  });

  test('without a copy of the guard the event says so, and the store works', () => {
    truncateSync(path, 0);
    store = openStore(dir, { now: T0 });
    expect(store.events()[0].text).toContain('no copy of lists and policy');
    expect(store.policyCurrent().version).toBe(0);
  });

  test('a missing file is made anew from the guard’s copy', () => {
    rmSync(path);
    store = openStore(dir, { now: T0, fallback });
    expect(readable(store)).toEqual(complete);
    expect(store.events()[0]).toMatchObject({ code: 'store-missing', level: 'warning' });
  });

  test('a second damage in the same second is set aside under another name', () => {
    for (let i = 0; i < 2; i++) {
      overwrite(0, noise(100));
      openStore(dir, { now: T0 }).close();
    }
    expect(setAside()).toHaveLength(2);
  });

  // A crash between the renames: the start finishes what was begun.
  test.each([
    ['before the damaged file was moved', false],
    ['after the damaged file was moved', true],
  ])('a crash %s', (_name, moved) => {
    overwrite(0, noise(100));
    const damaged = readFileSync(path);
    openStore(dir, { now: T0 }).close();
    renameSync(path, `${path}.ready`);
    if (!moved) {
      rmSync(join(dir, setAside()[0]));
      writeFileSync(path, damaged);
    }
    store = openStore(dir, { now: T0 });
    expect(readable(store)).toEqual(complete);
    expect(setAside()).toHaveLength(1);
    expect(existsSync(`${path}.ready`)).toBe(false);
  });

  test('content that is still only in the log (-wal) is read too', () => {
    const writer = openStore(dir, { now: T0 });
    writer.listAdd('allow', [{ range: '10.9.8.7' }], { now: T0, by: 'admin' });
    const wal = readFileSync(`${path}-wal`);
    writer.close();
    writeFileSync(`${path}-wal`, wal);
    overwrite(PAGE * 60, noise(PAGE * 3));
    store = openStore(dir, { now: T0 });
    expect(store.list('allow').map(({ range }) => range)).toContain('10.9.8.7');
  });
});

describe('while it runs', () => {
  const MORE = 4000;

  /** More than SQLite's page cache (2 MB) holds, so that the damage is met on the disk. */
  beforeEach(() => {
    store = openStore(dir, { now: T0, fallback });
    store.applyReports(
      Array.from({ length: MORE }, (_, i) =>
        change(incident(`m${i}`, { last: T0 + i }), evidence(T0 + i, `INVITE ${i} ${'x'.repeat(2500)}`)),
      ),
    );
    store.close();
    store = openStore(dir, { now: T0, fallback });
    const size = statSync(path).size;
    overwrite(Math.floor(size / 4 / PAGE) * PAGE, noise(Math.floor(size / 4)));
  });

  test('damage found by a question: repaired, and the question is answered', () => {
    const found = Array.from({ length: MORE }, (_, i) => store!.evidence(`m${i}`).length).reduce((a, b) => a + b);
    expect(found).toBeGreaterThan(MORE / 3);
    expect(found).toBeLessThan(MORE);
    expect(store!.events()[0]).toMatchObject({ code: 'store-damaged', level: 'error' });
    expect(readable(store!)).toEqual(complete);
    expect(setAside()).toHaveLength(1);
  });

  test('damage found by a batch: repaired, and the batch is stored', () => {
    const batch = Array.from({ length: MORE }, (_, i) =>
      change(incident(`m${i}`, { last: T0 + 900_000, count: 99 }), evidence(T0 + 1)),
    );
    store!.applyReports(batch);
    let stored = 0;
    let cursor: string | undefined;
    do {
      const page = store!.incidents({ since: T0 + 900_000, limit: 1000, cursor });
      stored += page.incidents.length;
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(stored).toBe(MORE);
    expect(readable(store!)).toEqual(complete);
    expect(setAside()).toHaveLength(1);
  });

  test('damaged and then removed: lists, policy and blocks come from the guard’s copy', () => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    expect(readable(store!)).toEqual(complete);
    expect(store!.events()[0]).toMatchObject({ code: 'store-missing' });
  });
});

describe('removed while it runs', () => {
  test('removed by somebody: written again from what is open, nothing is lost', () => {
    store = openStore(dir, { now: T0, fallback });
    store.applyReports([change(incident('before'))]);
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
    store.applyReports([change(incident('after'))]);
    store.close();
    store = openStore(dir, { now: T0 });
    expect(store.incident('after')).not.toBeNull();
    expect(store.incident('before')).not.toBeNull();
    expect(store.incidentCount(0).all).toBeGreaterThan(1);
    expect(readable(store)).toEqual(complete);
    expect(store.events()[0]).toMatchObject({ code: 'store-missing' });
  });
});
