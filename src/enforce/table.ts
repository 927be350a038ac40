/** What the table `inet ringfence` is made of: names, sets and chains, for rendering it and for noticing that somebody edited it. */
import { NETWORK_LENGTHS_V4, NETWORK_LENGTHS_V6 } from '../core/base/target.ts';
import type { Structure } from './structure.ts';

export const TABLE = 'ringfence';

/** Addresses that may be blocked at one time, in each family. 10 s of a /12 each sending one packet would fill it. */
export const BLOCKS_MAX = 1_048_576;
/** Phones behind addresses, and networks, in each family. */
export const PORT_BLOCKS_MAX = 262_144;
export const NETWORK_BLOCKS_MAX = 65_536;
/** Beyond it a block lasts as long as any other. */
export const BRIEF_BLOCKS_MAX = 65_536;
export const DENIES_MAX = 262_144;
/** Registered phones, and addresses behind which phones are or were, in each family. */
export const TRUSTED_MAX = 131_072;
export const KNOWN_MAX = 65_536;
/** Sources whose packets are counted one by one at the way in; the rest counts with their network, or with all. */
export const METERED_SOURCES_MAX = 65_536;
export const METERED_NETWORKS_MAX = 16_384;
export const LIMITS_MAX = 65_536;
/** TFTP clients awaiting an answer. */
export const TRANSFERS_MAX = 65_536;
export const TRANSFER_MS = 30_000;

export interface SetDefinition {
  name: string;
  /** nft's type expression. */
  type: string;
  /** A map from it to a verdict. */
  verdicts?: true;
  flags: ('interval' | 'dynamic' | 'timeout')[];
  /** Elements at most; absent: as many as memory holds. */
  size?: number;
  counter?: true;
  /** Filled from the policy and rewritten with it; the others' elements outlive a change of policy. */
  fromPolicy?: true;
  comment: string;
}

const PORTS = { type: 'inet_service', flags: ['interval' as const], fromPolicy: true as const };

export const PORT_SETS: readonly SetDefinition[] = [
  { name: 'sip_udp', ...PORTS, comment: 'protected SIP ports over UDP' },
  { name: 'sip_tcp', ...PORTS, comment: 'protected SIP ports over TCP' },
  { name: 'tftp', ...PORTS, comment: 'protected TFTP ports' },
  { name: 'management', ...PORTS, comment: 'TCP ports that no automatic block covers' },
];

/** Lists of any length; each feed is one more. */
export const LISTS = ['allow', 'deny', 'country'] as const;
export const FEED_PREFIX = 'feed_';

/** The map that says which buffer of a list the rules ask, for each family: the name of that buffer's chain. */
export const selector = (list: string): string => `${list}_use`;

/**
 * Where a list's elements may be: `s`, an interval set for short lists (one lookup, readable); `a` and `b`, hash sets of addresses
 * and of prefixes (`prefix-keys.ts`), one in use while the other is filled. The chain that asks them has the same name.
 */
export const BUFFERS = ['s', 'a', 'b'] as const;
export type Buffer = (typeof BUFFERS)[number];
export const bufferName = (list: string, buffer: Buffer, v4: boolean): string => `${list}_${buffer}${v4 ? '4' : '6'}`;
export const prefixSet = (addressSet: string): string => `${addressSet}_net`;

/** Counters of packets from listed addresses; they outlive a change of policy. */
export const counterName = (list: string): string => `of_${list}`;

/** One source port: a phone behind an address. */
const phone = (type: string): string => `${type} . inet_proto . inet_service`;

/** How fast a source sends at the way in, forgotten with its last packet: `METER_MS`. A full one counts no more sources by themselves. */
const METERS = [
  { name: 'way_trusted', of: phone, size: METERED_SOURCES_MAX, comment: 'way in: registered phones' },
  { name: 'way_known', of: plain, size: METERED_NETWORKS_MAX, comment: 'way in: addresses with phones' },
  { name: 'way_source', of: plain, size: METERED_SOURCES_MAX, comment: 'way in: strangers' },
  { name: 'way_network', of: plain, size: METERED_NETWORKS_MAX, comment: 'way in: networks of strangers' },
].map(({ name, of, size, comment }) => {
  const set = (suffix: string, type: string): SetDefinition => ({
    ...{ name: name + suffix, type: of(type), size, comment },
    flags: ['dynamic', 'timeout'],
  });
  return { v4: set('4', 'ipv4_addr'), v6: set('6', 'ipv6_addr') };
});

