/** The attack log: what happened, and the proof. */
import type { EvidenceItem } from '../core/base/evidence.ts';
import { INCIDENTS_PAGE_MAX, type IncidentQuery, type StoredIncident } from '../store/store.ts';
import type { AttackAnswer, EvidenceAnswer, EventAnswer } from './answers.ts';
import { inStore, type OperationsContext } from './context.ts';
import { attackFilter, checkInput, eventsInput, incidentId } from './inputs.ts';
import { OperationError } from './operation-error.ts';

/** The latest first, at most `limit`. */
export function attacks(context: OperationsContext, input: unknown): StoredIncident[] {
  const { limit, ...query } = checkInput(attackFilter, input);
  return inStore(() => collect(context, query, limit));
}

export function collect(context: OperationsContext, query: IncidentQuery, limit: number): StoredIncident[] {
  const found: StoredIncident[] = [];
  let cursor: string | null = null;
  do {
    const page = context.store.incidents({
      ...query,
      limit: Math.min(INCIDENTS_PAGE_MAX, limit - found.length),
      ...(cursor === null ? {} : { cursor }),
    });
    found.push(...page.incidents);
    cursor = page.next;
  } while (cursor !== null && found.length < limit);
  return found;
}

export function attack(context: OperationsContext, input: unknown): AttackAnswer {
  const id = checkInput(incidentId, input);
  const incident = inStore(() => context.store.incident(id));
  if (!incident) {
    throw new OperationError('no', 'attack-unknown', `No attack has the id ${id}.`, 'List them: ringfence attacks');
  }
  const block = inStore(() => context.store.blocks().find((one) => one.address === incident.source));
  return { incident, evidence: inStore(() => context.store.evidence(id)).map(portable), block: block ?? null };
}

function portable({ bytes, ...item }: EvidenceItem): EvidenceAnswer {
  return { ...item, base64: Buffer.from(bytes).toString('base64') };
}

export function events(context: OperationsContext, input: unknown): EventAnswer[] {
  const { limit } = checkInput(eventsInput, input);
  return inStore(() => context.store.events(limit));
}
