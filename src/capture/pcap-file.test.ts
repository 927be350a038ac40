import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { concat, int, pcap, Pcapng } from '../../spec/captures/files.ts';
import { captures } from '../../spec/captures/make.ts';
import { CaptureError } from './capture-error.ts';
import { FRAME_BYTES_MAX, WARNINGS_MAX } from './captured-frame.ts';
import { CHUNK_BYTES } from './chunked-file.ts';
import { openCapture } from './pcap-file.ts';

const folder = mkdtempSync(`${tmpdir()}/ringfence-pcap-`);
afterAll(() => rmSync(folder, { recursive: true }));

let written = 0;
function file(bytes: Uint8Array): string {
  const path = `${folder}/${written++}`;
  writeFileSync(path, bytes);
  return path;
}

function read(path: string): { lengths: number[]; warnings: string[] } {
  const reader = openCapture(path);
  const frame = reader.createFrame();
  const lengths: number[] = [];
  while (reader.next(frame)) lengths.push(frame.end - frame.start);
  expect(reader.next(frame)).toBe(false);
  reader.close();
  reader.close();
  return { lengths, warnings: reader.warnings };
}

const ip = (length: number) => concat([0x45], new Uint8Array(length - 1));
const frames = (...lengths: number[]) => lengths.map((n) => ({ bytes: ip(n), seconds: 1, micros: 2 }));
const record = (captured: number) =>
  concat(int(1, 4, true), int(0, 4, true), int(captured, 4, true), int(captured, 4, true));

describe('what is no capture says so', () => {
  // prettier-ignore
  const rows: [string, Uint8Array, string, string[]][] = [
    ['an empty file', new Uint8Array(0), 'capture-not-a-capture', ['the file is empty', 'expected pcap']],
    ['text', new TextEncoder().encode('hello, world\n'.repeat(9)), 'capture-not-a-capture', ['68 65 6c 6c 6f', 'tcpdump -w']],
    ['half a header', pcap(101, []).slice(0, 20), 'capture-not-a-capture', ['has only 20 bytes', 'd4 c3 b2 a1']],
    ['a block of no known order', concat([10, 13, 13, 10], new Uint8Array(40)), 'capture-not-a-capture', ['0a 0d 0d 0a']],
    ['damaged gzip', gzipSync(pcap(101, frames(99))).fill(0xee, 12, 40), 'capture-compressed', ['gunzip']],
    ['gzip of text', gzipSync(new TextEncoder().encode('hello, world'.repeat(9))), 'capture-not-a-capture', ['68 65 6c 6c 6f']],
  ];
  it.each(rows)('%s', (_, bytes, code, words) => {
    const error = thrown(() => openCapture(file(bytes)));
    expect(error.code).toBe(code);
    for (const word of words) expect(error.message).toContain(word);
  });

  it('no file, a folder', () => {
    expect(thrown(() => openCapture(`${folder}/none`)).code).toBe('capture-not-found');
    expect(thrown(() => openCapture(folder)).code).toBe('capture-unreadable');
  });

  function thrown(action: () => unknown): CaptureError {
    try {
      action();
    } catch (error) {
      expect(error).toBeInstanceOf(CaptureError);
      return error as CaptureError;
    }
    throw new Error('expected an error');
  }
});

