/**
 * IP packet → numbers and offsets (packet.ts). Takes any bytes, allocates nothing, throws never.
 * Checksums are not verified: a capture on the sending host, a virtual machine's network and GRO all show packets whose checksum
 * was never filled in, and the kernel checks those that reach a program.
 */
import { SIDE_UNKNOWN } from '../../base/frame.ts';
import type { IpAnomaly } from './anomalies.ts';
import type { Packet } from './packet.ts';

const TCP_ACK = 16;
export const PROTOCOL_TCP = 6;
export const PROTOCOL_UDP = 17;

/** IANA protocol numbers of the IPv6 extension headers (RFC 7045 §4). */
const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const DESTINATION_OPTIONS = 60;
const MOBILITY = 135;
const HIP = 139;
const SHIM6 = 140;

/**
 * Evasion: Linux walks any number of destination options headers, so a small limit here would hide a message from us and not
 * from the PBX. A header is at least 8 bytes: 256 of them are more than a 1,500-byte packet can hold.
 */
export const EXTENSION_HEADERS_MAX = 256;

const NOTHING = new Uint8Array(0);

export function createPacket(): Packet {
  return {
    bytes: NOTHING,
    side: SIDE_UNKNOWN,
    version: 4,
    src0: 0,
    src1: 0,
    src2: 0,
    src3: 0,
    dst0: 0,
    dst1: 0,
    dst2: 0,
    dst3: 0,
    protocol: 0,
    srcPort: 0,
    dstPort: 0,
    payloadStart: 0,
    payloadEnd: 0,
    truncated: false,
    tcpSeq: 0,
    tcpAck: 0,
    tcpFlags: 0,
    tcpUrgent: 0,
    fragmented: false,
    fragmentOffset: 0,
    moreFragments: false,
    identification: 0,
  };
}

/**
 * Decodes the IP packet at `bytes[start, end)` into `packet`. Null: fine. Otherwise the anomaly for which any host would drop
 * the packet; `packet` then holds what could be read (addresses, where they are there), and its payload is empty.
 */
export function decodePacket(bytes: Uint8Array, start: number, end: number, packet: Packet): IpAnomaly | null {
  packet.bytes = bytes;
  packet.srcPort = 0;
  packet.dstPort = 0;
  packet.payloadStart = end;
  packet.payloadEnd = end;
  packet.truncated = false;
  packet.tcpSeq = 0;
  packet.tcpAck = 0;
  packet.tcpFlags = 0;
  packet.tcpUrgent = 0;
  packet.fragmented = false;
  packet.fragmentOffset = 0;
  packet.moreFragments = false;
  packet.identification = 0;
  packet.protocol = 0;
  const version = end > start ? bytes[start] >>> 4 : 0;
  const anomaly =
    version === 4
      ? decodeV4(bytes, start, end, packet)
      : version === 6
        ? decodeV6(bytes, start, end, packet)
        : noVersion(end - start, packet);
  if (anomaly !== null) packet.payloadStart = packet.payloadEnd;
  return anomaly;
}

function noVersion(length: number, packet: Packet): IpAnomaly {
  clearAddresses(packet);
  return length > 0 ? 'ip-version' : 'ip-short';
}

