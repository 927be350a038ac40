/**
 * Requests that belong to somebody else's call: BYE and CANCEL scans that tear calls down, re-INVITEs that steal their media
 * (RFC 3261 §12.2.2, §15.1.2), and INVITEs that were overheard and are sent again with their credentials (RFC 7616 §3.4, §5.8).
 */
import { BoundedMap } from '../base/bounded-map.ts';
import { HashedRing } from '../base/hashed-ring.ts';
import type { ForgedRequestPolicy } from '../base/policy.ts';
import { DistinctWindow } from '../base/window.ts';
import { hashSpan } from '../decode/sip/text.ts';
import type { Detector, Findings, Tally } from './detector.ts';
import { type Dialogs, networkOf } from './dialogs.ts';
import type { Sighting } from './sighting.ts';

const SLUG = 'forged-request';
const UNKNOWN = `${SLUG}.unknown-calls`;
const FOREIGN = `${SLUG}.foreign-calls`;
const REPLAYED = `${SLUG}.replayed-calls`;

/** Sources that did one of these things; each costs about half a kilobyte. */
const FORGERS_MAX = 1 << 14;
/** Phones of one source that are counted on their own. */
const PHONES_MAX = 16;
/** Tolerance: an office hangs up what a restarted PBX has forgotten; each of its phones has a port, or at least two calls. */
const ADDRESS_FACTOR = 5;
/** Tolerance: after a restart of everything a trunk hangs up, from one port, the calls that it had before. */
const NEW_VICTIM_FACTOR = 5;
/** Credentials of INVITEs that are remembered: half a minute at 500 calls a second. */
const CREDENTIALS_MAX = 1 << 14;

interface Forger {
  unknown: DistinctWindow;
  unknownByPhone: Map<number, DistinctWindow>;
  /** By the network whose call it was. */
  foreign: DistinctWindow;
  replayed: DistinctWindow;
}

export class ForgedRequest implements Detector {
  readonly slug = SLUG;
  private readonly policy: ForgedRequestPolicy;
  private readonly dialogs: Dialogs;
  private readonly seed: number;
  private readonly forgers = new BoundedMap<Forger>(FORGERS_MAX);
  private readonly credentials = new HashedRing(CREDENTIALS_MAX);
  /** Who used them first, for which call. */
  private readonly user = new Uint32Array(CREDENTIALS_MAX);
  private readonly call = new Uint32Array(CREDENTIALS_MAX);

  constructor(policy: ForgedRequestPolicy, dialogs: Dialogs, seed: number) {
    this.policy = policy;
    this.dialogs = dialogs;
    this.seed = seed >>> 0;
  }

  request(s: Sighting, findings: Findings): void {
    if (!s.fresh) return;
    if (s.method === 'INVITE' && s.hadCredentials) this.compareCredentials(s, findings);
    if (!changesCall(s) || (s.method !== 'CANCEL' && s.sip.toTagStart < 0)) return;
    const owner = this.dialogs.ownerOf(s.call);
    // Tolerance: a provider hangs up from another address, a phone goes from one network to the next. Both had calls or a password here.
    if (owner < 0 || this.dialogs.has(s) || this.dialogs.isParty(s.row)) return;
    const { foreignThreshold, windowMs } = this.policy;
    const count = this.forgerOf(s.row).foreign.add(owner, s.now, windowMs);
    findings.report(SLUG, FOREIGN, count, foreignThreshold, windowMs, s);
  }

