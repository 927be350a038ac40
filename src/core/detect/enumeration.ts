/**
 * Looking for users that exist: many distinct users asked for by REGISTER, INVITE, OPTIONS or any other request.
 *
 * Four ways to see it, because PBXs answer differently: users refused (404, 403 …); users challenged and never followed up with
 * credentials; users asked for from one port with nothing heard yet; users probed by OPTIONS that the PBX answers in any case.
 */
import { BoundedMap } from '../base/bounded-map.ts';
import type { EnumerationPolicy } from '../base/policy.ts';
import { grown } from '../base/source-table.ts';
import { type Detector, type Findings, type Hint, type Tally } from './detector.ts';
import type { Exchanges } from './exchanges.ts';
import { PastRequests } from './past-requests.ts';
import { Probes } from './probes.ts';
import { isChallenge, isRefusal, type Sighting } from './sighting.ts';

/** What became of a source's only user so far. */
const UNANSWERED = 0;
const CHALLENGED = 1;
const SETTLED = 2;
const PROBED_ONCE = 3;

const SLUG = 'enumeration';
const USERS: Hint = { distinct: true };
const REFUSED = `${SLUG}.users-refused`;
const ABANDONED = `${SLUG}.users-abandoned`;
const PENDING = `${SLUG}.users-pending`;
const PROBED = `${SLUG}.users-probed`;

/** Sources that asked for more than one user; each costs about 1.5 kB. */
const PROBES_MAX = 1 << 14;

export class Enumeration implements Detector {
  readonly slug = SLUG;
  private readonly policy: EnumerationPolicy;
  private readonly probes = new BoundedMap<Probes>(PROBES_MAX, (row) => (this.hasProbes[row] = 0));
  /** 1 for the rows in `probes`: nearly every answer goes to a source that has none, and asks no map. */
  private hasProbes = new Uint8Array(0);
  /** Nearly every source asks for one user only: it costs nine bytes, not an object. */
  private onlyUser = new Uint32Array(0);
  private onlyFate = new Uint8Array(0);
  private onlyPhone = new Uint32Array(0);

  private readonly exchanges: Exchanges;
  private readonly past: PastRequests;

  constructor(policy: EnumerationPolicy, exchanges: Exchanges) {
    this.policy = policy;
    this.exchanges = exchanges;
    this.past = new PastRequests(exchanges);
  }

  grow(rows: number): void {
    this.hasProbes = grown(this.hasProbes, new Uint8Array(rows));
    this.onlyUser = grown(this.onlyUser, new Uint32Array(rows));
    this.onlyFate = grown(this.onlyFate, new Uint8Array(rows));
    this.onlyPhone = grown(this.onlyPhone, new Uint32Array(rows));
  }

  request(s: Sighting, findings: Findings): void {
    // In a dialog (To tag) the peer already knows the user.
    if (!s.fresh || s.user === 0 || s.sip.toTagStart >= 0) return;
    const probes = this.probesOf(s);
    if (claimsAccount(s)) {
      if (probes) probes.followedUp(s.user);
      else this.onlyFate[s.row] = SETTLED;
      return;
    }
    if (!probes) return;
    if (s.method !== 'REGISTER' && s.method !== 'INVITE' && s.method !== 'OPTIONS') return;
    const { pendingThreshold, windowMs } = this.policy;
    const serial = this.exchanges.ring.serialOf(s.exchange);
    const pending = probes.asked(s.user, s.phone, s.now, windowMs, s.exchange, serial);
    if (pending >= findings.effective(pendingThreshold, s)) {
      if (!probes.pendingTold) this.reportPending(probes, s, findings);
      findings.report(SLUG, PENDING, pending, pendingThreshold, windowMs, s, s.now, USERS);
    }
    this.reportAbandoned(probes, s, findings);
  }

  answer(s: Sighting, findings: Findings): void {
    if (s.exchange < 0 || s.user === 0) return;
    const { status } = s.sip;
    const { threshold, windowMs } = this.policy;
    // Tolerance: a customer who got in and dials numbers that do not exist is looking for nobody's extension.
    const refused = s.firstFinal && isRefusal(status) && !(s.customer && s.method !== 'REGISTER');
    const probes = refused ? this.probesMade(s) : this.probesKnown(s.row);
    if (!probes) {
      this.noteFate(s, status);
      return;
    }
    if (refused) {
      const count = probes.refused(s.user, s.now, windowMs);
      // Tolerance: a trunk dials wrong numbers too, but most of its calls go through.
      if (count > probes.acceptedCount(s.now, windowMs))
        findings.report(SLUG, REFUSED, count, threshold, windowMs, s, s.now, USERS);
    } else if (isChallenge(status)) {
      if (!claimsAccount(s)) probes.challenged(s.user, s.now);
    } else if (s.method === 'OPTIONS') {
      if (!s.firstFinal) return;
      const count = probes.probed(s.user, s.phone, s.now, windowMs);
      const { abandonedThreshold } = this.policy;
      if (count > 1) findings.report(SLUG, PROBED, count, abandonedThreshold, windowMs, s, s.now, USERS);
    } else if (status >= 180) {
      probes.settled(s.user);
      const connected = (s.method === 'INVITE' || s.method === 'MESSAGE') && status < 300;
      if (connected || s.proved) probes.accepted(s.user, s.now, windowMs);
    }
    this.reportAbandoned(probes, s, findings);
  }

