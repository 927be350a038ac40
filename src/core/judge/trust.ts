/**
 * Who got in. A phone is trusted for as long as its registration lasts; its address is known for much longer. A peer that calls were set up
 * with is known, too. Listens to answers as a detector does, and counts nothing.
 *
 * Invariant: nothing that a forger can send enters here or leaves. Whoever is in it answered a challenge rightly, answered what our side
 * asked, or acknowledged the answers to `PEER_CALLS` calls, and goes only when the time is over, when he says so with credentials, or for abuse that is proven.
 */
import { formatAddress, type Address, type AddressRange } from '../base/address.ts';
import { BoundedMap } from '../base/bounded-map.ts';
import { HashedRing } from '../base/hashed-ring.ts';
import type { SourceTable } from '../base/source-table.ts';
import type { Transport } from '../base/target.ts';
import type { Detector, Tally } from '../detect/detector.ts';
import { EXPIRES_QUERY, type Sighting } from '../detect/sighting.ts';
import { Neighbours } from './neighbours.ts';

/** Addresses that got in; a service provider's phones come from fewer, and who gets in has an account there. */
export const KNOWN_SOURCES_MAX = 1 << 16;
/** Phones of one address that are told apart: one account cannot push out other people's by registering from port after port. */
export const PHONES_PER_SOURCE_MAX = 512;
/** Changes handed over at one time. */
export const TRUST_CHANGES_MAX = 4096;
/** Changes that wait to be handed over; beyond it the oldest is lost, and the phone's next registration tells it again. */
const CHANGES_WAITING_MAX = 1 << 16;
/** Calls set up with an address that never registered until it counts as known: a trunk of a carrier. */
export const PEER_CALLS = 10;
/** Requests of our side that are remembered until they are answered. */
const ASKED_MAX = 1 << 12;
/** RFC 3261 §10.2.1.1 leaves the default to the registrar; an hour is usual (§10.3). */
const EXPIRES_DEFAULT_S = 3600;
/** Evasion: an Expires of years. */
const EXPIRES_MOST_S = 86_400;

/** A phone gained, kept or lost its trust: what the kernel's trusted set needs to know. */
export interface TrustChange {
  /** As text. */
  address: string;
  port: number;
  transport: Transport;
  /** Milliseconds since the epoch; 0: it is lost. */
  until: number;
}

/** An address with accounts that got in, for whoever is about to shut it out. */
export interface RegisteredSource {
  address: string;
  /** Until when its last registration holds, milliseconds since the epoch. */
  until: number;
}

/** `registered`: a phone behind this address and port holds a registration; `known`: the address has, or had one, or is a peer. */
export type Standing = 'unknown' | 'known' | 'registered';

/** A registration: until when it holds, and where the phone is. */
export interface Phone {
  until: number;
  w2: number;
  w3: number;
  host: number;
  port: number;
  tcp: boolean;
}

/** A change that waits to be taken; made into text only then, since a replay takes none (measured: 3 % of its time). */
interface Pending {
  address: Address;
  port: number;
  tcp: boolean;
  until: number;
}

interface Known {
  row: number;
  /** When anybody last got in from here. */
  at: number;
  /** By `portKey`, the latest last. */
  phones: Map<number, Phone>;
  /** Users that got in, by hash, for people who ask. */
  users: Set<number>;
}

export class Trust implements Detector {
  readonly slug = 'register-bruteforce';
  rememberMs = Infinity;
  private readonly sources: SourceTable;
  private readonly known: BoundedMap<Known>;
  private readonly neighbours: Neighbours;
  /** Calls set up with addresses that are not known yet. */
  private readonly calls = new BoundedMap<number>(KNOWN_SOURCES_MAX);
  private readonly changes = new Map<number, Pending>();
  /** Calls, registrations and probes of our side that wait for their answer, by source and Call-ID. */
  private readonly asked = new HashedRing(ASKED_MAX);

  constructor(sources: SourceTable) {
    this.sources = sources;
    this.neighbours = new Neighbours((row) => sources.addressOf(row));
    this.known = new BoundedMap(KNOWN_SOURCES_MAX, (row) => {
      sources.release(row);
      this.neighbours.delete(row);
    });
  }

  answer(s: Sighting): void {
    // Evasion: with an answer 200 that nobody challenged, everybody would be known.
    if (!s.proved) return;
    const known = this.make(s.row, s.now);
    if (known.users.size < PHONES_PER_SOURCE_MAX) known.users.add(s.account);
    if (s.method !== 'REGISTER' || s.expires === EXPIRES_QUERY) return;
    const granted = s.sip.contactExpires >= 0 ? s.sip.contactExpires : s.sip.expires;
    // RFC 3261 §10.2.2: asked for nothing, it is over, whatever other phones' bindings the answer lists.
    const seconds = s.expires === 0 ? 0 : granted >= 0 ? granted : s.expires > 0 ? s.expires : EXPIRES_DEFAULT_S;
    if (seconds === 0) return this.end(known, portKey(s.phone, s.tcp));
    const { source2: w2, source3: w3, host, sourcePort: port, tcp } = s;
    const until = s.now + Math.min(seconds, EXPIRES_MOST_S) * 1000;
    this.begin(known, portKey(s.phone, tcp), { until, w2, w3, host, port, tcp });
  }

  /** Our side speaks first only to whom it was told to: its trunks and those who registered. */
  sent(s: Sighting): void {
    if (s.sip.toTagStart >= 0 || (s.method !== 'REGISTER' && s.method !== 'INVITE' && s.method !== 'OPTIONS')) return;
    if (this.asked.find(s.row, s.call) < 0) this.asked.add(s.row, s.call);
  }

