/**
 * Requests waiting for their answers (RFC 3261 §17: transactions as an observer sees them). It tells retransmissions from new
 * attempts and gives each answer the request that it answers.
 *
 * Key: source, Call-ID, branch, CSeq number and method – what an answer repeats of its request (RFC 3261 §8.2.6.2).
 */
import type { Proof } from '../base/proof.ts';
import { HashedRing } from '../base/hashed-ring.ts';
import { Recent } from '../base/recent.ts';
import type { SipMessage } from '../decode/sip/message.ts';
import { hashSpan, userHash } from '../decode/sip/text.ts';
import { Nonces } from './nonces.ts';
import { EXPIRES_QUERY, type Sighting } from './sighting.ts';

/** Requests without an end that are remembered at one time: 32 s (Timer B) at 4,000 requests/s, 2.6 s at 50,000/s. */
export const EXCHANGES_MAX = 1 << 17;

/** INVITEs that were answered and may still be acknowledged. */
const FINALS_MAX = 1 << 14;

const CREDENTIALS = 1;
const ANSWERED = 2;
/** The ACK for its final answer came. */
const ACKNOWLEDGED = 4;
/** It was answered 2xx. */
const ACCEPTED = 8;
/** How the request is proved, as numbers. */
const PROOF_NUMBERS: readonly (Proof | null)[] = [null, 'nonce', 'tcp', 'ack'];

export class Exchanges {
  readonly ring = new HashedRing(EXCHANGES_MAX);
  readonly row = new Int32Array(EXCHANGES_MAX);
  readonly at = new Float64Array(EXCHANGES_MAX);
  readonly user = new Uint32Array(EXCHANGES_MAX);
  readonly account = new Uint32Array(EXCHANGES_MAX);
  readonly nonce = new Uint32Array(EXCHANGES_MAX);
  /** The requests themselves, as long as the ring of recent messages holds them. */
  readonly recent = new Recent();
  readonly length = new Uint32Array(EXCHANGES_MAX);
  /** What `s.expires` was. */
  private readonly expires = new Int32Array(EXCHANGES_MAX);
  private readonly proof = new Uint8Array(EXCHANGES_MAX);
  readonly nonces: Nonces;
  /** Final answers of INVITEs by Call-ID and To tag, with the exchange of each and its serial. */
  private readonly finals = new HashedRing(FINALS_MAX);
  private readonly finalExchange = new Int32Array(FINALS_MAX);
  private readonly finalSerial = new Uint32Array(FINALS_MAX);
  /** What the judge counted the exchange for, so that a proof that comes later is credited to it. */
  readonly counted = new Uint8Array(EXCHANGES_MAX);
  private readonly position = new Float64Array(EXCHANGES_MAX);
  readonly port = new Uint16Array(EXCHANGES_MAX);
  /** Which address of a line it was. */
  readonly w2 = new Uint32Array(EXCHANGES_MAX);
  readonly w3 = new Uint32Array(EXCHANGES_MAX);
  readonly host = new Uint32Array(EXCHANGES_MAX);
  readonly phone = new Uint32Array(EXCHANGES_MAX);
  private readonly attempt = new Uint32Array(EXCHANGES_MAX);
  private readonly flags = new Uint8Array(EXCHANGES_MAX);
  /** Grows as the ring gives its slots away, one after the other. */
  private readonly methods: string[] = [];
  private readonly seed: number;
  private keyHigh = 0;
  private keyLow = 0;
  private call = 0;
  /** Told when an exchange falls out of the ring before its end. */
  lost: (slot: number) => void = () => {};

  constructor(seed: number) {
    this.seed = seed >>> 0;
    this.nonces = new Nonces(seed);
  }

  /** Enters a request: sets `fresh`, `exchange`, `call`, `user`, `account`, `nonce`, `hadCredentials` and `method` of the sighting. */
  request(s: Sighting, user: number): void {
    const m = s.sip;
    s.user = user;
    s.account = m.hasCredentials ? userHash(m.bytes, m.authUserStart, m.authUserEnd, this.seed) : 0;
    s.nonce = m.hasCredentials ? hashSpan(m.bytes, m.authNonceStart, m.authNonceEnd, this.seed) : 0;
    s.hadCredentials = m.hasCredentials;
    s.method = m.method;
    if (s.proof === null && s.hadCredentials && this.nonces.usedBy(s)) s.proof = 'nonce';
    const attempt = this.attemptOf(m, user);
    this.makeKey(m, s.row ^ s.host, m.method);
    s.call = this.call;
    let slot = this.ring.find(this.keyHigh, this.keyLow);
    if (slot < 0) {
      const leaving = this.ring.leaving();
      if (leaving >= 0 && (this.flags[leaving] & ANSWERED) === 0) this.lost(leaving);
      slot = this.ring.add(this.keyHigh, this.keyLow);
    } else if (this.attempt[slot] === attempt) {
      s.fresh = false;
      s.exchange = slot;
      return;
    }
    // Evasion: the same branch and CSeq with another user or other credentials is a new attempt, not a retransmission.
    s.fresh = true;
    s.exchange = slot;
    this.attempt[slot] = attempt;
    this.row[slot] = s.row;
    this.at[slot] = s.now;
    this.user[slot] = user;
    this.account[slot] = s.account;
    this.nonce[slot] = s.nonce;
    this.port[slot] = s.sourcePort;
    this.w2[slot] = s.source2;
    this.w3[slot] = s.source3;
    this.host[slot] = s.host;
    this.phone[slot] = s.phone;
    this.position[slot] = this.recent.keep(s.bytes, s.start, s.end);
    this.length[slot] = s.end - s.start;
    this.proof[slot] = PROOF_NUMBERS.indexOf(s.proof);
    this.counted[slot] = 0;
    this.expires[slot] = m.contactCount === 0 ? EXPIRES_QUERY : m.contactExpires >= 0 ? m.contactExpires : m.expires;
    this.flags[slot] = m.hasCredentials ? CREDENTIALS : 0;
    this.methods[slot] = m.method;
  }

