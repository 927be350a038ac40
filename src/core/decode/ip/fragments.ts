/**
 * IPv4 and IPv6 reassembly (RFC 791 §3.2, RFC 8200 §4.5). For captures from files: the live tap sits behind the kernel's own
 * reassembly.
 *
 * Overlaps. IPv6: the datagram is dropped with all its fragments, those still to come included (RFC 5722 §4); an exact repetition
 * is no overlap (RFC 8200 §4.5). IPv4: the bytes that came first count, and the overlap is reported: Linux drops such a datagram
 * since 4.20, other guests put it together, and a description of what somebody sent is worth more here than silence.
 *
 * Eviction: the datagram that was begun first goes first. Evasion: whoever sends nothing but first fragments must send
 * `DATAGRAMS_MAX` of them between two fragments of one honest datagram, which leave their sender back to back. (Turning new
 * datagrams away when full would let one burst close the door for the whole lifetime.)
 */
import type { IpAnomaly } from './anomalies.ts';
import { decodeReassembled } from './decode.ts';
import { hashFlow } from './flow-hash.ts';
import type { Packet } from './packet.ts';
import {
  DUPLICATE,
  EARLIER_ARRIVAL_WINS,
  FULL,
  OVERLAPPED,
  PAGE_BYTES,
  PagePool,
  SparseBytes,
} from './sparse-bytes.ts';

/** Datagrams under way. Linux holds as many as fit its 4 MB (`ipfrag_high_thresh`), which is about this many. */
export const DATAGRAMS_MAX = 1024;
/** Memory for all of them together, bytes. */
export const FRAGMENT_BYTES_MAX = 8 << 20;
/** Pieces with holes between them, in one datagram. Evasion: 512 allow 8-byte fragments of an 8,192-byte message in any order. */
export const FRAGMENT_RUNS_MAX = 512;
/** Linux: `ipfrag_time` 30 s; RFC 8200 allows 60. */
export const FRAGMENT_LIFETIME_MS = 30_000;

/** Largest datagram behind an IP header: the fields for offset and length end there. */
const DATAGRAM_BYTES_MAX = 65_535;
const BUCKETS = DATAGRAMS_MAX * 2;

interface Datagram {
  side: number;
  version: number;
  protocol: number;
  identification: number;
  addresses: Uint32Array;
  begun: number;
  /** Length once the last fragment came, else -1. */
  length: number;
  /** The first fragment's next header: the only one that counts in IPv6. */
  firstProtocol: number;
  /** An overlap was seen: everything that still comes is discarded. */
  dead: boolean;
  pieces: SparseBytes;
  bucket: number;
  next: Datagram | null;
  older: Datagram | null;
  newer: Datagram | null;
}

export class Fragments {
  /** Datagrams under way. */
  size = 0;
  completed = 0;
  /** Given up for lack of room, and for lack of their missing pieces. */
  evicted = 0;
  expired = 0;
  overlaps = 0;
  /** What the last `add` found wrong with its fragment; null: nothing. */
  anomaly: IpAnomaly | null = null;

  private readonly seed: number;
  private readonly pool = new PagePool(FRAGMENT_BYTES_MAX / PAGE_BYTES);
  private readonly buckets = new Array<Datagram | null>(BUCKETS).fill(null);
  private oldest: Datagram | null = null;
  private newest: Datagram | null = null;
  private readonly whole = new Uint8Array(DATAGRAM_BYTES_MAX);

  constructor(seed = 0) {
    this.seed = seed;
  }

  /**
   * Takes the fragment that `packet` describes. True: its datagram is complete, and `packet` now describes the whole of it, in a
   * buffer of this object's that lives until the next `add`; `anomaly` then tells whether its transport header was sound.
   * A packet that is no fragment comes back true, untouched.
   */
  add(packet: Packet, now: number): boolean {
    this.anomaly = null;
    if (!packet.fragmented) return true;
    this.expire(now);
    this.anomaly = checkFragment(packet);
    if (this.anomaly !== null) return false;

    const datagram = this.find(packet, now);
    if (datagram.dead) return false;
    const end = packet.fragmentOffset + (packet.payloadEnd - packet.payloadStart);
    const pieces = datagram.pieces;
    const furthest = pieces.ends.length === 0 ? 0 : pieces.ends[pieces.ends.length - 1];
    const endsWrong = packet.moreFragments ? datagram.length >= 0 && end > datagram.length : furthest > end;
    if (endsWrong || (!packet.moreFragments && datagram.length >= 0 && datagram.length !== end)) {
      this.anomaly = 'fragment-end';
      return false;
    }

    const { bytes, payloadStart, payloadEnd, fragmentOffset } = packet;
    let written = pieces.write(fragmentOffset, bytes, payloadStart, payloadEnd, EARLIER_ARRIVAL_WINS);
    while (
      written === FULL &&
      this.oldest !== datagram &&
      this.pool.used > 0 &&
      pieces.starts.length < FRAGMENT_RUNS_MAX
    ) {
      this.evicted++;
      this.remove(this.oldest!);
      written = pieces.write(fragmentOffset, bytes, payloadStart, payloadEnd, EARLIER_ARRIVAL_WINS);
    }
    if (written === FULL) {
      this.anomaly = 'fragment-many';
      this.kill(datagram);
      return false;
    }
    if (written === OVERLAPPED) {
      this.anomaly = 'fragment-overlap';
      this.overlaps++;
      if (packet.version === 6) {
        this.kill(datagram);
        return false;
      }
    }
    if (fragmentOffset === 0 && written !== DUPLICATE) datagram.firstProtocol = packet.protocol;
    if (!packet.moreFragments) datagram.length = end;
    if (pieces.starts[0] !== 0 || pieces.ends[0] !== datagram.length) return false;
    this.complete(datagram, packet);
    return true;
  }

