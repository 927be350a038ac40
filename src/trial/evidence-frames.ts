/** Kept messages as the frames that they came in, in the order of time. */
import { isV4, parseAddress } from '../core/base/address.ts';
import type { EvidenceItem } from '../core/base/evidence.ts';
import { SIDE_IN, SIDE_OUT, type Frame } from '../core/base/frame.ts';
import { tcpPacket, udpPacket } from '../capture/ip-packet.ts';
import type { TrialRecord } from './record.ts';

export interface TimedFrame {
  at: number;
  frame: Frame;
}

const ACK_PUSH = 0x18;
const SYN = 0x02;
/** The largest message that fits one packet (65,535 − 40 − 20). */
const DATA_BYTES_MAX = 65_475;

/** A message that two attacks have as evidence is one message. */
export function framesOf(records: readonly TrialRecord[]): TimedFrame[] {
  const items = new Map<string, EvidenceItem>();
  for (const { evidence } of records) {
    for (const item of evidence) {
      items.set(
        `${item.at} ${item.transport} ${item.from} ${item.fromPort} ${item.to} ${item.toPort} ${item.length}`,
        item,
      );
    }
  }
  const inTime = [...items.values()].sort((a, b) => a.at - b.at);
  const sequences = new Map<string, number>();
  return inTime.flatMap((item) => frames(item, sequences));
}

function frames(item: EvidenceItem, sequences: Map<string, number>): TimedFrame[] {
  const src = parseAddress(item.from);
  const dst = parseAddress(item.to);
  if (!src || !dst || isV4(src) !== isV4(dst)) return [];
  const ends = { src, srcPort: item.fromPort, dst, dstPort: item.toPort };
  const data = item.bytes.subarray(0, DATA_BYTES_MAX);
  const side = item.side === 'in' ? SIDE_IN : SIDE_OUT;
  const timed = (bytes: Uint8Array, wireLength = bytes.length): TimedFrame => {
    return { at: item.at, frame: { bytes, start: 0, end: bytes.length, wireLength, side } };
  };
  if (item.transport === 'udp') {
    const whole = Math.min(DATA_BYTES_MAX, Math.max(item.length, data.length));
    const bytes = udpPacket(ends, data, whole);
    return [timed(bytes, bytes.length + whole - data.length)];
  }
  // Each direction begins with a SYN, so that its first message is read from its first byte.
  const key = `${item.from} ${item.fromPort} ${item.to} ${item.toPort}`;
  const known = sequences.get(key);
  const opening =
    known === undefined ? [timed(tcpPacket(ends, { seq: 0, ack: 0, flags: SYN }, new Uint8Array(0)))] : [];
  const seq = known ?? 1;
  sequences.set(key, (seq + data.length) >>> 0);
  return [...opening, timed(tcpPacket(ends, { seq, ack: 0, flags: ACK_PUSH }, data))];
}
