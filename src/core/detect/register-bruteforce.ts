/**
 * Guessing passwords by REGISTER. Counts bad registrations (product.md, rule 1); where the victim's answers cannot be seen, attempts
 * (rule 2). The first challenge counts for nothing, retransmissions are one attempt, and an account that gets in is forgiven.
 */
import { BoundedMap } from '../base/bounded-map.ts';
import type { RegisterBruteforcePolicy } from '../base/policy.ts';
import { EventWindow } from '../base/window.ts';
import { COUNTED_SOURCES_MAX, type Detector, type Findings, type Tally } from './detector.ts';
import { RegisterAttempts } from './register-attempts.ts';
import { isRefusal, type Sighting } from './sighting.ts';

const SLUG = 'register-bruteforce';
const BAD = `${SLUG}.bad-registrations`;
const ATTEMPTS = `${SLUG}.unanswered-attempts`;
/** Sources with more than one unanswered attempt; each costs about a kilobyte. */
const ATTEMPTS_SOURCES_MAX = 1 << 13;
/** A user's hash has 32 bits; the port stands above it. */
const PORT_SHIFT = 2 ** 32;

export class RegisterBruteforce implements Detector {
  readonly slug = SLUG;
  private readonly policy: RegisterBruteforcePolicy;
  private readonly bad = new BoundedMap<EventWindow>(COUNTED_SOURCES_MAX);
  /** A source's only attempt so far, as one number (port and user); what follows it gets an object of its own. */
  private readonly onlyAttempt = new BoundedMap<number>(COUNTED_SOURCES_MAX);
  private readonly attempts = new BoundedMap<RegisterAttempts>(ATTEMPTS_SOURCES_MAX);

  constructor(policy: RegisterBruteforcePolicy) {
    this.policy = policy;
  }

  request(s: Sighting, findings: Findings): void {
    if (!s.blind || !s.fresh || s.method !== 'REGISTER') return;
    const { attemptsThreshold, windowMs } = this.policy;
    let attempts = this.attempts.get(s.row);
    if (!attempts) {
      const only = this.onlyAttempt.get(s.row);
      if (only === undefined) {
        this.onlyAttempt.set(s.row, s.sourcePort * PORT_SHIFT + s.user);
        if (attemptsThreshold === 1) findings.report(SLUG, ATTEMPTS, 1, 1, windowMs, s);
        return;
      }
      this.onlyAttempt.delete(s.row);
      this.attempts.set(s.row, (attempts = new RegisterAttempts()));
      attempts.add(Math.floor(only / PORT_SHIFT), only % PORT_SHIFT, s.now, attemptsThreshold, windowMs);
    }
    const count = attempts.add(s.sourcePort, s.user, s.now, attemptsThreshold, windowMs);
    findings.report(SLUG, ATTEMPTS, count, attemptsThreshold, windowMs, s);
  }

  answer(s: Sighting, findings: Findings): void {
    if (!s.firstFinal || s.method !== 'REGISTER') return;
    // Its answers can be seen after all: what was counted without them counts no longer.
    this.attempts.delete(s.row);
    this.onlyAttempt.delete(s.row);
    const { status } = s.sip;
    const key = s.account || s.user;
    if (status >= 200 && status < 300) {
      this.bad.peek(s.row)?.forgive(key);
      return;
    }
    if (!s.wrongCredentials && !isRefusal(status)) return;
    let window = this.bad.get(s.row);
    if (!window) this.bad.set(s.row, (window = new EventWindow()));
    const { threshold, windowMs } = this.policy;
    findings.report(SLUG, BAD, window.add(s.now, key, windowMs), threshold, windowMs, s);
  }

  forget(row: number): void {
    this.bad.delete(row);
    this.attempts.delete(row);
    this.onlyAttempt.delete(row);
  }

  tally(row: number, now: number): Tally[] {
    const { threshold, attemptsThreshold, windowMs } = this.policy;
    const bad = this.bad.peek(row)?.count(now, windowMs) ?? 0;
    const attempts = this.attempts.peek(row)?.count(now, windowMs) ?? 0;
    return [
      { kind: SLUG, what: BAD, count: bad, threshold, windowMs },
      { kind: SLUG, what: ATTEMPTS, count: attempts, threshold: attemptsThreshold, windowMs },
    ];
  }
}
