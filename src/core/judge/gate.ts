/**
 * What the kernel's gate does with a packet, as a pure function: the same questions in the same order as the chain `gate` of the ruleset.
 * For explaining, and for holding the kernel to it.
 */
import type { Address } from '../base/address.ts';
import { holds, type PackedRanges } from '../base/packed-ranges.ts';
import type { Policy, PortRange } from '../base/policy.ts';
import type { Scope } from '../base/target.ts';

export interface GatePacket {
  source: Address;
  /** `other`: any IP protocol that has no ports, or whose ports are not looked at; IPv6's messages of the link, which always pass, are not asked here. */
  protocol: 'udp' | 'tcp' | 'other';
  sourcePort: number;
  /** Where it goes to; of the first fragment alone. */
  port: number;
  /** It comes from this machine itself. */
  loopback: boolean;
}

export interface GateLists {
  allow: PackedRanges;
  /** The list; `denied` below are the blocks by hand. */
  deny: PackedRanges;
  country: PackedRanges;
  feeds: readonly { name: string; ranges: PackedRanges }[];
  /** This machine's addresses and its gateways. */
  exempt: (source: Address) => boolean;
  /** Blocked by hand, with or without an end, at this moment. */
  denied: (source: Address) => boolean;
  /** Blocked by a verdict, at this moment: the phone that sends it, its address, or a network that it lies in. */
  blocked: (packet: GatePacket, scope: Scope) => boolean;
  /** It comes from a phone that is registered. */
  trusted: (packet: GatePacket) => boolean;
  /** Phones at this address (in IPv6: in its /64) are registered, or were in the last day. */
  known: (source: Address) => boolean;
}

export type GatePolicy = Pick<Policy, 'mode' | 'ports' | 'wayIn' | 'countries' | 'feeds'>;

/** Why a packet is let through or dropped. */
export const GATE_REASONS = {
  'monitor-only': 'the policy says monitor: nothing is dropped',
  loopback: 'it comes from this machine itself',
  exempt: 'the source is this machine or one of its gateways',
  allowlisted: 'the source is on the allowlist',
  'blocked-by-hand': 'the source is blocked by hand',
  denylisted: 'the source is on the denylist',
  management: 'the port is a management port: no automatic block covers it',
  'blocked-phone': 'one phone, by its address and port, is blocked by a verdict',
  blocked: 'the source is blocked by a verdict',
  'blocked-network': 'the network of the source is blocked by a verdict, and none of its phones is registered',
  feed: 'the source is on a feed, and the port is protected',
  country: 'the country of the source is blocked, and the port is protected',
  open: 'nothing speaks against it',
} as const;
export type GateReason = keyof typeof GATE_REASONS;

export interface GateAnswer {
  action: 'accept' | 'drop';
  reason: GateReason;
  /** The feed that dropped it. */
  feed: string | null;
  /** Watched feeds that counted it. */
  watchedBy: string[];
  /** Whose budget it is counted in at the way in; null: nobody counts it. */
  budget: 'trusted' | 'known' | 'strangers' | null;
}

/**
 * In-kernel limits, which depend on the packets before, come behind this. What TCP carries counts nothing at the way in: here every packet
 * is the one that opens its connection.
 */
export function gate(packet: GatePacket, lists: GateLists, policy: GatePolicy): GateAnswer {
  const watchedBy: string[] = [];
  const answer = (action: GateAnswer['action'], reason: GateReason, feed: string | null = null): GateAnswer => ({
    ...{
      action,
      reason,
      feed,
      watchedBy,
      budget: action === 'accept' && reason === 'open' ? budgetOf(packet, lists, policy) : null,
    },
  });
  const { source, protocol, port } = packet;
  if (policy.mode === 'monitor') return answer('accept', 'monitor-only');
  if (packet.loopback) return answer('accept', 'loopback');
  if (lists.exempt(source)) return answer('accept', 'exempt');
  if (holds(lists.allow, source)) return answer('accept', 'allowlisted');
  // The administrator's own word covers every port.
  if (lists.denied(source)) return answer('drop', 'blocked-by-hand');
  if (holds(lists.deny, source)) return answer('drop', 'denylisted');
  // An automatic block never locks an administrator out.
  if (protocol === 'tcp' && among(policy.ports.management, port)) return answer('accept', 'management');
  // The narrowest first.
  if (protocol !== 'other' && lists.blocked(packet, 'port')) return answer('drop', 'blocked-phone');
  if (lists.blocked(packet, 'address')) return answer('drop', 'blocked');
  // A network is blocked for what others in it did: never over a phone that is registered, or an address with such phones.
  const innocent = lists.trusted(packet) || lists.known(source);
  if (!innocent && lists.blocked(packet, 'network')) return answer('drop', 'blocked-network');
  const roles = rolesOf(packet, policy);
  if (roles.length === 0) return answer('accept', 'open');
  for (const { name, action } of policy.feeds) {
    const ranges = lists.feeds.find((feed) => feed.name === name)?.ranges;
    if (ranges === undefined || !holds(ranges, source)) continue;
    if (action === 'block') return answer('drop', 'feed', name);
    watchedBy.push(name);
  }
  const { mode, protocols } = policy.countries;
  if (mode !== 'off' && roles.some((role) => protocols[role]) && holds(lists.country, source))
    return answer('drop', 'country');
  return answer('accept', 'open');
}

function budgetOf(packet: GatePacket, lists: GateLists, policy: GatePolicy): GateAnswer['budget'] {
  if (policy.wayIn === null || !rolesOf(packet, policy).some((role) => role !== 'tftp')) return null;
  if (lists.trusted(packet)) return 'trusted';
  return lists.known(packet.source) ? 'known' : 'strangers';
}

/** As what the port is protected; a port can be protected for SIP and for TFTP. */
function rolesOf({ protocol, port }: GatePacket, { ports }: GatePolicy): ('sipUdp' | 'sipTcp' | 'tftp')[] {
  if (protocol === 'tcp') return among(ports.sipTcp, port) ? ['sipTcp'] : [];
  if (protocol !== 'udp') return [];
  return (['sipUdp', 'tftp'] as const).filter((role) => among(ports[role], port));
}

function among(ranges: readonly PortRange[], port: number): boolean {
  return ranges.some(({ first, last }) => port >= first && port <= last);
}
