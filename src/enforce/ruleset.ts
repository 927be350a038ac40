/**
 * The whole table `inet ringfence` as text for `nft -f`: one transaction that can be applied again at any time. Rules and the sets
 * that come from the policy are written anew; blocks, denials and the allowlist keep their elements.
 *
 * Written for nft 1.0.6 and Linux 6.1 (Debian 12).
 */
import { formatRange, isV4, type AddressRange } from '../core/base/address.ts';
import type { Policy, PortRange } from '../core/base/policy.ts';
import { mergeByFamily } from './intervals.ts';
import { emptyChains, nftRate, nftTime, phoneOf } from './nft-text.ts';
import { PREFIX_LENGTHS_V4, PREFIX_LENGTHS_V6, prefixOperands } from './prefix-keys.ts';
import { blockChains, renderBlocked } from './ruleset-blocks.ts';
import { renderWayIn, renderWayInJumps, WAY_IN_CHAINS } from './ruleset-way-in.ts';
import {
  BUDGETS,
  budgetCounter,
  bufferName,
  chainsOf,
  counterName,
  FEED_PREFIX,
  LISTS,
  METER_SETS,
  prefixSet,
  selector,
  setsOf,
  TABLE,
  TRANSFER_MS,
  type SetDefinition,
} from './table.ts';

export interface RulesetSettings {
  /** 0 … 65535, the same as the tap's. */
  nflogGroup: number;
}

/** What of the policy the kernel must know. */
export type RulesetPolicy = Pick<
  Policy,
  'mode' | 'ports' | 'guests' | 'block' | 'wayIn' | 'limit' | 'countries' | 'feeds'
>;

/** After defragmentation (-400) where that is on, before raw (-300), connection tracking (-200) and everybody's filters. */
const GATE_PRIORITY = -310;
/** Before mangle (-150) and the filters (0), so that the tap sees also what this host's own rules will drop. */
const TAP_PRIORITY = -160;
/** The kernel takes the smaller of this and the listener's: the listener decides. */
const QUEUE_THRESHOLD = 64;
const SNAPLEN = 65_535;
/** `INVITE` and the space behind it; methods are case-sensitive (RFC 3261 §7.1), and a phone's stack writes it so. */
const INVITE = '0x494e5649544520';
/**
 * What IPv6 asks and tells on the link: the way to an address, to the router, and who listens. IPv4 does it by ARP, which no rule here sees.
 * Dropped with its sender's blocked network, or by a denylist of `::/0`, it takes the way to this machine from phones and allowlisted
 * sources that share the link or its router.
 *
 * Evasion: whoever is blocked might write these types on a flood. No router forwards the hop limit 255 unchanged (RFC 4861 section 7.1), nor what comes
 * from a link-local address (RFC 4291 section 2.5.6), as queries do (RFC 2710 section 3).
 */
const LINK_RULES = [
  'ip6 hoplimit 255 icmpv6 type { nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } accept',
  'ip6 saddr fe80::/10 ip6 hoplimit 1 icmpv6 type mld-listener-query accept',
];
/** A limited source's meter is forgotten after this long without an INVITE. */
const METER_MS = 60_000;

