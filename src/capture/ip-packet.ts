/** Writes whole IP packets with correct lengths and checksums: for evidence that other tools read, and for tests. */
import { isV4, type Address } from '../core/base/address.ts';
import { addToSum, foldSum } from './checksum.ts';

export const PROTOCOL_TCP = 6;
export const PROTOCOL_UDP = 17;

const UDP_HEADER_BYTES = 8;
const TCP_HEADER_BYTES = 20;

export interface Endpoints {
  src: Address;
  srcPort: number;
  dst: Address;
  dstPort: number;
}

export interface TcpHeader {
  seq: number;
  ack: number;
  flags: number;
  urgent?: number;
}

/**
 * One datagram. `length`: bytes of the whole message, when `data` is only its beginning: the lengths in the headers are then those
 * of the whole, as a capture with a small snap length has them, and the checksum cannot be right.
 */
export function udpPacket(ends: Endpoints, data: Uint8Array, length: number = data.length): Uint8Array {
  const packet = ipPacket(ends, PROTOCOL_UDP, UDP_HEADER_BYTES, data, length);
  const at = packet.length - data.length - UDP_HEADER_BYTES;
  put16(packet, at, ends.srcPort);
  put16(packet, at + 2, ends.dstPort);
  put16(packet, at + 4, UDP_HEADER_BYTES + length);
  // RFC 768: 0 says that there is none, so a sum of 0 is sent as its other form.
  put16(packet, at + 6, transportChecksum(packet, at, ends, PROTOCOL_UDP) || 0xffff);
  return packet;
}

export function tcpPacket(ends: Endpoints, header: TcpHeader, data: Uint8Array): Uint8Array {
  const packet = ipPacket(ends, PROTOCOL_TCP, TCP_HEADER_BYTES, data, data.length);
  const at = packet.length - data.length - TCP_HEADER_BYTES;
  put16(packet, at, ends.srcPort);
  put16(packet, at + 2, ends.dstPort);
  put32(packet, at + 4, header.seq);
  put32(packet, at + 8, header.ack);
  packet[at + 12] = (TCP_HEADER_BYTES / 4) << 4;
  packet[at + 13] = header.flags;
  put16(packet, at + 14, 0xffff);
  put16(packet, at + 18, header.urgent ?? 0);
  put16(packet, at + 16, transportChecksum(packet, at, ends, PROTOCOL_TCP));
  return packet;
}

function ipPacket(
  ends: Endpoints,
  protocol: number,
  headerBytes: number,
  data: Uint8Array,
  length: number,
): Uint8Array {
  const v4 = isV4(ends.src);
  const ipBytes = v4 ? 20 : 40;
  const packet = new Uint8Array(ipBytes + headerBytes + data.length);
  packet.set(data, ipBytes + headerBytes);
  if (v4) {
    packet[0] = 0x45;
    put16(packet, 2, ipBytes + headerBytes + length);
    // Don't fragment, as every current system sends it: no identification is needed (RFC 6864 §4.1).
    put16(packet, 6, 0x4000);
    packet[8] = 64;
    packet[9] = protocol;
    put32(packet, 12, ends.src.w3);
    put32(packet, 16, ends.dst.w3);
    put16(packet, 10, foldSum(addToSum(0, packet, 0, 20)));
  } else {
    packet[0] = 0x60;
    put16(packet, 4, headerBytes + length);
    packet[6] = protocol;
    packet[7] = 64;
    putAddress(packet, 8, ends.src);
    putAddress(packet, 24, ends.dst);
  }
  return packet;
}

/** Over the pseudo-header (RFC 9293 §3.1, RFC 8200 §8.1) and everything from `at` on. */
function transportChecksum(packet: Uint8Array, at: number, ends: Endpoints, protocol: number): number {
  const addresses = isV4(ends.src) ? addToSum(0, packet, 12, 20) : addToSum(0, packet, 8, 40);
  return foldSum(addToSum(addresses + protocol + (packet.length - at), packet, at, packet.length));
}

function putAddress(packet: Uint8Array, at: number, address: Address): void {
  put32(packet, at, address.w0);
  put32(packet, at + 4, address.w1);
  put32(packet, at + 8, address.w2);
  put32(packet, at + 12, address.w3);
}

function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

function put32(bytes: Uint8Array, at: number, value: number): void {
  put16(bytes, at, value >>> 16);
  put16(bytes, at + 2, value & 0xffff);
}
