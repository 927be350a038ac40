/**
 * Stands between detectors and judge: every bad event that a detector counts is also remembered for days, and shown to the detectors that
 * have patience. Their rules of what is bad are not repeated here; the codes of their findings say it.
 */
import type { DetectorSlug, ThresholdName } from '../../base/policy.ts';
import { NOTHING, valueAt } from '../../base/segments.ts';
import type { Target } from '../../base/target.ts';
import { createSipMessage, decodeSip } from '../../decode/sip/decode.ts';
import type { SipMessage } from '../../decode/sip/message.ts';
import { hashSpan, userHash } from '../../decode/sip/text.ts';
import type { Detector, Findings, Hint, Tally } from '../detector.ts';
import type { Exchanges } from '../exchanges.ts';
import type { Sighting } from '../sighting.ts';
import { fingerprint } from './fingerprint.ts';
import { FRESH, HOSTILE, PHONE } from './ledger.ts';
import { WEEK_S, type PatientMemory } from './memory.ts';
import { isV4Source, LENGTHS_V4, LENGTHS_V6, memberOf, networkOf, regionOf, siteOf } from './places.ts';
import { FIRST, MISDIALLED, NO_FILE, STUBBORN } from './suspects.ts';

const FILE_REFUSED = 'tftp-bruteforce.files-refused';
const FILE_ASKED = 'tftp-bruteforce.files-asked';
const STUCK = 'register-bruteforce.stuck-phone';
const STUCK_TOO_LONG = 'register-bruteforce.stuck-phone-too-long';
const USER_REFUSED = 'enumeration.users-refused';
/** Findings that are bad events; what one says of an exchange, another one may say again. With the threshold of a minute. */
const BAD: ReadonlyMap<string, ThresholdName> = new Map([
  ['register-bruteforce.bad-registrations', 'register-bruteforce.threshold'],
  [STUCK, 'register-bruteforce.threshold'],
  [STUCK_TOO_LONG, 'register-bruteforce.threshold'],
  ['auth-bruteforce.wrong-credentials', 'auth-bruteforce.threshold'],
  [USER_REFUSED, 'enumeration.threshold'],
  ['enumeration.users-abandoned', 'enumeration.abandonedThreshold'],
  [FILE_REFUSED, 'tftp-bruteforce.threshold'],
]);

/** A source with so many guesses within a week is held to be hostile. */
const HOSTILE_TRIES = 3;
/** Of an autonomous system: with guesses at so many users. A badly written phone that comes as a stranger each time has one. */
const HOSTILE_USERS = 3;
/** Good registrations whose program is looked at: one of so many, for it costs a second look at the request. */
const GOOD_SAMPLED = 16;

/** Third word of a program's second key, under which stands where it got in. */
export const GOOD_KEY = 1;

/** The rows of what was counted, for the detectors; -1: not counted there. */
export interface BadEvent {
  /** What it was for the source: a constant of `suspects.ts`. */
  what: number;
  second: number;
  user: number;
  program: number;
  /** Key of the program, to ask what it did well. */
  programHigh: number;
  programLow: number;
  /** One for each of the lengths in `places.ts`. */
  networks: readonly number[];
  /** Of its autonomous system; -1 also where nobody knows which one it is. */
  system: number;
}

/** A detector that looks back over days. */
export interface PatientDetector {
  failed(event: BadEvent, sighting: Sighting, findings: Findings): void;
}

export function isPatient(detector: Detector): detector is Detector & PatientDetector {
  return 'failed' in detector;
}

export class BadEvents implements Findings, Detector {
  readonly slug = 'slow-bruteforce';
  /** The detectors that are told. */
  listeners: readonly PatientDetector[] = [];
  private readonly judge: Findings;
  private readonly exchanges: Exchanges;
  private readonly memory: PatientMemory;
  private readonly seed: number;
  private readonly message = createSipMessage();
  private readonly networks: number[] = [];
  private lastExchange = -1;
  private lastSerial = -1;
  private good = 0;

