/**
 * pcapng (draft-ietf-opsawg-pcapng): blocks of a kind, a length, a body, and the length again. Read are section headers (either
 * byte order, any number), interfaces, and the three kinds of packet block; all others are skipped.
 */
import {
  createFrame,
  FRAME_BYTES_MAX,
  type CapturedFrame,
  type CaptureReader,
  type FrameMaker,
} from './captured-frame.ts';
import { CHUNK_BYTES, type ChunkedFile } from './chunked-file.ts';
import { u32 } from './pcap.ts';

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
/** Obsolete since 2004, still read: old files are what people keep. */
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

const OPTION_END = 0;
const OPTION_TSRESOL = 9;
const OPTION_TSOFFSET = 14;

/** Interfaces of one section; frames of further ones are counted only. */
export const INTERFACES_MAX = 4096;

interface Interface {
  linkType: number;
  snapLength: number;
  /** Units of a timestamp to a second; seconds to add. */
  ticksPerSecond: number;
  offsetSeconds: number;
}

export function isPcapng(head: Uint8Array): boolean {
  if (head.length < 12 || u32(head, 0, true) !== SECTION_HEADER) return false;
  return u32(head, 8, true) === BYTE_ORDER_MAGIC || u32(head, 8, false) === BYTE_ORDER_MAGIC;
}

export class PcapngReader implements CaptureReader {
  readonly createFrame = createFrame;
  private readonly file: ChunkedFile;
  private readonly maker: FrameMaker;
  private little = true;
  private interfaces: Interface[] = [];
  private lastAt = 0;

  constructor(file: ChunkedFile, maker: FrameMaker) {
    this.file = file;
    this.maker = maker;
  }

  get size(): number {
    return this.file.size;
  }

  get position(): number {
    return this.file.position;
  }

  get warnings(): string[] {
    return this.maker.warnings;
  }

  next(frame: CapturedFrame): boolean {
    const { file } = this;
    while (file.need(12)) {
      const isSection = u32(file.bytes, file.start, true) === SECTION_HEADER;
      if (isSection && !this.readByteOrder()) return this.damaged('a section of unknown byte order');
      const kind = u32(file.bytes, file.start, this.little);
      const length = u32(file.bytes, file.start + 4, this.little);
      if (length < 12 || length % 4 !== 0) return this.damaged(`a block that says it is ${length} bytes long`);
      if (length > CHUNK_BYTES / 2) {
        this.maker.warn(
          `a block of ${length} bytes, at byte ${file.position} of the file, is larger than any: skipped`,
        );
        const isPacket = kind === ENHANCED_PACKET || kind === SIMPLE_PACKET || kind === OBSOLETE_PACKET;
        if (!file.skip(length)) return false;
        if (!isPacket) continue;
        frame.at = this.lastAt;
        this.maker.fillEmpty(frame, file.bytes, length);
        return true;
      }
      if (!file.need(length)) break;
      const start = file.start;
      const end = start + length - 4;
      file.start = start + length;
      if (kind === ENHANCED_PACKET) this.readEnhanced(frame, start + 8, end);
      else if (kind === SIMPLE_PACKET) this.readSimple(frame, start + 8, end);
      else if (kind === OBSOLETE_PACKET) this.readObsolete(frame, start + 8, end);
      else {
        if (isSection) this.interfaces = [];
        else if (kind === INTERFACE) this.readInterface(start + 8, end);
        continue;
      }
      return true;
    }
    if (file.end > file.start) this.damaged('a block that is cut off');
    return false;
  }

  close(): void {
    this.file.close();
  }

  private readByteOrder(): boolean {
    for (const little of [true, false]) {
      if (u32(this.file.bytes, this.file.start + 8, little) !== BYTE_ORDER_MAGIC) continue;
      this.little = little;
      return true;
    }
    return false;
  }

