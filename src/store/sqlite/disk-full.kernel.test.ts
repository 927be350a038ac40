import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GuardReport } from '../../channel/protocol.ts';
import { StoreError } from '../error.ts';
import { DATABASE_FILE, openStore } from './open.ts';
import { T0, change, evidence, incident } from './sample-reports.ts';

const DISK_BYTES = 8 * 1_048_576;

let disk: string;

/** A real file system that is really full. */
beforeEach(() => {
  if (process.getuid?.() !== 0) throw new Error('this test mounts a small tmpfs and needs root: run it with sudo');
  disk = mkdtempSync(join(tmpdir(), 'rf-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES},mode=0700`, 'ringfence-test', disk]);
});
afterEach(() => {
  execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});

const FILLER = 'filler';

/** Takes what is left of the disk but for `left` bytes. */
function fill(left = 0): void {
  const file = openSync(join(disk, FILLER), 'a');
  const block = Buffer.alloc(4096);
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
  } finally {
    closeSync(file);
  }
  if (left > 0) execFileSync('truncate', ['-s', `-${left}`, join(disk, FILLER)]);
}

const batch = (b: number): GuardReport[] =>
  Array.from({ length: 50 }, (_, i) => change(incident(`b${b}-${i}`), evidence(T0 + i, `${b} ${'x'.repeat(2000)}`)));

function failure(work: () => unknown): StoreError {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error('the disk was not full');
}

test('a full disk: the batch is refused whole, what was stored stays, and the same batch goes in when there is space', () => {
  const store = openStore(disk, { now: T0 });
  store.listAdd('allow', [{ range: '192.0.2.0/24' }], { now: T0, by: 'admin' });
  fill(600_000);
  let stored = 0;
  let error: StoreError | null = null;
  for (; error === null && stored < 1000;) {
    try {
      store.applyReports(batch(stored));
      stored++;
    } catch (thrown) {
      error = thrown as StoreError;
    }
  }
  expect(error).toMatchObject({ code: 'store-disk-full', hint: expect.stringContaining('free some space') });
  expect(stored).toBeGreaterThan(0);

  const count = () => store.incidents({ limit: 1000 }).incidents.length;
  expect(count()).toBe(stored * 50);
  // People's changes fail in the same way and change nothing; reading goes on.
  fill();
  expect(failure(() => store.applyReports(batch(stored))).code).toBe('store-disk-full');
  expect(store.list('allow').map(({ range }) => range)).toEqual(['192.0.2.0/24']);

  rmSync(join(disk, FILLER));
  store.applyReports(batch(stored));
  expect(count()).toBe((stored + 1) * 50);
  expect(store.evidence(`b${stored}-7`)).toHaveLength(1);
  store.close();

  const again = openStore(disk, { now: T0 });
  expect(again.events()).toEqual([]);
  expect(again.incidents({ limit: 1000 }).incidents).toHaveLength((stored + 1) * 50);
  again.close();
});

test('a disk that gets full in the middle of an import: the list is as it was, and nothing of the import is left behind', () => {
  const store = openStore(disk, { now: T0 });
  store.listAdd('deny', [{ range: '192.0.2.0/24' }], { now: T0, by: 'admin' });
  const packed = store.packed('deny');
  fill(600_000);
  const filling = store.listImport('deny', { now: T0, by: 'admin' });
  const slice = (n: number) =>
    Array.from({ length: 1000 }, (_, i) => ({
      range: `198.18.${n}.${i & 255}/32`,
      comment: `${i} ${'x'.repeat(100)}`,
    }));
  let staged = 0;
  const full = failure(() => {
    for (; staged < 200; staged++) filling.stage(slice(staged));
  });
  expect(full.code).toBe('store-disk-full');
  expect(staged).toBeGreaterThan(0);
  expect([store.listCount('deny'), store.packed('deny')]).toEqual([1, packed]);
  // The object that was kept: a million entries are not read again because a slice had no room.
  expect(store.packed('deny')).toBe(packed);

  rmSync(join(disk, FILLER));
  filling.undo('the disk is full');
  while (store.listTidy());
  store.close();
  const again = openStore(disk, { now: T0 });
  expect(again.list('deny').map(({ range }) => range)).toEqual(['192.0.2.0/24']);
  const next = again.listImport('deny', { now: T0, by: 'admin' });
  next.stage([{ range: '198.18.0.1' }]);
  next.commit('after it');
  expect(again.listCount('deny')).toBe(2);
  again.close();
});

test('a disk that is full at the start says so, and starts when there is space', () => {
  fill();
  expect(failure(() => openStore(disk, { now: T0 })).code).toBe('store-disk-full');
  rmSync(join(disk, FILLER));
  openStore(disk, { now: T0 }).close();
});

test('no space to repair a damaged database: it stays where it is until there is', () => {
  const store = openStore(disk, { now: T0 });
  store.listAdd('allow', [{ range: '192.0.2.0/24' }], { now: T0, by: 'admin' });
  for (let b = 0; b < 8; b++) store.applyReports(batch(b));
  store.close();
  const path = join(disk, DATABASE_FILE);
  const db = new DatabaseSync(path);
  const { rootpage } = db.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'evidence'`).get() as {
    rootpage: number;
  };
  db.close();
  const bytes = readFileSync(path);
  bytes.fill(0xa5, 4096 * (rootpage - 1), 4096 * rootpage);
  writeFileSync(path, bytes);
  fill(65_536);
  expect(failure(() => openStore(disk, { now: T0 })).code).toBe('store-disk-full');
  expect(statSync(path).size).toBe(bytes.length);
  expect(readdirSync(disk).filter((name) => /damaged|new|ready|graft/.test(name))).toEqual([]);

  rmSync(join(disk, FILLER));
  const repaired = openStore(disk, { now: T0 });
  expect(repaired.list('allow').map(({ range }) => range)).toEqual(['192.0.2.0/24']);
  expect(repaired.events()[0].code).toBe('store-damaged');
  repaired.close();
});
