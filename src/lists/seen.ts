/**
 * On which line an address range stood first. A million ranges in a Set of strings are 100 MB; here a range of IPv4 takes 12 bytes, of
 * IPv6 36, times the free room of the table.
 */
import { isV4, type Address, type AddressRange } from '../core/base/address.ts';

const FIRST_SLOTS = 64;
/**
 * A table that doubles moves all that is in it: 180 ms at half a million ranges of IPv6, in which the console answers nobody. Of sixteen
 * tables that are full at sixteen different shares, one at a time moves a sixteenth.
 */
const TABLES = 16;
const FULL_FROM = 0.35;
const FULL_TO = 0.7;

class Table {
  private words: Uint32Array;
  private slots = FIRST_SLOTS;
  private used = 0;
  private readonly width: number;
  /** Evasion: a feed made of addresses that all fall on one slot would take hours. What is found does not depend on it. */
  private readonly seed = (Math.random() * 2 ** 32) >>> 0;

  private readonly full: number;

  /** `width`: words of a key. `full`: the share of its slots that it fills before it doubles. */
  constructor(width: number, full: number) {
    this.width = width;
    this.full = full;
    this.words = new Uint32Array(FIRST_SLOTS * (width + 1));
  }

  /** The line kept for the key (from 1); 0 when it is new, and then the given one is kept. */
  earlier(key: Uint32Array, line: number): number {
    if (this.used >= this.slots * this.full) this.grow();
    const at = this.find(key, 0);
    const kept = this.words[at];
    if (kept === 0) this.put(at, key, 0, line);
    return kept;
  }

  private put(at: number, key: Uint32Array, from: number, line: number): void {
    this.words[at] = line;
    for (let i = 0; i < this.width; i++) this.words[at + 1 + i] = key[from + i];
    this.used++;
  }

  /** Where the key is, or the free place for it: open addressing, never full. */
  private find(key: Uint32Array, from: number): number {
    const stride = this.width + 1;
    let hash = this.seed;
    for (let i = 0; i < this.width; i++) {
      hash = Math.imul(hash ^ key[from + i], 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
      hash ^= hash >>> 16;
    }
    let slot = hash & (this.slots - 1);
    for (;;) {
      const at = slot * stride;
      if (this.words[at] === 0 || this.same(at + 1, key, from)) return at;
      slot = (slot + 1) & (this.slots - 1);
    }
  }

  private same(at: number, key: Uint32Array, from: number): boolean {
    for (let i = 0; i < this.width; i++) if (this.words[at + i] !== key[from + i]) return false;
    return true;
  }

  private grow(): void {
    const old = this.words;
    const stride = this.width + 1;
    this.slots *= 2;
    this.words = new Uint32Array(this.slots * stride);
    this.used = 0;
    for (let at = 0; at < old.length; at += stride)
      if (old[at] !== 0) this.put(this.find(old, at + 1), old, at + 1, old[at]);
  }
}

export class SeenAddresses {
  private readonly v4 = tables(2);
  private readonly v6 = tables(8);
  private readonly names = new Map<string, number>();
  private readonly key4 = new Uint32Array(2);
  private readonly key6 = new Uint32Array(8);

  /** The line of the first one; 0 when this is it. Several may be on one line. */
  earlier(range: AddressRange | null, name: string, line: number): number {
    if (range === null) {
      const first = this.names.get(name);
      if (first === undefined) this.names.set(name, line);
      return first ?? 0;
    }
    const { first, last } = range;
    if (isV4(first)) {
      this.key4[0] = first.w3;
      this.key4[1] = last.w3;
      return this.v4[shareOf(first.w3)].earlier(this.key4, line);
    }
    putAddress(this.key6, 0, first);
    putAddress(this.key6, 4, last);
    return this.v6[shareOf(first.w0 ^ first.w1 ^ first.w2 ^ first.w3)].earlier(this.key6, line);
  }
}

function tables(width: number): Table[] {
  return Array.from({ length: TABLES }, (_, i) => new Table(width, FULL_FROM + ((FULL_TO - FULL_FROM) * i) / TABLES));
}

/** Every byte counts: networks differ in the high ones, single addresses in the low ones. */
function shareOf(word: number): number {
  const bytes = word ^ (word >>> 16);
  const bits = bytes ^ (bytes >>> 8);
  return (bits ^ (bits >>> 4)) & (TABLES - 1);
}

function putAddress(key: Uint32Array, at: number, { w0, w1, w2, w3 }: Address): void {
  key[at] = w0;
  key[at + 1] = w1;
  key[at + 2] = w2;
  key[at + 3] = w3;
}
