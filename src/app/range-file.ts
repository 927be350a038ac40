/**
 * One long list on disk: 24 bytes of heading, then the words of the IPv4 and the IPv6 ranges as they are in memory, least significant
 * byte first (every machine that Node is built for).
 *
 *     "RFRANGES"  version  IPv4 words  IPv6 words  CRC-32 of all before and after it
 */
import { closeSync, fsync, openSync, readFileSync, writevSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { PackedRanges } from '../core/base/packed-ranges.ts';

/** A console that is a user of its own reads the guard's copies as a member of its group. */
export const COPY_MODE = 0o640;

const MAGIC = Buffer.from('RFRANGES', 'latin1');
const VERSION = 1;
const VERSION_AT = 8;
const WORDS_V4_AT = 12;
const WORDS_V6_AT = 16;
const CRC_AT = 20;
const HEADING_BYTES = 24;
const WORD_BYTES = 4;
/** Words of a range: first and last address. */
const RANGE_WORDS_V4 = 2;
const RANGE_WORDS_V6 = 8;

/**
 * Throws what the file system says. The bytes are the kernel's when it returns, so that a crash of this process loses nothing; the disk
 * follows in the background, since a change must not wait for it.
 */
export function writeRangeFile(path: string, { v4, v6 }: PackedRanges): void {
  const [body4, body6] = [bytesOf(v4), bytesOf(v6)];
  const heading = Buffer.alloc(HEADING_BYTES);
  MAGIC.copy(heading);
  heading.writeUInt32LE(VERSION, VERSION_AT);
  heading.writeUInt32LE(v4.length, WORDS_V4_AT);
  heading.writeUInt32LE(v6.length, WORDS_V6_AT);
  heading.writeUInt32LE(checksum(heading, body4, body6), CRC_AT);
  const file = openSync(path, 'w', COPY_MODE);
  try {
    const parts = [heading, body4, body6];
    const wanted = parts.reduce((sum, part) => sum + part.length, 0);
    // A full disk may take a part; what is left over then fails with ENOSPC.
    for (let written = 0; written < wanted;) written += writevSync(file, rest(parts, written));
  } catch (error) {
    closeSync(file);
    throw error;
  }
  fsync(file, () => closeSync(file));
}

/** Throws an error whose message says what is wrong with the file. */
export function readRangeFile(path: string): PackedRanges {
  const bytes = readFileSync(path);
  if (bytes.length < HEADING_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new Error('it is no list of ranges');
  }
  const version = bytes.readUInt32LE(VERSION_AT);
  if (version !== VERSION) throw new Error(`it has format ${version}, expected ${VERSION}`);
  const [words4, words6] = [bytes.readUInt32LE(WORDS_V4_AT), bytes.readUInt32LE(WORDS_V6_AT)];
  const expected = HEADING_BYTES + (words4 + words6) * WORD_BYTES;
  if (bytes.length !== expected) throw new Error(`it has ${bytes.length} bytes, expected ${expected}`);
  if (words4 % RANGE_WORDS_V4 !== 0 || words6 % RANGE_WORDS_V6 !== 0) throw new Error('it ends within a range');
  const body = bytes.subarray(HEADING_BYTES);
  if (checksum(bytes.subarray(0, HEADING_BYTES), body) !== bytes.readUInt32LE(CRC_AT)) {
    throw new Error('its checksum is wrong');
  }
  const middle = words4 * WORD_BYTES;
  return { v4: wordsOf(body.subarray(0, middle)), v6: wordsOf(body.subarray(middle)) };
}

/** The heading counts without its own checksum. */
function checksum(heading: Uint8Array, ...bodies: Uint8Array[]): number {
  return bodies.reduce((sum, body) => crc32(body, sum), crc32(heading.subarray(0, CRC_AT)));
}

function bytesOf(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  // Read by the sensor thread as well: no copy for it.
  const words = new Uint32Array(new SharedArrayBuffer(bytes.length));
  bytesOf(words).set(bytes);
  return words;
}

/** What is left of `parts` behind the first `done` bytes. */
function rest(parts: readonly Uint8Array[], done: number): Uint8Array[] {
  const left: Uint8Array[] = [];
  let before = 0;
  for (const part of parts) {
    const from = Math.max(0, done - before);
    if (from < part.length) left.push(part.subarray(from));
    before += part.length;
  }
  return left;
}
