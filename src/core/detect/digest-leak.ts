/**
 * The digest leak: somebody calls, waits until our side hangs up, and answers its BYE with a challenge. Many phones and PBXs then send
 * the answer to that challenge – made of their own password – to the caller, who guesses the password from it at leisure.
 *
 * Only a challenge inside a call that somebody outside made counts, and only when it answers a request that our side sent: the branch
 * of that request is known to nobody who did not receive it. Evasion: who calls may name another address of his for what follows.
 * Tolerance: a provider at which our side registers or calls with credentials may challenge whatever it likes.
 */
import { BoundedMap } from '../base/bounded-map.ts';
import { HashedRing } from '../base/hashed-ring.ts';
import type { CountPolicy } from '../base/policy.ts';
import { EventWindow } from '../base/window.ts';
import { hashSpan } from '../decode/sip/text.ts';
import type { Detector, Findings, Tally } from './detector.ts';
import { type Dialogs, networkOf } from './dialogs.ts';
import { isChallenge, type Sighting } from './sighting.ts';

const SLUG = 'digest-leak';
const CODE = `${SLUG}.challenges`;

/** Requests of our side in calls that others made, waiting for their answers. */
const SENT_MAX = 1 << 13;
/** Networks of our side's providers; the one that was not used longest is forgotten first. */
const PROVIDERS_MAX = 1 << 10;
const CHALLENGERS_MAX = 1 << 12;

export class DigestLeak implements Detector {
  readonly slug = SLUG;
  private readonly policy: CountPolicy;
  private readonly dialogs: Dialogs;
  private readonly seed: number;
  private readonly requests = new HashedRing(SENT_MAX);
  private readonly answered = new Uint8Array(SENT_MAX);
  private readonly providers = new BoundedMap<true>(PROVIDERS_MAX);
  private readonly challengers = new BoundedMap<EventWindow>(CHALLENGERS_MAX);

  constructor(policy: CountPolicy, dialogs: Dialogs, seed: number) {
    this.policy = policy;
    this.dialogs = dialogs;
    this.seed = seed >>> 0;
  }

  sent(s: Sighting): void {
    const m = s.sip;
    const inDialog = m.toTagStart >= 0;
    if (m.hasCredentials && !inDialog && (m.method === 'REGISTER' || m.method === 'INVITE')) {
      this.providers.set(networkOf(s), true);
      return;
    }
    // ACK is never answered, CANCEL never challenged (RFC 3261 §17, §22.1).
    if (!inDialog || m.method === 'ACK' || m.method === 'CANCEL') return;
    const caller = this.dialogs.callerOf(s.call);
    if (caller < 0 || this.providers.get(caller) === true) return;
    const branch = this.branchOf(s);
    if (this.requests.find(s.row, branch) >= 0) return;
    this.answered[this.requests.add(s.row, branch)] = 0;
  }

  reply(s: Sighting, findings: Findings): void {
    if (!isChallenge(s.sip.status)) return;
    const slot = this.requests.find(s.row, this.branchOf(s));
    if (slot < 0 || this.answered[slot] === 1 || this.providers.get(networkOf(s)) === true) return;
    this.answered[slot] = 1;
    s.proof ??= 'branch';
    let window = this.challengers.get(s.row);
    if (window === undefined) this.challengers.set(s.row, (window = new EventWindow()));
    const { threshold, windowMs } = this.policy;
    findings.report(SLUG, CODE, window.add(s.now, s.call, windowMs), threshold, windowMs, s);
  }

  forget(row: number): void {
    this.challengers.delete(row);
  }

  tally(row: number, now: number): Tally[] {
    const { threshold, windowMs } = this.policy;
    const count = this.challengers.peek(row)?.count(now, windowMs) ?? 0;
    return [{ kind: SLUG, what: CODE, count, threshold, windowMs }];
  }

  private branchOf({ sip: m }: Sighting): number {
    return hashSpan(m.bytes, m.branchStart, m.branchEnd, this.seed);
  }
}