describe('what is damaged is read as far as it goes', () => {
  const good = pcap(101, frames(100, 200));
  const section = new Pcapng(true).section().interface(101, {}).enhanced(0, 1, 2, 1e6, ip(100));
  const block = (kind: number, length: number, body: Uint8Array) =>
    concat(section.bytes, int(kind, 4, true), int(length, 4, true), body);
  // prettier-ignore
  const rows: [string, Uint8Array, number[], RegExp | null][] = [
    ['a header and nothing else', pcap(101, []), [], null],
    ['a frame without bytes', pcap(101, frames(100, 1).concat({ bytes: new Uint8Array(0), seconds: 1, micros: 0 })), [100, 1, 0], null],
    ['half a record header', concat(good, new Uint8Array(9)), [100, 200], /last frame, at byte \d+ of the file, is cut off/],
    ['half a frame', concat(good, record(50), ip(49)), [100, 200], /cut off/],
    ['a frame larger than any, whole', concat(good, record(FRAME_BYTES_MAX + 1), ip(FRAME_BYTES_MAX + 1), pcap(101, frames(7)).slice(24)), [100, 200, 0, 7], /larger than any: skipped/],
    ['a frame of 4 GB, announced', concat(good, record(0xffffffff)), [100, 200], /4294967295 bytes/],
    ['a link type that we do not know', pcap(147, frames(100, 200)), [0, 0], /link type 147 is not supported/],
    ['pcapng: block of no length', block(6, 0, new Uint8Array(40)), [100], /says it is 0 bytes long/],
    ['pcapng: length not a multiple of 4', block(6, 33, new Uint8Array(40)), [100], /33 bytes/],
    ['pcapng: frame longer than its block', block(6, 32, concat(new Uint8Array(12), int(99, 4, true), new Uint8Array(12))), [100, 0], /makes no sense/],
    ['pcapng: interface that was not described', block(6, 32, concat(int(9, 4, true), new Uint8Array(24))), [100, 0], /makes no sense/],
    ['pcapng: packet block too short', block(6, 16, new Uint8Array(8)), [100, 0], /makes no sense/],
    ['pcapng: half a block', block(6, 400, new Uint8Array(40)), [100], /cut off/],
    ['pcapng: a block of 600 kB', block(99, 600_000, new Uint8Array(599_992)), [100], /larger than any: skipped/],
  ];
  it.each(rows)('%s', (_, bytes, lengths, warning) => {
    const seen = read(file(bytes));
    expect(seen.lengths).toEqual(lengths);
    if (warning === null) expect(seen.warnings).toEqual([]);
    else expect(seen.warnings.join('\n')).toMatch(warning);
  });

  it('repeats itself only so often', () => {
    const bad = Array.from({ length: 100 }, () =>
      concat(record(FRAME_BYTES_MAX + 1), new Uint8Array(FRAME_BYTES_MAX + 1)),
    );
    expect(read(file(concat(good, ...bad.slice(0, 30)))).warnings.length).toBe(WARNINGS_MAX);
  });
});

describe('files of any size', () => {
  it('frames across the borders of chunks', () => {
    // 1,500-byte frames never divide a chunk evenly; the largest frames are a quarter of one.
    const lengths = Array.from({ length: 3000 }, (_, i) =>
      i % 500 === 499 ? FRAME_BYTES_MAX : 40 + ((i * 37) % 1460),
    );
    const path = file(pcap(101, frames(...lengths)));
    expect(read(path).lengths).toEqual(lengths);
  });

  it('memory does not grow with the file', () => {
    const path = `${folder}/large`;
    const fd = openSync(path, 'w');
    writeSync(fd, pcap(101, []));
    const piece = pcap(101, frames(...Array<number>(2000).fill(1000))).slice(24);
    for (let i = 0; i < 40; i++) writeSync(fd, piece);
    closeSync(fd);
    const reader = openCapture(path);
    const frame = reader.createFrame();
    reader.next(frame);
    const buffers = process.memoryUsage().arrayBuffers;
    const first = frame.bytes;
    let count = 1;
    while (reader.next(frame)) {
      expect(frame.bytes === first).toBe(true);
      count++;
    }
    reader.close();
    expect(count).toBe(80_000);
    expect(process.memoryUsage().arrayBuffers - buffers).toBeLessThan(2 * CHUNK_BYTES);
  });

  it('reads a pipe', () => {
    const path = `${folder}/pipe`;
    execFileSync('mkfifo', [path]);
    const source = file(pcap(101, frames(100, 200)));
    execFileSync('sh', ['-c', `cat ${source} > ${path} &`], { stdio: 'ignore' });
    const seen = read(path);
    expect(seen).toEqual({ lengths: [100, 200], warnings: [] });
  });
});

it('any damage to any of the captures: no error but a CaptureError, no frame outside its buffer', () => {
  const all = Object.values(captures());
  const damaged = fc.record({
    which: fc.nat(all.length - 1),
    changes: fc.array(fc.tuple(fc.nat(1500), fc.nat(255)), { maxLength: 5 }),
    length: fc.nat(3000),
  });
  const path = `${folder}/damaged`;
  fc.assert(
    fc.property(damaged, ({ which, changes, length }) => {
      const bytes = all[which].slice(0, length);
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      writeFileSync(path, bytes);
      try {
        const reader = openCapture(path);
        const frame = reader.createFrame();
        let count = 0;
        while (reader.next(frame)) {
          expect(frame.start).toBeLessThanOrEqual(frame.end);
          expect(frame.end).toBeLessThanOrEqual(frame.bytes.length);
          expect(frame.wireLength).toBeGreaterThanOrEqual(0);
          expect(++count).toBeLessThanOrEqual(bytes.length);
        }
        reader.close();
      } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
      }
    }),
    { numRuns: 1500 },
  );
});

it('the readers keep no file open', () => {
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  for (let i = 0; i < 20; i++) {
    read(file(pcap(101, frames(100))));
    expect(() => openCapture(file(new Uint8Array(99)))).toThrow(CaptureError);
    expect(() => openCapture(folder)).toThrow(CaptureError);
  }
  expect(open()).toBeLessThanOrEqual(before);
});
