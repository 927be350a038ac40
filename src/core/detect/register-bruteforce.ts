/**
 * Guessing passwords by REGISTER. Counts bad registrations (product.md, rule 1); where the victim's answers cannot be seen, attempts
 * (rule 2). The first challenge counts for nothing, retransmissions are one attempt, and an account that gets in is forgiven.
 */
import { BoundedMap } from '../base/bounded-map.ts';
import type { RegisterBruteforcePolicy, TrustPolicy } from '../base/policy.ts';
import { COUNTED_SOURCES_MAX, type Detector, type Findings, type Hint, type Tally } from './detector.ts';
import type { Exchanges } from './exchanges.ts';
import { PastRequests } from './past-requests.ts';
import { RegisterAttempts } from './register-attempts.ts';
import { BURST_MAX, HOUR_MS, RegisterGuesses } from './register-guesses.ts';
import { isRefusal, type Sighting } from './sighting.ts';

const SLUG = 'register-bruteforce';
const BAD = `${SLUG}.bad-registrations`;
/** One user at a phone's pace: told once, and never a reason to shut anybody out. */
export const STUCK_PHONE = `${SLUG}.stuck-phone`;
/** The same for too long. */
const TOO_LONG = `${SLUG}.stuck-phone-too-long`;
/** A phone that fails every two minutes or more often is told of. */
const STUCK_RETRIES = 5;
const STUCK_WINDOW_MS = 600_000;
const OWN_THRESHOLD = `${SLUG}.threshold`;
const PACE = { burst: 0, perMinute: 0 };
const GUESSES: Hint = { of: BAD };
const ONE_PHONE: Hint = { scope: 'port', most: 'limit', of: BAD };
const TOO_LONG_PHONE: Hint = { scope: 'port', most: 'block', of: BAD };
const ATTEMPTS = `${SLUG}.unanswered-attempts`;
/** Sources with more than one unanswered attempt; each costs about a kilobyte. */
const ATTEMPTS_SOURCES_MAX = 1 << 13;
/** A user's hash has 32 bits; above it stand 16 that tell a source's phones apart. */
const PHONE_SHIFT = 2 ** 32;
const PHONE_BITS = 0xffff;

interface BadRegistrations {
  /** Those that are known to come from the source, and those that anybody could have sent in its name. */
  proven: RegisterGuesses;
  other: RegisterGuesses;
  /** Users that may be phones with a wrong password, as it was last. */
  linesMax: number;
}

export class RegisterBruteforce implements Detector {
  readonly slug = SLUG;
  private readonly policy: RegisterBruteforcePolicy;
  private readonly trust: TrustPolicy;
  private readonly past: PastRequests;
  private readonly bad = new BoundedMap<BadRegistrations>(COUNTED_SOURCES_MAX);
  /** A source's only attempt so far, as one number (port and user); what follows it gets an object of its own. */
  private readonly onlyAttempt = new BoundedMap<number>(COUNTED_SOURCES_MAX);
  private readonly attempts = new BoundedMap<RegisterAttempts>(ATTEMPTS_SOURCES_MAX);

  constructor(policy: RegisterBruteforcePolicy, trust: TrustPolicy, exchanges: Exchanges) {
    this.policy = policy;
    this.trust = trust;
    this.past = new PastRequests(exchanges);
  }

  request(s: Sighting, findings: Findings): void {
    if (!s.blind || !s.fresh || s.method !== 'REGISTER') return;
    const { attemptsThreshold, windowMs } = this.policy;
    let attempts = this.attempts.get(s.row);
    if (!attempts) {
      const only = this.onlyAttempt.get(s.row);
      if (only === undefined) {
        this.onlyAttempt.set(s.row, (s.phone & PHONE_BITS) * PHONE_SHIFT + s.user);
        if (attemptsThreshold === 1) findings.report(SLUG, ATTEMPTS, 1, 1, windowMs, s);
        return;
      }
      this.onlyAttempt.delete(s.row);
      this.attempts.set(s.row, (attempts = new RegisterAttempts()));
      attempts.add(Math.floor(only / PHONE_SHIFT), only % PHONE_SHIFT, s.now, attemptsThreshold, windowMs);
    }
    const count = attempts.add(s.phone & PHONE_BITS, s.user, s.now, attemptsThreshold, windowMs);
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
      const known = this.bad.peek(s.row);
      known?.proven.forgive(key);
      known?.other.forgive(key);
      return;
    }
    if (!s.wrongCredentials && !isRefusal(status)) return;
    this.refused(s, key, findings);
  }

  private refused(s: Sighting, user: number, findings: Findings): void {
    let bad = this.bad.get(s.row);
    if (!bad) this.bad.set(s.row, (bad = { proven: new RegisterGuesses(), other: new RegisterGuesses(), linesMax: 0 }));
    // Of an address that nobody got in from, one user may be a phone; of an office as many as are known, and a new one.
    bad.linesMax = this.trust.retriesPerMinute === 0 ? 0 : 1 + findings.phonesOf(s.row);
    const { threshold, windowMs } = this.policy;
    const { retriesPerMinute, retriesPerHour } = this.trust;
    // Evasion: forged guesses must not turn a phone's own attempts into guesses, so each kind is looked at for itself.
    const guesses = s.proof === null ? bad.other : bad.proven;
    const digest = this.past.digest(s.exchange, s.hadCredentials && !guesses.isGuessing(user, s.now));
    // An administrator who wants fewer to suffice gets it.
    const own = findings.effective(findings.thresholdFor(OWN_THRESHOLD, threshold, s), s);
    PACE.burst = Math.min(BURST_MAX, own - 1);
    PACE.perMinute = retriesPerMinute;
    guesses.add(user, s.host, s.now, digest.context, digest.response, windowMs, PACE);
    if (!guesses.isSteady(user, s.now, bad.linesMax)) {
      GUESSES.proven = bad.proven.guesses(s.now, windowMs, bad.linesMax);
      const count = GUESSES.proven + bad.other.guesses(s.now, windowMs, bad.linesMax);
      return findings.report(SLUG, BAD, count, threshold, windowMs, s, s.now, GUESSES);
    }
    const hourly = guesses.ofUser(user, s.now - HOUR_MS);
    const hint = hourly > retriesPerHour ? TOO_LONG_PHONE : ONE_PHONE;
    const count = hourly > retriesPerHour ? hourly : guesses.ofUser(user, s.now - STUCK_WINDOW_MS);
    hint.proven = s.proof === null ? 0 : count;
    if (hint === ONE_PHONE) findings.report(SLUG, STUCK_PHONE, count, STUCK_RETRIES, STUCK_WINDOW_MS, s, s.now, hint);
    else findings.report(SLUG, TOO_LONG, count, retriesPerHour + 1, HOUR_MS, s, s.now, hint);
  }

  forget(row: number): void {
    this.bad.delete(row);
    this.attempts.delete(row);
    this.onlyAttempt.delete(row);
  }

  tally(row: number, now: number): Tally[] {
    const { threshold, attemptsThreshold, windowMs } = this.policy;
    const known = this.bad.peek(row);
    const of = (guesses: RegisterGuesses) => guesses.guesses(now, windowMs, known!.linesMax);
    const bad = known === undefined ? 0 : of(known.proven) + of(known.other);
    const attempts = this.attempts.peek(row)?.count(now, windowMs) ?? 0;
    return [
      { kind: SLUG, what: BAD, count: bad, threshold, windowMs },
      { kind: SLUG, what: ATTEMPTS, count: attempts, threshold: attemptsThreshold, windowMs },
    ];
  }
}
