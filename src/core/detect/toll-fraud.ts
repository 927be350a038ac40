/**
 * Calls at somebody else's expense: INVITEs without credentials to numbers abroad or premium services, and one number tried with
 * prefix after prefix until the dial plan lets it out.
 *
 * A call counts when it was refused, when it was challenged and nobody came back with credentials, or when the victim's answers cannot
 * be seen. Tolerance: whoever has credentials may dial wherever he likes. A provider has none, but its numbers ring here, and more of its
 * calls are answered than refused.
 */
import { BoundedMap } from '../base/bounded-map.ts';
import { HashedRing } from '../base/hashed-ring.ts';
import type { TollFraudPolicy } from '../base/policy.ts';
import { grown } from '../base/source-table.ts';
import { DistinctWindow, EventWindow } from '../base/window.ts';
import type { Detector, Findings, Tally } from './detector.ts';
import { DialledNumber } from './dialled-number.ts';
import { EXCHANGES_MAX, type Exchanges } from './exchanges.ts';
import { PastRequests } from './past-requests.ts';
import { isChallenge, isRefusal, type Sighting } from './sighting.ts';

const SLUG = 'toll-fraud';
const CALLS = `${SLUG}.unauthenticated-calls`;
const WALK = `${SLUG}.prefix-walk`;

/** Sources that called costly or strange numbers without credentials; each costs about a kilobyte. */
const CALLERS_MAX = 1 << 14;
/** Challenged calls of one source that wait for credentials; beyond it the oldest counts as abandoned. */
const WAITING_MAX = 32;
/** Numbers of one source whose prefixes are followed. */
const TAILS_MAX = 16;
/** Numbers that were answered here: a provider's are offered again and again. */
const OWN_NUMBERS_MAX = 1 << 12;

const COSTLY = 1;
const COUNTED = 2;

interface Dialled {
  /** As dialled, and its last digits. */
  whole: number;
  tail: number;
  costly: boolean;
}

interface Waiting extends Dialled {
  call: number;
  user: number;
  /** It was counted when it was sent, because no answers could be seen. */
  counted: boolean;
  at: number;
  exchange: number;
  serial: number;
}

interface Caller {
  /** By the number's last digits, both. */
  refused: EventWindow;
  answered: EventWindow;
  waiting: Waiting[];
  /** By the last digits: how it was dialled. */
  walks: Map<number, DistinctWindow>;
}

export class TollFraud implements Detector {
  readonly slug = SLUG;
  private readonly policy: TollFraudPolicy;
  private readonly number: DialledNumber;
  private readonly exchanges: Exchanges;
  private readonly past: PastRequests;
  private readonly callers = new BoundedMap<Caller>(CALLERS_MAX, (row) => (this.hasCaller[row] = 0));
  /** 1 for the rows in `callers`: hardly any source has one. */
  private hasCaller = new Uint8Array(0);
  private readonly ownNumbers = new HashedRing(OWN_NUMBERS_MAX);
  /** Of calls without credentials, by exchange: the number as dialled (0: none), its tail, and what else is known. */
  private readonly dialled = new Uint32Array(EXCHANGES_MAX);
  private readonly tails = new Uint32Array(EXCHANGES_MAX);
  private readonly marks = new Uint8Array(EXCHANGES_MAX);

  constructor(policy: TollFraudPolicy, exchanges: Exchanges, seed: number) {
    this.policy = policy;
    this.exchanges = exchanges;
    this.past = new PastRequests(exchanges);
    this.number = new DialledNumber(policy, seed);
  }

  grow(rows: number): void {
    this.hasCaller = grown(this.hasCaller, new Uint8Array(rows));
  }

  request(s: Sighting, findings: Findings): void {
    if (s.method !== 'INVITE' || !s.fresh || s.exchange < 0) return;
    this.dialled[s.exchange] = 0;
    // A re-INVITE (To tag) changes a call that stands.
    if (s.sip.toTagStart >= 0) return;
    if (this.hasCaller[s.row] === 1) {
      const caller = this.callers.get(s.row)!;
      if (s.hadCredentials) followedUp(caller, s.call);
      this.countAbandoned(caller, s, findings);
    }
    const { number, dialled, tails, marks } = this;
    if (s.hadCredentials || !number.read(s.sip.bytes, s.sip.uriUserStart, s.sip.uriUserEnd)) return;
    dialled[s.exchange] = number.whole;
    tails[s.exchange] = number.tail;
    marks[s.exchange] = number.costly ? COSTLY : 0;
    if (number.costly && callsItself(s)) findings.suspect(s.row, s.now + this.policy.windowMs);
    if (!s.blind || this.isOwn(number.tail)) return;
    marks[s.exchange] |= COUNTED;
    this.count(this.callerOf(s.row), this.numberOf(s.exchange), s, findings);
  }

