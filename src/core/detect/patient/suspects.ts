/**
 * What each source got wrong within the last week: enough to tell a guesser from phones that only have old passwords.
 *
 * Nobody can see from outside whether two refused passwords are the same one. But a phone is stubborn: it asks for its own user, from its
 * own port or under one Call-ID (RFC 3261 §10.2.4), again and again. A guesser goes on to the next user, comes as somebody new each time,
 * or tries several times within seconds. So what counts is a user that was *given up*, a user tried again by a *stranger*, and *bursts*.
 */
import { BoundedMap } from '../../base/bounded-map.ts';
import { grown, type SourceColumn, type SourceTable } from '../../base/source-table.ts';
import { Distinct } from './distinct.ts';
import { BLOCK_ENTRIES, FailurePool, FAILURES_MAX } from './failure-pool.ts';
import type { WordReader, WordWriter } from './words.ts';

/** Sources with a memory of their own; a full table forgets who failed least and longest ago. */
export const SUSPECTS_MAX = 1 << 15;
/** Sources whose faster attack is counted elsewhere. */
const RESTING_MAX = 1 << 14;
/** No phone waits longer before it tries again: 30 min is the longest that the common makes can be set to; 20 min is a usual default. */
export const GIVEN_UP_S = 3600;
/** A client that asks for one user for this long is a phone that was set up wrong, also when nobody hears of it again. */
export const STUBBORN_S = 1200;
/** A burst: so many tries of one user, each within so many seconds of the one before. A phone with a nonce of yesterday makes two or three. */
const BURST_GAP_S = 3;
const BURST_TRIES = 4;
/** Slots looked at to find one to give away. */
const CANDIDATES_MAX = 16;
const SLOTS_AT_START = 1 << 8;
/** Words that a source, and a failure of it, are written down in. */
const SOURCE_WORDS = 6;
const FAILURE_WORDS = 5;

/** What a failure was. */
const FORGIVEN = 0;
export const FIRST = 1;
export const STUBBORN = 2;
export const STRANGER = 3;
export const BURST = 4;
/** A call to a user that does not exist, and a file that does not: whoever dials, or boots, gets these beside what went through. */
export const MISDIALLED = 5;
export const NO_FILE = 6;
const CONNECTED = 7;
/** Tolerance: a phone asks for a few files that are not there. A guesser finds hardly any. */
const FILES_MISSED_FOR_ONE = 8;

export interface Failure {
  row: number;
  /** Hash of the user. */
  user: number;
  /** Hash of the Call-ID. */
  call: number;
  /** Sixteen bits that tell the source's phones apart: the port, in a line of IPv6 a hash. */
  phone: number;
  /** Seconds since the epoch. */
  second: number;
  /** `MISDIALLED` or `NO_FILE` when no user was claimed, only asked for; otherwise `FIRST`. */
  what: number;
  /** It is known to come from the source. */
  proven: boolean;
}

/** Of one source, within one window. */
export interface Guesses {
  /** Distinct users given up, or tried by strangers; bursts; wrong numbers of a source whose calls go wrong more often than not. */
  count: number;
  /** Of `count`: the users. */
  users: number;
  /** Every single guess, of one user too. */
  tries: number;
  /** Of `count`, and of `tries`: those that are known to come from the source. */
  proven: number;
  provenTries: number;
  /** Between the first and the last of them. */
  spanSeconds: number;
}

export class Suspects implements SourceColumn {
  used = 0;
  private readonly pool = new FailurePool();
  private readonly distinct = new Distinct();
  /** By row: slot + 1; 0: never failed. */
  private slotOf = new Int32Array(0);
  private rowOf = new Int32Array(SLOTS_AT_START).fill(-1);
  private last = new Uint32Array(SLOTS_AT_START);
  private first = new Int32Array(SLOTS_AT_START);
  private newest = new Int32Array(SLOTS_AT_START);
  /** Entries in its chain; all blocks but the newest are full. */
  private entries = new Uint16Array(SLOTS_AT_START);
  private readonly restUntil = new BoundedMap<number>(RESTING_MAX);
  private hand = 0;
  private readonly free: number[] = [];