  constructor(judge: Findings, exchanges: Exchanges, memory: PatientMemory, seed: number) {
    this.judge = judge;
    this.exchanges = exchanges;
    this.memory = memory;
    this.seed = seed;
  }

  report(
    kind: DetectorSlug,
    code: string,
    count: number,
    threshold: number,
    windowMs: number,
    s: Sighting,
    sinceMs?: number,
    hint?: Hint,
  ): void {
    const resting = this.memory.suspects.rests(s.row, Math.floor(s.now / 1000));
    this.judge.report(kind, code, count, threshold, windowMs, s, sinceMs, hint);
    if (this.listeners.length === 0) return;
    const phone = code === STUCK || code === STUCK_TOO_LONG;
    // What crosses the threshold of a minute is no matter of patience, and what follows belongs to it.
    if (count >= threshold && !phone) return this.memory.suspects.rest(s.row, Math.floor((s.now + windowMs) / 1000));
    if (resting) return;
    const name = BAD.get(code);
    // Tolerance: who raised the threshold of a minute for this source has vouched for it.
    if (name !== undefined && this.judge.thresholdFor(name, threshold, s) <= threshold) this.bad(code, s);
    else if (code === FILE_ASKED) this.memory.suspects.connected(s.row, s.user, Math.floor(s.now / 1000));
  }

  suspect(row: number, untilMs: number): void {
    this.judge.suspect(row, untilMs);
  }

  acknowledged(s: Sighting, call: boolean): void {
    this.judge.acknowledged(s, call);
  }

  phonesOf(row: number): number {
    return this.judge.phonesOf(row);
  }

  thresholdFor(name: ThresholdName, base: number, s: Sighting): number {
    return this.judge.thresholdFor(name, base, s);
  }

  mayWiden(network: Target, s: Sighting): boolean {
    return this.judge.mayWiden(network, s);
  }

  effective(threshold: number, s: Sighting): number {
    return this.judge.effective(threshold, s);
  }

  isKnown(s: Sighting): boolean {
    return this.judge.isKnown(s);
  }

  /** What goes well: it forgives, and shows which programs are phones. */
  answer(s: Sighting): void {
    if (!s.firstFinal || s.sip.status >= 300) return;
    const { suspects } = this.memory;
    if (s.proved) {
      if (suspects.knows(s.row)) this.forgive(s);
      if (s.method === 'REGISTER' && this.good++ % GOOD_SAMPLED === 0) this.noteGood(s);
    } else if (s.method === 'INVITE' && suspects.knows(s.row)) {
      suspects.connected(s.row, s.user, Math.floor(s.now / 1000));
    }
  }

  forget(row: number): void {
    this.memory.forget(row);
  }

  tally(): Tally[] {
    return [];
  }

  private bad(code: string, s: Sighting): void {
    const file = code === FILE_REFUSED;
    if (!file && this.wasCounted(s)) return;
    const m = file ? null : this.requestOf(s);
    const user = s.account || s.user;
    if (user === 0 || (m === null && !file)) return;
    const { suspects } = this.memory;
    this.memory.changes++;
    const second = Math.floor(s.now / 1000);
    const call = m === null ? 0 : hashSpan(m.bytes, m.callIdStart, m.callIdEnd, this.seed);
    const wrongNumber = code === USER_REFUSED && s.method !== 'REGISTER';
    const kind = file ? NO_FILE : wrongNumber ? MISDIALLED : FIRST;
    const what = suspects.fail({
      row: s.row,
      user,
      call,
      phone: s.phone & 0xffff,
      second,
      what: kind,
      proven: s.proof !== null,
    });
    const event: BadEvent = {
      what,
      second,
      user: -1,
      program: -1,
      programHigh: 0,
      programLow: 0,
      networks: this.networks,
      system: -1,
    };
    this.networks.length = 0;
    if (m !== null && !wrongNumber) this.noteEverywhere(event, m, s, user);
    for (const one of this.listeners) one.failed(event, s, this.judge);
  }

