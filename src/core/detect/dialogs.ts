/**
 * Which calls are known, and between whom: learned from INVITEs that rang or were answered here, and from those that our side sent.
 * Listens as a detector does, and counts nothing.
 *
 * A party is known by its network (/24, /64): a provider answers from the addresses of one rack, a phone's IPv6 address changes daily.
 */
import { HashedRing } from '../base/hashed-ring.ts';
import { grown } from '../base/source-table.ts';
import type { Detector, Tally } from './detector.ts';
import type { Sighting } from './sighting.ts';

/** Two entries a call: 65,536 calls, the oldest forgotten first. What is forgotten is no proof of anything. */
export const DIALOG_ENTRIES_MAX = 1 << 17;
const THE_CALL = 0;

export class Dialogs implements Detector {
  readonly slug = 'forged-request';
  private readonly ring = new HashedRing(DIALOG_ENTRIES_MAX);
  /** Of the entry of a call: the network of its first party. */
  private readonly owner = new Uint32Array(DIALOG_ENTRIES_MAX);
  /** Of the entry of a party: 1 when it made the call. */
  private readonly caller = new Uint8Array(DIALOG_ENTRIES_MAX);
  /** Sources that had a call, or got in with their password. */
  private parties = new Uint8Array(0);

  grow(rows: number): void {
    this.parties = grown(this.parties, new Uint8Array(rows));
  }

  forget(row: number): void {
    this.parties[row] = 0;
  }

  answer(s: Sighting): void {
    if (s.proved) this.parties[s.row] = 1;
    const { status } = s.sip;
    if (s.method === 'INVITE' && s.exchange >= 0 && status > 100 && status < 300) this.enter(s, 1);
  }

  sent(s: Sighting): void {
    if (s.method === 'INVITE' && s.sip.toTagStart < 0) this.enter(s, 0);
  }

  tally(): Tally[] {
    return [];
  }

  isParty(row: number): boolean {
    return this.parties[row] === 1;
  }

  /** Whether this source's network has a part in the call. */
  has(s: Sighting): boolean {
    return this.find(s.call, networkOf(s)) >= 0;
  }

  /** The network that made this call to us; -1 when nobody is known to have. */
  callerOf(call: number): number {
    const owner = this.ownerOf(call);
    const slot = owner < 0 ? -1 : this.find(call, owner);
    return slot >= 0 && this.caller[slot] === 1 ? owner : -1;
  }

  /** The network of somebody who has this call; -1 when nobody does. */
  ownerOf(call: number): number {
    const slot = this.find(call, THE_CALL);
    return slot < 0 ? -1 : this.owner[slot];
  }

  private enter(s: Sighting, caller: number): void {
    this.parties[s.row] = 1;
    const network = networkOf(s);
    if (this.find(s.call, network) < 0) this.caller[this.add(s.call, network)] = caller;
    if (this.find(s.call, THE_CALL) < 0) this.owner[this.add(s.call, THE_CALL)] = network;
  }

  private find(call: number, party: number): number {
    return this.ring.find(party, (call ^ Math.imul(party, 0x9e3779b1)) >>> 0);
  }

  private add(call: number, party: number): number {
    return this.ring.add(party, (call ^ Math.imul(party, 0x9e3779b1)) >>> 0);
  }
}

/** Of the source, never 0; IPv4 stays below 2^24 + 1. */
export function networkOf({ source0, source1, source2, source3 }: Sighting): number {
  if (source0 === 0 && source1 === 0 && source2 === 0xffff) return (source3 >>> 8) + 1;
  return (Math.imul(source0, 0x85ebca77) ^ Math.imul(source1, 0xc2b2ae3d) ^ 0x80000000) >>> 0 || 1;
}