  grow(rows: number): void {
    this.slotOf = grown(this.slotOf, new Int32Array(rows));
  }

  forget(row: number): void {
    if (this.slotOf[row] > 0) this.release(this.slotOf[row] - 1);
    this.slotOf[row] = 0;
  }

  /** Whether anything is held against it; asked for good answers, too. */
  knows(row: number): boolean {
    return this.slotOf[row] > 0;
  }

  /** Nothing of this source is counted before then: somebody else does. */
  rest(row: number, untilSecond: number): void {
    this.restUntil.set(row, untilSecond);
  }

  rests(row: number, second: number): boolean {
    return this.restUntil.size > 0 && (this.restUntil.peek(row) ?? 0) > second;
  }

  /** Enters a failure and says what it was. */
  fail(f: Failure): number {
    const slot = this.slotFor(f.row);
    this.last[slot] = f.second;
    if (f.what !== FIRST) return this.miss(slot, f);
    this.gather(slot);
    const known = this.sameClient(slot, f);
    if (known < 0) return this.enter(slot, f, this.triedBefore(slot, f.user) ? STRANGER : FIRST);
    const { second, span, tries, what, phone, call } = this.pool;
    const gap = Math.max(0, f.second - second[known]);
    tries[known] = gap < BURST_GAP_S ? Math.min(255, tries[known] + 1) : 1;
    span[known] = Math.min(0xffff, span[known] + gap);
    second[known] = f.second;
    phone[known] = f.phone;
    call[known] = f.call;
    if (tries[known] >= BURST_TRIES) return this.enter(slot, f, BURST);
    if (what[known] === FIRST && span[known] >= STUBBORN_S) what[known] = STUBBORN;
    return what[known] === STRANGER ? FIRST : what[known];
  }

  /** The user got in: what was held against the source for its sake is taken back. */
  forgive(row: number, user: number): void {
    const slot = this.slotOf[row] - 1;
    if (slot < 0) return;
    this.gather(slot);
    const { what } = this.pool;
    for (let k = 0; k < this.entries[slot]; k++) {
      const i = this.pool.entries[k];
      if (this.pool.user[i] === user && what[i] !== CONNECTED) what[i] = FORGIVEN;
    }
  }

  /** A call went through, or a file was asked for that may be there. */
  connected(row: number, user: number, second: number): void {
    const slot = this.slotFor(row);
    this.last[slot] = second;
    this.miss(slot, { row, user, call: 0, phone: 0, second, what: CONNECTED, proven: false });
  }

  guesses(row: number, nowSecond: number, windowSeconds: number): Guesses {
    const found: Guesses = { count: 0, users: 0, tries: 0, proven: 0, provenTries: 0, spanSeconds: 0 };
    const slot = this.slotOf[row] - 1;
    if (slot < 0) return found;
    this.gather(slot);
    this.distinct.clear();
    let [first, last, calls, wrongNumbers, noFiles] = [nowSecond, 0, 0, 0, 0];
    for (let k = 0; k < this.entries[slot]; k++) {
      const i = this.pool.entries[k];
      const at = this.pool.second[i];
      const what = this.pool.what[i];
      if (what === FORGIVEN || what === STUBBORN || nowSecond - at >= windowSeconds) continue;
      if (what === FIRST && nowSecond - at < GIVEN_UP_S) continue;
      if (what === CONNECTED) {
        calls++;
        continue;
      }
      first = Math.min(first, at);
      last = Math.max(last, at);
      if (what === MISDIALLED) wrongNumbers++;
      else if (what === NO_FILE) noFiles++;
      else {
        const proven = this.pool.proven[i];
        found.tries++;
        found.provenTries += proven;
        if (what !== BURST) {
          if (!this.distinct.add(this.pool.user[i])) continue;
          found.users++;
        }
        found.count++;
        found.proven += proven;
      }
    }
    // Tolerance: a trunk dials wrong numbers all day, but most of its calls go through.
    let misses = wrongNumbers > calls ? wrongNumbers : 0;
    if (noFiles > FILES_MISSED_FOR_ONE * calls) misses += noFiles;
    found.count += misses;
    found.tries += misses;
    found.spanSeconds = Math.max(0, last - first);
    return found;
  }

