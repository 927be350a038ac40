/** Our netlink conversation with nf_tables: transactions (batches), questions, dumps. Which elements, `elements.ts` knows. */
import { ENOBUFS } from '../ffi/libc.ts';
import {
  align4,
  NetlinkReader,
  NetlinkWriter,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_HEADER_BYTES,
} from '../ffi/netlink-message.ts';
import { kernelError, NetlinkSocket } from '../ffi/netlink-socket.ts';
import { writeBatchBegin, writeBatchEnd } from './element-message.ts';

/** The kernel fills at most 32 kB of a dump at a time; its other answers are shorter. */
const RECEIVE_BYTES = 64 * 1024;
/** A refused batch answers once for each of its messages, all of which wait in the queue at once. */
const RECEIVE_QUEUE_BYTES = 4 * 1024 * 1024;
/** Answers read for one question: a bound, never reached. */
const DATAGRAMS_MAX = 100_000;

/** What the message handler is given: the reader, and where the message begins and ends. */
export type OnMessage = (reader: NetlinkReader, at: number, end: number) => void;

export class NftSocket {
  private readonly socket = new NetlinkSocket();
  private readonly received = new Uint8Array(RECEIVE_BYTES);
  private readonly reader = new NetlinkReader(this.received);
  private seq = 0;
  private sendBufferBytes = 0;

  constructor() {
    this.socket.receiveBuffer(RECEIVE_QUEUE_BYTES);
  }

  nextSeq(): number {
    this.seq = (this.seq + 1) >>> 0;
    return this.seq;
  }

  /**
   * Sends what `write` puts between the batch's begin and end, as one transaction: all of it, or nothing. `write` returns the number
   * of its last message; each asks for an acknowledgement. Returns 0 or the errno of the first message that was refused.
   */
  transaction(writer: NetlinkWriter, write: (writer: NetlinkWriter) => number): number {
    writer.reset();
    const begin = this.nextSeq();
    writeBatchBegin(writer, begin);
    const last = write(writer);
    writeBatchEnd(writer, this.nextSeq());
    this.room(writer.length);
    this.socket.send(writer.bytes, writer.length);
    let refused = 0;
    for (let i = 0; i < DATAGRAMS_MAX; i++) {
      const got = this.receive();
      for (let at = 0, end = this.next(at, got); end !== 0; at = align4(end), end = this.next(at, got)) {
        if (this.reader.messageType(at) !== NLMSG_ERROR) continue;
        const seq = this.reader.messageSeq(at);
        // Answers of an earlier, abandoned conversation.
        if (((seq - begin) | 0) < 0) continue;
        const errno = this.errnoAt(at, end);
        if (refused === 0) refused = errno;
        // An answer to the begin is about the batch as a whole; nothing else follows.
        if (seq === last || seq === begin) return refused;
      }
    }
    throw kernelError('change a set', 0, 'netlink-no-answer');
  }

  /** One question with one answer of `type`, or an error: returns 0 or the errno. */
  ask(writer: NetlinkWriter, seq: number, type: number, onMessage: OnMessage): number {
    this.socket.send(writer.bytes, writer.length);
    for (let i = 0; i < DATAGRAMS_MAX; i++) {
      const got = this.receive();
      for (let at = 0, end = this.next(at, got); end !== 0; at = align4(end), end = this.next(at, got)) {
        if (this.reader.messageSeq(at) !== seq) continue;
        if (this.reader.messageType(at) === NLMSG_ERROR) return this.errnoAt(at, end);
        if (this.reader.messageType(at) !== type) continue;
        onMessage(this.reader, at, end);
        return 0;
      }
    }
    throw kernelError('ask the kernel', 0, 'netlink-no-answer');
  }

  /** One datagram of a dump's answer: true while more follow; throws with the kernel's errno. */
  dumpPortion(seq: number, type: number, doing: string, onMessage: OnMessage): boolean {
    const got = this.receive();
    for (let at = 0, end = this.next(at, got); end !== 0; at = align4(end), end = this.next(at, got)) {
      if (this.reader.messageSeq(at) !== seq) continue;
      const kind = this.reader.messageType(at);
      if (kind === type) onMessage(this.reader, at, end);
      else if (kind === NLMSG_DONE || kind === NLMSG_ERROR) {
        const errno = this.errnoAt(at, end);
        if (errno !== 0) throw new DumpRefused(doing, errno);
        return false;
      }
    }
    return true;
  }

  send(writer: NetlinkWriter): void {
    this.socket.send(writer.bytes, writer.length);
  }

  close(): void {
    this.socket.close();
  }

  /** End of the message at `at`, or 0: no more in this datagram. */
  private next(at: number, got: number): number {
    const length = this.reader.messageBytes(at, got);
    return length === 0 ? 0 : at + length;
  }

  private errnoAt(at: number, end: number): number {
    return end - at >= NLMSG_HEADER_BYTES + 4 ? -this.reader.hostInt32(at + NLMSG_HEADER_BYTES) : 0;
  }

  /** The kernel answers while it takes the request, so an answer that is not there will not come. */
  private receive(): number {
    for (;;) {
      const got = this.socket.receive(this.received);
      if (got >= 0) return got;
      if (got !== -ENOBUFS) throw kernelError('read the answer of nf_tables', -got, 'netlink-no-answer');
    }
  }

  /** A batch travels as one datagram, so the send buffer must hold it whole. */
  private room(bytes: number): void {
    const wanted = bytes + 4096;
    if (wanted <= this.sendBufferBytes || wanted < DEFAULT_SEND_BYTES) return;
    this.socket.sendBuffer(wanted);
    this.sendBufferBytes = wanted;
  }
}

/** Below it no system needs its send buffer raised (net.core.wmem_default is 212,992). */
const DEFAULT_SEND_BYTES = 65_536;

/** A dump that the kernel ended with an errno: the caller knows what the set is and words the error. */
export class DumpRefused extends Error {
  readonly errno: number;

  constructor(doing: string, errno: number) {
    super(`${doing}: errno ${errno}`);
    this.errno = errno;
  }
}