/** The feeds whose sets a ruleset declares, by name. */
export function feedsIn(ruleset: string): string[] {
  return [...ruleset.matchAll(/^\tmap feed_([a-z0-9-]+)_use \{$/gm)].map((match) => match[1]);
}

export function renderRuleset(policy: RulesetPolicy, settings: RulesetSettings): string {
  const log = (prefix: string) =>
    `log prefix "${prefix}" group ${settings.nflogGroup} snaplen ${SNAPLEN} queue-threshold ${QUEUE_THRESHOLD} accept`;
  const sets = setsOf(policy.feeds.map((feed) => feed.name));
  return `# Ringfence: drops what is blocked, before connection tracking, and shows the rest of the SIP and TFTP traffic to the guard.
# Made by the program; changes by hand are undone and reported.

table inet ${TABLE} {
${[...sets.map(renderSet), ...renderCounters(policy)].join('\n')}
}

# Rules and what the policy says are written anew; blocks and lists stay.
flush table inet ${TABLE}
${sets
  .filter((set) => set.fromPolicy)
  .map((set) => `flush set inet ${TABLE} ${set.name}`)
  .join('\n')}
# An existing meter keeps the rate it was made with.
${METER_SETS.map((set) => `flush set inet ${TABLE} ${set}`).join('\n')}

${renderPolicyElements(policy)}
table inet ${TABLE} {
${renderGate(policy)}
	# The tap: requests to the protected side, and its answers; never what the gate has dropped.
	chain tap_in {
		type filter hook input priority ${TAP_PRIORITY}; policy accept;
		iif lo accept
		jump requests
	}

	# Guests: behind their address translation (prerouting) on the way in, before it is undone on the way out, so that the
	# victim is the guest's own address.
	chain tap_forward {
		type filter hook forward priority ${TAP_PRIORITY}; policy accept;
		ip daddr @guests4 jump requests
		ip6 daddr @guests6 jump requests
		ip saddr @guests4 jump answers
		ip6 saddr @guests6 jump answers
	}

	chain tap_out {
		type filter hook output priority ${TAP_PRIORITY}; policy accept;
		oif lo accept
		jump answers
	}

	chain requests {
		# A fragment may hide its ports; the guard puts it together. IPv4 at input is whole already (the stack reassembles first).
		ip frag-off & 0x3fff != 0 ip protocol { tcp, udp } goto log_in
		meta nfproto ipv6 exthdr frag exists goto log_in
		udp dport @sip_udp goto log_in
		tcp dport @sip_tcp goto log_in
		udp dport @tftp goto tftp_request
	}

	chain answers {
		ip frag-off & 0x3fff != 0 ip protocol { tcp, udp } goto log_out
		meta nfproto ipv6 exthdr frag exists goto log_out
		udp sport @sip_udp goto log_out
		tcp sport @sip_tcp goto log_out
		# TFTP answers come from a port chosen for the transfer (RFC 1350 section 4): known by whom they go to.
		ip daddr . udp dport @transfers4 goto tftp_answer
		ip6 daddr . udp dport @transfers6 goto tftp_answer
	}

	chain tftp_request {
		# Read and write requests (opcodes 1 and 2).
		meta nfproto ipv4 @th,64,16 { 1, 2 } update @transfers4 { ip saddr . udp sport timeout ${nftTime(TRANSFER_MS)} }
		meta nfproto ipv6 @th,64,16 { 1, 2 } update @transfers6 { ip6 saddr . udp sport timeout ${nftTime(TRANSFER_MS)} }
		goto log_in
	}

	chain tftp_answer {
		# ERROR and OACK (5, 6), and the first block of DATA: how a request was answered, not the file.
		@th,64,16 { 5, 6 } goto log_out
		@th,64,32 0x00030001 goto log_out
	}

	chain log_in {
		${log('in')}
	}

	chain log_out {
		${log('out')}
	}
}
`;
}

function renderGate(policy: RulesetPolicy): string {
  const base = `		type filter hook prerouting priority ${GATE_PRIORITY}; policy accept;`;
  if (policy.mode === 'monitor') {
    return `	# Monitor-only: everything is seen, nothing is dropped.
	chain gate {
${base}
	}

${emptyChains(['blocked4', 'blocked6', ...blockChains(), ...WAY_IN_CHAINS])}
	chain limited {
	}

	chain limited_phone {
	}

	chain feeds {
	}

	chain hit_deny {
	}

	chain hit_country {
	}

${renderLists(policy, false)}
`;
  }
  const { invitesPerSecond } = policy.limit;
  const meter = (saddr: string, set: string) =>
    `update @${set} { ${saddr} timeout ${nftTime(METER_MS)} limit rate over ${nftRate(invitesPerSecond)} } counter drop`;
  return `	chain gate {
${base}
		iif lo accept
		ip saddr @exempt4 accept
		ip6 saddr @exempt6 accept
		meta nfproto vmap @${selector('allow')}
${LINK_RULES.map((rule) => `		${rule}`).join('\n')}
		# The administrator's own word covers every port.
		ip saddr @deny4 counter drop
		ip6 saddr @deny6 counter drop
		meta nfproto vmap @${selector('deny')}
		# An automatic block never locks an administrator out.
		tcp dport @management accept
		meta nfproto vmap { ipv4 : jump blocked4, ipv6 : jump blocked6 }
		# Feeds and countries close the protected ports alone.
		udp dport @sip_udp jump feeds
		tcp dport @sip_tcp jump feeds
		udp dport @tftp jump feeds
${renderCountries(policy)}${renderWayInJumps(policy)}		ip saddr @limit4 jump limited
		ip6 saddr @limit6 jump limited
		udp dport @sip_udp jump limited_phone
	}

${renderBlocked(true, policy)}
${renderBlocked(false, policy)}
${renderWayIn(policy)}
	chain feeds {
${policy.feeds.map(({ name }) => `		meta nfproto vmap @${selector(FEED_PREFIX + name)}`).join('\n')}
	}

	chain hit_deny {
		counter name ${counterName('deny')} drop
	}

	chain hit_country {
		counter name ${counterName('country')} drop
	}

${renderLists(policy, true)}
	# INVITEs above the rate are dropped: where the method starts at a fixed place, the start of a datagram or segment.
	chain limited {
		meta nfproto ipv4 udp dport @sip_udp @th,64,56 ${INVITE} ${meter('ip saddr', 'invites4')}
		meta nfproto ipv4 tcp dport @sip_tcp @ih,0,56 ${INVITE} ${meter('ip saddr', 'invites4')}
		meta nfproto ipv6 udp dport @sip_udp @th,64,56 ${INVITE} ${meter('ip6 saddr', 'invites6')}
		meta nfproto ipv6 tcp dport @sip_tcp @ih,0,56 ${INVITE} ${meter('ip6 saddr', 'invites6')}
	}

	# Of one phone messages of any kind, over UDP alone: a stream with holes is no stream.
	chain limited_phone {
		${phoneOf(true)} @limitport4 ${meter(phoneOf(true), 'messages4')}
		${phoneOf(false)} @limitport6 ${meter(phoneOf(false), 'messages6')}
	}
`;
}

/** Takes what feeds had in the table away; to be applied behind a ruleset without them, in the same transaction. */
export function renderFeedRemoval(feeds: readonly string[]): string {
  const others = { sets: new Set(setsOf([]).map((set) => set.name)), chains: new Set(chainsOf([])) };
  const lines = feeds.flatMap((feed) => {
    const sets = setsOf([feed]).filter((set) => !others.sets.has(set.name));
    return [
      // Maps first: they point to the chains.
      ...sets.filter((set) => set.verdicts).map((set) => `delete map inet ${TABLE} ${set.name}`),
      ...chainsOf([feed])
        .filter((chain) => !others.chains.has(chain))
        .map((chain) => `delete chain inet ${TABLE} ${chain}`),
      ...sets.filter((set) => !set.verdicts).map((set) => `delete set inet ${TABLE} ${set.name}`),
      `delete counter inet ${TABLE} ${counterName(FEED_PREFIX + feed)}`,
    ];
  });
  return lines.map((line) => `${line}\n`).join('');
}

function renderCountries({ countries }: RulesetPolicy): string {
  if (countries.mode === 'off') return '';
  const { sipUdp, sipTcp, tftp } = countries.protocols;
  const asked = [sipUdp && 'udp dport @sip_udp', sipTcp && 'tcp dport @sip_tcp', tftp && 'udp dport @tftp'];
  return asked
    .filter((port) => port !== false)
    .map((port) => `		${port} meta nfproto vmap @${selector('country')}\n`)
    .join('');
}

/** The chains that the selectors lead to, one for each buffer of each list. Without `asking` they are empty. */
function renderLists(policy: RulesetPolicy, asking: boolean): string {
  const lists: [list: string, onHit: string][] = LISTS.map((list) => [
    list,
    list === 'allow' ? 'accept' : `goto hit_${list}`,
  ]);
  const chains: string[] = [];
  for (const { name, action } of policy.feeds) {
    const list = FEED_PREFIX + name;
    lists.push([list, `goto hit_${list}`]);
    // Watched: the packet goes on behind the selector.
    const counted = `\t\tcounter name ${counterName(list)}${action === 'block' ? ' drop' : ''}\n`;
    chains.push(`\tchain hit_${list} {\n${asking ? counted : ''}\t}\n`);
  }
  for (const [list, onHit] of lists) {
    for (const v4 of [true, false]) {
      const rules = (set: string, prefixes: boolean) => (asking ? renderQuestions(set, v4, prefixes, onHit) : '');
      for (const buffer of ['s', 'a', 'b'] as const) {
        const name = bufferName(list, buffer, v4);
        chains.push(`\tchain ${name} {\n${rules(name, buffer !== 's')}\t}\n`);
      }
    }
  }
  return chains.join('\n');
}

/** The address itself, then the prefixes that it may lie in. */
function renderQuestions(set: string, v4: boolean, prefixes: boolean, onHit: string): string {
  const saddr = v4 ? 'ip saddr' : 'ip6 saddr';
  const questions = [`${saddr} @${set}`];
  for (const length of prefixes ? (v4 ? PREFIX_LENGTHS_V4 : PREFIX_LENGTHS_V6) : []) {
    const { mask, mark } = prefixOperands(length, v4);
    questions.push(`${saddr} & ${mask} | ${mark} @${prefixSet(set)}`);
  }
  return questions.map((question) => `\t\t${question} ${onHit}\n`).join('');
}

function renderCounters(policy: RulesetPolicy): string[] {
  const lists = ['deny', 'country', ...policy.feeds.map(({ name }) => FEED_PREFIX + name)];
  const names = [...lists.map(counterName), ...BUDGETS.map(budgetCounter)];
  return names.map((name) => `	counter ${name} {\n	}`);
}

function renderSet(set: SetDefinition): string {
  const lines = [`type ${set.type}${set.verdicts ? ' : verdict' : ''}`];
  if (set.size !== undefined) lines.push(`size ${set.size}`);
  if (set.flags.length > 0) lines.push(`flags ${set.flags.join(', ')}`);
  if (set.counter) lines.push('counter');
  lines.push(`comment "${set.comment}"`);
  return `	${set.verdicts ? 'map' : 'set'} ${set.name} {\n${lines.map((line) => `\t\t${line}`).join('\n')}\n	}`;
}

function renderPolicyElements(policy: RulesetPolicy): string {
  const lists: [set: string, elements: string[]][] = [
    ['sip_udp', ports(policy.ports.sipUdp)],
    ['sip_tcp', ports(policy.ports.sipTcp)],
    ['tftp', ports(policy.ports.tftp)],
    ['management', ports(policy.ports.management)],
    ['guests4', guests(policy.guests, true)],
    ['guests6', guests(policy.guests, false)],
  ];
  return lists
    .filter(([, elements]) => elements.length > 0)
    .map(([set, elements]) => `add element inet ${TABLE} ${set} { ${elements.join(', ')} }\n`)
    .join('');
}

/** Interval sets refuse overlapping elements. */
function ports(ranges: readonly PortRange[]): string[] {
  const merged: PortRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.first - b.first)) {
    const before = merged.at(-1);
    if (before !== undefined && range.first <= before.last + 1) before.last = Math.max(before.last, range.last);
    else merged.push({ ...range });
  }
  return merged.map((r) => (r.first === r.last ? `${r.first}` : `${r.first}-${r.last}`));
}

function guests(ranges: readonly AddressRange[], v4: boolean): string[] {
  return mergeByFamily(
    ranges.filter((range) => isV4(range.first) === v4),
    v4,
  ).map(formatRange);
}
