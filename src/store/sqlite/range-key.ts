/** A range as the columns of a row: what the index of `lists` sorts by. */
import type { DatabaseSync } from 'node:sqlite';
import { formatRange, isV4, parseRange, type Address, type AddressRange } from '../../core/base/address.ts';

export interface RangeKey {
  /** 0: a host name. */
  family: 0 | 4 | 6;
  /** Bits of `last - first`: 0 for one address, 8 for a /24 in IPv4. */
  span: number;
  /** 4 or 16 bytes, big-endian: they compare as the addresses do. Of a host name its text, and `last` is empty. */
  first: Uint8Array;
  last: Uint8Array;
}

const V4_MARK = 0xffff;
const NO_BYTES = new Uint8Array(0);

export function keyOfRange({ first, last }: AddressRange): RangeKey {
  if (isV4(first)) {
    return { family: 4, span: 32 - Math.clz32(last.w3 - first.w3), first: v4Bytes(first.w3), last: v4Bytes(last.w3) };
  }
  return { family: 6, span: spanOf(first, last), first: v6Bytes(first), last: v6Bytes(last) };
}

export function keyOfName(name: string): RangeKey {
  return { family: 0, span: 0, first: Buffer.from(name), last: NO_BYTES };
}

/** The canonical text of a range, or the host name. */
export function textOfKey({ family, first, last }: Omit<RangeKey, 'span'>): string {
  return family === 0 ? Buffer.from(first).toString() : formatRange(rangeOfKey({ first, last }));
}

export function rangeOfKey({ first, last }: Pick<RangeKey, 'first' | 'last'>): AddressRange {
  return { first: addressOf(first), last: addressOf(last) };
}

/**
 * The lowest `first` that an entry of a span can have and still reach `first`: entries of span s hold at most 2^s addresses. Every
 * entry that overlaps a range begins between this and the range's end, so each span costs one look at a short piece of the index.
 */
export function earliestReach(family: 4 | 6, first: Uint8Array, span: number): Uint8Array {
  const value = BigInt(`0x${Buffer.from(first).toString('hex')}`) - (1n << BigInt(span)) + 1n;
  const bytes = family === 4 ? 4 : 16;
  return Buffer.from((value < 0n ? 0n : value).toString(16).padStart(bytes * 2, '0'), 'hex');
}

/** SQL functions with which the migration of the first schema reads ranges that were stored as text. */
export function defineRangeFunctions(db: DatabaseSync): void {
  const of = (text: unknown) => {
    const range = typeof text === 'string' ? parseRange(text) : null;
    return range && keyOfRange(range);
  };
  db.function('range_family', { deterministic: true }, (text) => of(text)?.family ?? null);
  db.function('range_span', { deterministic: true }, (text) => of(text)?.span ?? null);
  db.function('range_first', { deterministic: true }, (text) => of(text)?.first ?? null);
  db.function('range_last', { deterministic: true }, (text) => of(text)?.last ?? null);
}

function spanOf(a: Address, b: Address): number {
  // The highest word of the difference: borrows run from the right.
  const w3 = b.w3 - a.w3;
  const w2 = b.w2 - a.w2 - (w3 < 0 ? 1 : 0);
  const w1 = b.w1 - a.w1 - (w2 < 0 ? 1 : 0);
  const w0 = b.w0 - a.w0 - (w1 < 0 ? 1 : 0);
  const words = [w0, w1, w2, w3];
  for (let i = 0; i < 4; i++) {
    const bits = 32 - Math.clz32(words[i]);
    if (bits > 0) return bits + (3 - i) * 32;
  }
  return 0;
}

function v4Bytes(word: number): Uint8Array {
  return Uint8Array.of(word >>> 24, word >>> 16, word >>> 8, word);
}

function v6Bytes(a: Address): Uint8Array {
  const bytes = Buffer.allocUnsafe(16);
  bytes.writeUInt32BE(a.w0, 0);
  bytes.writeUInt32BE(a.w1, 4);
  bytes.writeUInt32BE(a.w2, 8);
  bytes.writeUInt32BE(a.w3, 12);
  return bytes;
}

/** A DataView for each address would take ten times as long. */
function addressOf(bytes: Uint8Array): Address {
  if (bytes.length === 4) return { w0: 0, w1: 0, w2: V4_MARK, w3: wordAt(bytes, 0) };
  return { w0: wordAt(bytes, 0), w1: wordAt(bytes, 4), w2: wordAt(bytes, 8), w3: wordAt(bytes, 12) };
}

function wordAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}
