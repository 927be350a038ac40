/**
 * Which side of a capture is ours. A capture does not say; the live tap's rules do.
 *
 * With `protect` (the command line's `--protect CIDR`) the given ranges are. Otherwise a first pass over the file elects endpoints
 * (address and port, so that a capture of the loopback interface works too):
 *
 * 1. A candidate answered (`SIP/2.0 …` from a protected port) somebody who had sent a request to that port; a TFTP server answered
 *    a read or write request, from whatever port.
 * 2. Phones answer the PBX's OPTIONS from port 5060, and scanners use 5060 as their source port: so candidates are processed by the
 *    number of distinct peers they answered, then by the REGISTERs, then the answers, and one is ours only when it answered at least
 *    one peer that is not ours already.
 * 3. Where nobody answers (a mirror of one direction, a PBX that is down), the same election is held over requests instead of
 *    answers: who was asked, by how many. A phone that only our PBX asks is not elected.
 * 4. Where no segment begins with a message (TCP cut into pieces of a few bytes), over connections from other ports to protected ones.
 *
 * Limit: two servers that talk only to each other look the same from both sides; the one that received REGISTERs is taken.
 */
import { formatWords, type AddressRange } from '../core/base/address.ts';
import { SIDE_IN, SIDE_OUT, SIDE_UNKNOWN, type Side } from '../core/base/frame.ts';
import type { Policy } from '../core/base/policy.ts';
import { RangeSet } from '../core/base/ranges.ts';
import { PROTOCOL_TCP, PROTOCOL_UDP } from '../core/decode/ip/decode.ts';
import type { Packet } from '../core/decode/ip/packet.ts';
import { PortMap, SIP_TCP, SIP_UDP, TFTP } from '../core/port-map.ts';
import { Census } from './census.ts';
import { EndpointIndex, hashEndpoint, RecentPairs } from './endpoint-index.ts';
import { isAnswer, isRegister, isRequest } from './first-bytes.ts';

/** Requests that may wait for an answer at one moment before the oldest are forgotten. */
const PENDING_SLOTS = 1 << 17;
const TRANSFER_SLOTS = 1 << 12;
const ELECTED_MAX = 1 << 16;

const KIND_REQUEST = 1;
const KIND_REGISTER = 2;
const KIND_TFTP = 3;

export type InferredFrom = 'option' | 'answers' | 'requests' | 'connections' | 'nothing';

const sourceHash = (p: Packet, port: number) => hashEndpoint(p.src0, p.src1, p.src2, p.src3, port);
const targetHash = (p: Packet, port: number) => hashEndpoint(p.dst0, p.dst1, p.dst2, p.dst3, port);
const isSip = (ports: PortMap, protocol: number, port: number) =>
  (ports.flags[port] & (protocol === PROTOCOL_UDP ? SIP_UDP : protocol === PROTOCOL_TCP ? SIP_TCP : 0)) !== 0;
const isTftp = (ports: PortMap, protocol: number, port: number) =>
  protocol === PROTOCOL_UDP && (ports.flags[port] & TFTP) !== 0;
const oneAddress = (p: Packet) => p.src3 === p.dst3 && p.src2 === p.dst2 && p.src1 === p.dst1 && p.src0 === p.dst0;

/** The first pass. Feed it every packet, then ask for `elect()`. */
export class SideScan {
  readonly #ports: PortMap;
  readonly #answered = new Census();
  readonly #asked = new Census();
  readonly #connected = new Census();
  readonly #pending = new RecentPairs(PENDING_SLOTS);
  #messages = 0;

  constructor(policy: Policy) {
    this.#ports = new PortMap(policy.ports);
  }

  get messages(): number {
    return this.#messages;
  }

  observe(p: Packet): void {
    if (p.payloadEnd <= p.payloadStart || p.fragmentOffset > 0) return;
    const ports = this.#ports;
    const near = isSip(ports, p.protocol, p.dstPort);
    const far = isSip(ports, p.protocol, p.srcPort);
    if (far && isAnswer(p)) {
      this.#messages++;
      // The answer goes to the port that the Via names, which need not be the one the request came from (RFC 3261 §18.2.2).
      this.#answer(p, sourceHash(p, p.srcPort), targetHash(p, oneAddress(p) ? p.dstPort : 0));
    } else if (near && isRequest(p)) {
      this.#messages++;
      const register = isRegister(p);
      const kind = register ? KIND_REGISTER : KIND_REQUEST;
      this.#pending.put(targetHash(p, p.dstPort), sourceHash(p, oneAddress(p) ? p.srcPort : 0), p.dstPort, kind);
      this.#asked.note(p, true, p.dstPort, register);
    } else if (p.protocol === PROTOCOL_TCP) {
      // Evasion: a message in pieces of a byte each never shows its first line to one packet; who listens still has the known port.
      if (near && !far) this.#connected.note(p, true, p.dstPort, false);
    } else if (!near && !far && p.protocol === PROTOCOL_UDP) this.#transfer(p);
  }

