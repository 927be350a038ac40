/**
 * Passive TCP reassembly: segments in, each direction's bytes in order out. What a stream means is the caller's business (`T`).
 *
 * The aim is to read what the PBX reads, whatever the sender does to make the two differ:
 * - Bytes that were delivered are final, on every system. Of out-of-order segments that overlap, the one that begins earlier
 *   counts, and of two that begin together the longer one: the rule of Linux, where the PBXs are. On Windows and older BSDs
 *   whichever came first counts; `overlaps` tells that somebody tries it.
 * - Nothing is ever discarded for being in the wrong place. A segment that fits no position of its connection opens another one
 *   (`POSITIONS_MAX`), with a state of its own. Evasion: a bogus SYN, RST or FIN, or a burst behind the receiver's window, which
 *   the PBX ignores, would otherwise move us off the bytes that it does read.
 * - RST and FIN therefore only begin a delay (`CLOSE_DELAY_MS`), which bytes at the old position end.
 * - The urgent byte is left out, as Linux does for programs that do not ask for it (tcp(7): SO_OOBINLINE).
 * linux-cases.ts lists what this means, and src/capture/linux-tcp.kernel.test.ts asks the kernel for each of them.
 * Not covered: checksums (see decode.ts) and TTL tricks, where sender and PBX are more hops apart than sender and tap.
 */
import { createPacket } from './decode.ts';
import { turnRound, type Packet } from './packet.ts';
import { EARLIER_BEGIN_WINS, FULL, OVERLAPPED, PAGE_BYTES, PagePool, SparseBytes } from './sparse-bytes.ts';
import {
  CLOSE_DELAY_MS,
  HOLE_WAIT_MS,
  POSITIONS_MAX,
  STREAM_LIMITS,
  type StreamLimits,
  type StreamSink,
} from './stream-sink.ts';
import { CLOSING, ESTABLISHED, NEW, StreamTable, type Queue } from './stream-table.ts';

export type { StreamLimits, StreamSink };

const FIN = 1;
const SYN = 2;
const RST = 4;
const URG = 32;

/** Slot flags. PRIMARY: opened by a SYN or by the first segment of its connection: where the receiver most likely is. */
const PRIMARY = 1;
const HAS_FIN = 2;
const HAS_URGENT = 4;
/** The sink knows of it. A SYN alone opens nothing: a flood of them costs no memory. */
const OPENED = 8;
/** Its first byte is the first one of the connection. */
const FROM_SYN = 16;

/** A segment that finds no room gives up a hole and looks again; each frees a page, and the largest segment needs 33. */
const ATTEMPTS_MAX = 36;
/** Pages that must be free for one segment of 64 kB to be kept at all. */
const PAGES_MIN = 64;

export class TcpStreams<T> {
  /** Holes given up. */
  gaps = 0;
  /** Streams that went for lack of room. */
  evicted = 0;
  /** Segments that overlapped bytes still waiting for those before them. */
  overlaps = 0;
  /** Segments that fitted no position of their connection. */
  misplaced = 0;

  private readonly sink: StreamSink<T>;
  private readonly limits: StreamLimits;
  private readonly table: StreamTable;
  private readonly pool: PagePool;
  private readonly states: (T | undefined)[];
  private readonly waiting: (SparseBytes | null)[];
  /** Slots with a hole and since when, the longest waiting first. */
  private readonly holes = new Map<number, number>();
  /** Sequence number of the next byte, and how many bytes came before it: its position in `waiting`. */
  private readonly next: Uint32Array;
  private readonly position: Float64Array;
  private readonly finAt: Uint32Array;
  private readonly urgentAt: Uint32Array;
  private readonly flags: Uint8Array;
  private readonly scratch = createPacket();
  private readonly reverse = createPacket();

  constructor(sink: StreamSink<T>, limits: Partial<StreamLimits> = {}) {
    this.sink = sink;
    this.limits = { ...STREAM_LIMITS, ...limits };
    const capacity = this.limits.streamsMax;
    this.table = new StreamTable(capacity, this.limits.seed);
    this.pool = new PagePool(Math.max(PAGES_MIN, Math.floor(this.limits.bufferedBytesMax / PAGE_BYTES)));
    this.states = new Array<T | undefined>(capacity).fill(undefined);
    this.waiting = new Array<SparseBytes | null>(capacity).fill(null);
    this.next = new Uint32Array(capacity);
    this.position = new Float64Array(capacity);
    this.finAt = new Uint32Array(capacity);
    this.urgentAt = new Uint32Array(capacity);
    this.flags = new Uint8Array(capacity);
  }

