/** The attack log on the screen, as the filters want it. */
import { useMemo } from 'react';
import { useLiveEvent } from '../../api/live.tsx';
import type { components } from '../../api/schema.d.ts';
import { useStillPages, type StillPages } from '../../table/still-pages.ts';
import { queryOf, type AttackFilters } from './filters.ts';

export type Incident = components['schemas']['Incident'];

const MINUTE_MS = 60_000;

export interface AttackLog extends StillPages<Incident> {
  /** What the API is asked. */
  query: AttackFilters;
}

export function useAttackLog(filters: AttackFilters): AttackLog {
  const names = JSON.stringify(filters);
  // A preset ends when it was chosen, to the minute: a time that is another at each look would never be in the cache.
  const query = useMemo(
    () => queryOf(JSON.parse(names) as AttackFilters, Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS),
    [names],
  );
  const log = useStillPages('/attacks', query, { keyOf: ({ id }) => id });
  useLiveEvent('incident', (incident) => log.change(incident.id, incident));
  return { ...log, query };
}