  #answer(p: Packet, server: number, client: number): void {
    const kind = this.#pending.kind(server, client);
    if (kind !== 0) this.#answered.note(p, false, this.#pending.port(server, client), kind === KIND_REGISTER);
  }

  #transfer(p: Packet): void {
    if (isTftp(this.#ports, p.protocol, p.dstPort)) {
      this.#pending.put(targetHash(p, 0), sourceHash(p, p.srcPort), p.dstPort, KIND_TFTP);
      this.#asked.note(p, true, p.dstPort, false);
    } else if (this.#pending.kind(sourceHash(p, 0), targetHash(p, p.dstPort)) === KIND_TFTP) {
      this.#answer(p, sourceHash(p, 0), targetHash(p, p.dstPort));
    }
  }

  elect(): ProtectedSide {
    const incomplete = this.#answered.full || this.#asked.full;
    const elections = [
      ['answers', this.#answered],
      ['requests', this.#asked],
      ['connections', this.#connected],
    ] as const;
    for (const [from, census] of elections) {
      const rows = census.elect();
      if (rows.length > 0) return new ProtectedSide(this.#ports, [], census.servers, rows, from, incomplete);
    }
    return new ProtectedSide(this.#ports, [], null, [], 'nothing', incomplete);
  }
}

export class ProtectedSide {
  readonly inferredFrom: InferredFrom;
  /** The first pass met more endpoints than it can hold. */
  readonly incomplete: boolean;
  /** `192.0.2.10:5060`, `[2001:db8::1]:5060`, or the ranges given; in order of election. */
  readonly names: string[];
  readonly #ports: PortMap;
  readonly #ranges: RangeSet | null;
  readonly #endpoints = new EndpointIndex(ELECTED_MAX);
  readonly #addresses = new EndpointIndex(ELECTED_MAX);
  readonly #transfers = new RecentPairs(TRANSFER_SLOTS);
  readonly #asked = { w0: 0, w1: 0, w2: 0, w3: 0 };

  constructor(
    ports: PortMap,
    ranges: AddressRange[],
    servers: EndpointIndex | null,
    rows: number[],
    inferredFrom: InferredFrom,
    incomplete: boolean,
    names: string[] = [],
  ) {
    this.#ports = ports;
    this.#ranges = ranges.length > 0 ? new RangeSet(ranges) : null;
    this.inferredFrom = inferredFrom;
    this.incomplete = incomplete;
    this.names = names;
    if (!servers) return;
    for (const row of rows) {
      const [w0, w1, w2, w3, port] = [
        servers.w0[row],
        servers.w1[row],
        servers.w2[row],
        servers.w3[row],
        servers.port[row],
      ];
      this.#endpoints.row(w0, w1, w2, w3, port, true);
      this.#addresses.row(w0, w1, w2, w3, 0, true);
      const address = formatWords(w0, w1, w2, w3);
      this.names.push(address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`);
    }
  }

  #holds(w0: number, w1: number, w2: number, w3: number): boolean {
    if (!this.#ranges) return this.#addresses.row(w0, w1, w2, w3, 0, false) >= 0;
    const a = this.#asked;
    [a.w0, a.w1, a.w2, a.w3] = [w0, w1, w2, w3];
    return this.#ranges.has(a);
  }

  /**
   * The direction of one packet. What leaves one of our addresses goes out, what reaches one, or a protected port of an address that
   * never answered, comes in; between two of our own the elected endpoint, then the port, then the first bytes tell who serves. A
   * later fragment has no ports: it goes by its addresses. Packets on no protected port are nobody's.
   */
  sideOf(p: Packet): Side {
    const { protocol } = p;
    if (protocol !== PROTOCOL_UDP && protocol !== PROTOCOL_TCP) return SIDE_UNKNOWN;
    const from = this.#holds(p.src0, p.src1, p.src2, p.src3);
    const to = this.#holds(p.dst0, p.dst1, p.dst2, p.dst3);
    if (p.fragmentOffset > 0) return from && !to ? SIDE_OUT : to || !this.#ranges ? SIDE_IN : SIDE_UNKNOWN;
    const near = isSip(this.#ports, protocol, p.dstPort);
    const far = isSip(this.#ports, protocol, p.srcPort);
    if (!near && !far) return this.#tftpSide(p, from, to);
    if (from !== to) return from ? SIDE_OUT : SIDE_IN;
    // Neither is ours. Invariant: an answer goes out even so, and is counted; it matches no request, so nothing comes of believing it.
    if (!from) return this.#ranges ? SIDE_UNKNOWN : near ? SIDE_IN : SIDE_OUT;
    if (!this.#ranges) {
      const serves = this.#endpoints.row(p.src0, p.src1, p.src2, p.src3, p.srcPort, false) >= 0;
      const served = this.#endpoints.row(p.dst0, p.dst1, p.dst2, p.dst3, p.dstPort, false) >= 0;
      if (serves !== served) return serves ? SIDE_OUT : SIDE_IN;
    }
    if (near !== far) return near ? SIDE_IN : SIDE_OUT;
    return isAnswer(p) ? SIDE_OUT : SIDE_IN;
  }

  #tftpSide(p: Packet, from: boolean, to: boolean): Side {
    if (isTftp(this.#ports, p.protocol, p.dstPort)) {
      if (from && !to) return SIDE_OUT;
      if (this.#ranges && !to) return SIDE_UNKNOWN;
      this.#transfers.put(targetHash(p, 0), sourceHash(p, p.srcPort), p.dstPort, KIND_TFTP);
      return SIDE_IN;
    }
    const answers =
      p.protocol === PROTOCOL_UDP && this.#transfers.kind(sourceHash(p, 0), targetHash(p, p.dstPort)) === KIND_TFTP;
    return answers ? SIDE_OUT : SIDE_UNKNOWN;
  }
}

/** The side that the user named. */
export function protectedRanges(policy: Policy, ranges: AddressRange[], names: string[]): ProtectedSide {
  return new ProtectedSide(new PortMap(policy.ports), ranges, null, [], 'option', false, names);
}
