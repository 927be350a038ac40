/**
 * Cuts a TCP byte stream into SIP messages (RFC 3261 §18.3): header up to the empty line, then as many bytes as Content-Length
 * says. One framer for one direction of one connection.
 *
 * The stream may be met in its middle, have holes, or lie about its lengths: whenever the framer has lost its place it passes
 * over bytes until the next line that can only be a start line, so that no lie hides the messages after it for long.
 */
import type { Anomaly } from '../../base/anomaly.ts';
import { ANOMALIES_MAX, type SipAnomaly } from './anomalies.ts';
import { createSipMessage, decodeSip, MESSAGE_BYTES_MAX } from './decode.ts';
import { KIND_KEEPALIVE, KIND_NONE } from './message.ts';
import { isStartLine } from './start-line.ts';

/** A longer header is given out as far as it goes, and the framer looks for the next start line. */
export const STREAM_HEADER_BYTES_MAX = MESSAGE_BYTES_MAX;
/** A longer body is passed over unread. */
export const STREAM_BODY_BYTES_MAX = MESSAGE_BYTES_MAX;
/** In a lost place no line that is longer can be a start line; its bytes are let go. */
const LOST_LINE_BYTES_MAX = 8192;
const FIRST_BUFFER_BYTES = 2048;
const SMALL_COPY_BYTES = 32;
/** A larger buffer is let go after its message: many idle connections must not keep 64 kB each. */
const KEPT_BUFFER_BYTES = 8192;

const CR = 0x0d;
const LF = 0x0a;
const NUL = 0x00;

/** Between messages: CRLF keep-alives (RFC 5626 §3.5.1) are passed over. */
const BETWEEN = 0;
const HEADER = 1;
const BODY = 2;

/** Where the scan of a header stands, so that no byte is looked at twice. */
const IN_LINE = 0;
/** After a CR that ended a line, a LF may follow. */
const AFTER_CR = 1;
const LINE_START = 2;
/** After a CR at the start of a line: the header ends here, with a LF or without. */
const EMPTY_CR = 3;

/** Receives one message; the bytes are valid until it returns. */
export type EmitMessage = (bytes: Uint8Array, start: number, end: number) => void;

/** Reads the header for kind and length; shared, since it is never in use across a call of `emit`. */
const head = createSipMessage();
const NO_BYTES = new Uint8Array(0);

export class SipFramer {
  /** Framing defects since the caller last emptied it, at most `ANOMALIES_MAX`; offsets are where the message began, counted from the first byte ever pushed. */
  anomalies: Anomaly[] = [];

  private state = BETWEEN;
  private scan = LINE_START;
  /** The place in the stream is not known: only a plausible start line begins a message. */
  private lost = false;
  /** Nothing was given out yet. */
  private fresh = true;
  /** The message being read begins with a plausible start line. */
  private started = false;
  /** Bytes of the current message from earlier pushes, and where in them (and in the chunk after them) the current line begins. */
  private buffer: Uint8Array = NO_BYTES;
  private held = 0;
  private lineStart = 0;
  private bodyMissing = 0;
  /** Bytes of all earlier pushes, and where the message under way began. */
  private position = 0;
  private messageAt = 0;
  private resyncNamed = false;

  /** Bytes kept at this moment. */
  get bufferedBytes(): number {
    return this.held;
  }

  /** Bytes are missing, or the stream is met in its middle: forget the message under way and look for a start line. */
  reset(): void {
    this.state = BETWEEN;
    this.lost = true;
    this.held = 0;
    this.started = false;
    this.resyncNamed = false;
  }

  /** Takes the next bytes of the stream and gives out every message that they complete. */
  push(bytes: Uint8Array, start: number, end: number, emit: EmitMessage): void {
    // `from`: first byte of the chunk that belongs to the message under way and is not in `buffer`.
    let from = start;
    let i = start;
    while (i < end) {
      if (this.state === BETWEEN) {
        const c = bytes[i];
        if (c === CR || c === LF || c === NUL) {
          i++;
          continue;
        }
        this.state = HEADER;
        this.scan = IN_LINE;
        this.started = false;
        this.lineStart = 0;
        this.held = 0;
        this.messageAt = this.position + i - start;
        from = i;
      }
      if (this.state === BODY) {
        const take = Math.min(this.bodyMissing, end - i);
        this.keep(bytes, i, i + take);
        this.bodyMissing -= take;
        i += take;
        from = i;
        if (this.bodyMissing === 0) this.give(this.buffer, 0, this.held, emit);
        continue;
      }
      i = this.readHeader(bytes, from, i, end, emit);
      from = i;
    }
    this.position += end - start;
  }

  /**
   * Scans header bytes from `i`. Returns the first byte after what was used up; when that is `end` with the header unfinished,
   * the bytes since `from` are kept for the next push.
   */
  private readHeader(bytes: Uint8Array, from: number, i: number, end: number, emit: EmitMessage): number {
    let scan = this.scan;
    let first = from;
    const bytesMax = this.lost && !this.started ? LOST_LINE_BYTES_MAX : STREAM_HEADER_BYTES_MAX;
    for (; i < end; i++) {
      const c = bytes[i];
      let headerEnd = -1;
      if (scan === IN_LINE) {
        if (c !== CR && c !== LF) {
          if (this.held + i - first >= bytesMax) return this.cutHeader(bytes, first, i, emit);
          continue;
        }
        if (!this.started) {
          const next = this.judgeLine(bytes, first, i);
          if (next >= 0) {
            // Passed over: the next message may begin behind this line.
            return next;
          }
          if (this.lineFirst >= 0) first = this.lineFirst;
        }
        scan = c === CR ? AFTER_CR : LINE_START;
        continue;
      }
      if (scan === AFTER_CR && c === LF) {
        scan = LINE_START;
        continue;
      }
      // The first byte of a line, or what follows a CR that stands there.
      if (scan === EMPTY_CR) headerEnd = c === LF ? i + 1 : i;
      else if (c === LF) headerEnd = i + 1;
      else if (c === CR) {
        scan = EMPTY_CR;
        continue;
      }
      if (headerEnd >= 0) return this.endHeader(bytes, first, headerEnd, end, emit);
      this.lineStart = this.held + i - first;
      // Evasion: lines of one byte each, which never reach the check above.
      if (this.lineStart >= bytesMax) return this.cutHeader(bytes, first, i, emit);
      scan = IN_LINE;
    }
    this.scan = scan;
    this.keep(bytes, first, end);
    return end;
  }

