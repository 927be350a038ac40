/** The classic format (draft-ietf-opsawg-pcap): a header of 24 bytes, then records of 16 bytes and the frame. */
import {
  createFrame,
  FRAME_BYTES_MAX,
  type CapturedFrame,
  type CaptureReader,
  type FrameMaker,
} from './captured-frame.ts';
import type { ChunkedFile } from './chunked-file.ts';

export interface PcapFormat {
  little: boolean;
  /** Units of the time's second field, to a millisecond. */
  ticksPerMs: number;
  linkType: number;
}

const HEADER_BYTES = 24;
const RECORD_BYTES = 16;
const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const MAGIC_NANOSECONDS = 0xa1b23c4d;

export function u32(bytes: Uint8Array, at: number, little: boolean): number {
  return little
    ? (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0
    : ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}

/** Null: not this format. */
export function pcapFormat(head: Uint8Array): PcapFormat | null {
  if (head.length < HEADER_BYTES) return null;
  for (const little of [true, false]) {
    const magic = u32(head, 0, little);
    if (magic !== MAGIC_MICROSECONDS && magic !== MAGIC_NANOSECONDS) continue;
    // The upper half holds what is known of the frame check sequence.
    const linkType = u32(head, 20, little) & 0xffff;
    return { little, ticksPerMs: magic === MAGIC_MICROSECONDS ? 1e3 : 1e6, linkType };
  }
  return null;
}

export class PcapReader implements CaptureReader {
  readonly createFrame = createFrame;
  private readonly file: ChunkedFile;
  private readonly maker: FrameMaker;
  private readonly format: PcapFormat;

  constructor(file: ChunkedFile, maker: FrameMaker, format: PcapFormat) {
    this.file = file;
    this.maker = maker;
    this.format = format;
    file.skip(HEADER_BYTES);
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
    const { file, maker } = this;
    const { little, ticksPerMs, linkType } = this.format;
    if (!file.need(RECORD_BYTES)) return this.atEnd();
    const { bytes, start } = file;
    frame.at = u32(bytes, start, little) * 1000 + u32(bytes, start + 4, little) / ticksPerMs;
    const captured = u32(bytes, start + 8, little);
    const length = u32(bytes, start + 12, little);
    if (captured > FRAME_BYTES_MAX) {
      maker.warn(`a frame of ${captured} bytes, at byte ${file.position} of the file, is larger than any: skipped`);
      if (!file.skip(RECORD_BYTES + captured)) return this.atEnd();
      maker.fillEmpty(frame, file.bytes, length);
      return true;
    }
    if (!file.need(RECORD_BYTES + captured)) return this.atEnd();
    // `need` may have moved the bytes.
    const from = file.start + RECORD_BYTES;
    maker.fill(frame, linkType, file.bytes, from, from + captured, length);
    file.start = from + captured;
    return true;
  }

  close(): void {
    this.file.close();
  }

  private atEnd(): boolean {
    if (this.file.end > this.file.start) {
      this.maker.warn(`the last frame, at byte ${this.file.position} of the file, is cut off: left out`);
      this.file.skip(this.file.end - this.file.start);
    }
    return false;
  }
}
