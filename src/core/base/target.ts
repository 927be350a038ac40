/**
 * What a block covers: one phone behind an address (address, transport and source port), the address, or the network around it. An
 * `Address` is a target, too.
 */
import { formatAddress, isV4, parseAddress, prefixRange, type Address } from './address.ts';

export const SCOPES = ['port', 'address', 'network'] as const;
export type Scope = (typeof SCOPES)[number];
export type Transport = 'udp' | 'tcp';

export interface Target extends Address {
  /** Both or none: one source port. */
  port?: number | undefined;
  transport?: Transport | undefined;
  /** The network of this prefix length that begins at the address; within the address's family, one of the lengths below. */
  bits?: number | undefined;
}

/** Prefix lengths that can be blocked as a network: each one that is asked for costs every packet a lookup. */
export const NETWORK_LENGTHS_V4: readonly number[] = [16, 20, 22, 24, 28];
export const NETWORK_LENGTHS_V6: readonly number[] = [32, 40, 48, 56, 60, 64];

export function networkLengths(v4: boolean): readonly number[] {
  return v4 ? NETWORK_LENGTHS_V4 : NETWORK_LENGTHS_V6;
}

export function scopeOf(target: Target): Scope {
  if (target.port !== undefined) return 'port';
  return target.bits === undefined ? 'address' : 'network';
}

export function portTarget({ w0, w1, w2, w3 }: Address, port: number, transport: Transport): Target {
  return { w0, w1, w2, w3, port, transport };
}

/** Bits behind the prefix are cleared. */
export function networkTarget(address: Address, bits: number): Target {
  return { ...prefixRange(address, bits).first, bits };
}

/** `203.0.113.9:5062/udp`, `[2001:db8::1]:5062/tcp` (RFC 3986 §3.2.2), `203.0.113.9`, `2001:db8:0:1::/64`. */
export function formatTarget(target: Target): string {
  const address = formatAddress(target);
  if (target.port !== undefined) {
    return `${isV4(target) ? address : `[${address}]`}:${target.port}/${target.transport ?? 'udp'}`;
  }
  return target.bits === undefined ? address : `${address}/${target.bits}`;
}

/** The text's target; null when it is none, or a network of a length that cannot be blocked. */
export function parseTarget(text: string): Target | null {
  const port = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):([1-9][0-9]{0,4}|0)\/(udp|tcp)$/.exec(text);
  if (port) {
    const address = parseAddress(port[1] ?? port[2]);
    // An IPv4 address needs no brackets, and one in brackets is IPv6.
    if (!address || isV4(address) !== (port[1] === undefined) || Number(port[3]) > 65_535) return null;
    return portTarget(address, Number(port[3]), port[4] as Transport);
  }
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null || slash < 0) return address;
  const bits = text.slice(slash + 1);
  if (!/^[1-9][0-9]{0,2}$/.test(bits) || !networkLengths(isV4(address)).includes(Number(bits))) return null;
  return networkTarget(address, Number(bits));
}

/** An address, or one phone behind it, its transport left out or not (`203.0.113.9:5062`); null: neither. */
export function parseAddressOrPhone(
  text: string,
): { address: Address; port: number | null; transport: Transport | null } | null {
  const either = /^(?:\[[^\]]*\]|[0-9.]+):[0-9]+$/.test(text);
  const target = parseTarget(either ? `${text}/udp` : text);
  if (target === null || target.bits !== undefined) return null;
  const { port = null, transport = null } = target;
  return { address: addressOfTarget(target), port, transport: either ? null : transport };
}

/** The address alone: of a phone its own, of a network the first. */
export function addressOfTarget({ w0, w1, w2, w3 }: Target): Address {
  return { w0, w1, w2, w3 };
}

/** Does a packet of this source come under the target? `port` and `transport` of the packet; null: not known, or without ports. */
export function covers(target: Target, source: Address, port: number | null, transport: Transport | null): boolean {
  const { bits } = target;
  const from = bits === undefined ? source : prefixRange(source, bits).first;
  const same = from.w0 === target.w0 && from.w1 === target.w1 && from.w2 === target.w2 && from.w3 === target.w3;
  if (!same || isV4(source) !== isV4(target)) return false;
  return target.port === undefined || (target.port === port && target.transport === transport);
}