  /** Directions of connections (and positions in them) known now. */
  get size(): number {
    return this.table.size;
  }

  /** Memory held for out-of-order bytes. */
  get bufferedBytes(): number {
    return this.pool.used * PAGE_BYTES;
  }

  /** Takes one decoded TCP packet, `now` in milliseconds since the epoch; calls the sink for all bytes that are now in order. */
  add(packet: Packet, now: number): void {
    this.expireSome(now);
    const flags = packet.tcpFlags;
    if ((flags & RST) !== 0) return this.reset(packet, now);
    let seq = packet.tcpSeq;
    if ((flags & SYN) !== 0) {
      seq = (seq + 1) >>> 0;
      this.begin(packet, seq, now);
    }
    const length = packet.payloadEnd - packet.payloadStart;
    if (length === 0 && (flags & FIN) === 0) return;
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      let slot = this.place(packet, seq, length);
      if (slot < 0) {
        // A lone FIN of a stream that nobody saw opens nothing.
        if (length === 0) return;
        slot = this.misfit(packet, seq, now);
      }
      if ((flags & (URG | FIN)) !== 0) this.noteMarks(slot, packet, seq);
      const taken = length === 0 || this.take(slot, seq, packet, now);
      if ((this.flags[slot] & HAS_FIN) !== 0 && this.next[slot] === this.finAt[slot]) {
        this.table.touch(slot, CLOSING, now);
      }
      if (taken) return;
    }
  }

  /**
   * Whether the packet acknowledges bytes that the other side was seen to send, be it only its SYN. Who forges an address does not get
   * them, and would have to guess their number among 2^32 (RFC 6528).
   */
  acknowledges(packet: Packet): boolean {
    if (packet.tcpAck === 0) return false;
    const back = this.reverse;
    turnRound(packet, back);
    for (let slot = this.table.find(back); slot >= 0; slot = this.table.sameKey(slot, back)) {
      const unacknowledged = (this.next[slot] - packet.tcpAck) | 0;
      if (unacknowledged >= 0 && unacknowledged <= this.position[slot]) return true;
    }
    return false;
  }

  /** Gives up holes and streams that have waited too long; `Infinity` gives up everything (the end of a capture). */
  expire(now: number): void {
    while (this.expireSome(now));
  }

  /** The slot whose position `seq` fits, or -1. An exact fit wins, then the nearest: a retransmission or a segment ahead. */
  private place(packet: Packet, seq: number, length: number): number {
    let best = -1;
    let bestDistance = Infinity;
    const aheadMax = this.limits.bufferedBytesPerStreamMax - length;
    for (let slot = this.table.find(packet); slot >= 0; slot = this.table.sameKey(slot, packet)) {
      const ahead = (seq - this.next[slot]) | 0;
      if (ahead === 0) return slot;
      // Tolerance: a keep-alive repeats the byte before the next one, even when there was none yet (RFC 9293 §3.8.4).
      const fits = ahead < 0 ? -ahead <= this.position[slot] + 1 : ahead <= aheadMax;
      const distance = Math.abs(ahead);
      if (!fits || distance >= bestDistance) continue;
      best = slot;
      bestDistance = distance;
    }
    return best;
  }

  private begin(packet: Packet, seq: number, now: number): void {
    for (let slot = this.table.find(packet); slot >= 0; slot = this.table.sameKey(slot, packet)) {
      // A repeated SYN. With bytes behind it, the same number means that the port is in use again.
      if (this.next[slot] === seq && this.position[slot] === 0) return;
    }
    this.openSlot(packet, seq, PRIMARY | FROM_SYN, now, -1);
  }

  /** First segment of a connection whose SYN we did not see, or one that lies where no position of its connection is. */
  private misfit(packet: Packet, seq: number, now: number): number {
    const first = this.table.find(packet) < 0;
    if (!first) this.misplaced++;
    return this.openSlot(packet, seq, first ? PRIMARY : 0, now, -1);
  }

  /** A free slot at `seq`, after others made room; never in place of `spare`: -1 when only that one could go. */
  private openSlot(packet: Packet, seq: number, flags: number, now: number, spare: number): number {
    let positions = 0;
    let worst = -1;
    for (let slot = this.table.find(packet); slot >= 0; slot = this.table.sameKey(slot, packet)) {
      positions++;
      if (slot !== spare && (worst < 0 || this.isWorse(slot, worst))) worst = slot;
    }
    if (positions < POSITIONS_MAX) worst = this.table.size < this.table.capacity ? -1 : this.table.leastWorthy();
    if (worst === spare && spare >= 0) return -1;
    if (worst >= 0) {
      this.evicted++;
      this.close(worst);
    }
    const slot = this.table.add(packet, now);
    this.next[slot] = seq;
    this.position[slot] = 0;
    this.flags[slot] = flags;
    return slot;
  }

  /** Of two positions of one connection, the one that ended, that no SYN opened, or that was used longer ago. */
  private isWorse(slot: number, than: number): boolean {
    const { queueOf, lastSeen } = this.table;
    if ((queueOf[slot] === CLOSING) !== (queueOf[than] === CLOSING)) return queueOf[slot] === CLOSING;
    if ((this.flags[slot] & PRIMARY) !== (this.flags[than] & PRIMARY)) return (this.flags[slot] & PRIMARY) === 0;
    return lastSeen[slot] < lastSeen[than];
  }

  private noteMarks(slot: number, packet: Packet, seq: number): void {
    if ((packet.tcpFlags & FIN) !== 0) {
      this.finAt[slot] = seq + (packet.payloadEnd - packet.payloadStart);
      this.flags[slot] |= HAS_FIN;
    }
    // Linux counts the pointer from 1, and takes 0 for 1 (tcp_stdurg off).
    if ((packet.tcpFlags & URG) !== 0) {
      this.urgentAt[slot] = seq + Math.max(0, packet.tcpUrgent - 1);
      this.flags[slot] |= HAS_URGENT;
    }
  }

  /** False: there was no room for it, and a hole was given up to make some. */
  private take(slot: number, seq: number, packet: Packet, now: number): boolean {
    const known = (this.next[slot] - seq) | 0;
    const start = packet.payloadStart + Math.max(0, known);
    const end = packet.payloadEnd;
    // A retransmission, or a keep-alive's old byte.
    if (start >= end) return true;
    const queue: Queue = (this.flags[slot] & OPENED) !== 0 ? ESTABLISHED : NEW;
    this.table.touch(slot, queue, now);
    const store = this.waiting[slot];
    if (known < 0) return this.keep(slot, store, seq, packet, now);
    if (store === null) {
      this.deliver(slot, packet.bytes, start, end, packet, now);
      return true;
    }
    // Through the store, so that the overlap rule holds between this segment and those that wait.
    const written = store.write(this.position[slot], packet.bytes, start, end, EARLIER_BEGIN_WINS);
    if (written === OVERLAPPED) this.overlaps++;
    if (written === FULL) this.deliver(slot, packet.bytes, start, end, packet, now);
    this.drain(slot, store, packet, now);
    return true;
  }

  private keep(slot: number, waiting: SparseBytes | null, seq: number, packet: Packet, now: number): boolean {
    const { bufferedBytesPerStreamMax, segmentsPerStreamMax } = this.limits;
    const store = waiting ?? new SparseBytes(this.pool, bufferedBytesPerStreamMax, segmentsPerStreamMax);
    const position = this.position[slot] + ((seq - this.next[slot]) | 0);
    const written = store.write(position, packet.bytes, packet.payloadStart, packet.payloadEnd, EARLIER_BEGIN_WINS);
    if (written === FULL) {
      // Full is either this stream, or the pool: then the stream goes that has waited longest.
      const own = store.starts.length >= segmentsPerStreamMax || this.holes.size === 0;
      this.giveUpHole(own ? slot : this.holes.keys().next().value!);
      return false;
    }
    if (written === OVERLAPPED) this.overlaps++;
    this.waiting[slot] = store;
    if (!this.holes.has(slot)) this.holes.set(slot, now);
    return true;
  }

  /**
   * Goes on behind the hole. A primary position stays where it is and another one takes over what waited.
   * Evasion: a burst that the receiver ignores (ahead of its window) makes us give up a hole that it never had; its next bytes
   * must find their stream, and the beginning of their message, where they left it.
   */
  private giveUpHole(slot: number): void {
    const store = this.waiting[slot];
    if (store === null) return;
    const now = this.table.lastSeen[slot];
    const packet = this.scratch;
    this.table.describe(slot, packet);
    this.waiting[slot] = null;
    this.holes.delete(slot);
    const base = this.next[slot] - this.position[slot];
    let target = slot;
    if ((this.flags[slot] & PRIMARY) !== 0) {
      target = this.openSlot(packet, 0, this.flags[slot] & (HAS_FIN | HAS_URGENT), now, slot);
      if (target < 0) target = slot;
      this.finAt[target] = this.finAt[slot];
      this.urgentAt[target] = this.urgentAt[slot];
    }
    while (store.starts.length > 0) {
      this.gaps++;
      this.next[target] = base + store.starts[0];
      this.open(target, packet, now);
      this.sink.gap(this.states[target]!);
      this.deliverRun(target, store, store.starts[0], packet, now);
      store.dropFirst();
    }
    if ((this.flags[target] & HAS_FIN) !== 0 && this.next[target] === this.finAt[target]) {
      this.table.touch(target, CLOSING, now);
    }
  }

  private drain(slot: number, store: SparseBytes, packet: Packet, now: number): void {
    while (store.starts.length > 0 && store.starts[0] <= this.position[slot]) {
      this.deliverRun(slot, store, this.position[slot], packet, now);
      store.dropFirst();
    }
    // A hole further on has its own time.
    this.holes.delete(slot);
    if (store.starts.length > 0) this.holes.set(slot, now);
    else this.waiting[slot] = null;
  }

  /** The first run of `store` from `position` on. */
  private deliverRun(slot: number, store: SparseBytes, position: number, packet: Packet, now: number): void {
    const end = store.ends[0];
    while (position < end) {
      const from = position % PAGE_BYTES;
      const count = Math.min(PAGE_BYTES - from, end - position);
      this.deliver(slot, store.pageAt(position), from, from + count, packet, now);
      position += count;
    }
  }

  private deliver(slot: number, bytes: Uint8Array, start: number, end: number, packet: Packet, now: number): void {
    this.open(slot, packet, now);
    const state = this.states[slot]!;
    const first = this.next[slot];
    this.next[slot] = first + (end - start);
    this.position[slot] += end - start;
    if ((this.flags[slot] & HAS_URGENT) !== 0) {
      const urgent = start + ((this.urgentAt[slot] - first) | 0);
      if (urgent >= start && urgent < end) {
        if (urgent > start) this.sink.data(state, bytes, start, urgent, packet, now);
        start = urgent + 1;
        if (start === end) return;
      }
    }
    this.sink.data(state, bytes, start, end, packet, now);
  }

  private open(slot: number, packet: Packet, now: number): void {
    if ((this.flags[slot] & OPENED) !== 0) return;
    this.flags[slot] |= OPENED;
    this.states[slot] = this.sink.open(packet, now, (this.flags[slot] & FROM_SYN) !== 0);
  }

  /**
   * RFC 5961 §3: only the exact sequence number resets a connection. It ends the other direction too.
   * Both go when `CLOSE_DELAY_MS` is over, unless bytes follow after all.
   */
  private reset(packet: Packet, now: number): void {
    for (let slot = this.table.find(packet); slot >= 0; slot = this.table.sameKey(slot, packet)) {
      if (this.next[slot] !== packet.tcpSeq) continue;
      this.table.touch(slot, CLOSING, now);
      const back = this.reverse;
      turnRound(packet, back);
      for (let other = this.table.find(back); other >= 0; other = this.table.sameKey(other, back)) {
        this.table.touch(other, CLOSING, now);
      }
      return;
    }
  }

  private expireSome(now: number): boolean {
    if (this.holes.size > 0) {
      const [slot, since] = this.holes.entries().next().value!;
      if (now - since > HOLE_WAIT_MS) {
        this.giveUpHole(slot);
        return true;
      }
    }
    return (
      this.expireOldest(CLOSING, now, CLOSE_DELAY_MS) ||
      this.expireOldest(NEW, now, this.limits.idleMs) ||
      this.expireOldest(ESTABLISHED, now, this.limits.idleMs)
    );
  }

  private expireOldest(queue: Queue, now: number, patienceMs: number): boolean {
    const slot = this.table.oldest(queue);
    if (slot < 0 || now - this.table.lastSeen[slot] <= patienceMs) return false;
    this.close(slot);
    return true;
  }

  private close(slot: number): void {
    this.waiting[slot]?.clear();
    this.waiting[slot] = null;
    this.holes.delete(slot);
    this.table.remove(slot);
    if ((this.flags[slot] & OPENED) !== 0) this.sink.close(this.states[slot]!);
    this.states[slot] = undefined;
    this.flags[slot] = 0;
  }
}
