/**
 * The tables as a file: there in a few milliseconds where compiling takes a second, and without memory where nobody looks. A line of JSON with
 * the arrays' lengths, then the arrays as they lie in memory (little-endian, as on every machine that Ringfence runs on), then their CRC-32.
 */
import { closeSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Segments } from '../core/base/segments.ts';
import { mapFile } from '../ffi/mapped-file.ts';
import type { NetworkNames } from './network-table.ts';

/** Counts up when the arrays, or what the numbers in them mean, change. */
const FORMAT = 1;
const HEADER_MAX = 64 * 1024;

/** Where the data came from. */
export interface Provenance {
  provider: string;
  /** Package, URL or file. */
  source: string;
  /** The settings that the data were got by: other settings want other data. */
  identity: string;
  /** When the data were made, as far as they say; milliseconds since the epoch. */
  made: number | null;
  /** When they came into use. */
  loaded: number;
  /** Rows of the file, before joining. */
  rows: number;
}

export interface TableFile {
  provenance: Provenance;
  segments: Segments;
  /** Of networks only. */
  names: NetworkNames | null;
}

export function encodeTable({ provenance, segments, names }: TableFile): Uint8Array[] {
  const words = [segments.v4.starts, segments.v4.values, segments.v6.starts, segments.v6.values];
  if (names) words.push(names.numbers, names.offsets);
  const arrays: (Uint32Array | Uint8Array)[] = names ? [...words, names.text] : words;
  const bytes = arrays.map((array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  const sum = bytes.reduce((crc, part) => crc32(part, crc), 0);
  const header = JSON.stringify({ format: FORMAT, provenance, lengths: arrays.map((array) => array.length), sum });
  // The arrays begin at a multiple of 4, so that they can be looked at where they lie.
  const line = Buffer.from(`${header}\n`);
  const padding = Buffer.alloc((4 - (line.length % 4)) % 4, ' ');
  return [padding, line, ...bytes];
}

interface Header {
  format: number;
  provenance: Provenance;
  lengths: number[];
  sum: number;
}

/** Null: no header of ours, or of another version. `end`: where the arrays begin. */
function decodeHeader(bytes: Uint8Array): { header: Header; end: number } | null {
  const end = bytes.subarray(0, HEADER_MAX).indexOf(10);
  try {
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(0, Math.max(0, end)))) as Header;
    const whole = header.format === FORMAT && [4, 7].includes(header.lengths.length);
    return whole ? { header, end } : null;
  } catch {
    return null;
  }
}

/** Null: not such a file, of another version, or damaged (`sum`: the checksum is looked at). */
function decodeTable(bytes: Uint8Array, sum: boolean): TableFile | null {
  const found = decodeHeader(bytes);
  if (!found) return null;
  const { end } = found;
  const { provenance, lengths } = found.header;
  const size = lengths.reduce((total, length, i) => total + length * (i === 6 ? 1 : 4), end + 1);
  if (size !== bytes.length || (sum && crc32(bytes.subarray(end + 1)) !== found.header.sum)) return null;
  let at = bytes.byteOffset + end + 1;
  const words = lengths.slice(0, 6).map((length) => {
    const array = new Uint32Array(bytes.buffer as ArrayBuffer, at, length);
    at += array.byteLength;
    return array;
  });
  const [starts4, values4, starts6, values6, numbers, offsets] = words;
  const segments = { v4: { starts: starts4, values: values4 }, v6: { starts: starts6, values: values6 } };
  const text = lengths.length === 7 ? new Uint8Array(bytes.buffer as ArrayBuffer, at, lengths[6]) : null;
  return { provenance, segments, names: text ? { numbers, offsets, text } : null };
}

export function readTable(path: string): TableFile | null {
  return decodeFile(path, true);
}

/** One that somebody has read, and whose arrays nobody needs to read again. */
export function mapTable(path: string): TableFile | null {
  return decodeFile(path, false);
}

function decodeFile(path: string, sum: boolean): TableFile | null {
  try {
    return decodeTable(mapFile(path), sum);
  } catch {
    return null;
  }
}

/** Without reading the arrays: they may still turn out to be damaged. */
export function readProvenance(path: string): Provenance | null {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    const begin = Buffer.alloc(HEADER_MAX);
    return decodeHeader(begin.subarray(0, readSync(file, begin)))?.header.provenance ?? null;
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** Beside the old one and renamed into place: a crash leaves the old one or the new one. The error's message when it cannot be written. */
export function writeTable(path: string, table: TableFile): string | null {
  const temporary = `${path}.${process.pid}.new`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, Buffer.concat(encodeTable(table)), { mode: 0o600 });
    renameSync(temporary, path);
    return null;
  } catch (error) {
    rmSync(temporary, { force: true });
    return (error as Error).message;
  }
}
