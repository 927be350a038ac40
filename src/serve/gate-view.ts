/** What the kernel's gate makes of an address now, asked of the pure model (`core/judge/gate.ts`) with the lists as they are in force. */
import { inRange, type Address } from '../core/base/address.ts';
import { holds } from '../core/base/packed-ranges.ts';
import { gate, type GateAnswer, type GateLists, type GatePacket } from '../core/judge/gate.ts';
import type { BlockRecord, PhoneTrust } from '../channel/protocol.ts';
import { covers, parseTarget, scopeOf, type Transport } from '../core/base/target.ts';
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
  /** For a packet to a port that nobody protects; of the phone, where one was asked for. */
  elsewhere: GateAnswer;
  /** For a packet to each kind of protected port that there is. */
  doors: { name: string; answer: GateAnswer }[];
  /** The feeds that list the address, whether they count or not. */
  feeds: FeedMention[];
  /** It is one of the guests that a gateway protects. */
  guest: boolean;
}

/** One phone of the address that is asked for. */
export interface Phone {
  port: number;
  transport: Transport;
}

/** The source port of an address as a whole: no phone's. */
const NO_PORT = -1;

/** As if the policy said protect: what waits in monitor mode is worth knowing, too. */
export function gateView(
  context: OperationsContext,
  source: Address,
  known: { exempt: boolean; blocks: readonly BlockRecord[]; trust: PhoneTrust | null; phone: Phone | null },
): GateView {
  const document = documentOf(inStore(() => context.store.policyCurrent()).text);
  const policy = { ...policyInForce(context, document), mode: 'protect' as const };
  const feeds = context.feeds.ranges();
  const { blocks, trust, phone } = known;
  const targets = blocks
    .filter(({ origin }) => origin !== 'manual')
    .map(({ target }) => parseTarget(target))
    .filter((target) => target !== null);
  const lists: GateLists = {
    allow: allowedRanges(context),
    deny: inStore(() => context.store.packed('deny')),
    country: context.geo.blocked(document.countries),
    feeds,
    exempt: () => known.exempt,
    denied: () => blocks.some(({ origin }) => origin === 'manual'),
    blocked: ({ sourcePort, protocol }, scope) =>
      targets.some((target) => scopeOf(target) === scope && covers(target, source, sourcePort, transportOf(protocol))),
    trusted: ({ sourcePort, protocol }) =>
      trust?.phones.some((one) => one.port === sourcePort && one.transport === protocol) ?? false,
    known: () => (trust?.known ?? null) !== null,
  };
  const ask = (protocol: GatePacket['protocol'], port: number) =>
    gate({ source, sourcePort: phone?.port ?? NO_PORT, protocol, port, loopback: false }, lists, policy);
  return {
    elsewhere: ask(phone?.transport ?? 'other', 0),
    // A phone speaks one transport.
    doors: DOORS.filter(
      ({ role, protocol }) => policy.ports[role].length > 0 && (phone === null || phone.transport === protocol),
    ).map(({ name, role, protocol }) => ({
      name,
      answer: ask(protocol, policy.ports[role][0].first),
    })),
    feeds: policy.feeds
      .filter(({ name }) => feeds.some((feed) => feed.name === name && holds(feed.ranges, source)))
      .map(({ name, action }) => ({ name, action })),
    guest: policy.guests.some((range) => inRange(source, range)),
  };
}

function transportOf(protocol: GatePacket['protocol']): Transport | null {
  return protocol === 'other' ? null : protocol;
}
