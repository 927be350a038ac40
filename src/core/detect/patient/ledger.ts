/**
 * Who failed under one name – a network, a user, a way of writing messages – within the last week: distinct members, each with what it
 * is known to be. Keys and members are kept exactly, so a count is never too high: what does not fit is forgotten, which can only make it lower.
 */
import { grown, SourceTable } from '../../base/source-table.ts';
import type { WordReader, WordWriter } from './words.ts';

/** Members of one key; a /24 has 254 and a threshold is far below. The one heard of longest ago is forgotten. */
export const MEMBERS_MAX = 64;

/** What a member is known to be, in rising order. */
export const FRESH = 1;
export const PHONE = 2;
export const HOSTILE = 3;

/** Words that a key, and a member of it, are written down in. */
const KEY_WORDS = 6;
const MEMBER_WORDS = 3;

/** Of one key, within a window; a member that failed and was not heard of for `givenUpSeconds` gave up, which no phone does. */
export interface Tallied {
  hostile: number;
  /** Failed just now: neither given up nor known for a phone. */
  fresh: number;
  phones: number;
}

/** How the labels of the hostile members fall together. */
export interface Labels {
  distinct: number;
  /** Members that have the commonest one. */
  commonest: number;
}

export class Ledger {
  readonly keys: SourceTable;
  private used = new Uint8Array(0);
  private members = new Uint32Array(0);
  private seconds = new Uint32Array(0);
  private labels = new Uint16Array(0);
  private states = new Uint8Array(0);
  /** Seconds since the epoch: when people were told of it. */
  told = new Uint32Array(0);

  constructor(seed: number, keysMax: number) {
    this.keys = new SourceTable(seed, keysMax);
    this.keys.attach(this);
  }

  grow(rows: number): void {
    this.used = grown(this.used, new Uint8Array(rows));
    this.told = grown(this.told, new Uint32Array(rows));
    this.members = grown(this.members, new Uint32Array(rows * MEMBERS_MAX));
    this.seconds = grown(this.seconds, new Uint32Array(rows * MEMBERS_MAX));
    this.labels = grown(this.labels, new Uint16Array(rows * MEMBERS_MAX));
    this.states = grown(this.states, new Uint8Array(rows * MEMBERS_MAX));
  }

  forget(row: number): void {
    this.used[row] = 0;
    this.told[row] = 0;
  }

  /** A member was heard of; what it is known to be never falls. Returns the row of the key. */
  note(
    k0: number,
    k1: number,
    k2: number,
    k3: number,
    member: number,
    label: number,
    state: number,
    at: number,
  ): number {
    const row = this.keys.see(k0, k1, k2, k3, at);
    const base = row * MEMBERS_MAX;
    let i = this.indexOf(row, member);
    if (i < 0) {
      i = this.used[row] < MEMBERS_MAX ? base + this.used[row]++ : this.oldest(base);
      this.members[i] = member;
      this.labels[i] = label;
      this.states[i] = FRESH;
      if (this.used[row] > 1) this.keys.keep(row);
    }
    this.seconds[i] = at;
    this.states[i] = Math.max(this.states[i], state);
    return row;
  }

  /** A member turned out to be somebody's phone: it got in. */
  clear(k0: number, k1: number, k2: number, k3: number, member: number): void {
    const row = this.keys.find(k0, k1, k2, k3);
    const i = row < 0 ? -1 : this.indexOf(row, member);
    if (i >= 0) this.states[i] = PHONE;
  }

  tally(row: number, nowSecond: number, windowSeconds: number, givenUpSeconds: number): Tallied {
    const found: Tallied = { hostile: 0, fresh: 0, phones: 0 };
    const base = row * MEMBERS_MAX;
    for (let i = base; i < base + this.used[row]; i++) {
      const age = nowSecond - this.seconds[i];
      if (age >= windowSeconds) continue;
      if (this.states[i] === PHONE) found.phones++;
      else if (this.states[i] === FRESH && age < givenUpSeconds) found.fresh++;
      else found.hostile++;
    }
    return found;
  }

  labelsOf(row: number, nowSecond: number, windowSeconds: number, givenUpSeconds: number): Labels {
    const found: Labels = { distinct: 0, commonest: 0 };
    const base = row * MEMBERS_MAX;
    for (let i = base; i < base + this.used[row]; i++) {
      if (!this.isHostile(i, nowSecond, windowSeconds, givenUpSeconds)) continue;
      let same = 1;
      for (let k = base; k < i; k++) {
        if (this.labels[k] === this.labels[i] && this.isHostile(k, nowSecond, windowSeconds, givenUpSeconds)) same++;
      }
      if (same === 1) found.distinct++;
      found.commonest = Math.max(found.commonest, same);
    }
    return found;
  }

  save(to: WordWriter): void {
    let keys = 0;
    for (let row = 0; row < this.keys.size; row++) if (this.used[row] > 0) keys++;
    to.put(keys);
    for (let row = 0; row < this.keys.size; row++) {
      if (this.used[row] === 0) continue;
      const { w0, w1, w2, w3 } = this.keys.addressOf(row);
      for (const word of [w0, w1, w2, w3, this.told[row], this.used[row]]) to.put(word);
      const base = row * MEMBERS_MAX;
      for (let i = base; i < base + this.used[row]; i++) {
        to.put(this.members[i]);
        to.put(this.seconds[i]);
        to.put(this.labels[i] * 0x10000 + this.states[i]);
      }
    }
  }

  /** What was saved; nothing is in the future, whatever the clock did meanwhile. False: it ends too soon. */
  load(from: WordReader, nowSecond: number): boolean {
    if (!from.has(1)) return false;
    const past = (second: number) => Math.min(second, nowSecond);
    for (let keys = from.next(); keys > 0; keys--) {
      if (!from.has(KEY_WORDS)) return false;
      const row = this.keys.see(from.next(), from.next(), from.next(), from.next(), nowSecond);
      this.told[row] = past(from.next());
      const members = from.next();
      if (members > MEMBERS_MAX || !from.has(members * MEMBER_WORDS)) return false;
      if (members > 1) this.keys.keep(row);
      this.used[row] = members;
      const base = row * MEMBERS_MAX;
      for (let i = base; i < base + members; i++) {
        this.members[i] = from.next();
        this.seconds[i] = past(from.next());
        const word = from.next();
        this.labels[i] = word >>> 16;
        this.states[i] = word & 0xff;
      }
    }
    return true;
  }

  /** Bytes of all arrays but the table of keys (33 bytes each). */
  get bytes(): number {
    const { used, told, members, seconds, labels, states } = this;
    return [used, told, members, seconds, labels, states].reduce((sum, array) => sum + array.byteLength, 0);
  }

  private isHostile(i: number, nowSecond: number, windowSeconds: number, givenUpSeconds: number): boolean {
    const age = nowSecond - this.seconds[i];
    if (age >= windowSeconds) return false;
    return this.states[i] === HOSTILE || (this.states[i] === FRESH && age >= givenUpSeconds);
  }

  private indexOf(row: number, member: number): number {
    const base = row * MEMBERS_MAX;
    for (let i = base; i < base + this.used[row]; i++) if (this.members[i] === member) return i;
    return -1;
  }

  private oldest(base: number): number {
    let oldest = base;
    for (let i = base; i < base + MEMBERS_MAX; i++) if (this.seconds[i] < this.seconds[oldest]) oldest = i;
    return oldest;
  }
}
