/** What the table `inet ringfence` is made of: names, sets and chains, for rendering it and for noticing that somebody edited it. */
import type { Structure } from './structure.ts';

export const TABLE = 'ringfence';

/** Addresses that may be blocked at one time, in each family. 10 s of a /12 each sending one packet would fill it. */
export const BLOCKS_MAX = 1_048_576;
export const DENIES_MAX = 262_144;
export const LIMITS_MAX = 65_536;
/** TFTP clients awaiting an answer. */
export const TRANSFERS_MAX = 65_536;
export const TRANSFER_MS = 30_000;

export interface SetDefinition {
  name: string;
  /** nft's type expression. */
  type: string;
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

export const SETS: readonly SetDefinition[] = [...PORT_SETS, ...family('4', 'ipv4_addr'), ...family('6', 'ipv6_addr')];

function family(suffix: '4' | '6', type: string): SetDefinition[] {
  const set = (definition: SetDefinition): SetDefinition => ({ ...definition, name: definition.name + suffix });
  return [
    set({ name: 'guests', type, flags: ['interval'], fromPolicy: true, comment: 'forwarded guests to protect' }),
    set({ name: 'allow', type, flags: ['interval'], comment: 'never blocked' }),
    set({ name: 'denynet', type, flags: ['interval'], comment: 'always blocked: ranges' }),
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
    set({ name: 'limit', type, flags: ['timeout'], size: LIMITS_MAX, comment: 'may send few INVITEs' }),
    set({
      name: 'invites',
      type,
      flags: ['dynamic', 'timeout'],
      size: LIMITS_MAX,
      comment: 'INVITEs of limited sources',
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

/** In the order in which they are written; base chains say where they sit. */
export const CHAINS = [
  'gate',
  'blocked4',
  'blocked6',
  'limited',
  'tap_in',
  'tap_forward',
  'tap_out',
  'requests',
  'answers',
  'tftp_request',
  'tftp_answer',
  'log_in',
  'log_out',
] as const;

/** The kernel's NFT_SET_INTERVAL, _TIMEOUT and _EVAL; other bits differ between kernels and nft versions. */
const FLAG_BITS = { interval: 0x4, timeout: 0x10, dynamic: 0x20 } as const;
const FLAG_MASK = 0x34;
const KEY_BYTES: Record<string, number> = {
  inet_service: 2,
  ipv4_addr: 4,
  ipv6_addr: 16,
  // Each part of a concatenation takes whole words.
  'ipv4_addr . inet_service': 8,
  'ipv6_addr . inet_service': 20,
};

/**
 * What a set or chain in the kernel has that our text cannot change in place: kernels before 6.2 take another definition of an
 * existing set without a word, and nobody else's chains belong in our table.
 */
export function shapeProblems(structure: Structure): string[] {
  const problems: string[] = [];
  const known = new Set(SETS.map((set) => set.name));
  for (const set of SETS) {
    const shape = structure.sets.get(set.name);
    if (shape === undefined) continue;
    const flags = set.flags.reduce((bits, flag) => bits | FLAG_BITS[flag], 0);
    const fits = shape.keyBytes === KEY_BYTES[set.type] && (shape.flags & FLAG_MASK) === flags;
    if (!fits || shape.size !== (set.size ?? 0)) problems.push(`set ${set.name} has another definition`);
  }
  for (const name of structure.sets.keys()) if (!known.has(name)) problems.push(`set ${name} is not ours`);
  const chains = new Set<string>(CHAINS);
  for (const name of structure.chains) if (!chains.has(name)) problems.push(`chain ${name} is not ours`);
  return problems;
}