  /** Gives up what has waited longer than `FRAGMENT_LIFETIME_MS`. `add` does it too. */
  expire(now: number): void {
    while (this.oldest !== null && now - this.oldest.begun > FRAGMENT_LIFETIME_MS) {
      this.expired++;
      this.remove(this.oldest);
    }
  }

  private find(packet: Packet, now: number): Datagram {
    const bucket = hashFlow(this.seed, packet, packet.identification) & (BUCKETS - 1);
    for (let d = this.buckets[bucket]; d !== null; d = d.next) if (isOf(d, packet)) return d;
    if (this.size === DATAGRAMS_MAX) {
      this.evicted++;
      this.remove(this.oldest!);
    }
    const { src0, src1, src2, src3, dst0, dst1, dst2, dst3 } = packet;
    const datagram: Datagram = {
      side: packet.side,
      version: packet.version,
      protocol: packet.protocol,
      identification: packet.identification,
      addresses: Uint32Array.of(src0, src1, src2, src3, dst0, dst1, dst2, dst3),
      begun: now,
      length: -1,
      firstProtocol: packet.protocol,
      dead: false,
      pieces: new SparseBytes(this.pool, DATAGRAM_BYTES_MAX, FRAGMENT_RUNS_MAX),
      bucket,
      next: this.buckets[bucket],
      older: this.newest,
      newer: null,
    };
    this.buckets[bucket] = datagram;
    if (this.newest) this.newest.newer = datagram;
    else this.oldest = datagram;
    this.newest = datagram;
    this.size++;
    return datagram;
  }

  private complete(datagram: Datagram, packet: Packet): void {
    const { length, pieces } = datagram;
    for (let at = 0; at < length; at += PAGE_BYTES) {
      this.whole.set(pieces.pageAt(at).subarray(0, Math.min(PAGE_BYTES, length - at)), at);
    }
    packet.bytes = this.whole;
    packet.payloadStart = 0;
    packet.payloadEnd = length;
    packet.truncated = false;
    packet.protocol = datagram.firstProtocol;
    this.completed++;
    this.remove(datagram);
    const anomaly = decodeReassembled(packet);
    if (anomaly !== null) this.anomaly = anomaly;
  }

  private kill(datagram: Datagram): void {
    datagram.dead = true;
    datagram.pieces.clear();
  }

  private remove(datagram: Datagram): void {
    datagram.pieces.clear();
    const { older, newer, bucket } = datagram;
    if (older) older.newer = newer;
    else this.oldest = newer;
    if (newer) newer.older = older;
    else this.newest = older;
    let before: Datagram | null = null;
    for (let d = this.buckets[bucket]; d !== datagram && d !== null; d = d.next) before = d;
    if (before) before.next = datagram.next;
    else this.buckets[bucket] = datagram.next;
    this.size--;
  }
}

function checkFragment(packet: Packet): IpAnomaly | null {
  const length = packet.payloadEnd - packet.payloadStart;
  if (packet.truncated) return 'fragment-truncated';
  if (length === 0 || (packet.moreFragments && length % 8 !== 0)) return 'fragment-length';
  if (packet.fragmentOffset + length > DATAGRAM_BYTES_MAX) return 'fragment-too-far';
  return null;
}

/** RFC 791: source, destination, protocol, identification. RFC 8200 §4.5: the same without the protocol. */
function isOf(d: Datagram, packet: Packet): boolean {
  const a = d.addresses;
  return (
    d.identification === packet.identification &&
    d.version === packet.version &&
    d.side === packet.side &&
    (d.version === 6 || d.protocol === packet.protocol) &&
    a[3] === packet.src3 &&
    a[7] === packet.dst3 &&
    a[0] === packet.src0 &&
    a[1] === packet.src1 &&
    a[2] === packet.src2 &&
    a[4] === packet.dst0 &&
    a[5] === packet.dst1 &&
    a[6] === packet.dst2
  );
}