function plain(type: string): string {
  return type;
}

export const SETS: readonly SetDefinition[] = setsOf([]);

/** Every set and map of the table of a policy with these feeds. */
export function setsOf(feeds: readonly string[]): SetDefinition[] {
  return [
    ...PORT_SETS,
    ...family('4', 'ipv4_addr'),
    ...family('6', 'ipv6_addr'),
    ...METERS.flatMap((meter) => [meter.v4, meter.v6]),
    ...[...LISTS, ...feeds.map((feed) => FEED_PREFIX + feed)].flatMap(listSets),
  ];
}

function listSets(list: string): SetDefinition[] {
  const sets: SetDefinition[] = [
    { name: selector(list), type: 'nf_proto', verdicts: true, flags: [], comment: `which sets hold ${list}` },
  ];
  for (const v4 of [true, false]) {
    const type = v4 ? 'ipv4_addr' : 'ipv6_addr';
    sets.push({
      name: bufferName(list, 's', v4),
      type,
      flags: ['interval'],
      comment: `${list}: ranges, while they are few`,
    });
    for (const buffer of ['a', 'b'] as const) {
      const name = bufferName(list, buffer, v4);
      sets.push({ name, type, flags: [], comment: `${list}: addresses` });
      sets.push({
        name: prefixSet(name),
        type,
        flags: [],
        comment: `${list}: prefixes, each with the bit behind it set`,
      });
    }
  }
  return sets;
}

/** Sets whose elements keep the rate that they were made with: emptied with a new ruleset. */
export const METER_SETS: readonly string[] = [
  'invites4',
  'invites6',
  'messages4',
  'messages6',
  ...METERS.flatMap(({ v4, v6 }) => [v4.name, v6.name]),
];

/** Why a packet was above the budget; each has a counter (`over_source`). */
export const BUDGETS = ['source', 'network', 'total', 'known', 'trusted'] as const;
export type Budget = (typeof BUDGETS)[number];
export const budgetCounter = (budget: Budget): string => `over_${budget}`;

/** The chains that ask for blocked networks, one for each length. */
export const networkChain = (length: number, v4: boolean): string => `block${v4 ? '4' : '6'}_net${length}`;

function family(suffix: '4' | '6', type: string): SetDefinition[] {
  const set = (definition: SetDefinition): SetDefinition => ({ ...definition, name: definition.name + suffix });
  return [
    set({ name: 'guests', type, flags: ['interval'], fromPolicy: true, comment: 'forwarded guests to protect' }),
    set({ name: 'exempt', type, flags: [], comment: 'this machine and its gateways: never blocked' }),
    set({
      name: 'deny',
      type,
      flags: ['timeout'],
      size: DENIES_MAX,
      counter: true,
      comment: 'blocked by hand: addresses, some for a time',
    }),
    set({
      name: 'block',
      type,
      flags: ['dynamic', 'timeout'],
      size: BLOCKS_MAX,
      counter: true,
      comment: 'blocked by a verdict; without a timeout: for ever',
    }),
    set({
      name: 'blockport',
      type: phone(type),
      flags: ['dynamic', 'timeout'],
      size: PORT_BLOCKS_MAX,
      counter: true,
      comment: 'blocked by a verdict: one phone behind an address',
    }),
    set({
      name: 'blocknet',
      type,
      flags: ['dynamic', 'timeout'],
      size: NETWORK_BLOCKS_MAX,
      counter: true,
      comment: 'blocked by a verdict: networks, each with the bit behind it set',
    }),
    set({
      name: 'brief',
      type,
      flags: ['timeout'],
      size: BRIEF_BLOCKS_MAX,
      comment: 'blocks that nothing prolongs: their sources may be forged',
    }),
    set({
      name: 'briefnet',
      type,
      flags: ['timeout'],
      size: BRIEF_BLOCKS_MAX,
      comment: 'the same of networks, each with the bit behind it set',
    }),
    set({ name: 'trusted', type: phone(type), flags: ['timeout'], size: TRUSTED_MAX, comment: 'registered phones' }),
    set({
      name: 'known',
      type,
      flags: ['timeout'],
      size: KNOWN_MAX,
      comment: 'addresses (IPv6: first of the /64) with phones, now or in the last day',
    }),
    set({ name: 'limit', type, flags: ['timeout'], size: LIMITS_MAX, comment: 'may send few INVITEs' }),
    set({
      name: 'limitport',
      type: phone(type),
      flags: ['timeout'],
      size: LIMITS_MAX,
      comment: 'phones that may send few messages',
    }),
    set({
      name: 'invites',
      type,
      flags: ['dynamic', 'timeout'],
      size: LIMITS_MAX,
      comment: 'INVITEs of limited sources',
    }),
    set({
      name: 'messages',
      type: phone(type),
      flags: ['dynamic', 'timeout'],
      size: LIMITS_MAX,
      comment: 'messages of limited phones',
    }),
    set({
      name: 'transfers',
      type: `${type} . inet_service`,
      flags: ['dynamic', 'timeout'],
      size: TRANSFERS_MAX,
      comment: 'TFTP clients awaiting an answer',
    }),
  ];
}