  forget(row: number): void {
    if (this.hasProbes[row] === 1) this.probes.delete(row);
    this.hasProbes[row] = 0;
    this.onlyUser[row] = 0;
  }

  tally(row: number, now: number): Tally[] {
    const { threshold, abandonedThreshold, pendingThreshold, windowMs } = this.policy;
    const probes = this.probesKnown(row);
    const line = (what: string, count: number, limit: number): Tally => ({
      kind: SLUG,
      what,
      count,
      threshold: limit,
      windowMs,
    });
    return [
      line(REFUSED, probes?.refusedCount(now, windowMs) ?? 0, threshold),
      line(ABANDONED, probes?.abandonedCount(now, windowMs) ?? 0, abandonedThreshold),
      line(PENDING, probes?.pendingMost() ?? 0, pendingThreshold),
      line(PROBED, probes?.probedCount(now, windowMs) ?? 0, abandonedThreshold),
    ];
  }

  private reportAbandoned(probes: Probes, s: Sighting, findings: Findings): void {
    const { abandonedThreshold, followUpMs, windowMs } = this.policy;
    for (;;) {
      const found = probes.abandoned(s.now, followUpMs, windowMs);
      if (found === null) return;
      // The evidence is the request that nobody followed up, not the message that happens to be here when its time is over.
      // Where it is gone, the user counts without a name.
      const request = this.past.sighting(s, found.user, found.open) ?? { ...s, user: 0, proof: null };
      findings.report(
        SLUG,
        ABANDONED,
        found.count,
        abandonedThreshold,
        windowMs,
        request,
        this.past.at(found.open),
        USERS,
      );
    }
  }

  /** What was asked before the crossing, one by one: each could have been a phone's only request until now. */
  private reportPending(probes: Probes, s: Sighting, findings: Findings): void {
    const { pendingThreshold, windowMs } = this.policy;
    probes.pendingTold = true;
    const most = findings.effective(pendingThreshold, s) - 1;
    let count = 0;
    for (const [user, open] of [...probes.pendingOn(s.phone)]) {
      const request = user === s.user ? null : this.past.sighting(s, user, open);
      if (request !== null && count < most) {
        findings.report(SLUG, PENDING, ++count, pendingThreshold, windowMs, request, this.past.at(open), USERS);
      }
    }
  }

  /** The source's probes once it asked for a second user; before that the columns are enough. */
  private probesOf(s: Sighting): Probes | undefined {
    const only = this.onlyUser[s.row];
    if (only === 0) {
      this.onlyUser[s.row] = s.user;
      this.onlyFate[s.row] = UNANSWERED;
      this.onlyPhone[s.row] = s.phone;
    }
    if (only !== 0 && only !== s.user) return this.probesMade(s);
    return this.hasProbes[s.row] === 1 ? this.probes.get(s.row) : undefined;
  }

  private probesKnown(row: number): Probes | undefined {
    return this.hasProbes[row] === 1 ? this.probes.peek(row) : undefined;
  }

  private noteFate(s: Sighting, status: number): void {
    if (this.onlyUser[s.row] !== s.user || this.onlyFate[s.row] === SETTLED) return;
    if (isChallenge(status)) this.onlyFate[s.row] = CHALLENGED;
    else if (s.method === 'OPTIONS') this.onlyFate[s.row] = PROBED_ONCE;
    else if (status >= 180) this.onlyFate[s.row] = SETTLED;
  }

  /** Makes the probes, and enters the user that the columns held. */
  private probesMade(s: Sighting): Probes {
    let probes = this.hasProbes[s.row] === 1 ? this.probes.get(s.row) : undefined;
    if (probes) return probes;
    this.probes.set(s.row, (probes = new Probes()));
    this.hasProbes[s.row] = 1;
    const { windowMs } = this.policy;
    const [user, fate, phone] = [this.onlyUser[s.row], this.onlyFate[s.row], this.onlyPhone[s.row]];
    if (user === 0 || user === s.user || fate === SETTLED) return probes;
    if (fate === PROBED_ONCE) probes.probed(user, phone, s.now, windowMs);
    else probes.asked(user, phone, s.now, windowMs);
    if (fate === CHALLENGED) probes.challenged(user, s.now);
    return probes;
  }
}

/** Evasion: credentials for a made-up nonce are as good as none, for a server that looks at it; a phone comes again with the new one. */
function claimsAccount(s: Sighting): boolean {
  return s.hadCredentials && !s.oldNonce;
}
