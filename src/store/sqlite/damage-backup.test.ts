/** A database that is damaged when there are backups of the nights before. */
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Orders } from '../../channel/protocol.ts';
import { parseRange } from '../../core/base/address.ts';
import { NO_RANGES, packRanges } from '../../core/base/packed-ranges.ts';
import { BACKUPS_FOLDER, nightlyName } from './nightly.ts';
import { DATABASE_FILE, openStore } from './open.ts';
import { block, change, incident, T0 } from './sample-reports.ts';
import { by, useStore } from './testing/store-under-test.ts';
import { databaseOfSchema } from './testing/write-schemas.ts';

const DAY_MS = 86_400_000;
const t = useStore();
const folder = () => join(t.dir, BACKUPS_FOLDER);
const database = () => join(t.dir, DATABASE_FILE);
const night = (days: number) => join(folder(), nightlyName(T0 - days * DAY_MS));
const listed = (list: 'allow' | 'deny') => t.store.list(list).map(({ range, comment }) => `${range} ${comment}`.trim());
const setAside = () => readdirSync(t.dir).filter((name) => /\.damaged-\d{8}T\d{6}Z$/.test(name));
const packed = (...ranges: string[]) => packRanges(ranges.map((range) => parseRange(range)!));

/** Last night, and what changed since. */
beforeEach(async () => {
  mkdirSync(folder());
  t.store.listAdd('allow', [{ range: '192.0.2.0/24', comment: 'office' }, { range: 'sip.example.org' }], by(T0));
  t.store.listAdd('deny', [{ range: '198.51.100.1', comment: 'gone by now' }], by(T0));
  t.store.policySet('mode: monitor\n', by(T0));
  t.store.applyReports([
    { type: 'blocked', block: block('203.0.113.7') },
    { type: 'blocked', block: block('203.0.113.8') },
    change(incident('i1')),
  ]);
  t.store.identity.decide(by(T0), (rows) =>
    rows.addAccount({ ...account, name: 'anna', role: 'administrator', createdAt: T0 }),
  );
  await t.store.backup(night(1));
  t.store.listRemove('deny', ['198.51.100.1'], by(T0));
  t.store.listAdd('deny', [{ range: '198.51.100.2', comment: 'since then' }], by(T0));
});

const account = { disabled: false, password: null, totpSecret: null, totpStep: 0, signedInAt: null };

/** What the guard goes by when the database is lost. */
function guardsCopy(): Orders {
  return {
    policy: { ...t.store.orders(T0).policy, mode: 'protect' },
    ranges: { allow: packed('192.0.2.0/24'), deny: packed('198.51.100.2'), country: NO_RANGES, feeds: [] },
    blocks: [block('203.0.113.7')],
    blockHistory: [],
  };
}

const unreadable = (file: string) => writeFileSync(file, Buffer.alloc(statSync(file).size, 0xa5));

/** Closed, harmed, opened again. */
function harm(how: (file: string) => void, fallback?: Orders): void {
  t.store.close();
  how(database());
  t.store = openStore(t.dir, { now: T0, ...(fallback ? { fallback } : {}) });
}

