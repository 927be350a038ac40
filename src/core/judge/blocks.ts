/** What is blocked, as the engine knows it: sources, single hosts and phones of a source, networks. The kernel is the memory that counts. */
import { prefixRange, type Address } from '../base/address.ts';
import { BoundedMap } from '../base/bounded-map.ts';
import { grown, type SourceColumn } from '../base/source-table.ts';
import type { Place } from '../base/lines.ts';
import { formatTarget, type Target } from '../base/target.ts';
import { phoneOfRow, portKey } from './trust.ts';

/** Ports of known addresses that are blocked at one time; the kernel holds them, so what falls out here is only told again. */
export const PORT_BLOCKS_MAX = 1 << 16;
/** Networks blocked at one time: widening has a limit. */
export const NETWORK_BLOCKS_MAX = 1024;

export class Blocks implements SourceColumn {
  /** Milliseconds since the epoch; 0: never, Infinity: permanent. */
  private addresses = new Float64Array(0);
  /** 1: ports of the row are blocked, or single addresses of a line, which stand among them under their hash. */
  private hasPorts = new Uint8Array(0);
  private readonly ports = new BoundedMap<number>(PORT_BLOCKS_MAX);
  private readonly networks = new Map<string, { target: Target; until: number }>();

  grow(rows: number): void {
    this.addresses = grown(this.addresses, new Float64Array(rows));
    this.hasPorts = grown(this.hasPorts, new Uint8Array(rows));
  }

  /** The source and its ports; its network stays. */
  forget(row: number): void {
    this.addresses[row] = 0;
    if (this.hasPorts[row] === 0) return;
    this.hasPorts[row] = 0;
    for (const key of [...this.ports.keys()]) if (Math.floor(key / 2 ** 33) === row) this.ports.delete(key);
  }

  /** Until when: 0 not at all, Infinity for ever. */
  ofAddress(row: number, host: number, now: number): number {
    const until = this.addresses[row];
    const own = host === 0 ? 0 : this.ofPort(row, host, false, now);
    return Math.max(until > now ? until : 0, own);
  }

  ofPort(row: number, phone: number, tcp: boolean, now: number): number {
    if (this.hasPorts[row] === 0) return 0;
    const until = this.ports.peek(keyOf(row, phone, tcp)) ?? 0;
    return until > now ? until : 0;
  }

  ofNetwork(address: Address, now: number): number {
    let most = 0;
    for (const { target, until } of this.networks.values()) {
      if (until > most && until > now && within(address, target)) most = until;
    }
    return most;
  }

  ofSource(row: number, host: number, phone: number, tcp: boolean, now: number): number {
    return Math.max(this.ofAddress(row, host, now), this.ofPort(row, phone, tcp, now));
  }

  get anyNetwork(): boolean {
    return this.networks.size > 0;
  }

  /** Whatever covers a packet of this port. */
  covering(
    { row, host, phone, tcp }: { row: number; host: number; phone: number; tcp: boolean },
    address: () => Address,
    now: number,
  ): number {
    const own = this.ofSource(row, host, phone, tcp, now);
    return this.anyNetwork ? Math.max(own, this.ofNetwork(address(), now)) : own;
  }

  /** The whole source: in IPv6 its line. */
  setSource(row: number, until: number): void {
    this.addresses[row] = until;
  }

  setAddress(row: number, host: number, until: number): void {
    if (host === 0) this.addresses[row] = until;
    else this.setPort(row, host, false, until);
  }

  setPort(row: number, phone: number, tcp: boolean, until: number): void {
    this.hasPorts[row] = 1;
    this.ports.set(keyOf(row, phone, tcp), until);
  }

  /** What a target says, which is no wider network than its source. */
  set(target: Target, row: number, { host, phone, tcp, whole }: Place, until: number): void {
    if (whole) this.setSource(row, until);
    else if (target.port === undefined) this.setAddress(row, host, until);
    else this.setPort(row, phone, tcp, until);
  }

  setNetwork(target: Target, until: number): void {
    this.networks.set(formatTarget(target), { target, until });
  }

  /** As many are blocked as may be; those whose time is over make room. */
  networksFull(now: number): boolean {
    for (const [key, one] of this.networks) if (one.until <= now) this.networks.delete(key);
    return this.networks.size >= NETWORK_BLOCKS_MAX;
  }

  /** One phone, or one address of a line. */
  liftPart(target: Target, row: number, { host, phone, tcp }: Place): void {
    this.ports.delete(target.port === undefined ? keyOf(row, host, false) : keyOf(row, phone, tcp));
  }

  liftNetwork(target: Target): void {
    this.networks.delete(formatTarget(target));
  }

  /** Networks with an end that is not over, for whoever explains. */
  networkOf(address: Address, now: number): Target | null {
    for (const { target, until } of this.networks.values()) if (until > now && within(address, target)) return target;
    return null;
  }
}

function keyOf(row: number, phone: number, tcp: boolean): number {
  return phoneOfRow(row, portKey(phone, tcp));
}

function within(address: Address, network: Target): boolean {
  const { w0, w1, w2, w3 } = prefixRange(address, network.bits!).first;
  return w0 === network.w0 && w1 === network.w1 && w2 === network.w2 && w3 === network.w3;
}
