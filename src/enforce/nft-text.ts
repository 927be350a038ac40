/** Pieces of nft's language that the parts of the ruleset share. */

export const saddrOf = (v4: boolean) => (v4 ? 'ip saddr' : 'ip6 saddr');
/** One source port; a fragment without its ports is nobody's phone, and is useless without the first one, which has them. */
export const phoneOf = (v4: boolean) => `${saddrOf(v4)} . meta l4proto . th sport`;
/** Whose phones are known together: IPv6 phones change their addresses within the /64 of their network (RFC 8981). */
export const homeOf = (v4: boolean) => (v4 ? 'ip saddr' : 'ip6 saddr & ffff:ffff:ffff:ffff::');
/** Strangers that are counted together. */
export const networkOf = (v4: boolean) => (v4 ? 'ip saddr & 255.255.255.0' : 'ip6 saddr & ffff:ffff:ffff:ffff::');

export function emptyChains(names: readonly string[]): string {
  return names.map((name) => `	chain ${name} {\n	}\n`).join('\n');
}

/** nft has rates of whole packets: below one a second it takes them by the minute or the hour. A burst of one second's worth. */
export function nftRate(perSecond: number): string {
  for (const [unit, seconds] of [
    ['second', 1],
    ['minute', 60],
  ] as const) {
    const rate = Math.round(perSecond * seconds);
    if (Number.isInteger(perSecond * seconds) && rate >= 1)
      return `${rate}/${unit} burst ${Math.ceil(perSecond)} packets`;
  }
  return `${Math.max(1, Math.round(perSecond * 3600))}/hour burst ${Math.max(1, Math.ceil(perSecond))} packets`;
}

/** `1h`, `90s`, `1500ms`: the largest unit that is exact. */
export function nftTime(ms: number): string {
  for (const [unit, size] of [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const) {
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${Math.max(1, Math.round(ms))}ms`;
}
