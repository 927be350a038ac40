/** Datagrams to IP packets with correct lengths and checksums: RFC 791, RFC 8200, RFC 768, RFC 9293. */
import { isV4, type Address } from '../../src/core/base/address.ts';
import type { Side } from '../../src/core/base/frame.ts';
import type { Datagram, Endpoint, TimedFrame, Traffic } from './datagram.ts';

export const PROTOCOL_TCP = 6;
export const PROTOCOL_UDP = 17;
const PROTOCOL_FRAGMENT_V6 = 44;
const TTL = 64;

/** A transport packet before it gets its IP header: UDP or TCP header and data. */
interface Segment {
  from: Endpoint;
  to: Endpoint;
  protocol: number;
  data: Uint8Array;
}

export const TCP_FIN = 1;
export const TCP_SYN = 2;
export const TCP_RST = 4;
export const TCP_PSH = 8;
export const TCP_ACK = 16;

function putAddress(out: Uint8Array, at: number, a: Address): number {
  const words = isV4(a) ? [a.w3] : [a.w0, a.w1, a.w2, a.w3];
  for (const word of words) {
    out[at++] = word >>> 24;
    out[at++] = word >>> 16;
    out[at++] = word >>> 8;
    out[at++] = word;
  }
  return at;
}

function put16(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 8;
  out[at + 1] = value;
}

function sum16(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  let i = start;
  for (; i + 1 < end; i += 2) sum += (bytes[i] << 8) | bytes[i + 1];
  if (i < end) sum += bytes[i] << 8;
  return sum;
}

/** RFC 1071: one's complement of the one's complement sum. */
function fold(sum: number): number {
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** The pseudo header is the addresses, the protocol and the length: the same sum in both families (RFC 8200 §8.1). */
function pseudoSum({ from, to, protocol, data }: Segment): number {
  let sum = protocol + data.length;
  for (const a of [from.address, to.address]) {
    sum += (a.w3 >>> 16) + (a.w3 & 0xffff);
    if (!isV4(a)) for (const w of [a.w0, a.w1, a.w2]) sum += (w >>> 16) + (w & 0xffff);
  }
  return sum;
}

function ipPacket(
  segment: Segment,
  identification: number,
  data: Uint8Array,
  offset: number,
  more: boolean,
): Uint8Array {
  const fragmented = offset > 0 || more;
  if (isV4(segment.from.address)) {
    const out = new Uint8Array(20 + data.length);
    out[0] = 0x45;
    put16(out, 2, out.length);
    put16(out, 4, identification & 0xffff);
    put16(out, 6, (offset >>> 3) | (more ? 0x2000 : fragmented ? 0 : 0x4000));
    out[8] = TTL;
    out[9] = segment.protocol;
    putAddress(out, putAddress(out, 12, segment.from.address), segment.to.address);
    put16(out, 10, fold(sum16(out, 0, 20)));
    out.set(data, 20);
    return out;
  }
  const header = fragmented ? 48 : 40;
  const out = new Uint8Array(header + data.length);
  out[0] = 0x60;
  put16(out, 4, out.length - 40);
  out[6] = fragmented ? PROTOCOL_FRAGMENT_V6 : segment.protocol;
  out[7] = TTL;
  putAddress(out, putAddress(out, 8, segment.from.address), segment.to.address);
  if (fragmented) {
    out[40] = segment.protocol;
    put16(out, 42, offset | (more ? 1 : 0));
    put16(out, 44, identification >>> 16);
    put16(out, 46, identification & 0xffff);
  }
  out.set(data, header);
  return out;
}

function udpSegment(d: Datagram): Segment {
  const data = new Uint8Array(8 + d.payload.length);
  put16(data, 0, d.from.port);
  put16(data, 2, d.to.port);
  put16(data, 4, data.length);
  data.set(d.payload, 8);
  const segment = { from: d.from, to: d.to, protocol: PROTOCOL_UDP, data };
  // RFC 768: a computed zero is sent as all ones, zero means "no checksum".
  put16(data, 6, fold(pseudoSum(segment) + sum16(data, 0, data.length)) || 0xffff);
  return segment;
}

export interface TcpSegment {
  from: Endpoint;
  to: Endpoint;
  seq: number;
  ack: number;
  flags: number;
  data: Uint8Array;
}

export function tcpPacket(s: TcpSegment, identification: number): Uint8Array {
  const data = new Uint8Array(20 + s.data.length);
  put16(data, 0, s.from.port);
  put16(data, 2, s.to.port);
  put16(data, 4, s.seq >>> 16);
  put16(data, 6, s.seq & 0xffff);
  put16(data, 8, s.ack >>> 16);
  put16(data, 10, s.ack & 0xffff);
  data[12] = 0x50;
  data[13] = s.flags;
  put16(data, 14, 0xffff);
  data.set(s.data, 20);
  const segment = { from: s.from, to: s.to, protocol: PROTOCOL_TCP, data };
  put16(data, 16, fold(pseudoSum(segment) + sum16(data, 0, data.length)));
  return ipPacket(segment, identification, data, 0, false);
}

export function frameOf(bytes: Uint8Array, side: Side, at: number): TimedFrame {
  return { frame: { bytes, start: 0, end: bytes.length, wireLength: bytes.length, side }, at };
}

/** One datagram as one packet. */
export function udpPacket(d: Datagram, identification: number): Uint8Array {
  const segment = udpSegment(d);
  return ipPacket(segment, identification, segment.data, 0, false);
}

/** `bytesMax` is rounded down to the multiple of 8 that fragment offsets need. */
export function udpFragments(d: Datagram, identification: number, bytesMax: number): Uint8Array[] {
  const segment = udpSegment(d);
  const step = Math.max(8, bytesMax & ~7);
  const out: Uint8Array[] = [];
  for (let offset = 0; offset < segment.data.length; offset += step) {
    const end = Math.min(segment.data.length, offset + step);
    out.push(ipPacket(segment, identification, segment.data.subarray(offset, end), offset, end < segment.data.length));
  }
  return out;
}

/** A sample as plain UDP, each datagram its own buffer. */
export function udpFrames(traffic: Traffic): TimedFrame[] {
  return traffic.map((d, i) => frameOf(udpPacket(d, i + 1), d.side, d.at));
}