function decodeV4(bytes: Uint8Array, start: number, end: number, packet: Packet): IpAnomaly | null {
  packet.version = 4;
  if (end - start < 20) {
    clearAddresses(packet);
    return 'ip-short';
  }
  packet.src0 = 0;
  packet.src1 = 0;
  packet.src2 = 0xffff;
  packet.src3 = u32(bytes, start + 12);
  packet.dst0 = 0;
  packet.dst1 = 0;
  packet.dst2 = 0xffff;
  packet.dst3 = u32(bytes, start + 16);
  packet.protocol = bytes[start + 9];

  const headerLength = (bytes[start] & 15) * 4;
  if (headerLength < 20) return 'ipv4-header-length';
  const totalLength = u16(bytes, start + 2);
  // Tolerance: segmentation offload hands over packets above 65,535 bytes with the length left at 0 (the captured length counts).
  if (totalLength !== 0) {
    if (totalLength < headerLength) return 'ipv4-total-length';
    if (totalLength > end - start) packet.truncated = true;
    // Bytes behind the packet are Ethernet's padding.
    else end = start + totalLength;
  }
  const at = start + headerLength;
  if (at > end) return 'ip-short';
  packet.payloadStart = at;
  packet.payloadEnd = end;
  packet.identification = u16(bytes, start + 4);
  const field = u16(bytes, start + 6);
  if ((field & 0x3fff) !== 0) {
    packet.fragmented = true;
    packet.fragmentOffset = (field & 0x1fff) * 8;
    packet.moreFragments = (field & 0x2000) !== 0;
    if (packet.fragmentOffset === 0) readFirstPorts(packet, packet.protocol, at);
    return null;
  }
  return decodeTransport(packet);
}

function decodeV6(bytes: Uint8Array, start: number, end: number, packet: Packet): IpAnomaly | null {
  packet.version = 6;
  if (end - start < 40) {
    clearAddresses(packet);
    return 'ip-short';
  }
  packet.src0 = u32(bytes, start + 8);
  packet.src1 = u32(bytes, start + 12);
  packet.src2 = u32(bytes, start + 16);
  packet.src3 = u32(bytes, start + 20);
  packet.dst0 = u32(bytes, start + 24);
  packet.dst1 = u32(bytes, start + 28);
  packet.dst2 = u32(bytes, start + 32);
  packet.dst3 = u32(bytes, start + 36);
  const payloadLength = u16(bytes, start + 4);
  // Tolerance: 0 in a jumbogram (RFC 2675) and in what segmentation offload made; the captured length counts.
  if (payloadLength !== 0) {
    if (payloadLength > end - start - 40) packet.truncated = true;
    else end = start + 40 + payloadLength;
  }
  packet.payloadEnd = end;
  return decodeChain(packet, bytes[start + 6], start + 40);
}

/** Walks the IPv6 extension headers from `at` (a header of kind `next`) to the transport header or the fragment's data. */
function decodeChain(packet: Packet, next: number, at: number): IpAnomaly | null {
  const bytes = packet.bytes;
  const end = packet.payloadEnd;
  for (let headers = 0; headers < EXTENSION_HEADERS_MAX; headers++) {
    packet.protocol = next;
    packet.payloadStart = at;
    const length = extensionLength(bytes, next, at, end);
    if (length === 0) return decodeTransport(packet);
    if (length < 0) return 'ipv6-extension-short';
    if (next === FRAGMENT) {
      const field = u16(bytes, at + 2);
      packet.identification = u32(bytes, at + 4);
      // RFC 6946: offset 0 and no more fragments is a whole packet ("atomic fragment"), so the walk goes on.
      if ((field & 0xfff9) !== 0) return beginFragment(packet, field, at);
    }
    next = bytes[at];
    at += length;
  }
  return 'ipv6-chain-long';
}

function beginFragment(packet: Packet, field: number, at: number): null {
  packet.fragmented = true;
  packet.fragmentOffset = field & 0xfff8;
  packet.moreFragments = (field & 1) !== 0;
  packet.protocol = packet.bytes[at];
  packet.payloadStart = at + 8;
  if (packet.fragmentOffset === 0) readFirstPorts(packet, packet.protocol, at + 8);
  return null;
}

/** Length of the extension header at `at`, bytes; 0: not an extension header; -1: it does not fit. */
function extensionLength(bytes: Uint8Array, kind: number, at: number, end: number): number {
  let length: number;
  switch (kind) {
    case HOP_BY_HOP:
    case ROUTING:
    case DESTINATION_OPTIONS:
    case MOBILITY:
    case HIP:
    case SHIM6:
      if (end - at < 2) return -1;
      length = (bytes[at + 1] + 1) * 8;
      break;
    case AUTHENTICATION:
      // RFC 4302 §2.2: counted in 4-byte words, minus 2.
      if (end - at < 2) return -1;
      length = (bytes[at + 1] + 2) * 4;
      break;
    case FRAGMENT:
      length = 8;
      break;
    default:
      return 0;
  }
  return at + length > end ? -1 : length;
}

