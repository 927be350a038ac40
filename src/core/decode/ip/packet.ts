import { SIDE_IN, SIDE_OUT, type Side } from '../../base/frame.ts';

/**
 * One decoded IP packet: numbers and offsets into the capture's buffer, reused for every packet, so that nothing is allocated.
 * Addresses are four 32-bit words (base/address.ts).
 */
export interface Packet {
  bytes: Uint8Array;
  /**
   * The frame's side, set by whoever decodes (`decodePacket` leaves it alone); part of the key of fragments and streams.
   * Evasion: a forged packet that comes in under the PBX's own address must not join what the PBX sends.
   */
  side: Side;
  version: 4 | 6;
  src0: number;
  src1: number;
  src2: number;
  src3: number;
  dst0: number;
  dst1: number;
  dst2: number;
  dst3: number;
  /** 6 TCP, 17 UDP, others as they are; after all IPv6 extension headers. */
  protocol: number;
  srcPort: number;
  dstPort: number;
  /** `bytes[payloadStart, payloadEnd)`: the UDP datagram's or TCP segment's data; for a fragment, the fragment's data. */
  payloadStart: number;
  payloadEnd: number;
  /** The capture holds less than the headers announce. */
  truncated: boolean;
  /**
   * TCP only. `tcpFlags` are the header's low six bits: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32; `tcpUrgent` is the urgent
   * pointer, meaningful with URG.
   */
  tcpSeq: number;
  /** 0 when the ACK flag is not set. */
  tcpAck: number;
  tcpFlags: number;
  tcpUrgent: number;
  /**
   * Fragments: offset in bytes, the more-fragments bit, and the identification field. Ports are 0 until reassembled, but for a
   * first fragment, which holds them. `protocol` is then the next header of the fragmentable part (RFC 8200 §4.5).
   */
  fragmented: boolean;
  fragmentOffset: number;
  moreFragments: boolean;
  identification: number;
}

/** Fills in the addresses, ports and side of what the other end sends. */
export function turnRound(packet: Packet, back: Packet): void {
  back.version = packet.version;
  back.src0 = packet.dst0;
  back.src1 = packet.dst1;
  back.src2 = packet.dst2;
  back.src3 = packet.dst3;
  back.dst0 = packet.src0;
  back.dst1 = packet.src1;
  back.dst2 = packet.src2;
  back.dst3 = packet.src3;
  back.srcPort = packet.dstPort;
  back.dstPort = packet.srcPort;
  back.side = packet.side === SIDE_IN ? SIDE_OUT : packet.side === SIDE_OUT ? SIDE_IN : packet.side;
}
