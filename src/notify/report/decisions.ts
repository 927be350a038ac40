/** Sources that somebody should look at, and what can be done about each. The rules are told in `daily-report.ts`. */
import type { NextStep } from '../notice.ts';
import { DECISION_RULES, type Decision, type DecisionRule } from './daily-report.ts';
import type { Candidate, DayTally } from './tally.ts';

/** As a heading, and what a reader should know of the rule. */
export const RULE_WORDS: Record<DecisionRule, { title: string; why: string }> = {
  'registered-attacker': {
    title: 'Registered phones with bad registrations',
    why: 'An account of theirs got in within the last hour: a phone with an old password, or a stolen account.',
  },
  'exempt-attacker': {
    title: 'Attacks from addresses that are never blocked',
    why: 'They are on the allowlist, or are this machine or its gateway, so nothing was done.',
  },
  'near-permanent': {
    title: 'Soon blocked for good',
    why: 'They come back again and again. Is one of them a customer, say so now.',
  },
  'invite-limit': {
    title: 'More INVITEs than their limit',
    why: 'They were only watched: deny them, or raise their limit.',
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
    text: textOf(rule, address, candidate.blocks, after),
    next: nextOf(rule, address),
  };
}

function textOf(rule: DecisionRule, address: string, blocks: number, permanentAfter: number): string {
  switch (rule) {
    case 'registered-attacker':
      return `${address} guessed passwords, and is registered.`;
    case 'exempt-attacker':
      return `${address} attacked, and nothing was done: it is never blocked.`;
    case 'near-permanent': {
      const left = permanentAfter - blocks;
      const when = left <= 0 ? 'the next block is for good' : `${left} more, and the one after is for good`;
      return `${address} was blocked ${blocks === 1 ? 'once' : `${blocks} times`}: ${when}.`;
    }
    case 'invite-limit':
      return `${address} sent more INVITEs than its limit.`;
  }
}

function nextOf(rule: DecisionRule, address: string): NextStep[] {
  const step = (what: string, command: string): NextStep => ({ what, command: `ringfence ${command}`, link: null });
  const why = step('See why', `explain ${address}`);
  const deny = step('Keep it out for good', `deny add ${address}`);
  const allow = step('Never block it', `allow add ${address}`);
  if (rule === 'exempt-attacker') return [why, step('Take it off the allowlist', `allow remove ${address}`)];
  return rule === 'near-permanent' ? [why, allow, deny] : [why, deny];
}