/** A first fragment holds the transport header: its ports are known although its message is not whole. */
function readFirstPorts(packet: Packet, next: number, at: number): void {
  const { bytes, payloadEnd } = packet;
  for (let headers = 0; headers < EXTENSION_HEADERS_MAX && packet.version === 6; headers++) {
    const length = extensionLength(bytes, next, at, payloadEnd);
    if (length <= 0) break;
    next = bytes[at];
    at += length;
  }
  if ((next !== PROTOCOL_UDP && next !== PROTOCOL_TCP) || payloadEnd - at < 4) return;
  packet.srcPort = u16(bytes, at);
  packet.dstPort = u16(bytes, at + 2);
}

/** The datagram of a `Fragments` lies in `packet.bytes[payloadStart, payloadEnd)`: reads what comes after the IP header. */
export function decodeReassembled(packet: Packet): IpAnomaly | null {
  const anomaly = decodeWhole(packet);
  if (anomaly !== null) packet.payloadStart = packet.payloadEnd;
  return anomaly;
}

function decodeWhole(packet: Packet): IpAnomaly | null {
  packet.fragmented = false;
  packet.fragmentOffset = 0;
  packet.moreFragments = false;
  packet.srcPort = 0;
  packet.dstPort = 0;
  if (packet.version === 4) return decodeTransport(packet);
  const anomaly = decodeChain(packet, packet.protocol, packet.payloadStart);
  if (!packet.fragmented) return anomaly;
  packet.fragmented = false;
  packet.srcPort = packet.dstPort = 0;
  return 'ipv6-nested-fragment';
}

/** UDP and TCP header at `payloadStart`; moves it to the data. Other protocols keep ports 0 and all bytes as payload. */
function decodeTransport(packet: Packet): IpAnomaly | null {
  if (packet.protocol === PROTOCOL_UDP) return decodeUdp(packet);
  if (packet.protocol === PROTOCOL_TCP) return decodeTcp(packet);
  return null;
}

function decodeUdp(packet: Packet): IpAnomaly | null {
  const { bytes, payloadStart: at, payloadEnd: end } = packet;
  if (end - at < 8) return 'udp-short';
  packet.srcPort = u16(bytes, at);
  packet.dstPort = u16(bytes, at + 2);
  packet.payloadStart = at + 8;
  const length = u16(bytes, at + 4);
  // Tolerance: 0 in a jumbogram (RFC 2675 §4) and in what segmentation offload made.
  if (length === 0) return null;
  // Evasion: Linux drops a datagram whose length lies upwards and cuts one that lies downwards, and so must we.
  if (length < 8 || (length > end - at && !packet.truncated)) return 'udp-length';
  if (length < end - at) packet.payloadEnd = at + length;
  return null;
}

function decodeTcp(packet: Packet): IpAnomaly | null {
  const { bytes, payloadStart: at, payloadEnd: end } = packet;
  if (end - at < 20) return 'tcp-short';
  packet.srcPort = u16(bytes, at);
  packet.dstPort = u16(bytes, at + 2);
  packet.tcpSeq = u32(bytes, at + 4);
  packet.tcpFlags = bytes[at + 13] & 63;
  packet.tcpAck = (packet.tcpFlags & TCP_ACK) === 0 ? 0 : u32(bytes, at + 8);
  packet.tcpUrgent = u16(bytes, at + 18);
  const headerLength = (bytes[at + 12] >>> 4) * 4;
  if (headerLength < 20 || headerLength > end - at) return 'tcp-data-offset';
  packet.payloadStart = at + headerLength;
  return null;
}

function clearAddresses(packet: Packet): void {
  packet.src0 = packet.src1 = packet.src2 = packet.src3 = 0;
  packet.dst0 = packet.dst1 = packet.dst2 = packet.dst3 = 0;
}

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 8) | bytes[at + 1];
}

function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}
