/**
 * NFLOG's netlink messages (linux/netfilter/nfnetlink_log.h): a batch of logged packets to frames, and the message that configures
 * a group. Parsing allocates nothing and never throws: what it cannot read it counts.
 */
import { SIDE_IN, SIDE_OUT, SIDE_UNKNOWN, type Frame, type Side } from '../core/base/frame.ts';
import {
  align4,
  ATTRIBUTE_HEADER_BYTES,
  NetlinkReader,
  NFGEN_BYTES,
  NLM_F_ACK,
  NLM_F_REQUEST,
  NLMSG_HEADER_BYTES,
  type NetlinkWriter,
} from '../ffi/netlink-message.ts';

const NFNL_SUBSYS_ULOG = 4;
const MSG_PACKET = (NFNL_SUBSYS_ULOG << 8) | 0;
const MSG_CONFIG = (NFNL_SUBSYS_ULOG << 8) | 1;

const NFULA_PAYLOAD = 9;
const NFULA_PREFIX = 10;
const NFULA_SEQ = 12;

const NFULA_CFG_CMD = 1;
const NFULA_CFG_MODE = 2;
const NFULA_CFG_NLBUFSIZ = 3;
const NFULA_CFG_TIMEOUT = 4;
const NFULA_CFG_QTHRESH = 5;
const NFULA_CFG_FLAGS = 6;
const CMD_BIND = 1;
const COPY_PACKET = 2;
const FLAG_SEQ = 1;

/** The most that `copy_range` may say; the kernel cuts at 65,531 bytes, what one attribute holds. */
export const COPY_RANGE_MAX = 0xffff;
/** The kernel's own limit for the buffer it collects a batch in. */
export const BATCH_BYTES_MAX = 131_072;
/** Hundredths of a second after which a batch below its threshold is delivered; the kernel has no finer step. */
const FLUSH_CENTISECONDS = 1;

/** Binds the group and configures it in one message, so that no packet is logged with half of the settings. */
export function writeBind(
  writer: NetlinkWriter,
  seq: number,
  group: number,
  threshold: number,
  batchBytes: number,
): void {
  writer.begin(MSG_CONFIG, NLM_F_REQUEST | NLM_F_ACK, seq, 0, group);
  writer.u8(NFULA_CFG_CMD, CMD_BIND);
  writer.raw(NFULA_CFG_MODE, Uint8Array.of(0, 0, COPY_RANGE_MAX >> 8, COPY_RANGE_MAX & 255, COPY_PACKET, 0));
  writer.u32(NFULA_CFG_NLBUFSIZ, batchBytes);
  writer.u32(NFULA_CFG_TIMEOUT, FLUSH_CENTISECONDS);
  writer.u32(NFULA_CFG_QTHRESH, threshold);
  writer.u16(NFULA_CFG_FLAGS, FLAG_SEQ);
  writer.end();
}

export function writeThreshold(writer: NetlinkWriter, seq: number, group: number, threshold: number): void {
  writer.begin(MSG_CONFIG, NLM_F_REQUEST, seq, 0, group);
  writer.u32(NFULA_CFG_QTHRESH, threshold);
  writer.end();
}

export class NflogParser {
  frames = 0;
  bytes = 0;
  /** Packets that the kernel logged and could not deliver: gaps in its sequence numbers. */
  lost = 0;
  /** Messages that were not what the kernel's headers describe. */
  malformed = 0;
  private readonly reader: NetlinkReader;
  private readonly frame: Frame;
  /** The number that the next packet must carry; the kernel counts from 0 at the bind. */
  private expected = 0;

  constructor(buffer: Uint8Array) {
    this.reader = new NetlinkReader(buffer);
    this.frame = { bytes: buffer, start: 0, end: 0, wireLength: 0, side: SIDE_UNKNOWN };
  }

  /** Packets handed over out of the batch in `buffer[0, end)`. The frame is the same object each time. */
  batch(end: number, onFrame: (frame: Frame) => void): number {
    const { reader } = this;
    let at = 0;
    let packets = 0;
    while (at < end) {
      const length = reader.messageBytes(at, end);
      if (length === 0) {
        this.malformed++;
        break;
      }
      if (reader.messageType(at) === MSG_PACKET && this.packet(at + NLMSG_HEADER_BYTES + NFGEN_BYTES, at + length)) {
        packets++;
        onFrame(this.frame);
      }
      at += align4(length);
    }
    return packets;
  }

  private packet(at: number, end: number): boolean {
    const { reader, frame } = this;
    let start = -1;
    let stop = 0;
    let side: Side = SIDE_UNKNOWN;
    while (at < end) {
      const length = reader.attributeBytes(at, end);
      if (length === 0) break;
      const type = reader.attributeType(at);
      const value = at + ATTRIBUTE_HEADER_BYTES;
      if (type === NFULA_PAYLOAD) {
        start = value;
        stop = at + length;
      } else if (type === NFULA_PREFIX) {
        side = sideOf(reader.bytes, value, at + length);
      } else if (type === NFULA_SEQ && length >= ATTRIBUTE_HEADER_BYTES + 4) {
        this.count(reader.net32(value));
      }
      at += align4(length);
    }
    if (start < 0) {
      this.malformed++;
      return false;
    }
    frame.start = start;
    frame.end = stop;
    frame.side = side;
    frame.wireLength = wireLength(reader.bytes, start, stop);
    this.frames++;
    this.bytes += stop - start;
    return true;
  }

  private count(seq: number): void {
    const gap = (seq - this.expected) >>> 0;
    // A step back (another instance of the group) is no loss of billions.
    if (gap < 0x8000_0000) this.lost += gap;
    this.expected = (seq + 1) >>> 0;
  }
}

/** The rule's prefix: `in` or `out`, NUL-terminated. */
function sideOf(bytes: Uint8Array, at: number, end: number): Side {
  if (end - at >= 2 && bytes[at] === 0x69 && bytes[at + 1] === 0x6e) return SIDE_IN;
  if (end - at >= 3 && bytes[at] === 0x6f && bytes[at + 1] === 0x75 && bytes[at + 2] === 0x74) return SIDE_OUT;
  return SIDE_UNKNOWN;
}

/** What the IP header announces, when the copy was cut; bytes. */
function wireLength(bytes: Uint8Array, start: number, end: number): number {
  const held = end - start;
  if (held < 20) return held;
  const version = bytes[start] >> 4;
  const announced =
    version === 4
      ? (bytes[start + 2] << 8) | bytes[start + 3]
      : version === 6
        ? 40 + ((bytes[start + 4] << 8) | bytes[start + 5])
        : 0;
  return announced > held ? announced : held;
}
