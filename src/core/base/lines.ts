/**
 * What counts as one source. In IPv4 an address; in IPv6 a line: the /64 that one customer has (RFC 6177 §2), who may come from another
 * address of it with every packet. Within a line a host is one address, a phone one address and port; both are hashes under a secret seed.
 *
 * A /64 that holds addresses of ours, or single ones that are allowed, is a network of several parties: each address of it is a source.
 */
import { isV4, type Address, type AddressRange } from './address.ts';
import type { Target } from './target.ts';

export const LINE_BITS = 64;
/** What is known of a target by its address alone. */
export interface Place {
  /** The words under which its source is found. */
  source: Address;
  /** Its address in the line; 0 where each address is a source. */
  host: number;
  phone: number;
  tcp: boolean;
  /** The target is the source itself. */
  whole: boolean;
}

/** fe80::/10: whoever is on the same cable. */
const LINK_LOCAL = 0xfe80 >>> 6;
/** Lines whose answer is remembered; power of two. */
const SLOTS = 1 << 12;
const YES = 1;
const NO = 2;

export class Lines {
  private readonly seed: number;
  private readonly w0 = new Uint32Array(SLOTS);
  private readonly w1 = new Uint32Array(SLOTS);
  private readonly answers = new Uint8Array(SLOTS);
  private shared: (line: AddressRange) => boolean = () => false;

  constructor(seed: number) {
    this.seed = seed >>> 0;
  }

  /** `shared`: whether a /64 is a network of several parties. */
  use(shared: (line: AddressRange) => boolean): void {
    this.shared = shared;
    this.answers.fill(0);
  }

  /** Whether an address counts as part of its line. */
  has(w0: number, w1: number): boolean {
    // IPv4, and what is no address of anybody (::/64).
    if (w0 === 0 && w1 === 0) return false;
    const slot = mixed(w0, w1, this.seed) & (SLOTS - 1);
    if (this.answers[slot] === 0 || this.w1[slot] !== w1 || this.w0[slot] !== w0) {
      this.w0[slot] = w0;
      this.w1[slot] = w1;
      this.answers[slot] = this.isLine(w0, w1) ? YES : NO;
    }
    return this.answers[slot] === YES;
  }

  host(w2: number, w3: number): number {
    return mixed(w2, w3, this.seed) || 1;
  }

  /** One phone of a source: its port, in a line its address and port. */
  phone(host: number, port: number): number {
    return host === 0 ? port : mixed(host, port, this.seed ^ 0x5bd1e995);
  }

  /** Where a target is found. */
  place(target: Target): Place {
    const { w0, w1, w2, w3, port = 0, transport } = target;
    const line = this.has(w0, w1);
    const host = line ? this.host(w2, w3) : 0;
    return {
      source: line ? { w0, w1, w2: 0, w3: 0 } : { w0, w1, w2, w3 },
      ...{ host, phone: this.phone(host, port), tcp: transport === 'tcp' },
      whole: target.port === undefined && (line ? isLine(target) : target.bits === undefined),
    };
  }

  private isLine(w0: number, w1: number): boolean {
    if (w0 >>> 22 === LINK_LOCAL) return false;
    const first = { w0, w1, w2: 0, w3: 0 };
    return !this.shared({ first, last: { w0, w1, w2: 0xffffffff, w3: 0xffffffff } });
  }
}

/** Whether a network is as long as a line. */
export function isLine(network: Address & { bits?: number | undefined }): boolean {
  return !isV4(network) && network.bits === LINE_BITS;
}

function mixed(a: number, b: number, seed: number): number {
  let h = Math.imul(a ^ seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15) ^ b, 0x85ebca77);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae3d);
  return (h ^ (h >>> 16)) >>> 0;
}
