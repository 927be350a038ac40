/** What is remembered over days stays within its bounds, and what comes back is not pushed out by what comes once. */
import { expect, test } from 'vitest';
import { SourceTable } from '../../base/source-table.ts';
import { FRESH } from './ledger.ts';
import { DAY_S, PatientMemory } from './memory.ts';
import { FIRST } from './suspects.ts';

/** Several times what fits; `npm run bench memory` does it with a million. */
const SOURCES = 150_000;
/** Stated in memory.ts. */
const LIMIT_MIB = 32;
const START_S = 1_770_000_000;

function fail(memory: PatientMemory, row: number, i: number, second: number): void {
  const { suspects, networks, users, programs } = memory;
  suspects.fail({ row, user: i, call: i ^ 0x5555, phone: i & 0xffff, second, what: FIRST, proven: true });
  networks.note(0, 0, 24, (i << 8) >>> 0, i & 0xff, i & 0xffff, FRESH, second);
  users.note(i, i * 7, 1, 0, i & 0xffff, i & 0xffff, FRESH, second);
  programs.note(i & 0xfff, i & 0xfff, 0, 0, i & 0xffff, i & 0xffff, FRESH, second);
}

test('more sources that fail than fit: bounded, and the patient one is still known', () => {
  const sources = new SourceTable(1);
  const memory = new PatientMemory(1);
  sources.attach(memory);
  const patient = sources.see(0, 0, 0xffff, 1, START_S);
  sources.keep(patient);
  for (let i = 0; i < SOURCES; i++) {
    const second = START_S + Math.floor(i / 2);
    const row = sources.see(0, 0, 0xffff, 0x0b000000 + i, second);
    fail(memory, row, i, second);
    // Each half hour the patient one tries the next user.
    if (i % 3_600 === 0) {
      memory.suspects.fail({
        row: patient,
        user: 0x80000000 + i,
        call: i,
        phone: i & 0xffff,
        second,
        what: FIRST,
        proven: true,
      });
    }
  }
  expect(sources.size).toBe(SOURCES + 1);
  expect(memory.bytes / 1_048_576).toBeLessThan(LIMIT_MIB);
  expect(memory.suspects.guesses(patient, START_S + SOURCES / 2, DAY_S).count).toBeGreaterThanOrEqual(39);
});

test('a source that fails without end costs no more than its share', () => {
  const memory = new PatientMemory(1);
  memory.grow(4);
  for (let i = 0; i < 100_000; i++) {
    memory.suspects.fail({ row: 1, user: i, call: i, phone: 5060, second: START_S + i, what: FIRST, proven: true });
  }
  expect(memory.bytes / 1_048_576).toBeLessThan(8);
  memory.forget(1);
  expect(memory.suspects.guesses(1, START_S + 100_000, DAY_S)).toMatchObject({ count: 0 });
});
