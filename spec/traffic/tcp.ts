/**
 * A sample over TCP: one connection for each pair of endpoints, opened by whoever speaks first. How the client's bytes are cut and
 * ordered is the caller's choice; the server answers in whole segments.
 */
import { SIDE_IN, SIDE_OUT } from '../../src/core/base/frame.ts';
import type { Datagram, Endpoint, TimedFrame, Traffic } from './datagram.ts';
import { frameOf, tcpPacket, TCP_ACK, TCP_PSH, TCP_SYN } from './packets.ts';

const EMPTY = new Uint8Array(0);

/** A piece of the client's stream: bytes from `start` (inclusive) to `end` (exclusive) of one write, in sending order. */
export interface Piece {
  start: number;
  end: number;
}

export interface TcpOptions {
  /** How one write of `length` bytes is sent; default: one segment. Pieces may overlap, repeat and change places. */
  pieces?: (length: number) => Piece[];
  /** The client's messages of this many milliseconds travel in one write (several messages in a segment); 0: each its own. */
  gatherMs?: number;
  /** False: the capture started after the connection was made. */
  handshake?: boolean;
  /** First sequence number of the client; near 2^32 it wraps during the sample. */
  firstSeq?: number;
}

interface Connection {
  client: Endpoint;
  server: Endpoint;
  clientSeq: number;
  serverSeq: number;
}

/** Splits a write of the client into pieces of `size` bytes. */
export const piecesOf =
  (size: number) =>
  (length: number): Piece[] => {
    const out: Piece[] = [];
    for (let start = 0; start < length; start += size) out.push({ start, end: Math.min(length, start + size) });
    return out;
  };

/** Puts a via of `UDP` right: RFC 3261 §18.1.1 wants the transport that is used. */
function overTcp(payload: Uint8Array): Uint8Array {
  return Buffer.from(
    Buffer.from(payload.buffer, payload.byteOffset, payload.length)
      .toString('latin1')
      .replaceAll('SIP/2.0/UDP', 'SIP/2.0/TCP'),
    'latin1',
  );
}

const keyOf = (d: Datagram) => {
  const [a, b] = [`${d.from.host}:${d.from.port}`, `${d.to.host}:${d.to.port}`];
  return a < b ? `${a} ${b}` : `${b} ${a}`;
};

/** Joins the client's messages of each `gatherMs` of one connection; answers come a millisecond after the write they answer. */
function gather(traffic: Traffic, gatherMs: number): Traffic {
  if (gatherMs <= 0) return traffic;
  const writes = new Map<string, Datagram>();
  const out: Traffic = [];
  for (const d of traffic) {
    const at = Math.ceil((d.at + 1) / gatherMs) * gatherMs;
    const key = `${keyOf(d)} ${d.side} ${at}`;
    const open = writes.get(key);
    if (open) open.payload = Buffer.concat([open.payload, d.payload]);
    else {
      const write = { ...d, at: d.side === SIDE_OUT ? at + 1 : at };
      writes.set(key, write);
      out.push(write);
    }
  }
  return out.sort((a, b) => a.at - b.at);
}

export function tcpFrames(traffic: Traffic, options: TcpOptions = {}): TimedFrame[] {
  const {
    pieces = (length) => [{ start: 0, end: length }],
    gatherMs = 0,
    handshake = true,
    firstSeq = 1_000,
  } = options;
  const connections = new Map<string, Connection>();
  const out: TimedFrame[] = [];
  let identification = 0;
  for (const d of gather(traffic, gatherMs)) {
    const key = keyOf(d);
    let c = connections.get(key);
    if (!c) {
      c = { client: d.from, server: d.to, clientSeq: firstSeq >>> 0, serverSeq: 5_000 };
      connections.set(key, c);
      const opposite = d.side === SIDE_IN ? SIDE_OUT : SIDE_IN;
      const [from, to] = [c.client, c.server];
      const opening = [
        { side: d.side, from, to, seq: c.clientSeq, ack: 0, flags: TCP_SYN },
        { side: opposite, from: to, to: from, seq: c.serverSeq, ack: c.clientSeq + 1, flags: TCP_SYN | TCP_ACK },
        { side: d.side, from, to, seq: c.clientSeq + 1, ack: c.serverSeq + 1, flags: TCP_ACK },
      ] as const;
      if (handshake) {
        for (const { side, ...s } of opening)
          out.push(frameOf(tcpPacket({ ...s, data: EMPTY }, ++identification), side, d.at));
      }
      c.clientSeq = (c.clientSeq + 1) >>> 0;
      c.serverSeq = (c.serverSeq + 1) >>> 0;
    }
    const bytes = overTcp(d.payload);
    const fromClient = d.from === c.client || (d.from.host === c.client.host && d.from.port === c.client.port);
    const [seq, ack] = fromClient ? [c.clientSeq, c.serverSeq] : [c.serverSeq, c.clientSeq];
    // Disguises are the attacker's: what the protected side sends travels as its own stack sends it.
    for (const { start, end } of d.side === SIDE_IN ? pieces(bytes.length) : [{ start: 0, end: bytes.length }]) {
      const segment = { from: d.from, to: d.to, seq: (seq + start) >>> 0, ack, flags: TCP_ACK | TCP_PSH };
      out.push(frameOf(tcpPacket({ ...segment, data: bytes.subarray(start, end) }, ++identification), d.side, d.at));
    }
    if (fromClient) c.clientSeq = (c.clientSeq + bytes.length) >>> 0;
    else c.serverSeq = (c.serverSeq + bytes.length) >>> 0;
  }
  return out;
}
