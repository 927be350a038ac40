/**
 * The attack log on the screen. Rows stay where they are while attacks come in: what is new is counted, and shown when somebody asks;
 * rows that are shown follow their attacks.
 */
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { request, type Answer } from '../../api/client.ts';
import { useGet, type Pages } from '../../api/hooks.ts';
import { useLiveEvent } from '../../api/live.tsx';
import type { ApiError } from '../../api/problem.ts';
import type { components } from '../../api/schema.d.ts';
import { queryOf, type AttackFilters } from './filters.ts';

export type Incident = components['schemas']['Incident'];
type Page = Answer<'/attacks'>;

const PAGE_ROWS = 50;
/** Rows follow their attacks this often at most: numbers that change faster nobody reads. */
const FOLLOW_MS = 1000;

export interface AttackLog extends Pages<Incident> {
  /** Attacks that the filters let through and that are not on the screen; `PAGE_ROWS` may be more. */
  fresh: number;
  /** `fresh` counts a full page: there may be more. */
  freshMore: boolean;
  showFresh: () => void;
  /** With the filters, and without the length of a page. */
  query: Record<string, string>;
}

export function useAttackLog(filters: AttackFilters): AttackLog {
  const queries = useQueryClient();
  const names = JSON.stringify(filters);
  // A preset ends now, and “now” is when it was chosen: a query that is another at each look would never be in the cache.
  const query = useMemo(() => queryOf(JSON.parse(names) as AttackFilters, minuteOf(Date.now())), [names]);
  const asked = { query: { ...query, limit: PAGE_ROWS } } as { query: object };

  const key = ['attack log', query];
  const log = useInfiniteQuery<Page, ApiError, { pages: Page[] }, unknown[], string | null>({
    queryKey: key,
    initialPageParam: null,
    queryFn: ({ pageParam, signal }) => {
      const page = pageParam === null ? asked : { query: { ...asked.query, cursor: pageParam } };
      return request('get', '/attacks', page, signal) as Promise<Page>;
    },
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    // Once it is there it stands still, whatever invalidates the caches.
    enabled: ({ state }) => state.data === undefined,
    refetchOnMount: false,
  });
  const newest = useGet('/attacks', asked, { enabled: log.isSuccess && !log.isPlaceholderData });

  const shown = useMemo(() => log.data?.pages.flatMap(({ items }) => items) ?? [], [log.data]);
  const ids = useMemo(() => new Set(shown.map(({ id }) => id)), [shown]);
  const changed = useChanged(ids);
  const fresh = log.isPlaceholderData ? [] : (newest.data?.items.filter(({ id }) => !ids.has(id)) ?? []);

  const showFresh = () => {
    if (newest.data) queries.setQueryData(key, { pages: [newest.data], pageParams: [null] });
  };
  // An empty list has nothing that could jump.
  const fills = shown.length === 0 && fresh.length > 0;
  useEffect(() => {
    if (fills) showFresh();
  });

  return {
    items: shown.map((row) => changed.get(row.id) ?? row),
    total: undefined,
    error: log.error ?? null,
    loading: log.isPending,
    more: log.hasNextPage ? () => void log.fetchNextPage() : null,
    loadingMore: log.isFetchingNextPage,
    again: () => void log.refetch(),
    fresh: fills ? 0 : fresh.length,
    freshMore: fresh.length >= PAGE_ROWS,
    showFresh,
    query: query as Record<string, string>,
  };
}

/** The latest state of the rows on the screen, as the live stream tells it. */
function useChanged(ids: ReadonlySet<string>): ReadonlyMap<string, Incident> {
  const [changed, setChanged] = useState<ReadonlyMap<string, Incident>>(new Map());
  const waiting = useRef(new Map<string, Incident>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useLiveEvent('incident', (incident) => {
    if (!ids.has(incident.id)) return;
    waiting.current.set(incident.id, incident);
    timer.current ??= setTimeout(() => {
      const more = waiting.current;
      waiting.current = new Map();
      timer.current = undefined;
      setChanged((before) => new Map([...before, ...more]));
    }, FOLLOW_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  return changed;
}

function minuteOf(ms: number): number {
  return ms - (ms % 60_000);
}
