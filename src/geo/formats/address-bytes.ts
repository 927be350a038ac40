/**
 * Addresses out of the bytes of a data file, without a string for each: half a million rows in a few hundred milliseconds. As strict as
 * `parseAddress`, and decimal numbers besides, which country data use for addresses.
 */
import { HIGHEST } from '../../core/base/address-words.ts';

const V4_MARK = 0xffff;
const DOT = 46;
const COLON = 58;
const DASH = 45;
const SLASH = 47;

/** What a text was: an IPv4 or IPv6 address in its own writing, or a bare number. */
export type Spelling = 'v4' | 'v6' | 'number';

export class AddressReader {
  /** First and last address: words 0 … 1 in IPv4, 0 … 7 in IPv6. */
  readonly ends = new Uint32Array(8);
  private readonly words = new Uint32Array(4);
  private readonly other = new Uint32Array(4);

  /** `192.0.2.0/24`, `192.0.2.0-192.0.2.9`, one address, the same in IPv6: into `ends`. 0: it is none of these. */
  range(bytes: Uint8Array, from: number, to: number): 4 | 6 | 0 {
    const dash = bytes.subarray(from, to).indexOf(DASH);
    if (dash > 0) {
      return this.pair(bytes, from, trimmed(bytes, from, from + dash), afterBlanks(bytes, from + dash + 1, to), to);
    }
    const slash = bytes.subarray(from, to).indexOf(SLASH);
    const spelling = this.address(bytes, from, slash < 0 ? to : from + slash, this.words);
    if (spelling === null || spelling === 'number') return 0;
    const family = this.family(spelling, this.words);
    const width = family === 4 ? 32 : 128;
    const bits = slash < 0 ? width : smallNumber(bytes, from + slash + 1, to, width);
    if (bits < 0) return 0;
    this.setPrefix(family, bits);
    return family;
  }

  /** Two fields, first and last address, into `ends`. 0: they are no range. */
  pair(bytes: Uint8Array, from: number, to: number, lastFrom: number, lastTo: number): 4 | 6 | 0 {
    const first = this.address(bytes, from, to, this.words);
    const last = this.address(bytes, lastFrom, lastTo, this.other);
    if (first === null || last === null) return 0;
    let family = this.family(first, this.words);
    let lastFamily = this.family(last, this.other);
    if (family !== lastFamily && first === 'number' && last === 'number') family = lastFamily = 6;
    if (family !== lastFamily) return 0;
    return this.setEnds(family) ? family : 0;
  }

  /** Tolerance: IPv4 addresses written into IPv6 (`::ffff:192.0.2.1`, or its number) are IPv4. */
  private family(spelling: Spelling, words: Uint32Array): 4 | 6 {
    if (spelling === 'v4') return 4;
    const zeros = words[0] === 0 && words[1] === 0;
    if (zeros && words[2] === V4_MARK) return 4;
    return spelling === 'number' && zeros && words[2] === 0 ? 4 : 6;
  }

  private setEnds(family: 4 | 6): boolean {
    const { ends, words, other } = this;
    if (family === 4) {
      ends[0] = words[3];
      ends[1] = other[3];
      return ends[0] <= ends[1];
    }
    ends.set(words, 0);
    ends.set(other, 4);
    for (let k = 0; k < 4; k++) if (words[k] !== other[k]) return words[k] < other[k];
    return true;
  }

  /** Tolerance: bits beyond the prefix are cleared. */
  private setPrefix(family: 4 | 6, bits: number): void {
    const { ends, words } = this;
    if (family === 4) {
      const mask = maskOf(bits);
      ends[0] = words[3] & mask;
      ends[1] = words[3] | ~mask;
      return;
    }
    for (let k = 0; k < 4; k++) {
      const mask = maskOf(Math.min(32, Math.max(0, bits - k * 32)));
      ends[k] = words[k] & mask;
      ends[k + 4] = words[k] | ~mask;
    }
  }

