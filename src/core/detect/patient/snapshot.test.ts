/** What is remembered over days goes from one engine to the next, whole or not at all. */
import { expect, test } from 'vitest';
import { SourceTable } from '../../base/source-table.ts';
import { FRESH, HOSTILE } from './ledger.ts';
import { DAY_S, PatientMemory, seedOf, WEEK_S } from './memory.ts';
import { FIRST } from './suspects.ts';

const SEED = 5;
const START_S = 1_770_000_000;
const NOW_MS = (START_S + DAY_S) * 1000;

function world(seed = SEED) {
  const sources = new SourceTable(seed);
  const memory = new PatientMemory(seed);
  sources.attach(memory);
  return { sources, memory };
}

/** `count` sources with three users each that were given up, each in a network of its own. */
function failures(count: number) {
  const { sources, memory } = world();
  for (let i = 0; i < count; i++) {
    const row = sources.see(0, 0, 0xffff, 0x0b000000 + i * 256, START_S * 1000);
    for (let k = 0; k < 3; k++) {
      const failure = { row, user: i * 3 + k, call: i, phone: k, second: START_S + k * 60, what: FIRST, proven: true };
      memory.suspects.fail(failure);
      memory.networks.note(0, 0, 24, i * 256, k, i & 0xffff, k === 2 ? HOSTILE : FRESH, START_S + k * 60);
    }
    memory.systems.note(1 + (i % 1000), 0, 0, 0, i, i & 0xffff, HOSTILE, START_S);
  }
  return { sources, memory };
}

test('every count is the same afterwards', () => {
  const before = failures(2_000);
  const words = before.memory.snapshot(before.sources);
  const after = world();
  expect(after.memory.restore(words, after.sources, NOW_MS)).toBe(true);
  for (let i = 0; i < 2_000; i++) {
    const row = (w: typeof after) => w.sources.find(0, 0, 0xffff, 0x0b000000 + i * 256);
    const guesses = (w: typeof after) => w.memory.suspects.guesses(row(w), START_S + DAY_S, WEEK_S);
    expect(guesses(after)).toEqual(guesses(before));
    const key = (w: typeof after) => w.memory.networks.keys.find(0, 0, 24, i * 256);
    const tally = (w: typeof after) => w.memory.networks.tally(key(w), START_S + 120, DAY_S, 3600);
    expect(tally(after)).toEqual(tally(before));
  }
  expect(after.memory.snapshot(after.sources)).toEqual(words);
});

test('goes on counting: the same phone is still the same phone', () => {
  const { sources, memory } = world();
  const phone = { user: 7, call: 8, phone: 5060, what: FIRST, proven: true };
  const row = sources.see(0, 0, 0xffff, 9, START_S * 1000);
  for (let minute = 0; minute < 30; minute++) memory.suspects.fail({ ...phone, row, second: START_S + minute * 60 });
  const after = world();
  after.memory.restore(memory.snapshot(sources), after.sources, NOW_MS);
  const again = { ...phone, row: after.sources.find(0, 0, 0xffff, 9), call: 99, second: START_S + 1_900 };
  after.memory.suspects.fail(again);
  expect(after.memory.suspects.guesses(again.row, START_S + DAY_S, WEEK_S).tries).toBe(0);
});

test('of another seed or another edition nothing is taken', () => {
  const before = failures(10);
  const words = before.memory.snapshot(before.sources);
  expect(seedOf(words)).toBe(SEED);
  const other = world(SEED + 1);
  expect(other.memory.restore(words, other.sources, NOW_MS)).toBe(false);
  words[0]++;
  expect(seedOf(words)).toBe(null);
  const { sources, memory } = world();
  expect(memory.restore(words, sources, NOW_MS)).toBe(false);
  expect(sources.size + other.sources.size).toBe(0);
});

test('cut off anywhere it is refused, and nothing throws', () => {
  const before = failures(3);
  const words = before.memory.snapshot(before.sources);
  for (let length = 0; length < words.length; length++) {
    const { sources, memory } = world();
    expect(memory.restore(words.subarray(0, length), sources, NOW_MS)).toBe(false);
  }
});

test('with a clock that was set back nothing lies in the future', () => {
  const before = failures(1);
  const after = world();
  after.memory.restore(before.memory.snapshot(before.sources), after.sources, (START_S - 10 * DAY_S) * 1000);
  const row = after.sources.find(0, 0, 0xffff, 0x0b000000);
  expect(after.memory.suspects.guesses(row, START_S - 3 * DAY_S, WEEK_S).tries).toBe(0);
  expect(after.sources.lastSeen(row)).toBeLessThanOrEqual((START_S - 10 * DAY_S) * 1000);
});

/** All tables are full: 40,000 sources, each in a network and as one of a thousand systems. */
test('full tables: bounded', () => {
  const { sources, memory } = failures(40_000);
  const words = memory.snapshot(sources);
  expect(words.byteLength).toBeLessThan(memory.bytes);
});
