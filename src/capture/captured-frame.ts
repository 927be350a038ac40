/** What every reader of a capture file gives, and how a record's bytes become a frame. */
import { SIDE_UNKNOWN, type Frame } from '../core/base/frame.ts';
import { findIp, linkTypeSupported, type IpBounds } from './link.ts';

/** A frame of a file. Without an IP packet in it (ARP, a link type we do not know, a frame too large) `start === end`. */
export interface CapturedFrame extends Frame {
  /** Milliseconds since the epoch, as precise as the file and a double are (about 0.2 µs). */
  at: number;
}

export interface CaptureReader {
  /** Reads the next frame into `frame`; false at the end of the file. Every frame of the file is given once. */
  next(frame: CapturedFrame): boolean;
  /** An empty frame for `next`. */
  createFrame(): CapturedFrame;
  /** Bytes of the file, 0 when it has no size (a pipe), and how many of them have been read: for a progress bar. */
  readonly size: number;
  readonly position: number;
  /** What was odd, in words for people; at most `WARNINGS_MAX`. */
  readonly warnings: string[];
  close(): void;
}

/** Largest frame that is looked at: the largest that tcpdump writes (262,144 bytes); larger ones are counted and skipped. */
export const FRAME_BYTES_MAX = 262_144;
export const WARNINGS_MAX = 20;

export function createFrame(): CapturedFrame {
  return { bytes: new Uint8Array(0), start: 0, end: 0, wireLength: 0, side: SIDE_UNKNOWN, at: 0 };
}

/** What both formats share: from a record's bytes to the frame, and the list of warnings. */
export class FrameMaker {
  readonly warnings: string[] = [];
  private readonly found: IpBounds = { start: 0, end: 0 };
  private readonly unknownLinks = new Set<number>();

  warn(text: string): void {
    if (this.warnings.length < WARNINGS_MAX) this.warnings.push(text);
  }

  /** The record's bytes are `bytes[start, end)`; `length` is what they were on the wire. */
  fill(frame: CapturedFrame, linkType: number, bytes: Uint8Array, start: number, end: number, length: number): void {
    frame.bytes = bytes;
    frame.side = SIDE_UNKNOWN;
    findIp(linkType, bytes, start, end, this.found);
    frame.start = this.found.start;
    frame.end = this.found.end;
    // What stands around the packet (link header, and in NFLOG frames what follows) was whole in any case.
    const around = end - start - (frame.end - frame.start);
    frame.wireLength = frame.start === frame.end ? length : Math.max(frame.end - frame.start, length - around);
    if (frame.start === frame.end && !linkTypeSupported(linkType)) this.warnLink(linkType);
  }

  /** A frame that is only counted. */
  fillEmpty(frame: CapturedFrame, bytes: Uint8Array, length: number): void {
    frame.bytes = bytes;
    frame.side = SIDE_UNKNOWN;
    frame.start = frame.end = 0;
    frame.wireLength = length;
  }

  private warnLink(linkType: number): void {
    if (this.unknownLinks.has(linkType) || this.unknownLinks.size >= WARNINGS_MAX) return;
    this.unknownLinks.add(linkType);
    this.warn(`link type ${linkType} is not supported: its frames are counted and not looked into`);
  }
}
