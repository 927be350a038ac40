/**
 * The unit of built traffic: one message from one endpoint to another at one moment. How it travels (UDP, TCP, fragments, IPv6) is
 * decided later by `packets.ts`, `tcp.ts` and `disguises.ts`, so that every sample can be sent in every disguise.
 */
import { parseAddress, type Address } from '../../src/core/base/address.ts';
import { SIDE_IN, SIDE_OUT, type Frame, type Side } from '../../src/core/base/frame.ts';

export interface Endpoint {
  /** As in messages and URIs: `192.0.2.1`, `[2001:db8::1]`. */
  host: string;
  address: Address;
  port: number;
}

export interface Datagram {
  /** Milliseconds since the epoch. */
  at: number;
  side: Side;
  from: Endpoint;
  to: Endpoint;
  payload: Uint8Array;
}

export type Traffic = Datagram[];

export interface TimedFrame {
  frame: Frame;
  at: number;
}

/** The moment at which every sample starts: a fixed one, so that captures are the same on every run. 2026-03-02 08:00 UTC. */
export const START = Date.UTC(2026, 2, 2, 8);

export function endpoint(address: string, port: number): Endpoint {
  const parsed = parseAddress(address);
  if (!parsed) throw new Error(`not an address: ${address}`);
  return { host: address.includes(':') ? `[${address}]` : address, address: parsed, port };
}

/** The same address with another port. */
export function atPort(of: Endpoint, port: number): Endpoint {
  return { host: of.host, address: of.address, port };
}

/** IPv4 address `index` places after `base`, for samples with many sources. */
export function neighbour(base: Endpoint, index: number): Endpoint {
  const w3 = (base.address.w3 + index) >>> 0;
  const host = `${w3 >>> 24}.${(w3 >>> 16) & 255}.${(w3 >>> 8) & 255}.${w3 & 255}`;
  return { host, address: { ...base.address, w3 }, port: base.port };
}

/** SIP headers are UTF-8 (RFC 3261 §25.1); binary samples bring their own bytes. */
export function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? Buffer.from(text) : text;
}

export function inbound(at: number, from: Endpoint, to: Endpoint, payload: string | Uint8Array): Datagram {
  return { at, side: SIDE_IN, from, to, payload: bytesOf(payload) };
}

export function outbound(at: number, from: Endpoint, to: Endpoint, payload: string | Uint8Array): Datagram {
  return { at, side: SIDE_OUT, from, to, payload: bytesOf(payload) };
}

/** Several samples as one line of time. Stable: what was sent first at one moment stays first. */
export function merge(...parts: Traffic[]): Traffic {
  return parts.flat().sort((a, b) => a.at - b.at);
}

export function shift(traffic: Traffic, byMs: number): Traffic {
  return traffic.map((d) => ({ ...d, at: d.at + byMs }));
}

/** A one-way capture: what the protected side sends is not seen. */
export function oneWay(traffic: Traffic): Traffic {
  return traffic.filter((d) => d.side === SIDE_IN);
}
