/** What the kernel's gate makes of an address now, asked of the pure model (`core/judge/gate.ts`) with the lists as they are in force. */
import { inRange, type Address } from '../core/base/address.ts';
import { holds } from '../core/base/packed-ranges.ts';
import { gate, type GateAnswer, type GateLists, type GatePacket } from '../core/judge/gate.ts';
import type { BlockRecord } from '../channel/protocol.ts';
import type { FeedMention } from './answers.ts';
import { inStore, type OperationsContext } from './context.ts';
import { allowedRanges } from './geo.ts';
import { documentOf, policyInForce } from './policy.ts';

const DOORS = [
  { name: 'SIP over UDP', role: 'sipUdp', protocol: 'udp' },
  { name: 'SIP over TCP', role: 'sipTcp', protocol: 'tcp' },
  { name: 'TFTP', role: 'tftp', protocol: 'udp' },
] as const;

export interface GateView {
  /** For a packet to a port that nobody protects. */
  elsewhere: GateAnswer;
  /** For a packet to each kind of protected port that there is. */
  doors: { name: string; answer: GateAnswer }[];
  /** The feeds that list the address, whether they count or not. */
  feeds: FeedMention[];
  /** It is one of the guests that a gateway protects. */
  guest: boolean;
}

/** As if the policy said protect: what waits in monitor mode is worth knowing, too. */
export function gateView(
  context: OperationsContext,
  source: Address,
  known: { exempt: boolean; block: BlockRecord | null },
): GateView {
  const document = documentOf(inStore(() => context.store.policyCurrent()).text);
  const policy = { ...policyInForce(context, document), mode: 'protect' as const };
  const feeds = context.feeds.ranges();
  const byHand = known.block?.origin === 'manual';
  const lists: GateLists = {
    allow: allowedRanges(context),
    deny: inStore(() => context.store.packed('deny')),
    country: context.geo.blocked(document.countries),
    feeds,
    exempt: () => known.exempt,
    denied: () => byHand,
    blocked: () => known.block !== null && !byHand,
  };
  const ask = (protocol: GatePacket['protocol'], port: number) =>
    gate({ source, protocol, port, loopback: false }, lists, policy);
  return {
    elsewhere: ask('other', 0),
    doors: DOORS.filter(({ role }) => policy.ports[role].length > 0).map(({ name, role, protocol }) => ({
      name,
      answer: ask(protocol, policy.ports[role][0].first),
    })),
    feeds: policy.feeds
      .filter(({ name }) => feeds.some((feed) => feed.name === name && holds(feed.ranges, source)))
      .map(({ name, action }) => ({ name, action })),
    guest: policy.guests.some((range) => inRange(source, range)),
  };
}
