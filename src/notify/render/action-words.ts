/** What was done about an attack, in words. */
import { JUDGE_REASONS, type Action, type JudgeReason } from '../../core/judge/verdict.ts';
import type { AttackFacts } from '../notice.ts';
import { moment, span } from './figures.ts';

export const ACTION_BADGES: Record<Action, string> = {
  pass: 'Let through',
  watch: 'Watched',
  limit: 'Limited',
  block: 'Blocked',
  deny: 'Blocked for good',
};

type Acted = Pick<AttackFacts, 'action' | 'target' | 'attacker' | 'reason' | 'until' | 'blocksBefore'>;

/** `at`: when the message is about; an end before it is told as past. */
export function actionSentence(acted: Acted, at: number, timeZone: string): string {
  const { action, reason, until, blocksBefore } = acted;
  const whom = coverage(acted);
  const why = reason in JUDGE_REASONS ? JUDGE_REASONS[reason as JudgeReason] : null;
  const end = endOf(until, at, timeZone);
  switch (action) {
    case 'pass':
      return `Let through: ${why ?? 'no rule is against it'}.`;
    case 'watch':
      return `Watched, not blocked: ${why ?? 'so the policy says for this kind of attack'}.`;
    case 'limit':
      return `Limited: only so many INVITEs a second get through${end}.`;
    case 'block':
      return `Blocked in the kernel${whom}${end}.`;
    case 'deny':
      return blocksBefore > 0
        ? `Blocked for good${whom}: it was blocked ${blocksBefore === 1 ? 'once' : `${blocksBefore} times`} before.`
        : `Blocked for good${whom}.`;
  }
}

/** ` until 2026-11-21 16:03:22 CET (1h from this message)`. */
function endOf(until: number | null, at: number, timeZone: string): string {
  if (until === null) return '';
  const left = until <= at ? 'which is over' : `${span(until - at)} from this message`;
  return ` until ${moment(until, timeZone)} (${left})`;
}

/** Nothing when the action is about the address, as it mostly is. */
function coverage({ target, attacker }: Acted): string {
  if (target === attacker.address) return '';
  return target.endsWith('/udp') || target.endsWith('/tcp')
    ? ` (${target} alone, one phone behind the address)`
    : ` (${target}, the network around it)`;
}