/** The chains that every table has besides those of the lists; base chains say where they sit. */
export const CHAINS: readonly string[] = [
  'gate',
  'blocked4',
  'blocked6',
  'block4_port',
  'block6_port',
  'block4_address',
  'block6_address',
  ...NETWORK_LENGTHS_V4.map((length) => networkChain(length, true)),
  ...NETWORK_LENGTHS_V6.map((length) => networkChain(length, false)),
  'way_in4',
  'way_in6',
  'known_in4',
  'known_in6',
  'trusted_in4',
  'trusted_in6',
  'strangers_in',
  'feeds',
  'hit_deny',
  'hit_country',
  'limited',
  'limited_phone',
  'tap_in',
  'tap_forward',
  'tap_out',
  'requests',
  'answers',
  'tftp_request',
  'tftp_answer',
  'log_in',
  'log_out',
];

/** Every chain of the table of a policy with these feeds. */
export function chainsOf(feeds: readonly string[]): string[] {
  const lists = [...LISTS, ...feeds.map((feed) => FEED_PREFIX + feed)];
  const buffers = lists.flatMap((list) =>
    [true, false].flatMap((v4) => BUFFERS.map((buffer) => bufferName(list, buffer, v4))),
  );
  return [...CHAINS, ...feeds.map((feed) => `hit_${FEED_PREFIX}${feed}`), ...buffers];
}

/** The kernel's NFT_SET_INTERVAL, _TIMEOUT and _EVAL; other bits differ between kernels and nft versions. */
const FLAG_BITS = { interval: 0x4, timeout: 0x10, dynamic: 0x20 } as const;
const FLAG_MASK = 0x34;
const KEY_BYTES: Record<string, number> = {
  nf_proto: 1,
  inet_service: 2,
  ipv4_addr: 4,
  ipv6_addr: 16,
  // Each part of a concatenation takes whole words.
  'ipv4_addr . inet_service': 8,
  'ipv6_addr . inet_service': 20,
  'ipv4_addr . inet_proto . inet_service': 12,
  'ipv6_addr . inet_proto . inet_service': 24,
};

/**
 * What a set or chain in the kernel has that our text cannot change in place: kernels before 6.2 take another definition of an
 * existing set without a word, and nobody else's chains belong in our table.
 */
export function shapeProblems(structure: Structure, feeds: readonly string[] = []): string[] {
  const problems: string[] = [];
  const sets = setsOf(feeds);
  const known = new Set(sets.map((set) => set.name));
  for (const set of sets) {
    const shape = structure.sets.get(set.name);
    if (shape === undefined) continue;
    const flags = set.flags.reduce((bits, flag) => bits | FLAG_BITS[flag], 0);
    const fits = shape.keyBytes === KEY_BYTES[set.type] && (shape.flags & FLAG_MASK) === flags;
    if (!fits || shape.size !== (set.size ?? 0)) problems.push(`set ${set.name} has another definition`);
  }
  for (const name of structure.sets.keys()) if (!known.has(name)) problems.push(`set ${name} is not ours`);
  const chains = new Set<string>(chainsOf(feeds));
  for (const name of structure.chains) if (!chains.has(name)) problems.push(`chain ${name} is not ours`);
  return problems;
}

/** Feeds whose sets are in the kernel though the policy has them no more. */
export function strayFeeds(structure: Structure, feeds: readonly string[]): string[] {
  const known = new Set(feeds);
  return [...structure.sets.keys()]
    .map((set) => /^feed_([a-z0-9-]+)_use$/.exec(set)?.[1])
    .filter((name): name is string => name !== undefined && !known.has(name));
}