describe('nothing of it can be read', () => {
  it('the backup gives words, accounts and the log; the guard knows what was taken back since and what came', () => {
    harm(unreadable, guardsCopy());
    expect(listed('allow')).toEqual(['192.0.2.0/24 office', 'sip.example.org']);
    expect(listed('deny')).toEqual(["198.51.100.2 from the guard's last copy"]);
    expect(t.store.orders(T0).policy.mode).toBe('protect');
    expect(t.store.policyHistory().map(({ text }) => text)).toContain('mode: monitor\n');
    expect(t.store.blocks().map(({ target }) => target)).toEqual(['203.0.113.7']);
    expect(t.store.incident('i1')).not.toBeNull();
    expect(t.store.identity.read((rows) => rows.accountNamed('anna'))).not.toBeNull();
    expect(t.store.damage(T0)?.text).toMatch(/\d+ rows came from the backup of 2025-12-31T00:00:00/);
    expect(t.store.damage(T0 + 2 * DAY_MS), 'no trouble of today any more').toBeNull();
    expect(setAside()).toHaveLength(1);
  });

  it('without a copy of the guard the backup is what there is', () => {
    harm(unreadable);
    expect([listed('allow'), listed('deny')]).toEqual([
      ['192.0.2.0/24 office', 'sip.example.org'],
      ['198.51.100.1 gone by now'],
    ]);
    expect(t.store.orders(T0).policy.mode).toBe('monitor');
    expect(t.store.blocks()).toHaveLength(2);
  });

  it('a backup that is damaged, cut short or of a later version is passed over', () => {
    copyFileSync(night(1), night(2));
    truncateSync(night(1), statSync(night(1)).size / 2);
    writeFileSync(night(0), 'no database');
    harm(unreadable);
    expect(t.store.damage(T0)?.text).toContain('backup of 2025-12-30');
    expect(listed('deny')).toEqual(['198.51.100.1 gone by now']);
  });

  it('a backup of the first version does as well', () => {
    writeFileSync(night(0), databaseOfSchema(1)!);
    harm(unreadable);
    expect(listed('deny')).toContain('203.0.113.66 said so');
    expect(t.store.blocks().map(({ target, scope }) => [target, scope])).toEqual([['203.0.113.7', 'address']]);
    expect(t.store.incident('i1')).toMatchObject({ scope: 'address' });
  });

  it('it was removed: the same, and no damage', () => {
    harm((file) => rmSync(file), guardsCopy());
    expect(listed('allow')).toEqual(['192.0.2.0/24 office', 'sip.example.org']);
    expect(t.store.events()[0]).toMatchObject({ code: 'store-missing' });
  });
});

it('what can be read of the file counts more than the backup', () => {
  t.store.applyReports([change(incident('i1', { count: 4711, last: T0 + 5000 }))]);
  // The header alone: every row is there.
  harm((file) => {
    const bytes = Buffer.alloc(100, 0xa5);
    writeFileSync(file, bytes, { flag: 'r+' });
  }, guardsCopy());
  expect(t.store.incident('i1')?.count).toBe(4711);
  expect(listed('deny')).toEqual(['198.51.100.2 since then']);
});

it('a backup finds damage that nobody has read yet: it is repaired, and the backup is sound', async () => {
  t.store.applyReports(Array.from({ length: 3000 }, (_, i) => change(incident(`m${i}`))));
  t.reopen();
  const bytes = readFileSync(database());
  bytes.fill(0xa5, Math.floor(bytes.length / 8192) * 4096, Math.floor(bytes.length / 8192) * 4096 + 40_960);
  writeFileSync(database(), bytes);
  // What the store has in memory is sound. Another one's change makes it read again.
  const other = new DatabaseSync(database());
  other.exec("INSERT INTO views (owner, name, filter, saved_at) VALUES ('x', 'x', '{}', 1)");
  other.close();
  await t.store.backup(night(0));
  expect(t.store.damage(T0)).not.toBeNull();
  harm(unreadable);
  expect(t.store.damage(T0)?.text).toContain('backup of 2026-01-01');
});

/** Moments from the start of the program to the end of the repair; fixed, so that a failure can be repeated. */
const KILLS_MS = [0, 20, 60, 120, 240];

it('kill -9 at any moment of the repair: the next start does it, once', async () => {
  t.store.close();
  unreadable(database());
  for (const ms of KILLS_MS) await openedAndKilled(t.dir, ms);
  t.store = openStore(t.dir, { now: T0 });
  expect(listed('allow')).toEqual(['192.0.2.0/24 office', 'sip.example.org']);
  expect(setAside()).toHaveLength(1);
  expect(readdirSync(t.dir).filter((name) => /\.(new|ready|graft)/.test(name))).toEqual([]);
}, 60_000);

async function openedAndKilled(dir: string, afterMs: number): Promise<void> {
  const program = join(import.meta.dirname, 'testing', 'open-program.ts');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), afterMs));
  await new Promise((resolve) => child.once('close', resolve));
}
