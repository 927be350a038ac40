/** Sources that somebody should look at, and what can be done about each. The rules are told in `daily-report.ts`. */
import type { NextStep } from '../notice.ts';
import { DECISION_RULES, type Decision, type DecisionRule } from './daily-report.ts';
import type { Candidate, DayTally } from './tally.ts';

const SEE_WHY: [string, string] = ['See why', 'ringfence explain ADDRESS'];
const DENY: [string, string] = ['Keep it out for good', 'ringfence deny add ADDRESS'];

/** As a heading; what a reader should know of the rule; what can be done, with a word where the address stands. */
export const RULE_WORDS: Record<DecisionRule, { title: string; why: string; next: [what: string, command: string][] }> =
  {
    'registered-attacker': {
      title: 'Registered phones with bad registrations',
      why: 'An account of theirs got in within the last hour: a phone with an old password, or a stolen account.',
      next: [SEE_WHY, DENY],
    },
    'exempt-attacker': {
      title: 'Attacks from addresses that are never blocked',
      why: 'They are on the allowlist, or are this machine or its gateway, so nothing was done.',
      next: [SEE_WHY, ['Take it off the allowlist', 'ringfence allow remove ADDRESS']],
    },
    'near-permanent': {
      title: 'Soon blocked for good',
      why: 'They come back again and again. If one of them is a customer, say so now.',
      next: [SEE_WHY, ['Never block it', 'ringfence allow add ADDRESS'], DENY],
    },
    'invite-limit': {
      title: 'More INVITEs than their limit',
      why: 'They were only watched. A call centre or a trunk needs a limit of its own: detect.invite-limit.overrides in the policy.',
      next: [SEE_WHY, DENY],
    },
  };

/** By rule, then the latest first. */
export function decisionsOf(tally: DayTally, permanentAfter: number): Decision[] {
  return DECISION_RULES.flatMap((rule) =>
    [...tally.candidates[rule]]
      .sort(([, a], [, b]) => b.blocks - a.blocks || b.last - a.last)
      .map(([address, candidate]) => decision(rule, address, candidate, tally, permanentAfter)),
  );
}

function decision(rule: DecisionRule, address: string, candidate: Candidate, tally: DayTally, after: number): Decision {
  const { attacks, messages } = tally.sources.keys.get(address) ?? { attacks: 0, messages: 0 };
  const { country, network } = tally.places.get(address) ?? { country: null, network: null };
  return {
    ...{ rule, address, country, network, attacks, messages },
    ...{ last: candidate.last, kinds: [...candidate.kinds] },
    text: textOf(rule, candidate.blocks, after),
    next: RULE_WORDS[rule].next.map(([what, command]): NextStep => {
      return { what, command: command.replace('ADDRESS', address), link: null };
    }),
  };
}

function textOf(rule: DecisionRule, blocks: number, permanentAfter: number): string {
  switch (rule) {
    case 'registered-attacker':
      return 'guessed passwords, and is registered';
    case 'exempt-attacker':
      return 'attacked, and is never blocked';
    case 'near-permanent': {
      const left = permanentAfter - blocks;
      const when = left <= 0 ? 'the next block is for good' : `${left} more, and the one after is for good`;
      return `blocked ${blocks === 1 ? 'once' : `${blocks} times`}: ${when}`;
    }
    case 'invite-limit':
      return 'sent more INVITEs than its limit';
  }
}
