import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OperationsContext } from '../../serve/context.ts';
import { Turns } from '../../serve/turns.ts';
import { BACKUPS_FOLDER, nightlyName } from '../../store/sqlite/nightly.ts';
import { by, useStore } from '../../store/sqlite/testing/store-under-test.ts';
import { NightlyBackup } from './nightly-backup.ts';
import type { ToldEvent } from './note-events.ts';

const t = useStore();
const folder = () => join(t.dir, BACKUPS_FOLDER);
const made = () => readdirSync(folder()).sort();
/** Local time. */
const at = (day: number, hour: number) => new Date(2026, 0, day, hour, 30).getTime();

let clock: number;
let told: ToldEvent[];
let nightly: NightlyBackup;
beforeEach(() => {
  clock = at(1, 2);
  told = [];
  mkdirSync(folder());
  const context = { store: t.store, dataDirectory: t.dir, now: () => clock, turns: new Turns() };
  nightly = new NightlyBackup(context as unknown as OperationsContext, (event) => told.push(event));
});
afterEach(() => nightly.stop());

async function lookAt(time: number): Promise<void> {
  clock = time;
  await nightly.look();
}

it('one each night after three, and the newest of them are kept', async () => {
  await lookAt(at(1, 2));
  expect(made()).toEqual([]);
  await lookAt(at(1, 3));
  await lookAt(at(1, 23));
  expect(made()).toEqual([nightlyName(at(1, 3))]);
  for (const day of [2, 3, 4, 5]) await lookAt(at(day, 3));
  expect(made()).toEqual([3, 4, 5].map((day) => nightlyName(at(day, 3))));
  t.store.policySet('backups: { keep: 1 }', by(clock));
  await lookAt(at(6, 9));
  expect(made(), 'a machine that was off at three').toEqual([nightlyName(at(6, 9))]);
  t.store.policySet('backups: { keep: 0 }', by(clock));
  await lookAt(at(7, 3));
  expect(made()).toEqual([nightlyName(at(6, 9))]);
});

it('what people asked for stays; what a crash left half made goes', async () => {
  const kept = 'ringfence-2025-01-01T00-00-00-000Z.ringfence-backup';
  writeFileSync(join(folder(), kept), 'by hand');
  writeFileSync(join(folder(), `${nightlyName(at(1, 3))}.unfinished`), 'half');
  await lookAt(at(2, 3));
  expect(made()).toEqual([nightlyName(at(2, 3)), kept]);
});

it('one that fails is told once a day and tried again', async () => {
  rmSync(folder(), { recursive: true });
  writeFileSync(folder(), 'a file where the folder should be');
  await lookAt(at(1, 3));
  await lookAt(at(1, 4));
  expect(told).toMatchObject([{ level: 'warning', text: expect.stringMatching(/^No backup was made/) as string }]);
  rmSync(folder());
  await lookAt(at(1, 5));
  expect(made()).toEqual([nightlyName(at(1, 5))]);
});
