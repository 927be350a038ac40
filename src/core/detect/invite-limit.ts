/**
 * Too many INVITEs of one source: those without a final answer at one moment, and new ones within a window (datasheet D8). Limits can
 * be overridden by address range; the most specific range that holds the source wins.
 */
import { compareAddress, inRange, type Address } from '../base/address.ts';
import { BoundedMap } from '../base/bounded-map.ts';
import type { InviteLimitOverride, InviteLimitPolicy } from '../base/policy.ts';
import { RollingCount } from '../base/rolling-count.ts';
import { COUNTED_SOURCES_MAX, type Detector, type Findings, type Hint, type Tally } from './detector.ts';
import { EXCHANGES_MAX, type Exchanges } from './exchanges.ts';
import type { Sighting } from './sighting.ts';

const SLUG = 'invite-limit';
const SIMULTANEOUS = `${SLUG}.simultaneous`;
const RATE = `${SLUG}.rate`;
/** Timer C (RFC 3261 §16.6, 11): a call that was not answered for three minutes is over. */
const UNANSWERED_MS = 180_000;
/** INVITEs waiting for the end of Timer C; beyond it the oldest counts as over. */
const WAITING_MAX = 1 << 16;
/** Marks of an exchange. */
const COUNTED = 1;
const PROVEN = 2;

interface Caller {
  /** INVITEs without a final answer, and how many of them are known to come from the source. */
  open: number;
  provenOpen: number;
  openSince: number;
  rate: RollingCount;
  provenRate: RollingCount;
}

export class InviteLimit implements Detector {
  readonly slug = SLUG;
  private readonly policy: InviteLimitPolicy;
  private readonly exchanges: Exchanges;
  /** By source row; `counted` marks the exchanges that stand in `open`. */
  private readonly callers = new BoundedMap<Caller>(COUNTED_SOURCES_MAX);
  private readonly counted = new Uint8Array(EXCHANGES_MAX);
  /** The limit is one of the whole source, so the judge need not count by ports. */
  private readonly hint: Hint & { proven: number } = { proven: 0 };
  /** INVITEs in order of time: slot and serial of their exchange, deadline. */
  private readonly waitingSlot = new Int32Array(WAITING_MAX);
  private readonly waitingSerial = new Uint32Array(WAITING_MAX);
  private readonly waitingUntil = new Float64Array(WAITING_MAX);
  private first = 0;
  private waiting = 0;
  private readonly lowest: { simultaneous: number; threshold: number };

  constructor(policy: InviteLimitPolicy, exchanges: Exchanges) {
    this.policy = policy;
    this.exchanges = exchanges;
    exchanges.lost = (slot) => this.over(slot);
    const limits = [policy, ...policy.overrides];
    this.lowest = {
      simultaneous: Math.min(...limits.map((limit) => limit.simultaneous)),
      threshold: Math.min(...limits.map((limit) => limit.threshold)),
    };
  }

  request(s: Sighting, findings: Findings): void {
    // A re-INVITE (To tag) changes a call that stands; it is no new one.
    if (!s.fresh || s.method !== 'INVITE' || s.sip.toTagStart >= 0 || s.exchange < 0) return;
    this.expire(s.now);
    this.enqueue(s.exchange, s.now);
    this.over(s.exchange);
    const caller = this.callerOf(s);
    const { windowMs } = this.policy;
    this.counted[s.exchange] = COUNTED;
    if (s.proof !== null) {
      this.counted[s.exchange] = COUNTED | PROVEN;
      caller.provenOpen++;
      caller.provenRate.add(s.now, windowMs);
    }
    if (caller.open === 0) caller.openSince = s.now;
    const open = ++caller.open;
    const rate = caller.rate.add(s.now, windowMs);
    if (open <= this.lowest.simultaneous && rate <= this.lowest.threshold) return;
    const limit = this.limitFor({ w0: s.source0, w1: s.source1, w2: s.source2, w3: s.source3 });
    // The limit itself is allowed: one more crosses it.
    if (open > limit.simultaneous) {
      this.hint.proven = caller.provenOpen;
      findings.report(SLUG, SIMULTANEOUS, open, limit.simultaneous + 1, 0, s, caller.openSince, this.hint);
    } else if (rate > limit.threshold) {
      const since = caller.rate.oldest(s.now, windowMs);
      this.hint.proven = caller.provenRate.at(s.now, windowMs);
      findings.report(SLUG, RATE, rate, limit.threshold + 1, windowMs, s, since, this.hint);
    }
  }

  private callerOf({ row, now }: Sighting): Caller {
    let caller = this.callers.get(row);
    if (!caller) {
      const counts = { rate: new RollingCount(), provenRate: new RollingCount() };
      this.callers.set(row, (caller = { open: 0, provenOpen: 0, openSince: now, ...counts }));
    }
    return caller;
  }

  answer(s: Sighting): void {
    if (s.firstFinal && s.method === 'INVITE') this.over(s.exchange);
  }

  /** An exchange is leaving the ring, or is being used again: its INVITE is over. */
  over(slot: number): void {
    if (this.counted[slot] === 0) return;
    const proven = (this.counted[slot] & PROVEN) !== 0;
    this.counted[slot] = 0;
    const caller = this.callers.peek(this.exchanges.row[slot]);
    if (!caller || caller.open === 0) return;
    caller.open--;
    if (proven) caller.provenOpen--;
  }

  forget(row: number): void {
    this.callers.delete(row);
  }

  tally(row: number, now: number): Tally[] {
    const { simultaneous, threshold, windowMs } = this.policy;
    const caller = this.callers.peek(row);
    const rate = caller?.rate.at(now, windowMs) ?? 0;
    return [
      { kind: SLUG, what: SIMULTANEOUS, count: caller?.open ?? 0, threshold: simultaneous + 1, windowMs: 0 },
      { kind: SLUG, what: RATE, count: rate, threshold: threshold + 1, windowMs },
    ];
  }

  private limitFor(source: Address): { simultaneous: number; threshold: number } {
    let best: InviteLimitOverride | null = null;
    for (const override of this.policy.overrides) {
      if (inRange(source, override.range) && (best === null || isInside(override, best))) best = override;
    }
    return best ?? this.policy;
  }

  private enqueue(slot: number, now: number): void {
    if (this.waiting === WAITING_MAX) this.dequeue();
    const at = (this.first + this.waiting++) & (WAITING_MAX - 1);
    this.waitingSlot[at] = slot;
    this.waitingSerial[at] = this.exchanges.ring.serialOf(slot);
    this.waitingUntil[at] = now + UNANSWERED_MS;
  }

  private expire(now: number): void {
    while (this.waiting > 0 && this.waitingUntil[this.first] <= now) this.dequeue();
  }

  /** The oldest INVITE has waited for Timer C. */
  private dequeue(): void {
    const slot = this.waitingSlot[this.first];
    if (this.exchanges.ring.serialOf(slot) === this.waitingSerial[this.first]) this.over(slot);
    this.first = (this.first + 1) & (WAITING_MAX - 1);
    this.waiting--;
  }
}

function isInside(inner: InviteLimitOverride, outer: InviteLimitOverride): boolean {
  return (
    compareAddress(inner.range.first, outer.range.first) >= 0 && compareAddress(inner.range.last, outer.range.last) <= 0
  );
}
