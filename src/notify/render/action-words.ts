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

type Acted = Pick<AttackFacts, 'action' | 'reason' | 'until' | 'blocksBefore'>;

/** `at`: when the message is about; an end before it is told as past. */
export function actionSentence({ action, reason, until, blocksBefore }: Acted, at: number, timeZone: string): string {
  const why = reason in JUDGE_REASONS ? JUDGE_REASONS[reason as JudgeReason] : null;
  const end = until === null ? '' : `${until <= at ? 'ended' : 'until'} ${moment(until, timeZone)}`;
  const left = until === null || until <= at ? '' : ` (${span(until - at)} from this message)`;
  switch (action) {
    case 'pass':
      return `Let through: ${why ?? 'no rule is against it'}.`;
    case 'watch':
      return `Watched, not blocked: ${why ?? 'so the policy says for this kind of attack'}.`;
    case 'limit':
      return `Limited: only so many INVITEs a second get through${end === '' ? '' : `, ${end}${left}`}.`;
    case 'block':
      return `Blocked in the kernel${end === '' ? '' : ` ${end}${left}`}.`;
    case 'deny':
      return blocksBefore > 0
        ? `Blocked for good: it was blocked ${blocksBefore === 1 ? 'once' : `${blocksBefore} times`} before.`
        : 'Blocked for good.';
  }
}
