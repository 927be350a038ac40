/**
 * Evidence → pcap. The kept messages get new headers around them, so that Wireshark, tshark and sngrep dissect them as if they had
 * been captured: nanosecond times, raw IP, correct checksums, and TCP sequence numbers that continue within each direction.
 */
import { isV4, parseAddress } from '../core/base/address.ts';
import type { EvidenceItem } from '../core/base/evidence.ts';
import { tcpPacket, udpPacket, type Endpoints } from './ip-packet.ts';
import { LINKTYPE_RAW } from './link.ts';

/** Data to a TCP segment: what fits an Ethernet frame (1,500 − 40 − 20). */
export const SEGMENT_BYTES = 1440;
/** Data of the largest UDP datagram over IPv4 (65,535 − 20 − 8). */
export const DATAGRAM_BYTES_MAX = 65_507;

const SNAP_LENGTH = 262_144;
const ACK_PUSH = 0x18;
const HEADER_BYTES = 24;
const RECORD_BYTES = 16;

interface Packet {
  at: number;
  bytes: Uint8Array;
  /** Longer than `bytes` when the evidence holds only the message's beginning. */
  wireLength: number;
}

/** The items as a capture file, in their order; `from` and `to` must be addresses of one family. */
export function writePcap(items: readonly EvidenceItem[]): Uint8Array {
  const sequences = new Map<string, number>();
  const packets = items.flatMap((item) => packetsOf(item, sequences));
  const size = packets.reduce((sum, p) => sum + RECORD_BYTES + p.bytes.length, HEADER_BYTES);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  view.setUint32(0, 0xa1b23c4d, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, SNAP_LENGTH, true);
  view.setUint32(20, LINKTYPE_RAW, true);
  let at = HEADER_BYTES;
  for (const packet of packets) {
    const seconds = Math.floor(packet.at / 1000);
    view.setUint32(at, seconds, true);
    // Whole microseconds: a double of milliseconds since the epoch holds no more.
    view.setUint32(at + 4, Math.min(999_999, Math.round((packet.at - seconds * 1000) * 1000)) * 1000, true);
    view.setUint32(at + 8, packet.bytes.length, true);
    view.setUint32(at + 12, packet.wireLength, true);
    out.set(packet.bytes, at + RECORD_BYTES);
    at += RECORD_BYTES + packet.bytes.length;
  }
  return out;
}

function packetsOf(item: EvidenceItem, sequences: Map<string, number>): Packet[] {
  const ends = endpoints(item);
  return item.transport === 'udp' ? [datagram(item, ends)] : segments(item, ends, sequences);
}

function datagram(item: EvidenceItem, ends: Endpoints): Packet {
  const data = item.bytes.subarray(0, DATAGRAM_BYTES_MAX);
  const length = Math.min(DATAGRAM_BYTES_MAX, Math.max(item.length, data.length));
  const bytes = udpPacket(ends, data, length);
  return { at: item.at, bytes, wireLength: bytes.length + length - data.length };
}

/** What was cut off the message is left out of the sequence numbers' run too: a reader then says that a segment is missing. */
function segments(item: EvidenceItem, ends: Endpoints, sequences: Map<string, number>): Packet[] {
  const forward = `${item.from} ${item.fromPort} ${item.to} ${item.toPort}`;
  const backward = `${item.to} ${item.toPort} ${item.from} ${item.fromPort}`;
  const first = sequences.get(forward) ?? 1;
  const ack = sequences.get(backward) ?? 1;
  const packets: Packet[] = [];
  for (let at = 0; at === 0 || at < item.bytes.length; at += SEGMENT_BYTES) {
    const data = item.bytes.subarray(at, at + SEGMENT_BYTES);
    const bytes = tcpPacket(ends, { seq: (first + at) >>> 0, ack, flags: ACK_PUSH }, data);
    packets.push({ at: item.at, bytes, wireLength: bytes.length });
  }
  sequences.set(forward, (first + Math.max(item.length, item.bytes.length)) >>> 0);
  return packets;
}

function endpoints(item: EvidenceItem): Endpoints {
  const src = parseAddress(item.from);
  const dst = parseAddress(item.to);
  if (!src || !dst || isV4(src) !== isV4(dst)) {
    throw new TypeError(`evidence from ${item.from} to ${item.to}: expected two addresses of one family`);
  }
  return { src, srcPort: item.fromPort, dst, dstPort: item.toPort };
}