  answer(s: Sighting, findings: Findings): void {
    const { status } = s.sip;
    if (s.method !== 'INVITE' || s.exchange < 0 || status < 101 || this.dialled[s.exchange] === 0) return;
    const tail = this.tails[s.exchange];
    const counted = (this.marks[s.exchange] & COUNTED) !== 0;
    if (status < 300) {
      this.accepted(s, tail);
    } else if (!s.firstFinal || this.isOwn(tail)) {
      return;
    } else if (isChallenge(status)) {
      const { waiting } = this.callerOf(s.row);
      if (waiting.length === WAITING_MAX) waiting.shift();
      const { now: at, exchange, call, user } = s;
      const serial = this.exchanges.ring.serialOf(exchange);
      waiting.push({ ...this.numberOf(exchange), call, user, counted, at, exchange, serial });
    } else if (!counted && (isRefusal(status) || status === 484 || status === 603)) {
      this.count(this.callerOf(s.row), this.numberOf(s.exchange), s, findings);
    }
  }

  forget(row: number): void {
    if (this.hasCaller[row] === 1) this.callers.delete(row);
    this.hasCaller[row] = 0;
  }

  tally(row: number, now: number): Tally[] {
    const { threshold, prefixThreshold, windowMs } = this.policy;
    const caller = this.hasCaller[row] === 1 ? this.callers.peek(row) : undefined;
    let walked = 0;
    for (const walk of caller?.walks.values() ?? []) walked = Math.max(walked, walk.count(now, windowMs));
    return [
      { kind: SLUG, what: CALLS, count: caller?.refused.count(now, windowMs) ?? 0, threshold, windowMs },
      { kind: SLUG, what: WALK, count: walked, threshold: prefixThreshold, windowMs },
    ];
  }

  /** Tolerance: a number that rings here is one of ours, whoever offers it and however its country writes it. */
  private accepted(s: Sighting, tail: number): void {
    if (!this.isOwn(tail)) this.ownNumbers.add(tail, tail);
    // What only rings may be a bot's, too.
    if (s.firstFinal) this.callerOf(s.row).answered.add(s.now, tail, this.policy.windowMs);
    const caller = this.hasCaller[s.row] === 1 ? this.callers.peek(s.row) : undefined;
    caller?.refused.forgive(tail);
    caller?.walks.delete(tail);
  }

  private isOwn(tail: number): boolean {
    return this.ownNumbers.find(tail, tail) >= 0;
  }

  /** Calls whose challenge nobody answered in time. Found at the source's next call: an attacker's is never the last. */
  private countAbandoned(caller: Caller, s: Sighting, findings: Findings): void {
    while (caller.waiting.length > 0 && caller.waiting[0].at <= s.now - this.policy.followUpMs) {
      const one = caller.waiting.shift()!;
      if (one.counted) continue;
      // The evidence is the call that was abandoned; where its bytes are gone, the message that happens to be here, without a name.
      const request = this.past.sighting(s, one.user, one) ?? { ...s, user: 0 };
      this.count(caller, one, request, findings);
    }
  }

  private numberOf(exchange: number): Dialled {
    return { whole: this.dialled[exchange], tail: this.tails[exchange], costly: (this.marks[exchange] & COSTLY) !== 0 };
  }

  private count(caller: Caller, { whole, tail, costly }: Dialled, s: Sighting, findings: Findings): void {
    const { threshold, prefixThreshold, windowMs } = this.policy;
    let walk = caller.walks.get(tail);
    if (walk === undefined) {
      if (caller.walks.size === TAILS_MAX) caller.walks.delete(caller.walks.keys().next().value!);
      caller.walks.set(tail, (walk = new DistinctWindow()));
    }
    const prefixes = walk.add(whole, s.now, windowMs);
    if (prefixes > 1) findings.report(SLUG, WALK, prefixes, prefixThreshold, windowMs, s);
    if (!costly) return;
    const calls = caller.refused.add(s.now, tail, windowMs);
    if (calls <= caller.answered.count(s.now, windowMs)) return;
    findings.report(SLUG, CALLS, calls, threshold, windowMs, s);
  }

  private callerOf(row: number): Caller {
    let caller = this.hasCaller[row] === 1 ? this.callers.get(row) : undefined;
    if (caller === undefined) {
      caller = { refused: new EventWindow(), answered: new EventWindow(), waiting: [], walks: new Map() };
      this.callers.set(row, caller);
      this.hasCaller[row] = 1;
    }
    return caller;
  }
}

/** The same call, now with credentials: whether they are right is another detector's business. */
function followedUp(caller: Caller, call: number): void {
  const at = caller.waiting.findIndex((one) => one.call === call);
  if (at < 0) return;
  const [one] = caller.waiting.splice(at, 1);
  if (one.counted) caller.refused.forgive(one.tail);
}

/** From and To name the same user: bots fill in one number for both. */
function callsItself({ sip: m }: Sighting): boolean {
  const length = m.toUserEnd - m.toUserStart;
  if (m.toUserStart < 0 || m.fromUserStart < 0 || m.fromUserEnd - m.fromUserStart !== length) return false;
  for (let i = 0; i < length; i++) if (m.bytes[m.fromUserStart + i] !== m.bytes[m.toUserStart + i]) return false;
  return true;
}
