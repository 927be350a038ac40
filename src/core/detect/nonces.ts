/**
 * Nonces that were seen to leave, with the address that each was sent to. Whoever uses one there receives what is sent to that address:
 * nobody who only writes the address into his packets has seen it.
 *
 * The port is not part of it. Evasion: a cracker who lets the answers go to another port of his (Via without rport) would never be held to
 * have received one. A phone behind the same NAT is no help to a forger either: it does not see the nonces of the others.
 */
import { HashedRing } from '../base/hashed-ring.ts';
import { hashSpan } from '../decode/sip/text.ts';
import type { Sighting } from './sighting.ts';

/** Challenges that are remembered: 3 s at 20,000 challenges a second, and a nonce is used within a round trip. 1.3 MB. */
export const NONCES_MAX = 1 << 16;

export class Nonces {
  private readonly ring = new HashedRing(NONCES_MAX);
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed >>> 0;
  }

  /** A challenge that leaves. */
  sent(s: Sighting): void {
    const { bytes, challengeNonceStart, challengeNonceEnd } = s.sip;
    if (challengeNonceEnd <= challengeNonceStart) return;
    const nonce = hashSpan(bytes, challengeNonceStart, challengeNonceEnd, this.seed);
    const [high, low] = [keyHigh(s, nonce), keyLow(s, nonce)];
    if (this.ring.find(high, low) < 0) this.ring.add(high, low);
  }

  /** Whether the credentials of this request answer a challenge that went to the same address; `s.nonce` is known. */
  usedBy(s: Sighting): boolean {
    return s.nonce !== 0 && this.ring.find(keyHigh(s, s.nonce), keyLow(s, s.nonce)) >= 0;
  }
}

function keyHigh(s: Sighting, nonce: number): number {
  return (Math.imul(s.source3 ^ nonce, 0x9e3779b1) ^ s.source0 ^ Math.imul(s.source1, 31)) >>> 0;
}

function keyLow(s: Sighting, nonce: number): number {
  const h = Math.imul(nonce ^ Math.imul(s.source2, 17), 0x85ebca77) ^ s.source3;
  return (h ^ (h >>> 15)) >>> 0;
}