  /** Into `target`, IPv4 as its number in the last word. Null: no address. */
  address(bytes: Uint8Array, from: number, to: number, target: Uint32Array): Spelling | null {
    if (to <= from || to - from > 45) return null;
    for (let i = from; i < to; i++) {
      if (bytes[i] === COLON) return this.v6(bytes, from, to, target) ? 'v6' : null;
      if (bytes[i] === DOT) {
        const word = v4Word(bytes, from, to);
        if (word < 0) return null;
        target.fill(0);
        target[3] = word;
        return 'v4';
      }
    }
    return decimal(bytes, from, to, target) ? 'number' : null;
  }

  /** RFC 4291 §2.2. */
  private v6(bytes: Uint8Array, from: number, to: number, target: Uint32Array): boolean {
    const groups = GROUPS;
    let count = 0;
    let gap = -1;
    let at = from;
    if (bytes[at] === COLON) {
      if (bytes[at + 1] !== COLON) return false;
      gap = 0;
      at += 2;
    }
    while (at < to) {
      let end = at;
      let value = 0;
      while (end < to && bytes[end] !== COLON) {
        const digit = hexDigit(bytes[end]);
        if (digit < 0) break;
        value = value * 16 + digit;
        end++;
      }
      if (end < to && bytes[end] === DOT) {
        const word = v4Word(bytes, at, to);
        if (word < 0 || count > 6) return false;
        groups[count++] = word >>> 16;
        groups[count++] = word & 0xffff;
        break;
      }
      if (end === at || end - at > 4 || count === 8 || (end < to && bytes[end] !== COLON)) return false;
      groups[count++] = value;
      at = end + 1;
      if (end === to) break;
      if (at === to) return false;
      if (bytes[at] === COLON) {
        if (gap >= 0) return false;
        gap = count;
        at++;
      }
    }
    if (gap < 0 ? count !== 8 : count > 7) return false;
    const missing = 8 - count;
    const group = (i: number) => {
      if (gap < 0 || i < gap) return groups[i];
      return i < gap + missing ? 0 : groups[i - missing];
    };
    for (let k = 0; k < 4; k++) target[k] = (group(2 * k) << 16) | group(2 * k + 1);
    return true;
  }
}

const GROUPS = new Uint16Array(8);

function maskOf(bits: number): number {
  return bits === 0 ? 0 : (HIGHEST << (32 - bits)) >>> 0;
}

/** −1: no IPv4 address in dotted decimal without leading zeros. */
function v4Word(bytes: Uint8Array, from: number, to: number): number {
  let word = 0;
  let octets = 0;
  let at = from;
  while (octets < 4) {
    let octet = 0;
    const begin = at;
    while (at < to && bytes[at] >= 48 && bytes[at] <= 57 && at - begin < 4) octet = octet * 10 + bytes[at++] - 48;
    if (at === begin || octet > 255 || (at - begin > 1 && bytes[begin] === 48)) return -1;
    word = word * 256 + octet;
    octets++;
    if (octets < 4 && bytes[at++] !== DOT) return -1;
  }
  return at === to ? word : -1;
}

/** A decimal number below 2^128 into four words. */
function decimal(bytes: Uint8Array, from: number, to: number, target: Uint32Array): boolean {
  if (to - from > 39) return false;
  target.fill(0);
  // Six digits at a time: 10^6 × 2^32 is below 2^53, so that every product is exact.
  for (let at = from; at < to;) {
    let chunk = 0;
    let scale = 1;
    for (let n = 0; n < 6 && at < to; n++, at++) {
      const digit = bytes[at] - 48;
      if (digit < 0 || digit > 9) return false;
      chunk = chunk * 10 + digit;
      scale *= 10;
    }
    for (let k = 3; k >= 0; k--) {
      const product = target[k] * scale + chunk;
      chunk = Math.floor(product / 2 ** 32);
      target[k] = product % 2 ** 32;
    }
    if (chunk > 0) return false;
  }
  return true;
}

function smallNumber(bytes: Uint8Array, from: number, to: number, max: number): number {
  if (to <= from || to - from > 3) return -1;
  let value = 0;
  for (let i = from; i < to; i++) {
    if (bytes[i] < 48 || bytes[i] > 57) return -1;
    value = value * 10 + bytes[i] - 48;
  }
  return value <= max ? value : -1;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 0x20;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

function trimmed(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && bytes[end - 1] === 32) end--;
  return end;
}

function afterBlanks(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] === 32) at++;
  return at;
}
