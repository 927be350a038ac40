/** What `TcpStreams` asks of its caller, and the bounds it keeps. */
import type { Packet } from './packet.ts';

export interface StreamSink<T> {
  /**
   * First bytes of a direction of a connection, or first bytes at another position of it. Followed by `data`, or `gap`, `data`.
   * `packet` gives addresses, ports and side of the stream; it need not be the packet that was added last. `fromStart`: what comes
   * are the connection's very first bytes.
   */
  open(packet: Packet, now: number, fromStart: boolean): T;
  /** The next bytes, `bytes[start, end)`; the buffer is overwritten afterwards. `packet` gives addresses and ports. */
  data(state: T, bytes: Uint8Array, start: number, end: number, packet: Packet, now: number): void;
  /** Bytes are missing between what `data` gave before and what it gives next. */
  gap(state: T): void;
  close(state: T): void;
}

export interface StreamLimits {
  /** Directions of connections. */
  streamsMax: number;
  /** Out-of-order bytes kept, for all streams together. */
  bufferedBytesMax: number;
  /** How far ahead of the missing byte a segment may lie. Linux opens its window with 64 kB and rarely needs more for SIP. */
  bufferedBytesPerStreamMax: number;
  /** Runs of bytes with holes between them, per stream; touching segments are one run. */
  segmentsPerStreamMax: number;
  idleMs: number;
  /** Secret of the hash (flow-hash.ts). */
  seed: number;
}

export const STREAM_LIMITS: Readonly<StreamLimits> = {
  streamsMax: 32_768,
  bufferedBytesMax: 32 << 20,
  bufferedBytesPerStreamMax: 256 << 10,
  segmentsPerStreamMax: 1024,
  idleMs: 600_000,
  seed: 0,
};

/** A lost segment comes again within its sender's timeout, 0.2 to 1 s at first (RFC 6298 §2.4); later it was lost by us. */
export const HOLE_WAIT_MS = 3_000;
/** How long a stream that ended is remembered, so that a repeated last segment is not taken for a new stream. */
export const CLOSE_DELAY_MS = 10_000;
/** Positions followed at once in one direction of one connection. */
export const POSITIONS_MAX = 4;
