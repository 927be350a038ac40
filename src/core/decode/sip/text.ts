/** Spans of a message as text for people, and as numbers for tables. Text is made only when somebody asks for it. */

import { utf8Length } from '../../base/utf8.ts';
import { viewOf } from './scan.ts';

const CR = 0x0d;
const LF = 0x0a;
const PERCENT = 0x25;
const SP = 0x20;
const TAB = 0x09;

/** Characters that `spanText` gives before it cuts and adds `…`. */
export const TEXT_CHARS_MAX = 256;

/**
 * `bytes[start, end)` as UTF-8 text, at most `charsMax` characters; '' for an absent span (-1). A fold becomes one space.
 * Evasion: bytes that are no UTF-8, control bytes and characters that reorder or hide text are shown as `\xNN`, `\u{NNNN}`, so
 * that a name cannot break a log line, a terminal or a page.
 */
export function spanText(bytes: Uint8Array, start: number, end: number, charsMax: number = TEXT_CHARS_MAX): string {
  if (start < 0) return '';
  let text = '';
  let chars = 0;
  let i = start;
  while (i < end) {
    if (chars === charsMax) return `${text}…`;
    chars++;
    const c = bytes[i];
    if (c >= 0x20 && c < 0x7f) {
      text += String.fromCharCode(c);
      i++;
    } else if (c === CR || c === LF) {
      while (i < end && (bytes[i] === CR || bytes[i] === LF || bytes[i] === SP || bytes[i] === TAB)) i++;
      text = `${text.trimEnd()} `;
    } else if (c === TAB) {
      text += ' ';
      i++;
    } else {
      const length = utf8Length(bytes, i, end);
      if (length < 2) text += `\\x${c.toString(16).padStart(2, '0')}`;
      else text += visible(codePointAt(bytes, i, length));
      i += Math.max(1, length);
    }
  }
  return text;
}

/** As `spanText`, with the %-escapes of a URI's user part undone, once (RFC 3261 §19.1.4): `%31%30%30` and `100` are one user. */
export function userText(bytes: Uint8Array, start: number, end: number): string {
  if (start < 0) return '';
  if (!hasEscape(bytes, start, end)) return spanText(bytes, start, end);
  return spanText(unescaped, 0, unescape(bytes, start, end));
}

function codePointAt(bytes: Uint8Array, i: number, length: number): number {
  let point = bytes[i] & (0xff >> (length + 1));
  for (let k = 1; k < length; k++) point = (point << 6) | (bytes[i + k] & 0x3f);
  return point;
}

function visible(point: number): string {
  const hidden =
    point < 0xa0 ||
    point === 0xad ||
    point === 0x061c ||
    (point >= 0x200b && point <= 0x200f) ||
    (point >= 0x2028 && point <= 0x202e) ||
    (point >= 0x2060 && point <= 0x206f) ||
    point === 0xfeff ||
    (point >= 0xfff9 && point <= 0xfffb) ||
    (point >= 0xe0000 && point <= 0xe0fff);
  return hidden ? `\\u{${point.toString(16)}}` : String.fromCodePoint(point);
}

/** Holds one user part at a time; no span is longer than a message. */
const unescaped = new Uint8Array(65_536);

export function hexValue(c: number): number {
  if (c >= 0x30 && c <= 0x39) return c - 0x30;
  const lower = c | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function hasEscape(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] === PERCENT) return true;
  return false;
}

/** Writes the span with its escapes undone into `unescaped`; returns the length. A `%` without two hex digits stays. */
function unescape(bytes: Uint8Array, start: number, end: number): number {
  let length = 0;
  for (let i = start; i < end && length < unescaped.length; i++) {
    let c = bytes[i];
    if (c === PERCENT && i + 2 < end) {
      const high = hexValue(bytes[i + 1]);
      const low = hexValue(bytes[i + 2]);
      if (high >= 0 && low >= 0) {
        c = high * 16 + low;
        i += 2;
      }
    }
    unescaped[length++] = c;
  }
  return length;
}

/** Unsigned 32-bit hash of a user part, equal for all its spellings (%-escapes undone); `hashSpan` of the plain spelling. */
export function userHash(bytes: Uint8Array, start: number, end: number, seed: number): number {
  if (!hasEscape(bytes, start, end)) return hashSpan(bytes, start, end, seed);
  return hashSpan(unescaped, 0, unescape(bytes, start, end), seed);
}

const FINAL_ROUNDS = 3;

/**
 * Unsigned 32-bit hash of the raw bytes: HalfSipHash-1-3 with a key made of the 32-bit seed.
 * Evasion: multiply-and-rotate hashes (murmur, FNV) have collisions that hold under every seed; an attacker who sends such
 * Call-IDs would turn a hash table into a list.
 */
export function hashSpan(bytes: Uint8Array, start: number, end: number, seed: number): number {
  const key = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 0;
  let v0 = seed | 0;
  let v1 = key;
  let v2 = 0x6c796765 ^ seed;
  let v3 = 0x74656462 ^ key;
  const view = viewOf(bytes);
  const length = (end | 0) - (start | 0);
  const last = (end | 0) - (length & 3);
  let i = start | 0;
  // The round stands here twice: a call, or a condition within the loop, costs a fifth of the whole (measured).
  for (; i < last; i += 4) {
    const word = view.getInt32(i, true);
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  const rest = length & 3;
  let word = length << 24;
  if (rest > 0) word |= bytes[i];
  if (rest > 1) word |= bytes[i + 1] << 8;
  if (rest > 2) word |= bytes[i + 2] << 16;
  for (let round = 0; round <= FINAL_ROUNDS; round++) {
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
    if (round === 0) v2 ^= 0xff;
    word = 0;
  }
  return (v1 ^ v3) >>> 0;
}
