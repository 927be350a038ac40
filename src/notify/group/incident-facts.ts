/** What happened to an incident since people were last told of it: found by comparing, so that a crash in between changes nothing. */
import type { Action } from '../../core/judge/verdict.ts';
import type { AttackEvent, AttackFact, Followed } from '../../store/notify-store.ts';
import type { StoredIncident } from '../../store/store.ts';

const STEPS: Record<Action, number> = { pass: 0, watch: 1, limit: 2, block: 3, deny: 4 };

/** Threads of the INVITE limit: told to others than attacks, and no part of a campaign (a call centre's busy hour is none). */
export const INVITE_THREADS = 'invite-limit/';

/** What is told together: attacks of one source; with `everyAttack` each on its own. */
export function threadOf({ id, kind, source }: StoredIncident, everyAttack: boolean): string {
  const own = everyAttack ? `${source}/${id}` : source;
  return kind === 'invite-limit' ? `${INVITE_THREADS}${own}` : own;
}

/**
 * `known`: what people were told; null: nothing yet. Answers with the facts, and with what is known afterwards; null: it is over.
 */
export function changesOf(
  incident: StoredIncident,
  known: Followed | null,
): { events: { event: AttackEvent; before: Action | null }[]; after: Followed | null } {
  const events: { event: AttackEvent; before: Action | null }[] = [];
  if (known === null) events.push({ event: 'opened', before: null });
  else if (STEPS[incident.action] > STEPS[known.action]) events.push({ event: 'escalated', before: known.action });
  if (incident.closed !== null) events.push({ event: 'ended', before: null });
  const after = { incident: incident.id, action: incident.action, campaign: known?.campaign ?? null };
  return { events, after: incident.closed === null ? after : null };
}

/** The one event that says most of what one message stands for; of equal ones the first. */
export function headOf(facts: readonly AttackFact[], actionOf: (fact: AttackFact) => Action): AttackFact {
  const weight = (fact: AttackFact) => ({ opened: 20, escalated: 10, ended: 0 })[fact.event] + STEPS[actionOf(fact)];
  return facts.reduce((best, fact) => (weight(fact) > weight(best) ? fact : best));
}
