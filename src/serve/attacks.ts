/** The attack log: what happened, and the proof. */
import { writePcap } from '../capture/recorder.ts';
import { escapeDecoded } from '../core/base/escape.ts';
import type { EvidenceItem } from '../core/base/evidence.ts';
import type { Verdict } from '../core/judge/verdict.ts';
import { INCIDENTS_PAGE_MAX, type IncidentQuery, type StoredIncident } from '../store/store.ts';
import { argumentText } from './argument-text.ts';
import { messageOf } from './attack-messages.ts';
import type { AttackAnswer, AttacksAnswer, EventsAnswer, EvidenceAnswer } from './answers.ts';
import { inStore, type OperationsContext } from './context.ts';
import { attackFilter, checkInput, eventsInput, incidentId } from './inputs.ts';
import { OperationError } from './operation-error.ts';

const EARLIER_MAX = 20;
const VERDICTS_MAX = 100;

/** A filter that finds little goes on for so long; nobody else is answered meanwhile. */
const SEARCH_MS_MAX = 80;

/** One page, the latest first. It may hold fewer than `limit`, none even, and still have a next one: the search goes on there. */
export function attacks(context: OperationsContext, input: unknown): AttacksAnswer {
  const { limit, ...filter } = checkInput(attackFilter, input);
  const size = Math.min(limit, INCIDENTS_PAGE_MAX);
  const end = performance.now() + SEARCH_MS_MAX;
  return inStore(() => {
    const items: StoredIncident[] = [];
    let place: Omit<AttacksAnswer, 'items'> = { next: filter.cursor ?? null, searchedTo: null };
    do {
      const query = { ...filter, limit: size - items.length, cursor: place.next ?? undefined };
      const { incidents, ...reached } = context.store.incidents(query);
      items.push(...incidents);
      place = reached;
    } while (place.next !== null && items.length < size && performance.now() < end);
    return { items, ...place };
  });
}

/** The latest, at most `limit`, on as many pages as it takes. */
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
  const incident = known(context, input);
  const { id, source, target, kind } = incident;
  return inStore(() => {
    const evidence = context.store.evidence(id);
    const { incidents } = context.store.incidents({ source, limit: EARLIER_MAX + 1 });
    const verdicts = context.store.verdicts({ incident: id, limit: VERDICTS_MAX }).reverse();
    return {
      incident,
      evidence: evidence.map(portable),
      // What it led to, or what blocks the whole address since.
      block: context.store.block(target, context.now()) ?? context.store.block(source, context.now()),
      verdicts,
      told: told(incident, verdicts),
      messages: evidence.map((item) => messageOf(item, kind)),
      earlier: incidents.filter((other) => other.id !== id).slice(0, EARLIER_MAX),
    };
  });
}

/** Of the verdict that the incident stands for. */
function told(incident: StoredIncident, verdicts: readonly Verdict[]): AttackAnswer['told'] {
  const verdict = verdicts.findLast(({ action }) => action === incident.action) ?? verdicts.at(-1);
  if (verdict === undefined) return null;
  const { users, usersTotal } = incident;
  const user = usersTotal === 1 && users.length === 1 ? escapeDecoded(users[0]) : undefined;
  return argumentText({ ...verdict, user });
}

/** The evidence for Wireshark. */
export function attackPcap(context: OperationsContext, input: unknown): { name: string; bytes: Uint8Array } {
  const { id } = known(context, input);
  return { name: `ringfence-${id}.pcap`, bytes: writePcap(inStore(() => context.store.evidence(id))) };
}

function known(context: OperationsContext, input: unknown): StoredIncident {
  const id = checkInput(incidentId, input);
  const incident = inStore(() => context.store.incident(id));
  if (incident) return incident;
  throw new OperationError('no', 'attack-unknown', `No attack has the id ${id}.`, 'List them: ringfence attacks');
}

function portable({ bytes, ...item }: EvidenceItem): EvidenceAnswer {
  return { ...item, base64: Buffer.from(bytes).toString('base64') };
}

/** One page, the latest first. */
export function events(context: OperationsContext, input: unknown): EventsAnswer {
  const { events, next } = inStore(() => context.store.eventsPage(checkInput(eventsInput, input)));
  return { items: events, next };
}
