/**
 * A list that stands still while things happen: what is new is counted and shown when somebody asks, so that no row moves away under a
 * pointer; rows that are shown follow what is told of them (`change`). `const log = useStillPages('/attacks', query, { keyOf })`.
 */
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { request, type Answer, type Arguments } from '../api/client.ts';
import { useGet, type GetOptions, type Item, type ListPath, type Pages } from '../api/hooks.ts';
import { useLive } from '../api/live.tsx';
import type { ApiError } from '../api/problem.ts';

const PAGE_ROWS = 50;
/** Rows follow this often at most: numbers that change faster nobody reads. */
const FOLLOW_MS = 1000;

export interface StillPages<Row> extends Pages<Row> {
  /** Rows that came since; at most a page is counted. */
  fresh: number;
  /** There may be more than `fresh`. */
  freshMore: boolean;
  showFresh: () => void;
  /** What is shown is still what was asked for before. */
  settling: boolean;
  /** What has become of a row, by its key; null: it is gone. Rows that are not shown are left alone. */
  change: (key: string, row: Row | null) => void;
  /** How far back the list was looked through, where the API tells it; null: through all of it. */
  searchedTo: number | null;
}

export interface StillOptions<Row> {
  keyOf: (row: Row) => string;
  /** Ask this often what is new; what the live stream touches is asked by itself. */
  everyMs?: number;
}

interface Page<Row> {
  items: Row[];
  next: string | null;
  total?: number;
  searchedTo?: number | null;
}

/** `query` must be the same at each rendering while nothing was chosen: it is the name of the list in the cache. */
export function useStillPages<P extends ListPath>(
  path: P,
  query: object,
  { keyOf, everyMs }: StillOptions<Item<P>>,
): StillPages<Item<P>> {
  type Row = Item<P>;
  const queries = useQueryClient();
  const live = useLive();
  const asked = { query: { ...query, limit: PAGE_ROWS } };
  const key = ['still', path, query];
  const list = useInfiniteQuery<Page<Row>, ApiError, { pages: Page<Row>[] }, unknown[], string | null>({
    queryKey: key,
    initialPageParam: null,
    queryFn: ({ pageParam, signal }) => {
      const page = pageParam === null ? asked : { query: { ...asked.query, cursor: pageParam } };
      return request('get', path, page, signal) as Promise<Page<Row>>;
    },
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    // Once it is there it stands still, whatever invalidates the caches.
    enabled: ({ state }) => state.data === undefined,
    refetchOnMount: false,
  });
  const settled = list.isSuccess && !list.isPlaceholderData;
  const options: GetOptions = { enabled: settled, everyMs };
  const newest = useGet(path, ...([asked, options] as unknown as Arguments<P, 'get', GetOptions>));
  const first = settled ? (newest.data as (Answer<P> & Page<Row>) | undefined) : undefined;

  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const shown = useMemo(() => new Set(rows.map(keyOf)), [rows]);
  const told = useMemo(() => new Map(first?.items.map((row) => [keyOf(row), row])), [first]);
  const [changes, change, forget] = useChanges<Row>(shown);
  const fresh = first?.items.filter((row) => !shown.has(keyOf(row))).length ?? 0;

  const showFresh = () => {
    if (!first) return;
    forget();
    queries.setQueryData(key, { pages: [first], pageParams: [null] });
  };
  // Nothing can jump where nothing is; and without the stream polling has to do what `change` does.
  const onePage = (list.data?.pages.length ?? 0) <= 1;
  const takes =
    first !== undefined && onePage && first !== list.data?.pages[0] && (rows.length === 0 || live !== 'live');
  useEffect(() => {
    if (takes) showFresh();
  });

  const latest = (row: Row): Row | null => {
    const changed = changes.get(keyOf(row));
    if (changed && changed.at >= newest.dataUpdatedAt) return changed.row;
    return told.get(keyOf(row)) ?? (changed ? changed.row : row);
  };
  return {
    items: rows.flatMap((row) => latest(row) ?? []),
    total: first?.total ?? list.data?.pages[0]?.total,
    error: list.error ?? null,
    loading: list.isPending,
    more: list.hasNextPage ? () => void list.fetchNextPage() : null,
    loadingMore: list.isFetchingNextPage,
    again: () => void list.refetch(),
    fresh,
    freshMore: fresh >= PAGE_ROWS,
    showFresh,
    settling: list.isPlaceholderData,
    change,
    searchedTo: list.data?.pages.at(-1)?.searchedTo ?? null,
  };
}

type Changes<Row> = ReadonlyMap<string, { row: Row | null; at: number }>;

/** The first change is seen at once, those that follow together. */
function useChanges<Row>(
  shown: ReadonlySet<string>,
): [Changes<Row>, (key: string, row: Row | null) => void, () => void] {
  const [changes, setChanges] = useState<Changes<Row>>(new Map());
  const waiting = useRef(new Map<string, { row: Row | null; at: number }>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const flush = () => {
    timer.current = undefined;
    if (waiting.current.size === 0) return;
    const more = waiting.current;
    waiting.current = new Map();
    timer.current = setTimeout(flush, FOLLOW_MS);
    setChanges((before) => new Map([...before, ...more]));
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (key: string, row: Row | null) => {
    if (!shown.has(key)) return;
    waiting.current.set(key, { row, at: Date.now() });
    if (timer.current === undefined) flush();
  };
  return [changes, change, () => setChanges(new Map())];
}
