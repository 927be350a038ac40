/**
 * The table of fail-closed, `inet ringfence_closed`: while no guard is there, the protected ports are open to the allowlist and to addresses behind which
 * phones registered alone. It is another table than the guard's, so that neither has to know of the other.
 */
import { formatRange, isV4, type Address, type AddressRange } from '../core/base/address.ts';
import { unpackRanges, type PackedRanges } from '../core/base/packed-ranges.ts';
import type { Policy, PortRange } from '../core/base/policy.ts';

export const CLOSED_TABLE = 'ringfence_closed';
/** Behind the guard's own gate, whose blocks outlive a crash. */
const PRIORITY = -309;

export interface ClosedSettings extends Pick<Policy, 'ports' | 'guests'> {
  allow: PackedRanges;
  gateways: readonly Address[];
  /** Of IPv6 networks (/64) their first address. */
  known: readonly Address[];
}

/** For `Nftables.recreate`. */
export function renderClosed({ ports, guests, allow, gateways, known }: ClosedSettings): string {
  const allowed = [...unpackRanges(allow), ...gateways.map((address) => ({ first: address, last: address }))];
  return `table inet ${CLOSED_TABLE} {
${portSet('sip_udp', ports.sipUdp)}
${portSet('sip_tcp', ports.sipTcp)}
${portSet('tftp', ports.tftp)}
${rangeSets('allow', allowed)}
${rangeSets('guests', guests)}
${rangeSets(
  'known',
  known.map((address) => ({ first: address, last: address })),
)}
	chain gate {
		type filter hook prerouting priority ${PRIORITY}; policy accept;
		iif lo accept
		udp dport @sip_udp jump protected
		tcp dport @sip_tcp jump protected
		udp dport @tftp jump protected
	}

	chain protected {
		# What guests themselves send to others.
		meta nfproto ipv4 fib daddr type != local ip daddr != @guests4 return
		meta nfproto ipv6 fib daddr type != local ip6 daddr != @guests6 return
		ip saddr @allow4 accept
		ip6 saddr @allow6 accept
		ip saddr @known4 accept
		ip6 saddr & ffff:ffff:ffff:ffff:: @known6 accept
		counter drop
	}
}
`;
}

function portSet(name: string, ports: readonly PortRange[]): string {
  return set(
    name,
    'inet_service',
    ports.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)),
  );
}

function rangeSets(name: string, ranges: readonly AddressRange[]): string {
  const of = (v4: boolean) => ranges.filter(({ first }) => isV4(first) === v4).map(formatRange);
  return `${set(`${name}4`, 'ipv4_addr', of(true))}\n${set(`${name}6`, 'ipv6_addr', of(false))}`;
}

function set(name: string, type: string, elements: readonly string[]): string {
  const content = elements.length === 0 ? '' : `; elements = { ${elements.join(', ')} }`;
  return `	set ${name} { type ${type}; flags interval; auto-merge${content}; }`;
}
