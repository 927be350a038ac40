import { cpSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MIGRATIONS } from './migrate.ts';
import { DATABASE_FILE, LOCK_FILE, openStore } from './open.ts';
import { T0, change, evidence, incident, stored } from './sample-reports.ts';
import { codeOf, useStore } from './testing/store-under-test.ts';

const t = useStore();

describe('the file', () => {
  test('only its owner can read it', () => {
    t.store.applyReports([change(incident('i1'))]);
    for (const name of [DATABASE_FILE, `${DATABASE_FILE}-wal`, `${DATABASE_FILE}-shm`, LOCK_FILE]) {
      expect([name, statSync(join(t.dir, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  test('one process to a data directory', () => {
    expect(codeOf(() => openStore(t.dir, { now: T0 }))).toBe('store-locked');
    t.store.close();
    t.store = openStore(t.dir, { now: T0 });
    expect(codeOf(() => openStore(t.dir, { now: T0 }))).toBe('store-locked');
  });

  test('garbage in the lock file locks nobody out', () => {
    t.store.close();
    writeFileSync(join(t.dir, LOCK_FILE), 'garbage'.repeat(1000));
    t.store = openStore(t.dir, { now: T0 });
    expect(t.store.incidents().incidents).toEqual([]);
  });

  test('a directory that is a file', () => {
    writeFileSync(join(t.dir, 'file'), '');
    expect(codeOf(() => openStore(join(t.dir, 'file'), { now: T0 }))).toBe('store-not-permitted');
  });

  test('after close everything is refused', () => {
    t.store.close();
    expect(codeOf(() => t.store.incidents())).toBe('store-closed');
  });

  test('migrations go forward and keep what is there; an older program refuses a newer file', () => {
    t.store.applyReports([change(incident('i1'), evidence(T0))]);
    t.store.close();
    const folder = join(t.dir, 'migrations');
    mkdirSync(folder);
    cpSync(MIGRATIONS, folder, { recursive: true });
    writeFileSync(join(folder, '900-next.sql'), "ALTER TABLE incidents ADD COLUMN weather TEXT NOT NULL DEFAULT '??';");
    t.store = openStore(t.dir, { now: T0, migrations: folder });
    expect(t.store.incident('i1')).toEqual(stored(incident('i1')));
    t.store.close();
    expect(codeOf(() => openStore(t.dir, { now: T0 }))).toBe('store-newer');
    // A migration that fails leaves the file at the version before.
    writeFileSync(join(folder, '901-bad.sql'), 'CREATE TABLE half (n INTEGER); SELECT nonsense FROM nowhere;');
    expect(() => openStore(t.dir, { now: T0, migrations: folder })).toThrow(/nowhere/);
    rmSync(join(folder, '901-bad.sql'));
    t.store = openStore(t.dir, { now: T0, migrations: folder });
    expect(t.store.evidence('i1')).toHaveLength(1);
  });
});