  /** Its Call-ID is in the answer, so the request was received. */
  reply(s: Sighting): void {
    const { status } = s.sip;
    if (status >= 200 && status < 300 && this.asked.find(s.row, s.call) >= 0) this.make(s.row, s.now);
  }

  /** A call with this address was set up: it acknowledged a 2xx. */
  called(row: number, now: number): void {
    const known = this.known.peek(row);
    if (known) known.at = now;
    else {
      const calls = (this.calls.get(row) ?? 0) + 1;
      if (calls < PEER_CALLS) this.calls.set(row, calls);
      else this.make(row, now);
    }
  }

  /** Told from outside: the kernel held this phone as trusted when the guard started. */
  note(row: number, key: number, phone: Phone, now: number): void {
    this.begin(this.make(row, now), key, phone);
  }

  standing(row: number, phone: number, tcp: boolean, now: number): Standing {
    if (this.known.size === 0) return 'unknown';
    const known = this.current(row, now);
    if (known === undefined) return 'unknown';
    return (known.phones.get(portKey(phone, tcp))?.until ?? 0) > now ? 'registered' : 'known';
  }

  /** Of the address: whether any phone behind it holds a registration. */
  standingOf(row: number, now: number): Standing {
    if (this.current(row, now) === undefined) return 'unknown';
    return this.phones(row, now) > 0 ? 'registered' : 'known';
  }

  isKnown(row: number, now: number): boolean {
    return this.known.size > 0 && this.current(row, now) !== undefined;
  }

  /** Phones that hold a registration now. */
  phones(row: number, now: number): number {
    let count = 0;
    for (const { until } of this.known.peek(row)?.phones.values() ?? []) if (until > now) count++;
    return count;
  }

  /** Phones and users that got in, now or before. */
  seen(row: number): number {
    const known = this.known.peek(row);
    return known === undefined ? 0 : Math.max(known.phones.size, known.users.size);
  }

  knownWithin(range: AddressRange, now: number): boolean {
    for (const row of this.neighbours.within(range)) if (this.current(row, now) !== undefined) return true;
    return false;
  }

  /** Proven abuse: one phone's trust. Its address stays known. */
  lose(row: number, phone: number, tcp: boolean): void {
    const known = this.known.peek(row);
    if (known !== undefined) this.end(known, portKey(phone, tcp));
  }

  /** Proven abuse of the address: the trust of everybody behind it. */
  loseAll(row: number, host: number): void {
    const known = this.known.peek(row);
    if (known === undefined) return;
    for (const [key, phone] of [...known.phones]) if (phone.host === host) this.end(known, key);
  }

  /** The row is reused for another address. */
  evicted(row: number): void {
    if (this.known.peek(row) !== undefined) this.neighbours.delete(row);
    this.known.delete(row);
    this.calls.delete(row);
  }

  take(): TrustChange[] {
    const taken: TrustChange[] = [];
    for (const [key, { address, port, tcp, until }] of this.changes) {
      if (taken.length >= TRUST_CHANGES_MAX) break;
      taken.push({ address: formatAddress(address), port, transport: tcp ? 'tcp' : 'udp', until });
      this.changes.delete(key);
    }
    return taken;
  }

  tally(): Tally[] {
    return [];
  }

  list(now: number): RegisteredSource[] {
    const found: RegisteredSource[] = [];
    for (const { row, phones } of this.known.values()) {
      const ends = new Map<string, number>();
      for (const { until, w2, w3 } of phones.values()) {
        const address = this.textOf(row, w2, w3);
        if (until > now) ends.set(address, Math.max(until, ends.get(address) ?? 0));
      }
      for (const [address, until] of ends) found.push({ address, until });
    }
    return found;
  }

  private current(row: number, now: number): Known | undefined {
    const known = this.known.peek(row);
    return known !== undefined && now - known.at < this.rememberMs ? known : undefined;
  }

  private make(row: number, now: number): Known {
    let known = this.known.get(row);
    if (known === undefined) {
      this.known.set(row, (known = { row, at: now, phones: new Map(), users: new Set() }));
      this.calls.delete(row);
      this.neighbours.add(row);
      this.sources.hold(row);
    }
    known.at = now;
    return known;
  }

  private begin(known: Known, key: number, phone: Phone): void {
    known.phones.delete(key);
    if (known.phones.size >= PHONES_PER_SOURCE_MAX) known.phones.delete(known.phones.keys().next().value!);
    known.phones.set(key, phone);
    this.change(known.row, key, phone, phone.until);
  }

  private end(known: Known, key: number): void {
    const phone = known.phones.get(key);
    if (phone === undefined) return;
    known.phones.delete(key);
    this.change(known.row, key, phone, 0);
  }

  private change(row: number, phoneKey: number, { w2, w3, port, tcp }: Phone, until: number): void {
    const key = phoneOfRow(row, phoneKey);
    const { w0, w1 } = this.sources.addressOf(row);
    const address = { w0, w1, w2, w3 };
    const pending = this.changes.get(key);
    if (pending === undefined) {
      if (this.changes.size >= CHANGES_WAITING_MAX) this.changes.delete(this.changes.keys().next().value!);
      this.changes.set(key, { address, port, tcp, until });
      return;
    }
    // The row may have become another address's since.
    pending.address = address;
    pending.port = port;
    pending.until = until;
  }

  private textOf(row: number, w2: number, w3: number): string {
    return formatAddress({ ...this.sources.addressOf(row), w2, w3 });
  }
}

/** A phone of a source (`Lines.phone`) and its transport as one number below 2^33. */
export function portKey(phone: number, tcp: boolean): number {
  return phone * 2 + (tcp ? 1 : 0);
}

/** Of all sources: a row is below 2^20. */
export function phoneOfRow(row: number, key: number): number {
  return row * 2 ** 33 + key;
}
