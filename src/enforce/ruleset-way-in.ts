/** The chains of the way in: registered phones, known addresses and strangers, each with a budget of its own. */
import type { Policy, WayInPolicy } from '../core/base/policy.ts';
import { emptyChains, homeOf, networkOf, nftTime, phoneOf, saddrOf } from './nft-text.ts';
import { budgetCounter, type Budget } from './table.ts';

/** A forged flood's meters are free again soon. */
const WAY_IN_METER_MS = 10_000;
/** Two hundred new phones in one moment send some four packets each: a source may send two seconds' worth at once. */
const STRANGER_BURST_S = 2;
const KNOWN_BURST_S = 0.5;
/**
 * Of all strangers together less: a PBX's socket holds some 150 datagrams (212,992 bytes), and what overflows it are phones' packets, too.
 * Measured: with two seconds' worth, the begin of a flood of 5,000 sources cost 2 % of the phones' requests.
 */
const TOTAL_BURST_S = 0.08;
const BURST_MIN = 5;

export const WAY_IN_CHAINS: readonly string[] = [
  ...['4', '6'].flatMap((family) => ['way_in', 'known_in', 'trusted_in'].map((name) => name + family)),
  'strangers_in',
];

/** New TCP connections count as packets over UDP do; what comes on an open one does not. */
export function renderWayInJumps({ wayIn }: Pick<Policy, 'wayIn'>): string {
  if (wayIn === null) return '';
  const jumps = 'meta nfproto vmap { ipv4 : jump way_in4, ipv6 : jump way_in6 }';
  return `		# The way in: what protected ports get of strangers has a budget.
		udp dport @sip_udp ${jumps}
		tcp dport @sip_tcp tcp flags & (syn | ack) == syn ${jumps}
`;
}

const over = (budget: Budget) => `counter name ${budgetCounter(budget)} drop`;
const rate = (perSecond: number, burstS: number) =>
  `limit rate over ${perSecond}/second burst ${Math.max(BURST_MIN, Math.ceil(perSecond * burstS))} packets`;

export function renderWayIn({ wayIn }: Pick<Policy, 'wayIn'>): string {
  if (wayIn === null) return emptyChains(WAY_IN_CHAINS);
  return `${renderFamily(true, wayIn)}
${renderFamily(false, wayIn)}
	# One budget for both families.
	chain strangers_in {
		${rate(wayIn.total, TOTAL_BURST_S)} ${over('total')}
	}
`;
}

/**
 * Evasion: a forged flood fills the meters with sources that never come again. A full meter counts none by itself any more, and the
 * packet goes on to the next budget: in the end to `total`, which needs no meter.
 */
function renderFamily(v4: boolean, { perSource, perNetwork, perKnown }: WayInPolicy): string {
  const family = v4 ? '4' : '6';
  const meter = (set: string, key: string, perSecond: number, burstS: number) =>
    `update @${set}${family} { ${key} timeout ${nftTime(WAY_IN_METER_MS)} ${rate(perSecond, burstS)} }`;
  return `	chain way_in${family} {
		${phoneOf(v4)} @trusted${family} goto trusted_in${family}
		# Not on its way to us or a guest: what guests themselves send to others.
		fib daddr type != local ${v4 ? 'ip daddr != @guests4' : 'ip6 daddr != @guests6'} return
		${homeOf(v4)} @known${family} goto known_in${family}
		${meter('way_source', saddrOf(v4), perSource, STRANGER_BURST_S)} ${over('source')}
		${meter('way_network', networkOf(v4), perNetwork, STRANGER_BURST_S)} ${over('network')}
		goto strangers_in
	}

	chain known_in${family} {
		${meter('way_known', homeOf(v4), perKnown, KNOWN_BURST_S)} ${over('known')}
	}

	chain trusted_in${family} {
		${meter('way_trusted', phoneOf(v4), perKnown, KNOWN_BURST_S)} ${over('trusted')}
	}
`;
}