  /** Linktype (2), reserved (2), snap length (4), options. */
  private readInterface(at: number, end: number): void {
    const { bytes } = this.file;
    if (end - at < 8 || this.interfaces.length === INTERFACES_MAX) {
      this.maker.warn('an interface could not be read: its frames are counted and not looked into');
      return;
    }
    const face: Interface = {
      linkType: this.u16(at),
      snapLength: u32(bytes, at + 4, this.little),
      ticksPerSecond: 1e6,
      offsetSeconds: 0,
    };
    at += 8;
    while (at + 4 <= end) {
      const code = this.u16(at);
      const length = this.u16(at + 2);
      if (code === OPTION_END || at + 4 + length > end) break;
      // The top bit tells powers of 2 from powers of 10.
      const resolution = bytes[at + 4];
      if (code === OPTION_TSRESOL && length >= 1) {
        face.ticksPerSecond = resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution;
      }
      if (code === OPTION_TSOFFSET && length >= 8) face.offsetSeconds = this.i64(at + 4);
      at += 4 + ((length + 3) & ~3);
    }
    this.interfaces.push(face);
  }

  /** Interface (4), time high and low, captured and original length, frame, options. */
  private readEnhanced(frame: CapturedFrame, at: number, end: number): void {
    if (end - at < 20) return this.readDamaged(frame);
    this.readPacket(frame, u32(this.file.bytes, at, this.little), at + 4, end);
  }

  /** As above, but interface and drop count take two bytes each. */
  private readObsolete(frame: CapturedFrame, at: number, end: number): void {
    if (end - at < 20) return this.readDamaged(frame);
    this.readPacket(frame, this.u16(at), at + 4, end);
  }

  private readPacket(frame: CapturedFrame, id: number, at: number, end: number): void {
    const { bytes } = this.file;
    const face = this.interfaces[id];
    const captured = u32(bytes, at + 8, this.little);
    const length = u32(bytes, at + 12, this.little);
    if (face === undefined || captured > end - at - 16) return this.readDamaged(frame);
    const high = u32(bytes, at, this.little);
    const low = u32(bytes, at + 4, this.little);
    frame.at = this.lastAt = milliseconds(high, low, face.ticksPerSecond) + face.offsetSeconds * 1000;
    this.fill(frame, face.linkType, at + 16, captured, length);
  }

  /** Original length, frame. No time: that of the frame before it stands in. The interface is the section's first. */
  private readSimple(frame: CapturedFrame, at: number, end: number): void {
    const face = this.interfaces[0];
    if (face === undefined || end - at < 4) return this.readDamaged(frame);
    const length = u32(this.file.bytes, at, this.little);
    const snapLength = face.snapLength === 0 ? Infinity : face.snapLength;
    frame.at = this.lastAt;
    this.fill(frame, face.linkType, at + 4, Math.min(length, snapLength, end - at - 4), length);
  }

  private fill(frame: CapturedFrame, linkType: number, at: number, captured: number, length: number): void {
    if (captured > FRAME_BYTES_MAX) {
      this.maker.warn(`a frame of ${captured} bytes is larger than any: skipped`);
      this.maker.fillEmpty(frame, this.file.bytes, length);
    } else this.maker.fill(frame, linkType, this.file.bytes, at, at + captured, length);
  }

  /** A packet block that contradicts itself is still a frame of the file. */
  private readDamaged(frame: CapturedFrame): void {
    this.maker.warn(`a packet block before byte ${this.file.position} of the file makes no sense: skipped`);
    frame.at = this.lastAt;
    this.maker.fillEmpty(frame, this.file.bytes, 0);
  }

  /** The rest of the file cannot be told apart into blocks. */
  private damaged(what: string): false {
    this.maker.warn(`${what}, at byte ${this.file.position} of the file: what follows is left out`);
    this.file.start = this.file.end;
    this.file.close();
    return false;
  }

  private u16(at: number): number {
    const { bytes } = this.file;
    return this.little ? bytes[at] | (bytes[at + 1] << 8) : (bytes[at] << 8) | bytes[at + 1];
  }

  private i64(at: number): number {
    const { bytes } = this.file;
    const high = u32(bytes, this.little ? at + 4 : at, this.little) | 0;
    return high * 4294967296 + u32(bytes, this.little ? at : at + 4, this.little);
  }
}

/** A 64-bit count of ticks as milliseconds, rounded once: what is lost is below 0.3 µs. */
function milliseconds(high: number, low: number, ticksPerSecond: number): number {
  const ticks = high * 4294967296 + low;
  return ticksPerSecond >= 1000 ? ticks / (ticksPerSecond / 1000) : (ticks * 1000) / ticksPerSecond;
}