  save(to: WordWriter, sources: SourceTable): void {
    to.put(this.used - this.free.length);
    const { user, call, second, phone, span, what, tries, proven } = this.pool;
    for (let slot = 0; slot < this.used; slot++) {
      if (this.rowOf[slot] < 0) continue;
      const { w0, w1, w2, w3 } = sources.addressOf(this.rowOf[slot]);
      for (const word of [w0, w1, w2, w3, this.last[slot], this.entries[slot]]) to.put(word);
      this.gather(slot);
      for (let k = 0; k < this.entries[slot]; k++) {
        const i = this.pool.entries[k];
        to.put(user[i]);
        to.put(call[i]);
        to.put(second[i]);
        to.put(phone[i] * 0x10000 + span[i]);
        to.put(what[i] * 0x10000 + tries[i] * 0x100 + proven[i]);
      }
    }
  }

  /** What was saved; the sources count as seen when they last failed. False: it ends too soon. */
  load(from: WordReader, sources: SourceTable, nowSecond: number): boolean {
    if (!from.has(1)) return false;
    for (let left = from.next(); left > 0; left--) {
      if (!from.has(SOURCE_WORDS)) return false;
      const [w0, w1, w2, w3] = [from.next(), from.next(), from.next(), from.next()];
      const last = Math.min(from.next(), nowSecond);
      const row = sources.see(w0, w1, w2, w3, last * 1000);
      sources.keep(row);
      const slot = this.slotFor(row);
      this.last[slot] = last;
      const failures = from.next();
      if (failures > FAILURES_MAX || !from.has(failures * FAILURE_WORDS)) return false;
      for (let k = 0; k < failures; k++) this.loadFailure(from, row, slot, nowSecond);
    }
    return true;
  }

  private loadFailure(from: WordReader, row: number, slot: number, nowSecond: number): void {
    const [user, call, second, where, how] = [from.next(), from.next(), from.next(), from.next(), from.next()];
    const f = { row, user, call, phone: where >>> 16, second: Math.min(second, nowSecond), proven: (how & 1) === 1 };
    const what = (how >>> 16) & 0xff;
    const i = this.add(slot, { ...f, what }, what);
    this.pool.span[i] = where & 0xffff;
    this.pool.tries[i] = (how >>> 8) & 0xff;
  }

  /** Bytes of all arrays. */
  get bytes(): number {
    const { slotOf, rowOf, last, first, newest, entries } = this;
    const own = [slotOf, rowOf, last, first, newest, entries].reduce((sum, array) => sum + array.byteLength, 0);
    return own + this.pool.bytes;
  }

  /** Its entry for a client that goes on where it left off: the same Call-ID, or a phone that is this user's alone. -1: none. */
  private sameClient(slot: number, f: Failure): number {
    const { user, phone, call, what } = this.pool;
    let best = -1;
    let shared = false;
    for (let k = 0; k < this.entries[slot]; k++) {
      const i = this.pool.entries[k];
      if (what[i] === FORGIVEN || what[i] >= BURST) continue;
      if (user[i] === f.user) {
        if (call[i] === f.call) return i;
        if (phone[i] === f.phone) best = i;
      } else if (phone[i] === f.phone) shared = true;
    }
    return shared ? -1 : best;
  }

