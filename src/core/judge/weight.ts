/**
 * How much a finding weighs: whether it crosses its threshold, whom it speaks against, and whether it is known to come from there.
 *
 * The rule (docs/adr/0017): at an address that is known – somebody behind it got in – each port is counted for itself and acted on
 * first. The whole address is hostile when the attack goes on after `trust.portsBeforeAddress` of its ports were blocked, or when it
 * comes from more ports than that at once, `trust.thresholdFactor` times the threshold in all, and every bit of it proven.
 */
import type { Policy } from '../base/policy.ts';
import type { Scope } from '../base/target.ts';
import { EVENTS_MAX } from '../base/window.ts';
import type { Hint } from '../detect/detector.ts';
import type { Exchanges } from '../detect/exchanges.ts';
import type { Sighting } from '../detect/sighting.ts';
import type { Offences } from './offences.ts';
import type { Trust } from './trust.ts';

/** Reused for every finding. */
export interface Weight {
  /** Whom the finding speaks against; null: it stays below the threshold. */
  scope: Scope | null;
  /** The evidence is known to come from the source. */
  confirmed: boolean;
  known: boolean;
  proven: number;
}

export interface Finding {
  code: string;
  count: number;
  /** The source's own threshold, and how much of it suffices or is needed for this source. */
  needed: number;
  windowMs: number;
  hint: Hint;
}

export class Scales {
  private readonly weight: Weight = { scope: null, confirmed: false, known: false, proven: 0 };
  private readonly trust: Trust;
  private readonly offences: Offences;
  private readonly exchanges: Exchanges;

  constructor(trust: Trust, offences: Offences, exchanges: Exchanges) {
    this.trust = trust;
    this.offences = offences;
    this.exchanges = exchanges;
  }

  /** Counts the finding, and weighs it. The answer is valid until the next call. */
  weigh(finding: Finding, s: Sighting, policy: Policy): Weight {
    const w = this.weight;
    const { needed, hint } = finding;
    w.known = this.trust.isKnown(s.row, s.now);
    const number = this.note(finding, w.known, s);
    if (w.known) {
      this.weighKnown(finding, number, s, policy);
      return w;
    }
    w.scope = null;
    if (finding.count < needed) return w;
    w.proven = this.provenOf(finding, number, s);
    w.confirmed = this.suffices(w.proven, needed, hint, s);
    w.scope = hint.scope ?? 'address';
    if (w.scope === 'network' && !w.confirmed) w.scope = 'address';
    return w;
  }

  private weighKnown(finding: Finding, number: number, s: Sighting, { trust }: Policy): void {
    const w = this.weight;
    const { count, needed, windowMs, hint } = finding;
    const whole = number === 0;
    const { phone: port, row, now } = s;
    const ofPort = whole ? count : Math.min(count, this.offences.countOfPort(row, number, port, now, windowMs));
    w.scope = null;
    if (ofPort >= Math.min(needed, EVENTS_MAX)) {
      const provenOfPort = whole ? Infinity : this.offences.provenOfPort(row, number, port, now, windowMs);
      w.proven = Math.min(provenOfPort, hint.proven ?? provenOfPort);
      w.confirmed = this.suffices(w.proven, needed, hint, s);
      w.scope = 'port';
      const blocked = this.offences.portsBlocked(row, s.host, now, trust.portsWithinMs);
      if (w.confirmed && hint.scope !== 'port' && blocked >= trust.portsBeforeAddress) w.scope = 'address';
      return;
    }
    const all = needed * trust.thresholdFactor;
    if (count < all || hint.scope === 'port') return;
    w.proven = this.provenOf(finding, number, s);
    w.confirmed = w.proven >= all;
    const manyPorts = (host: number) =>
      this.offences.provenPorts(row, number, host, now, windowMs) > trust.portsBeforeAddress;
    if (!w.confirmed || !manyPorts(0)) return;
    if (s.host === 0) w.scope = 'address';
    // Invariant: of a hostile line only those are acted on that are proven to take part, and whose registration does not hold.
    else if (s.proof !== null && this.trust.standing(row, port, s.tcp, now) !== 'registered')
      w.scope = manyPorts(s.host) ? 'address' : 'port';
  }

  /** Keeps what is proven, and what a known address did, port by port. The finding's number, 0 when nothing was kept. */
  private note({ code, windowMs, hint }: Finding, known: boolean, s: Sighting): number {
    const later = s.proof === null && s.method === 'INVITE' && s.exchange >= 0;
    if (s.proof === null && !known && !later) return 0;
    // Of a known line each phone is counted, whatever the count is of: others in it send, too.
    if (hint.proven !== undefined && hint.of === undefined && (s.host === 0 || !known)) return 0;
    const number = this.offences.number(hint.of ?? code, hint.distinct === true, windowMs);
    // Its ACK may come yet.
    if (later) this.exchanges.counted[s.exchange] = number;
    if (s.proof !== null) this.offences.prove(s.row, number, s.user, s.now);
    if (known) this.offences.add(s.row, number, s.host, s.phone, s.user, s.proof !== null, s.now);
    return number;
  }

  private provenOf({ code, windowMs, hint }: Finding, number: number, s: Sighting): number {
    if (hint.proven !== undefined) return hint.proven;
    const known = number === 0 ? this.offences.numberOf(code) : number;
    return known === 0 ? 0 : this.offences.provenCount(s.row, known, s.now, windowMs);
  }

  /**
   * All of them, but for one: the ACK for an INVITE that was just answered is still on its way, and of a scan the first user was counted
   * before there was anything to report.
   */
  private suffices(proven: number, needed: number, hint: Hint, s: Sighting): boolean {
    const underway = s.answer && s.method === 'INVITE' && s.proof === null;
    return proven + (needed > 1 && (underway || hint.distinct === true) ? 1 : 0) >= needed;
  }
}
