import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RangeOrders } from '../channel/protocol.ts';
import { countRanges, sameAddresses } from '../core/base/packed-ranges.ts';
import { ListCopies, noRanges } from './list-copies.ts';
import { generation } from './testing/list-generations.ts';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'rf-copies-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const listFiles = () => readdirSync(directory).filter((name) => name.endsWith('.ranges'));
const fileOf = (list: string) =>
  join(
    directory,
    listFiles().find((name) => name.startsWith(`last-good.${list}.`))!,
  );
const same = (a: RangeOrders, b: RangeOrders) =>
  ([a.allow, a.deny, a.country, ...a.feeds.map(({ ranges }) => ranges)] as const).every((list, i) =>
    sameAddresses(list, [b.allow, b.deny, b.country, ...b.feeds.map(({ ranges }) => ranges)][i]),
  );

function written(): ListCopies {
  const copies = new ListCopies(directory);
  expect(copies.write(generation(1))).toBe(null);
  copies.tidy();
  return copies;
}

describe('what was written is read', () => {
  it('every list, in memory that threads share', () => {
    written();
    const { ranges, lost } = new ListCopies(directory).read();
    expect(lost).toEqual([]);
    expect(same(ranges, generation(1))).toBe(true);
    expect(ranges.feeds[0].name).toBe('voip');
    expect(ranges.deny.v4.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('before the first start there is nothing, and nothing is lost', () => {
    expect(new ListCopies(directory).read()).toEqual({ ranges: noRanges(), lost: [], found: false });
    expect(new ListCopies(join(directory, 'not-made-yet')).read().lost).toEqual([]);
  });
});

describe('a list is written when it changed, and only then', () => {
  it('the other files stay as they are', () => {
    const copies = new ListCopies(directory);
    const before = generation(1);
    copies.write(before);
    const files = listFiles();
    copies.write({ ...before, deny: generation(2).deny });
    copies.tidy();
    expect(listFiles().filter((name) => !files.includes(name))).toHaveLength(1);
    expect(listFiles()).toHaveLength(4);
  });

  it('going back before the tidying writes no list again', () => {
    const copies = new ListCopies(directory);
    const before = generation(1);
    copies.write(before);
    copies.write({ ...before, deny: generation(2).deny });
    const files = listFiles();
    copies.write(before);
    expect(listFiles()).toEqual(files);
    copies.tidy();
    expect(same(new ListCopies(directory).read().ranges, before)).toBe(true);
  });
});

describe('a damaged copy is named, and costs that list alone', () => {
  const flip = (path: string, at: number) => {
    const bytes = readFileSync(path);
    bytes[at < 0 ? bytes.length + at : at] ^= 1;
    writeFileSync(path, bytes);
  };
  const rows: [harm: string, (path: string) => void, why: RegExp][] = [
    ['it is gone', (path) => rmSync(path), /ENOENT/],
    ['it is empty', (path) => truncateSync(path, 0), /no list of ranges/],
    ['it ends early', (path) => truncateSync(path, 1000), /has 1000 bytes, expected \d+/],
    ['it goes on behind its end', (path) => writeFileSync(path, 'more', { flag: 'a' }), /expected/],
    ['it is another file', (path) => copyFileSync('/etc/passwd', path), /no list of ranges/],
    ['another version wrote it', (path) => flip(path, 8), /format/],
    ['a bit of its first address is wrong', (path) => flip(path, 24), /checksum/],
    ['a bit of its last byte is wrong', (path) => flip(path, -1), /checksum/],
    ['its counts are wrong, its length is not', (path) => swapCounts(path), /checksum|within a range/],
  ];
  const swapCounts = (path: string) => {
    const bytes = readFileSync(path);
    bytes.writeUInt32LE(bytes.readUInt32LE(12) - 8, 12);
    bytes.writeUInt32LE(bytes.readUInt32LE(16) + 8, 16);
    writeFileSync(path, bytes);
  };

  it.each(rows)('%s', (_harm, harm, why) => {
    written();
    harm(fileOf('deny'));
    const { ranges, lost } = new ListCopies(directory).read();
    expect(lost).toEqual([{ list: 'deny', why: expect.stringMatching(why) as string }]);
    expect(lost[0].why).toContain('last-good.deny.');
    expect(countRanges(ranges.deny)).toBe(0);
    expect(same({ ...ranges, deny: generation(1).deny }, generation(1))).toBe(true);
  });

  it.each([
    ['no JSON', '{"format":1,'],
    ['another format', '{"format":9,"lists":{}}'],
    ['without lists', '{"format":1}'],
  ])('the names are damaged: %s', (_how, text) => {
    written();
    writeFileSync(join(directory, 'last-good.lists.json'), text);
    const { ranges, lost } = new ListCopies(directory).read();
    expect(lost.map(({ list }) => list)).toEqual(['allow', 'deny', 'country']);
    expect(ranges).toEqual(noRanges());
  });

  it('what is written behind the damage is read again', () => {
    written();
    rmSync(fileOf('deny'));
    const copies = new ListCopies(directory);
    copies.read();
    expect(copies.write(generation(2))).toBe(null);
    copies.tidy();
    expect(same(new ListCopies(directory).read().ranges, generation(2))).toBe(true);
    expect(listFiles()).toHaveLength(4);
  });
});

it('a directory that takes no files: the reason comes back, what was there stays', () => {
  const copies = written();
  rmSync(directory, { recursive: true });
  writeFileSync(directory, 'no directory');
  expect(copies.write(generation(2))).toMatch(/ENOTDIR/);
});

/** The moments of death are spread over the time that one generation takes; fixed, so that a failure can be repeated. */
const KILLS = 12;
const LATEST_KILL_MS = 40;

it(`${KILLS} times kill -9 in the middle of writing: all lists of one generation, none older than what was acknowledged`, async () => {
  let next = 1;
  for (let round = 0; round < KILLS; round++) {
    const acknowledged = await writeUntilKilled(next, (round * 37) % LATEST_KILL_MS);
    const { ranges, lost } = new ListCopies(directory).read();
    expect(lost).toEqual([]);
    const found = ranges.allow.v4[0];
    expect(found).toBeGreaterThanOrEqual(acknowledged);
    expect(same(ranges, generation(found))).toBe(true);
    next = found + 1;
  }
  expect(next).toBeGreaterThan(KILLS);
});

async function writeUntilKilled(from: number, killAfterMs: number): Promise<number> {
  const program = join(import.meta.dirname, 'testing/endless-list-writer.ts');
  const writer = spawn(process.execPath, [program, directory, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  let timer: NodeJS.Timeout | null = null;
  writer.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    timer ??= setTimeout(() => writer.kill('SIGKILL'), killAfterMs);
  });
  const signal = await new Promise((resolve) => writer.on('close', (_code, by) => resolve(by)));
  expect(signal).toBe('SIGKILL');
  return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
}
