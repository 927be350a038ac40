/** What the sensor remembers is on disk whole or not at all, and what cannot be read is said, set aside, and stops nobody. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SourceTable } from '../core/base/source-table.ts';
import { PatientMemory } from '../core/detect/patient/memory.ts';
import { Patience, type Remembered } from './patience.ts';
import type { ToSensor } from './sensor-protocol.ts';

const SEED = 77;
const FILE = 'patience.memory';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'rf-patience-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function words(failures: number): Uint32Array<ArrayBuffer> {
  const memory = new PatientMemory(SEED);
  const sources = new SourceTable(SEED);
  sources.attach(memory);
  const row = sources.see(0, 0, 0xffff, 1, 1_770_000_000_000);
  for (let i = 0; i < failures; i++)
    memory.suspects.fail({ row, user: i, call: i, phone: 1, second: 1_770_000_000, what: 1, proven: true });
  return memory.snapshot(sources);
}

/** A guard's, with a sensor that remembers so much. */
function patience(remembered: Remembered | null, mayWrite = true) {
  const said: string[] = [];
  const asked: number[] = [];
  const orders: ToSensor[] = [];
  const kept = new Patience({
    directory,
    sensor: () => ({
      send: (order) => void orders.push(order),
      remember: (since) => {
        asked.push(since);
        return Promise.resolve(since === remembered?.changes ? null : remembered);
      },
    }),
    mayWrite: () => mayWrite,
    warn: (code, text) => void said.push(`${code}: ${text}`),
  });
  return { kept, said, asked, orders };
}

async function keepOnce(remembered: Remembered, mayWrite = true): Promise<string[]> {
  const { kept, said } = patience(remembered, mayWrite);
  kept.begin();
  await kept.end();
  return said;
}

test('what a stop wrote is what the next start reads, and nobody else may read it', async () => {
  await keepOnce({ changes: 9, words: words(9) });
  const { kept, said } = patience(null);
  expect(kept.start().memory).toEqual(words(9));
  expect(said).toEqual([]);
  expect(statSync(join(directory, FILE)).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual([FILE]);
});

test('at the first start there is nothing, and nothing to say', () => {
  const { kept, said } = patience(null);
  expect([kept.start().memory, said]).toEqual([null, []]);
});

test('in a directory that is not ours nothing is written', async () => {
  await keepOnce({ changes: 1, words: words(1) }, false);
  expect(readdirSync(directory)).toEqual([]);
});

test('nothing new: nothing is written', async () => {
  await keepOnce({ changes: 0, words: words(1) });
  expect(readdirSync(directory)).toEqual([]);
});

test.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 4)],
  ['empty', () => Buffer.alloc(0)],
  ['something else', () => Buffer.from('these are not the bytes that you are looking for')],
  ['with one bit turned', (bytes: Buffer) => ((bytes[40] ^= 1), bytes)],
  ['of another format', (bytes: Buffer) => (bytes.writeUInt32LE(2, 8), bytes)],
])('a file that is %s is set aside and told of', async (_what, damage) => {
  await keepOnce({ changes: 9, words: words(9) });
  const bytes = damage(readFileSync(join(directory, FILE)));
  writeFileSync(join(directory, FILE), bytes);
  const { kept, said } = patience(null);
  expect(kept.start().memory).toBe(null);
  expect(said).toEqual([expect.stringMatching(/^patience-damaged: .*patience\.memory\.damaged/)]);
  expect(readdirSync(directory)).toEqual([`${FILE}.damaged`]);
  expect(readFileSync(join(directory, `${FILE}.damaged`))).toEqual(bytes);
});

test('of another edition of what is remembered: the same', async () => {
  const other = words(3);
  other[0]++;
  await keepOnce({ changes: 3, words: other });
  const { kept, said } = patience(null);
  expect(kept.start().memory).toBe(null);
  expect(said[0]).toContain('another version of Ringfence made it');
});

test('a write that fails leaves the old file, and is told of', async () => {
  await keepOnce({ changes: 9, words: words(9) });
  mkdirSync(join(directory, `${FILE}.new`));
  const said = await keepOnce({ changes: 10, words: words(10) });
  expect(said).toEqual([expect.stringMatching(/^patience-not-saved: /)]);
  rmSync(join(directory, `${FILE}.new`), { recursive: true });
  expect(patience(null).kept.start().memory).toEqual(words(9));
});

test('a sensor that starts gets the table of autonomous systems, when it is there', () => {
  const { kept, orders } = patience(null);
  expect(kept.start().asns).toBe(null);
  kept.begin();
  const told = orders.find(({ command }) => command === 'asns');
  // Compiled by the first start of a console on this machine.
  expect(told === undefined || existsSync((told as { path: string }).path)).toBe(true);
  expect(kept.start().asns).toBe(told === undefined ? null : (told as { path: string }).path);
  return kept.end();
});
