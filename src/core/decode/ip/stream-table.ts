/**
 * The bounded table of `TcpStreams`: slots found by address and port, in three queues by what they have shown so far.
 * All columns are allocated once; a slot is an index into them.
 *
 * Evasion: a flood of SYNs, or of lone segments from addresses nobody owns, fills a table that evicts whoever was quiet longest,
 * and with it goes the phone's connection. Here whoever showed least goes first: closing streams, then those that never carried
 * more than one segment, and only then the others; and those may fill no more than `ESTABLISHED_SHARE` of the table, so that
 * connections that really were made cannot keep new ones out either.
 */
import type { Side } from '../../base/frame.ts';
import { hashFlow } from './flow-hash.ts';
import type { Packet } from './packet.ts';

export const CLOSING = 0;
export const NEW = 1;
export const ESTABLISHED = 2;
export type Queue = typeof CLOSING | typeof NEW | typeof ESTABLISHED;

export const ESTABLISHED_SHARE = 0.75;

const NONE = -1;

export class StreamTable {
  readonly capacity: number;
  size = 0;
  readonly queueOf: Uint8Array;
  readonly lastSeen: Float64Array;
  readonly bucketOf: Int32Array;
  private readonly sides: Uint8Array;
  private readonly seed: number;
  private readonly establishedMax: number;
  private readonly buckets: Int32Array;
  private readonly chain: Int32Array;
  private readonly keys: Uint32Array;
  /** Most recently used first; `free` is chained through `older`. */
  private readonly newer: Int32Array;
  private readonly older: Int32Array;
  private readonly newest = Int32Array.of(NONE, NONE, NONE);
  private readonly oldestOf = Int32Array.of(NONE, NONE, NONE);
  private readonly counts = new Int32Array(3);
  private free = 0;

  constructor(capacity: number, seed: number) {
    this.capacity = capacity;
    this.seed = seed;
    this.establishedMax = Math.max(1, Math.floor(capacity * ESTABLISHED_SHARE));
    let buckets = 1;
    while (buckets < capacity) buckets *= 2;
    this.buckets = new Int32Array(buckets).fill(NONE);
    this.chain = new Int32Array(capacity);
    this.bucketOf = new Int32Array(capacity);
    this.keys = new Uint32Array(capacity * 9);
    this.sides = new Uint8Array(capacity);
    this.newer = new Int32Array(capacity);
    this.older = new Int32Array(capacity);
    for (let i = 0; i < capacity; i++) this.older[i] = i + 1 < capacity ? i + 1 : NONE;
    this.queueOf = new Uint8Array(capacity);
    this.lastSeen = new Float64Array(capacity);
  }

  /** The most recently added slot of this direction of this connection, or -1; `sameKey` gives the others. */
  find(packet: Packet): number {
    return this.match(this.buckets[this.bucket(packet)], packet);
  }

  sameKey(slot: number, packet: Packet): number {
    return this.match(this.chain[slot], packet);
  }

  /** A new slot, in queue NEW. The caller has made room: `size < capacity`. */
  add(packet: Packet, now: number): number {
    const slot = this.free;
    this.free = this.older[slot];
    this.size++;
    const at = slot * 9;
    this.keys[at] = packet.src0;
    this.keys[at + 1] = packet.src1;
    this.keys[at + 2] = packet.src2;
    this.keys[at + 3] = packet.src3;
    this.keys[at + 4] = packet.dst0;
    this.keys[at + 5] = packet.dst1;
    this.keys[at + 6] = packet.dst2;
    this.keys[at + 7] = packet.dst3;
    this.keys[at + 8] = ((packet.srcPort << 16) | packet.dstPort) >>> 0;
    this.sides[slot] = packet.side;
    const bucket = this.bucket(packet);
    this.bucketOf[slot] = bucket;
    this.chain[slot] = this.buckets[bucket];
    this.buckets[bucket] = slot;
    this.lastSeen[slot] = now;
    this.link(slot, NEW);
    return slot;
  }

