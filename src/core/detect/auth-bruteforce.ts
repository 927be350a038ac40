/**
 * Guessing passwords by INVITE, SUBSCRIBE and every request but REGISTER: credentials that were refused.
 *
 * Tolerance: 403 to an account that got in from the same source within the hour is a barred number, not a wrong password.
 */
import { BoundedMap } from '../base/bounded-map.ts';
import type { CountPolicy } from '../base/policy.ts';
import { EventWindow } from '../base/window.ts';
import { COUNTED_SOURCES_MAX, type Detector, type Findings, type Tally } from './detector.ts';
import type { Sighting } from './sighting.ts';

const SLUG = 'auth-bruteforce';
const CODE = `${SLUG}.wrong-credentials`;

export class AuthBruteforce implements Detector {
  readonly slug = SLUG;
  private readonly policy: CountPolicy;
  private readonly wrong = new BoundedMap<EventWindow>(COUNTED_SOURCES_MAX);

  constructor(policy: CountPolicy) {
    this.policy = policy;
  }

  answer(s: Sighting, findings: Findings): void {
    if (!s.firstFinal || !s.hadCredentials || s.method === 'REGISTER') return;
    if (s.proved) this.wrong.peek(s.row)?.forgive(s.account);
    if (!s.wrongCredentials) return;
    let window = this.wrong.get(s.row);
    if (!window) this.wrong.set(s.row, (window = new EventWindow()));
    const { threshold, windowMs } = this.policy;
    findings.report(SLUG, CODE, window.add(s.now, s.account, windowMs), threshold, windowMs, s);
  }

  forget(row: number): void {
    this.wrong.delete(row);
  }

  tally(row: number, now: number): Tally[] {
    const { threshold, windowMs } = this.policy;
    return [{ kind: SLUG, what: CODE, count: this.wrong.peek(row)?.count(now, windowMs) ?? 0, threshold, windowMs }];
  }
}
