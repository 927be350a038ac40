/** Backups: made from a store that is in use, restored at the next opening. */
import { copyFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { layReady } from './backup.ts';
import { DATABASE_FILE } from './open.ts';
import { T0 } from './sample-reports.ts';
import { by, codeOf, useStore } from './testing/store-under-test.ts';

const test = useStore();
const file = (name: string) => join(test.dir, name);
const database = () => file(DATABASE_FILE);
const denied = () => test.store.list('deny').map(({ range }) => range);
const deny = (range: string) => test.store.listAdd('deny', [{ range }], by(T0));

function change(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

describe('a backup', () => {
  it('is one file with all that was there when it began, for its owner only', async () => {
    for (let i = 0; i < 200; i++) deny(`192.0.2.${i}`);
    const made = test.store.backup(file('copy.db'));
    deny('203.0.113.7');
    await made;
    expect(readdirSync(test.dir).filter((name) => name.startsWith('copy'))).toEqual(['copy.db']);
    expect(statSync(file('copy.db')).mode & 0o777).toBe(0o600);
    const copy = new DatabaseSync(file('copy.db'), { readOnly: true });
    const { rows } = copy.prepare('SELECT count(*) AS rows FROM lists').get() as { rows: number };
    expect(rows).toBeGreaterThanOrEqual(200);
    copy.close();
  });

  it('that cannot be written leaves nothing behind', async () => {
    await expect(test.store.backup(file('no/such/folder/copy.db'))).rejects.toMatchObject({
      code: 'store-not-permitted',
    });
    expect(readdirSync(test.dir).filter((name) => name.includes('copy'))).toEqual([]);
  });
});

describe('restoring', () => {
  it('brings back what was there; what was there since is set aside, and both are told', async () => {
    deny('192.0.2.1');
    await test.store.backup(file('copy.db'));
    deny('192.0.2.2');
    layReady(file('copy.db'), database());
    expect(denied(), 'nothing happens before the store is opened again').toEqual(['192.0.2.1', '192.0.2.2']);
    test.reopen();
    expect(denied()).toEqual(['192.0.2.1']);
    const [event] = test.store.events(1);
    expect(event).toMatchObject({ level: 'warning', code: 'store-restored' });
    const aside = new DatabaseSync(/set aside as (.*)$/.exec(event.text)![1], { readOnly: true });
    expect(aside.prepare('SELECT count(*) AS rows FROM lists').get()).toEqual({ rows: 2 });
    aside.close();
    test.reopen();
    expect(denied(), 'once').toEqual(['192.0.2.1']);
  });

  it('lets nobody in who was signed in then', async () => {
    await test.store.backup(file('copy.db'));
    const copy = new DatabaseSync(file('copy.db'));
    const columns = copy.prepare('PRAGMA table_info(sessions)').all() as { type: string }[];
    copy.exec(
      `INSERT INTO sessions VALUES (${columns.map(({ type }) => (type === 'INTEGER' ? 1 : type === 'BLOB' ? "x'00'" : "'a'")).join(', ')})`,
    );
    copy.close();
    layReady(file('copy.db'), database());
    test.reopen();
    const db = new DatabaseSync(database(), { readOnly: true });
    expect(db.prepare('SELECT count(*) AS rows FROM sessions').get()).toEqual({ rows: 0 });
    db.close();
  });

  it('takes a backup of the first schema', () => {
    layReady(join(import.meta.dirname, 'testing', 'schema-001.db'), database());
    test.reopen();
    expect(test.store.policyHistory().length).toBeGreaterThan(0);
  });

  // What is given as a backup, and what is said of it.
  it.each<[string, (path: string) => void, string]>([
    ['no file', () => {}, 'store-backup-invalid'],
    ['text', (path) => writeFileSync(path, 'allow,192.0.2.1\n'), 'store-backup-invalid'],
    ['an empty file', (path) => writeFileSync(path, ''), 'store-backup-invalid'],
    ['a database of another program', (path) => change(path, 'CREATE TABLE lists (x)'), 'store-backup-invalid'],
    [
      'one that lost its end',
      (path) => {
        copyFileSync(file('copy.db'), path);
        truncateSync(path, statSync(path).size / 2);
      },
      'store-backup-invalid',
    ],
    [
      'one of a later version',
      (path) => {
        copyFileSync(file('copy.db'), path);
        change(path, 'PRAGMA user_version = 999');
      },
      'store-newer',
    ],
  ])('refuses %s, and nothing changes', async (_what, make, code) => {
    await test.store.backup(file('copy.db'));
    deny('192.0.2.2');
    make(file('given.db'));
    expect(codeOf(() => layReady(file('given.db'), database()))).toBe(code);
    expect(readdirSync(test.dir).filter((name) => name.includes('restore'))).toEqual([]);
    test.reopen();
    expect(denied()).toEqual(['192.0.2.2']);
  });
});
