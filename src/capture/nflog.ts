/**
 * The live tap: packets that the rules of table `inet ringfence` log, as frames. The kernel has dropped the blocked ones before.
 *
 *     poll([tap.fd, wake.fd]) → tap.read(onFrame) → engine.step(frame, now) → elements.block(…)
 */
import type { Frame } from '../core/base/frame.ts';
import { hasNetAdmin } from '../ffi/capability.ts';
import type { KernelErrorCode } from '../ffi/kernel-error.ts';
import { EBUSY, EINVAL, ENOBUFS, EOPNOTSUPP, EPERM } from '../ffi/libc.ts';
import { NetlinkReader, NetlinkWriter, NLMSG_ERROR, NLMSG_HEADER_BYTES } from '../ffi/netlink-message.ts';
import { kernelError, NetlinkSocket } from '../ffi/netlink-socket.ts';
import { BATCH_BYTES_MAX, NflogParser, writeBind, writeThreshold } from './nflog-message.ts';

/**
 * Half a second of 50,000 packets/s of 600 bytes with their attributes, and as much again: the guard may stand still that long
 * (a garbage collection, a busy neighbour) without a loss. Kernel memory, charged only while it is filled.
 */
export const RECEIVE_BUFFER_BYTES = 32 * 1024 * 1024;

export interface NflogOptions {
  /** 0 … 65535: the rules' `log group`. One listener for each group. */
  group: number;
  /** Packets to a batch at the start; the kernel takes the smaller of this and the rule's. */
  queueThreshold?: number;
  receiveBufferBytes?: number;
  /** The kernel's buffer for one batch, at most `BATCH_BYTES_MAX`. */
  batchBytes?: number;
}

export class NflogTap {
  readonly fd: number;
  /** Bytes of receive buffer that the kernel granted. */
  readonly receiveBufferBytes: number;
  /** Times the kernel reported a full receive buffer (ENOBUFS); `lost` says how many packets that cost. */
  overruns = 0;
  private readonly socket: NetlinkSocket;
  private readonly group: number;
  // A batch never exceeds the kernel's limit; the rest is room for its last message.
  private readonly buffer = new Uint8Array(2 * BATCH_BYTES_MAX);
  private readonly parser = new NflogParser(this.buffer);
  private readonly writer = new NetlinkWriter(256);
  private seq = 1;
  private threshold: number;

  /** Throws KernelError: `netlink-no-permission`, `nflog-group-busy`, `nflog-unavailable`, `netlink-failed`. */
  constructor(options: NflogOptions) {
    this.group = options.group;
    this.threshold = options.queueThreshold ?? 1;
    this.socket = new NetlinkSocket();
    this.fd = this.socket.fd;
    try {
      this.receiveBufferBytes = this.socket.receiveBuffer(options.receiveBufferBytes ?? RECEIVE_BUFFER_BYTES);
      writeBind(this.writer, this.seq, this.group, this.threshold, options.batchBytes ?? BATCH_BYTES_MAX);
      this.socket.send(this.writer.bytes, this.writer.length);
      this.awaitBind();
    } catch (error) {
      this.socket.close();
      throw error;
    }
  }

  get frames(): number {
    return this.parser.frames;
  }

  get bytes(): number {
    return this.parser.bytes;
  }

  get lost(): number {
    return this.parser.lost;
  }

  get malformed(): number {
    return this.parser.malformed;
  }

  get queueThreshold(): number {
    return this.threshold;
  }

  /**
   * Reads one batch without waiting and hands over each packet; returns their number, 0 when nothing is waiting.
   * Invariant: the frame and its bytes are valid only during the call of `onFrame`.
   */
  read(onFrame: (frame: Frame) => void): number {
    for (;;) {
      const got = this.socket.receive(this.buffer);
      if (got > 0) {
        const packets = this.parser.batch(got, onFrame);
        // A batch without packets (the kernel's complaint about a setting) is not the end of what is waiting.
        if (packets > 0) return packets;
      } else if (got === -ENOBUFS) {
        this.overruns++;
      } else {
        return 0;
      }
    }
  }

  /** Packets to a batch, from now on: 1 for the shortest delay, up to 64 for the lowest cost. */
  setQueueThreshold(packets: number): void {
    if (packets === this.threshold) return;
    this.threshold = packets;
    this.writer.reset();
    writeThreshold(this.writer, ++this.seq, this.group, packets);
    this.socket.send(this.writer.bytes, this.writer.length);
  }

  close(): void {
    this.socket.close();
  }

  /** The kernel answers during the send; packets that were logged before the answer are seen as lost by their numbers. */
  private awaitBind(): void {
    const reader = new NetlinkReader(this.buffer);
    const doing = `listen to NFLOG group ${this.group}`;
    for (;;) {
      const got = this.socket.receive(this.buffer);
      if (got < NLMSG_HEADER_BYTES + 4) throw kernelError(doing, got < 0 ? -got : 0, 'netlink-no-answer');
      if (reader.messageType(0) !== NLMSG_ERROR) continue;
      const errno = -reader.hostInt32(NLMSG_HEADER_BYTES);
      if (errno === 0) return;
      throw kernelError(doing, errno, bindErrorCode(errno));
    }
  }
}

/** The kernel says EPERM both to a process without the capability and when another process owns the group. */
function bindErrorCode(errno: number): KernelErrorCode | undefined {
  if (errno === EBUSY || (errno === EPERM && hasNetAdmin())) return 'nflog-group-busy';
  if (errno === EINVAL || errno === EOPNOTSUPP) return 'nflog-unavailable';
  return undefined;
}