  answer(s: Sighting, findings: Findings): void {
    // 404 is what a proxy says that knows no dialogs.
    if (!s.firstFinal || (s.sip.status !== 481 && s.sip.status !== 404) || !changesCall(s)) return;
    // An INVITE outside a dialog that is answered 404 asked for an unknown user.
    if (s.method === 'INVITE' && s.sip.status === 404) return;
    // Tolerance: both sides hang up at once, and one of them is late.
    if (this.dialogs.has(s)) return;
    const { threshold, windowMs } = this.policy;
    const forger = this.forgerOf(s.row);
    let ofPhone = forger.unknownByPhone.get(s.phone);
    if (ofPhone === undefined) {
      const { unknownByPhone } = forger;
      if (unknownByPhone.size === PHONES_MAX) unknownByPhone.delete(unknownByPhone.keys().next().value!);
      unknownByPhone.set(s.phone, (ofPhone = new DistinctWindow()));
    }
    const all = forger.unknown.add(s.call, s.now, windowMs);
    const count = Math.max(ofPhone.add(s.call, s.now, windowMs), Math.floor(all / ADDRESS_FACTOR));
    findings.report(SLUG, UNKNOWN, s.newVictim ? Math.floor(count / NEW_VICTIM_FACTOR) : count, threshold, windowMs, s);
  }

  forget(row: number): void {
    this.forgers.delete(row);
  }

  tally(row: number, now: number): Tally[] {
    const { threshold, foreignThreshold, replayThreshold, windowMs } = this.policy;
    const forger = this.forgers.peek(row);
    let unknown = Math.floor((forger?.unknown.count(now, windowMs) ?? 0) / ADDRESS_FACTOR);
    for (const one of forger?.unknownByPhone.values() ?? []) unknown = Math.max(unknown, one.count(now, windowMs));
    const line = (what: string, count: number, limit: number): Tally => ({
      ...{ kind: SLUG, what, count, threshold: limit, windowMs },
    });
    return [
      line(UNKNOWN, unknown, threshold),
      line(FOREIGN, forger?.foreign.count(now, windowMs) ?? 0, foreignThreshold),
      line(REPLAYED, forger?.replayed.count(now, windowMs) ?? 0, replayThreshold),
    ];
  }

  /** Each INVITE needs an answer to the challenge of its own, unless the phone answers without `nc` and calls the same number again. */
  private compareCredentials(s: Sighting, findings: Findings): void {
    const m = s.sip;
    const response = hashSpan(m.bytes, m.authResponseStart, m.authResponseEnd, this.seed);
    // A nonce is one server's.
    const nonce = (s.nonce ^ victimOf(s)) >>> 0;
    const network = networkOf(s);
    const slot = this.credentials.find(response, nonce);
    if (slot < 0) {
      const made = this.credentials.add(response, nonce);
      this.user[made] = network;
      this.call[made] = s.call;
      return;
    }
    const [sameUser, sameCall] = [this.user[slot] === network, this.call[slot] === s.call];
    if (sameUser && (sameCall || !m.authCounted)) return;
    // Tolerance: a proxy of ours hands the call on, with its own Via above the phone's.
    if (sameCall && m.viaCount > 1) return;
    const { replayThreshold, windowMs } = this.policy;
    const exchange = (s.call ^ Math.imul(m.cseq, 31) ^ response) >>> 0;
    const count = this.forgerOf(s.row).replayed.add(exchange, s.now, windowMs);
    findings.report(SLUG, REPLAYED, count, replayThreshold, windowMs, s);
  }

  private forgerOf(row: number): Forger {
    let forger = this.forgers.get(row);
    if (forger === undefined) {
      const distinct = () => new DistinctWindow();
      forger = { unknown: distinct(), unknownByPhone: new Map(), foreign: distinct(), replayed: distinct() };
      this.forgers.set(row, forger);
    }
    return forger;
  }
}

function victimOf({ victim0, victim1, victim2, victim3 }: Sighting): number {
  return Math.imul(victim0, 31) ^ Math.imul(victim1, 17) ^ Math.imul(victim2, 7) ^ Math.imul(victim3, 0x9e3779b1);
}

/** Methods that end or change a call that stands. SUBSCRIBE and NOTIFY are no calls; their dialogs end by themselves. */
function changesCall({ method }: Sighting): boolean {
  switch (method) {
    case 'BYE':
    case 'CANCEL':
    case 'INVITE':
    case 'UPDATE':
    case 'REFER':
    case 'INFO':
      return true;
    default:
      return false;
  }
}
