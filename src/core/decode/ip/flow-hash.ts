/**
 * Keyed hash of what identifies a flow or a datagram: HalfSipHash-1-3 over 32-bit words (Aumasson, Bernstein: SipHash, 2012).
 * Evasion: with an unkeyed or linear hash (CRC, FNV, murmur) an attacker computes thousands of addresses and ports for one bucket
 * and turns each lookup into a walk.
 */
import type { Packet } from './packet.ts';

/** IPv4 addresses differ in their last word only. */
const WORDS_V4 = 3;
const WORDS_V6 = 9;
const FINAL_ROUNDS = 3;

/**
 * Hash of source, destination and one word more (ports, identification): an unsigned 32-bit number.
 * `seed`: any 32-bit number that the outside world cannot know.
 */
export function hashFlow(seed: number, packet: Packet, extra: number): number {
  const words = packet.version === 6 ? WORDS_V6 : WORDS_V4;
  let v0 = seed | 0;
  let v1 = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  let v2 = 0x6c796765 ^ v0;
  let v3 = 0x74656462 ^ v1;
  for (let i = 0; i < words + FINAL_ROUNDS; i++) {
    // The final rounds absorb nothing; they only mix.
    const word = i < words ? wordOf(packet, extra, i) : 0;
    if (i === words) v2 ^= 0xff;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return (v1 ^ v3) >>> 0;
}

function wordOf(packet: Packet, extra: number, index: number): number {
  switch (index) {
    case 0:
      return packet.src3 | 0;
    case 1:
      return packet.dst3 | 0;
    case 2:
      return extra | 0;
    case 3:
      return packet.src2 | 0;
    case 4:
      return packet.src1 | 0;
    case 5:
      return packet.src0 | 0;
    case 6:
      return packet.dst2 | 0;
    case 7:
      return packet.dst1 | 0;
    default:
      return packet.dst0 | 0;
  }
}