  remove(slot: number): void {
    this.unlink(slot);
    const bucket = this.bucketOf[slot];
    let before = NONE;
    let at = this.buckets[bucket];
    while (at !== slot) {
      before = at;
      at = this.chain[at];
    }
    if (before === NONE) this.buckets[bucket] = this.chain[slot];
    else this.chain[before] = this.chain[slot];
    this.older[slot] = this.free;
    this.free = slot;
    this.size--;
  }

  /** Marks the slot as used at `now`, in `queue`. Use never moves a slot down, but for CLOSING. */
  touch(slot: number, queue: Queue, now: number): void {
    this.lastSeen[slot] = now;
    if (this.queueOf[slot] === queue && this.newest[queue] === slot) return;
    this.unlink(slot);
    this.link(slot, queue);
    if (queue !== ESTABLISHED || this.counts[ESTABLISHED] <= this.establishedMax) return;
    const demoted = this.oldestOf[ESTABLISHED];
    this.unlink(demoted);
    this.link(demoted, NEW);
  }

  /** The slot that was used least recently in `queue`, or -1. */
  oldest(queue: Queue): number {
    return this.oldestOf[queue];
  }

  /** The slot to give up when the table is full: never -1 then. */
  leastWorthy(): number {
    if (this.oldestOf[CLOSING] !== NONE) return this.oldestOf[CLOSING];
    return this.oldestOf[NEW] !== NONE ? this.oldestOf[NEW] : this.oldestOf[ESTABLISHED];
  }

  /** Writes the slot's addresses, ports and side into `packet`, the other fields stay. */
  describe(slot: number, packet: Packet): void {
    const at = slot * 9;
    packet.src0 = this.keys[at];
    packet.src1 = this.keys[at + 1];
    packet.src2 = this.keys[at + 2];
    packet.src3 = this.keys[at + 3];
    packet.dst0 = this.keys[at + 4];
    packet.dst1 = this.keys[at + 5];
    packet.dst2 = this.keys[at + 6];
    packet.dst3 = this.keys[at + 7];
    packet.srcPort = this.keys[at + 8] >>> 16;
    packet.dstPort = this.keys[at + 8] & 0xffff;
    packet.side = this.sides[slot] as Side;
    packet.version = packet.src0 === 0 && packet.src1 === 0 && packet.src2 === 0xffff ? 4 : 6;
  }

  private match(slot: number, packet: Packet): number {
    const keys = this.keys;
    const ports = ((packet.srcPort << 16) | packet.dstPort) >>> 0;
    for (; slot !== NONE; slot = this.chain[slot]) {
      const at = slot * 9;
      if (
        keys[at + 8] === ports &&
        keys[at + 3] === packet.src3 &&
        keys[at + 7] === packet.dst3 &&
        keys[at + 2] === packet.src2 &&
        keys[at + 6] === packet.dst2 &&
        keys[at + 1] === packet.src1 &&
        keys[at + 5] === packet.dst1 &&
        keys[at] === packet.src0 &&
        keys[at + 4] === packet.dst0 &&
        this.sides[slot] === packet.side
      ) {
        return slot;
      }
    }
    return NONE;
  }

  private bucket(packet: Packet): number {
    return hashFlow(this.seed, packet, (packet.srcPort << 16) | packet.dstPort) & (this.buckets.length - 1);
  }

  private link(slot: number, queue: Queue): void {
    this.queueOf[slot] = queue;
    this.counts[queue]++;
    const head = this.newest[queue];
    this.newer[slot] = NONE;
    this.older[slot] = head;
    if (head === NONE) this.oldestOf[queue] = slot;
    else this.newer[head] = slot;
    this.newest[queue] = slot;
  }

  private unlink(slot: number): void {
    const queue = this.queueOf[slot];
    this.counts[queue]--;
    const newer = this.newer[slot];
    const older = this.older[slot];
    if (newer === NONE) this.newest[queue] = older;
    else this.older[newer] = older;
    if (older === NONE) this.oldestOf[queue] = newer;
    else this.newer[older] = newer;
  }
}