  private noteEverywhere(event: BadEvent, m: SipMessage, s: Sighting, user: number): void {
    const { suspects, users, programs, networks, systems } = this.memory;
    const label = user & 0xffff;
    const at = event.second;
    const own = suspects.guesses(s.row, at, WEEK_S);
    const mild = event.what === STUBBORN ? PHONE : FRESH;
    const state = own.tries >= HOSTILE_TRIES ? HOSTILE : mild;
    const [user2, victim, region] = [this.secondHash(m, s), victimOf(s), regionOf(s)];
    event.user = users.note(user, user2, victim, 0, region, label, state, at);
    const { high, low } = fingerprint(m, this.seed);
    [event.programHigh, event.programLow] = [high, low];
    event.program = programs.note(high, low, 0, 0, region, label, state, at);
    // Evasion: whoever forges a network's addresses could have it blocked; only who receives our answers counts.
    if (s.proof === null) return;
    for (const bits of isV4Source(s) ? LENGTHS_V4 : LENGTHS_V6) {
      const { w0, w1, w3 } = networkOf(s, bits);
      this.networks.push(networks.note(w0, w1, bits, w3, memberOf(s, bits), label, state, at));
    }
    const asn = valueAt(this.memory.asns, { w0: s.source0, w1: s.source1, w2: s.source2, w3: s.source3 });
    if (asn === NOTHING) return;
    const guesser = own.users >= HOSTILE_USERS ? HOSTILE : mild;
    event.system = systems.note(asn, 0, 0, 0, siteOf(s), label, guesser, at);
  }

  private forgive(s: Sighting): void {
    const { suspects, users, networks } = this.memory;
    suspects.forgive(s.row, s.account);
    for (const bits of isV4Source(s) ? LENGTHS_V4 : LENGTHS_V6) {
      const { w0, w1, w3 } = networkOf(s, bits);
      networks.clear(w0, w1, bits, w3, memberOf(s, bits));
    }
    const m = this.requestOf(s);
    if (m !== null) users.clear(s.account, this.secondHash(m, s), victimOf(s), 0, regionOf(s));
  }

  private noteGood(s: Sighting): void {
    const m = this.requestOf(s);
    if (m === null) return;
    const { high, low } = fingerprint(m, this.seed);
    const { programs } = this.memory;
    programs.note(high, low, GOOD_KEY, 0, regionOf(s), 0, PHONE, Math.floor(s.now / 1000));
  }

  /** Two detectors may speak of one refusal (a REGISTER answered 404). */
  private wasCounted(s: Sighting): boolean {
    const serial = s.exchange < 0 ? -1 : this.exchanges.ring.serialOf(s.exchange);
    if (s.exchange === this.lastExchange && serial === this.lastSerial) return true;
    this.lastExchange = s.exchange;
    this.lastSerial = serial;
    return false;
  }

  /** The request that is answered; null when it is gone. */
  private requestOf(s: Sighting): SipMessage | null {
    if (!s.answer) return s.sip;
    const start = this.exchanges.requestAt(s.exchange);
    if (start < 0) return null;
    decodeSip(this.exchanges.recent.bytes, start, start + this.exchanges.length[s.exchange], this.message);
    return this.message;
  }

  /** With the first hash 64 bits, under a secret seed: nobody can make two users fall together. */
  private secondHash(m: SipMessage, s: Sighting): number {
    const seed = this.seed ^ 0x3243f6a8;
    if (m.hasCredentials) return userHash(m.bytes, m.authUserStart, m.authUserEnd, seed);
    const to = s.method === 'REGISTER' || m.uriUserStart < 0;
    const [start, end] = to ? [m.toUserStart, m.toUserEnd] : [m.uriUserStart, m.uriUserEnd];
    return start < 0 ? 0 : userHash(m.bytes, start, end, seed);
  }
}

function victimOf(s: Sighting): number {
  return (Math.imul(s.victim0, 31) ^ Math.imul(s.victim1, 17) ^ Math.imul(s.victim2, 7) ^ s.victim3) >>> 0;
}