  private triedBefore(slot: number, user: number): boolean {
    for (let k = 0; k < this.entries[slot]; k++) {
      const i = this.pool.entries[k];
      const what = this.pool.what[i];
      if (this.pool.user[i] === user && what !== FORGIVEN && what <= BURST) return true;
    }
    return false;
  }

  /** The same number, or name, is one miss however often it is tried. */
  private miss(slot: number, f: Failure): number {
    this.gather(slot);
    const { user, what, second } = this.pool;
    for (let k = 0; k < this.entries[slot]; k++) {
      const i = this.pool.entries[k];
      if (user[i] !== f.user || (what[i] !== f.what && what[i] !== CONNECTED)) continue;
      what[i] = f.what;
      second[i] = f.second;
      return f.what;
    }
    return this.enter(slot, f, f.what);
  }

  private enter(slot: number, f: Failure, what: number): number {
    this.add(slot, f, what);
    return what;
  }

  private gather(slot: number): void {
    this.pool.gather(this.first[slot], this.entries[slot]);
  }

  /** Returns the entry. */
  private add(slot: number, f: Failure, what: number): number {
    const { pool } = this;
    if (this.entries[slot] === FAILURES_MAX) {
      this.first[slot] = pool.drop(this.first[slot]);
      this.entries[slot] -= BLOCK_ENTRIES;
    }
    const inNewest = this.entries[slot] % BLOCK_ENTRIES;
    if (inNewest === 0) {
      if (pool.full) this.giveUpOne(slot);
      this.newest[slot] = pool.take(this.entries[slot] === 0 ? -1 : this.newest[slot]);
      if (this.entries[slot] === 0) this.first[slot] = this.newest[slot];
    }
    this.entries[slot]++;
    const i = this.newest[slot] * BLOCK_ENTRIES + inNewest;
    pool.user[i] = f.user;
    pool.call[i] = f.call;
    pool.second[i] = f.second;
    pool.phone[i] = f.phone;
    pool.what[i] = what;
    pool.tries[i] = 1;
    pool.proven[i] = f.proven ? 1 : 0;
    pool.span[i] = 0;
    return i;
  }

  private slotFor(row: number): number {
    if (this.slotOf[row] > 0) return this.slotOf[row] - 1;
    if (this.free.length === 0 && this.used === SUSPECTS_MAX) this.giveUpOne(-1);
    const slot = this.free.pop() ?? this.unused();
    this.rowOf[slot] = row;
    this.slotOf[row] = slot + 1;
    this.entries[slot] = 0;
    return slot;
  }

  private unused(): number {
    if (this.used === this.rowOf.length) this.growSlots(this.used * 2);
    return this.used++;
  }

  /** Evasion: a flood of forged sources that fail once must not push out who comes back each half hour. */
  private giveUpOne(but: number): void {
    let worst = -1;
    let least = Infinity;
    for (let i = 0; i < CANDIDATES_MAX || worst < 0; i++) {
      const slot = (this.hand = (this.hand + 1) % this.used);
      if (slot === but || this.rowOf[slot] < 0) continue;
      // Each failure more is worth a day of age.
      const worth = this.last[slot] + Math.min(7, this.entries[slot] - 1) * 86_400;
      if (worth < least) [least, worst] = [worth, slot];
    }
    this.slotOf[this.rowOf[worst]] = 0;
    this.release(worst);
  }

  private release(slot: number): void {
    while (this.entries[slot] > 0) {
      this.first[slot] = this.pool.drop(this.first[slot]);
      this.entries[slot] -= Math.min(BLOCK_ENTRIES, this.entries[slot]);
    }
    this.rowOf[slot] = -1;
    this.free.push(slot);
  }

  private growSlots(slots: number): void {
    this.rowOf = grown(this.rowOf, new Int32Array(slots).fill(-1));
    this.last = grown(this.last, new Uint32Array(slots));
    this.first = grown(this.first, new Int32Array(slots));
    this.newest = grown(this.newest, new Int32Array(slots));
    this.entries = grown(this.entries, new Uint16Array(slots));
  }
}
