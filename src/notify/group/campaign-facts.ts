/** The figures of many attacks together. */
import type { AttackFacts, CampaignFacts } from '../notice.ts';
import { CAMPAIGN_EXAMPLES_MAX, CAMPAIGN_TOP_MAX } from '../notice.ts';

/** `attacks`: each incident once. Empty: everything is zero and the times are `at`. */
export function campaignFacts(attacks: readonly AttackFacts[], at: number, consoleUrl: string | null): CampaignFacts {
  let [first, last, count] = [attacks.length === 0 ? at : Infinity, attacks.length === 0 ? at : -Infinity, 0];
  const sources = new Set<string>();
  const blocked = new Set<string>();
  for (const attack of attacks) {
    first = Math.min(first, attack.first);
    last = Math.max(last, attack.last);
    count += attack.count;
    sources.add(attack.attacker.address);
    if (attack.action === 'block' || attack.action === 'deny') blocked.add(attack.attacker.address);
  }
  const top = <K>(keyOf: (attack: AttackFacts) => string, make: (attack: AttackFacts) => K) =>
    largest(attacks, keyOf, make);
  return {
    first,
    last,
    sources: sources.size,
    incidents: attacks.length,
    unlisted: 0,
    count,
    blocked: blocked.size,
    kinds: top(
      ({ kind }) => kind,
      ({ kind }) => ({ kind }),
    ),
    victims: top(
      ({ victim }) => victim.address,
      ({ victim }) => ({ address: victim.address }),
    ),
    countries: top(
      ({ country }) => country ?? '',
      ({ country }) => ({ country }),
    ),
    networks: top(
      ({ asn }) => String(asn),
      ({ asn, network }) => ({ asn, network }),
    ),
    examples: attacks.slice(0, CAMPAIGN_EXAMPLES_MAX),
    link: consoleUrl && `${consoleUrl}/attacks`,
    next: [
      { what: 'Who attacks now', command: 'ringfence attacks --open', link: consoleUrl && `${consoleUrl}/attacks` },
      {
        what: 'Whole countries can be kept out; this shows whom it would hit',
        command: 'ringfence geo preview',
        link: consoleUrl && `${consoleUrl}/countries`,
      },
    ],
  };
}

/** By distinct sources, the most first. */
function largest<K>(
  attacks: readonly AttackFacts[],
  keyOf: (attack: AttackFacts) => string,
  make: (attack: AttackFacts) => K,
): (K & { sources: number })[] {
  const found = new Map<string, { shown: K; sources: Set<string> }>();
  for (const attack of attacks) {
    const key = keyOf(attack);
    let entry = found.get(key);
    if (!entry) found.set(key, (entry = { shown: make(attack), sources: new Set() }));
    entry.sources.add(attack.attacker.address);
  }
  return [...found.values()]
    .map(({ shown, sources }) => ({ ...shown, sources: sources.size }))
    .sort((a, b) => b.sources - a.sources)
    .slice(0, CAMPAIGN_TOP_MAX);
}