  /** Finds what is answered: sets what `request` set, and `firstFinal`. */
  answer(s: Sighting): void {
    const m = s.sip;
    this.makeKey(m, s.row ^ s.host, m.cseqMethod);
    s.call = this.call;
    const slot = this.ring.find(this.keyHigh, this.keyLow);
    s.exchange = slot;
    s.firstFinal = false;
    if (slot < 0) {
      s.user = 0;
      s.account = 0;
      s.nonce = 0;
      s.hadCredentials = false;
      s.proof = null;
      s.expires = EXPIRES_QUERY;
      s.method = m.cseqMethod;
      return;
    }
    s.user = this.user[slot];
    s.account = this.account[slot];
    s.nonce = this.nonce[slot];
    s.hadCredentials = (this.flags[slot] & CREDENTIALS) !== 0;
    s.method = this.methods[slot];
    s.proof = PROOF_NUMBERS[this.proof[slot]];
    s.expires = this.expires[slot];
    if (m.status >= 200 && (this.flags[slot] & ANSWERED) === 0) {
      this.flags[slot] |= m.status < 300 ? ANSWERED | ACCEPTED : ANSWERED;
      s.firstFinal = true;
      if (s.method === 'INVITE' && m.toTagStart >= 0) this.noteFinal(m, s.row ^ s.host, slot);
    }
  }

  /** `call` of a sighting. */
  callOf(m: SipMessage): number {
    return hashSpan(m.bytes, m.callIdStart, m.callIdEnd, this.seed);
  }

  /**
   * An ACK that names the To tag of our final answer: its sender received it. Said once for each answer, with what belongs
   * to the INVITE set in the sighting; null: it acknowledges nothing that was sent. Found by Call-ID and tag, for the ACK of a 2xx has a branch of its own (RFC 3261 §13.2.2.4).
   */
  acknowledged(s: Sighting): 'call' | 'refusal' | null {
    const m = s.sip;
    if (m.toTagStart < 0) return null;
    this.makeFinalKey(m, s.row ^ s.host);
    const final = this.finals.find(this.keyHigh, this.keyLow);
    if (final < 0) return null;
    const slot = this.finalExchange[final];
    if (this.ring.serialOf(slot) !== this.finalSerial[final] || (this.flags[slot] & ACKNOWLEDGED) !== 0) return null;
    this.flags[slot] |= ACKNOWLEDGED;
    if (this.proof[slot] === 0) this.proof[slot] = PROOF_NUMBERS.indexOf('ack');
    s.exchange = slot;
    s.user = this.user[slot];
    s.proof = PROOF_NUMBERS[this.proof[slot]];
    return (this.flags[slot] & ACCEPTED) !== 0 ? 'call' : 'refusal';
  }

  proofAt(slot: number): Proof | null {
    return PROOF_NUMBERS[this.proof[slot]];
  }

  /** Where in `recent.bytes` the request of an exchange begins; -1 when it is gone. */
  requestAt(slot: number): number {
    return slot < 0 ? -1 : this.recent.at(this.position[slot], this.length[slot]);
  }

  /** What differs between two attempts that share branch and CSeq: the user, the Request-URI, the credentials. */
  private attemptOf(m: SipMessage, user: number): number {
    // The digest's response covers nonce, method and URI.
    const start = m.hasCredentials ? m.authResponseStart : m.uriStart;
    return hashSpan(m.bytes, start, m.hasCredentials ? m.authResponseEnd : m.uriEnd, this.seed ^ user);
  }

  private noteFinal(m: SipMessage, source: number, slot: number): void {
    this.makeFinalKey(m, source);
    const final = this.finals.add(this.keyHigh, this.keyLow);
    this.finalExchange[final] = slot;
    this.finalSerial[final] = this.ring.serialOf(slot);
  }

  private makeFinalKey(m: SipMessage, source: number): void {
    const call = hashSpan(m.bytes, m.callIdStart, m.callIdEnd, this.seed);
    const tag = hashSpan(m.bytes, m.toTagStart, m.toTagEnd, this.seed ^ 0x5bd1e995);
    this.keyHigh = (Math.imul(call ^ source, 0xc2b2ae3d) ^ tag) >>> 0;
    const low = Math.imul(tag ^ Math.imul(source, 31), 0x27d4eb2f) ^ call;
    this.keyLow = (low ^ (low >>> 15)) >>> 0;
  }

  private makeKey(m: SipMessage, source: number, method: string): void {
    const call = this.callOf(m);
    this.call = call;
    const branch = hashSpan(m.bytes, m.branchStart, m.branchEnd, this.seed ^ 0x5bd1e995);
    const name =
      method.length > 0
        ? (method.charCodeAt(0) << 8) ^ method.charCodeAt(method.length - 1) ^ (method.length << 16)
        : 0;
    const order = Math.imul((m.cseq | 0) ^ name, 0x85ebca77);
    this.keyHigh = (Math.imul(call ^ source, 0xc2b2ae3d) ^ branch) >>> 0;
    const low = Math.imul(branch ^ order ^ Math.imul(source, 31), 0x27d4eb2f) ^ call;
    this.keyLow = (low ^ (low >>> 15)) >>> 0;
  }
}