  /** Set by `judgeLine`: where in the chunk the message now begins, or -1 when that has not changed. */
  private lineFirst = -1;

  /**
   * Looks at a complete line, while the message has no start line yet. Returns the position after it when it was passed over,
   * else -1.
   */
  private judgeLine(bytes: Uint8Array, first: number, lineEnd: number): number {
    this.lineFirst = -1;
    let text = bytes;
    let from = first + this.lineStart;
    let to = lineEnd;
    if (this.held > 0) {
      // The line began in an earlier push: bring it together.
      this.keep(bytes, first, lineEnd);
      text = this.buffer;
      from = this.lineStart;
      to = this.held;
      this.lineFirst = lineEnd;
    }
    if (isStartLine(text, from, to)) {
      this.started = true;
      if (this.lineStart > 0) {
        this.nameResync();
        if (this.held > 0) {
          this.buffer.copyWithin(0, this.lineStart, this.held);
          this.held -= this.lineStart;
        } else {
          this.lineFirst = from;
        }
        this.messageAt += this.lineStart;
        this.lineStart = 0;
      }
      this.lost = false;
      return -1;
    }
    if (!this.lost) return -1;
    this.nameResync();
    this.held = 0;
    this.state = BETWEEN;
    return lineEnd;
  }

  /** The empty line is here: `bytes[first, headerEnd)` and what is held are a whole header. */
  private endHeader(bytes: Uint8Array, first: number, headerEnd: number, end: number, emit: EmitMessage): number {
    let text = bytes;
    let from = first;
    let to = headerEnd;
    if (this.held > 0) {
      this.keep(bytes, first, headerEnd);
      text = this.buffer;
      from = 0;
      to = this.held;
    }
    decodeSip(text, from, to, head);
    if (head.kind === KIND_KEEPALIVE) {
      this.begin();
      return headerEnd;
    }
    if (head.kind === KIND_NONE) {
      // Evasion: junk in front of everything else on the connection is shown to the detectors; later junk only counts, since
      // a wrong Content-Length leaves the rest of a body behind.
      if (this.fresh) this.give(text, from, to, emit);
      else this.name('stream-junk');
      this.begin();
      this.lost = true;
      return headerEnd;
    }
    const length = head.contentLength;
    if (length > STREAM_BODY_BYTES_MAX) {
      // Evasion: a length of four gigabytes must not make the rest of the stream a body.
      this.name('stream-body-too-long');
      this.give(text, from, to, emit);
      this.lost = true;
      return headerEnd;
    }
    if (length < 0) {
      this.name('stream-length-missing');
      this.give(text, from, to, emit);
      return headerEnd;
    }
    if (this.held === 0 && headerEnd + length <= end) {
      this.give(bytes, first, headerEnd + length, emit);
      return headerEnd + length;
    }
    if (this.held === 0) this.keep(bytes, first, headerEnd);
    if (length === 0) {
      this.give(this.buffer, 0, this.held, emit);
      return headerEnd;
    }
    this.state = BODY;
    this.bodyMissing = length;
    return headerEnd;
  }

  /** Evasion: a header without end. What there is of it is given out, and a start line is looked for. */
  private cutHeader(bytes: Uint8Array, first: number, i: number, emit: EmitMessage): number {
    this.keep(bytes, first, i);
    if (this.started || (this.fresh && !this.lost)) {
      this.name('stream-header-too-long');
      this.give(this.buffer, 0, Math.min(this.held, STREAM_HEADER_BYTES_MAX), emit);
    }
    this.begin();
    this.lost = true;
    return i;
  }

  private give(bytes: Uint8Array, start: number, end: number, emit: EmitMessage): void {
    this.begin();
    this.fresh = false;
    this.resyncNamed = false;
    emit(bytes, start, end);
  }

  private begin(): void {
    this.state = BETWEEN;
    this.held = 0;
    if (this.buffer.length > KEPT_BUFFER_BYTES) this.buffer = NO_BYTES;
    this.started = false;
  }

  /** Appends to the buffer; doubling, so that one byte a push costs no more in all than one push. */
  private keep(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.held + end - start;
    if (needed > this.buffer.length) {
      let size = Math.max(FIRST_BUFFER_BYTES, this.buffer.length);
      while (size < needed) size *= 2;
      const larger = new Uint8Array(size);
      larger.set(this.buffer.subarray(0, this.held));
      this.buffer = larger;
    }
    // One byte a segment: a view for each would cost more than the byte.
    if (end - start < SMALL_COPY_BYTES) for (let i = start, at = this.held; i < end;) this.buffer[at++] = bytes[i++];
    else this.buffer.set(bytes.subarray(start, end), this.held);
    this.held = needed;
  }

  private nameResync(): void {
    if (!this.resyncNamed) this.name('stream-resync');
    this.resyncNamed = true;
  }

  private name(code: SipAnomaly): void {
    if (this.anomalies.length < ANOMALIES_MAX) this.anomalies.push({ code, offset: this.messageAt });
  }
}
