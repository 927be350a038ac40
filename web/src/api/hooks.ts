/**
 * The API in components. `useGet('/status')`, `useGet('/attacks/{id}', { path: { id } })` ask; `usePages` turns pages of a list;
 * `useChange('post', '/blocks', { touches: ['/blocks', '/status'] })` changes something and refetches what the change touches.
 */
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query';
import { request, type Answer, type Arguments, type Asked, type Method, type PathOf } from './client.ts';
import type { ApiError } from './problem.ts';

export interface GetOptions {
  /** False: do not ask yet. */
  enabled?: boolean;
  /** Ask again this often; live updates make it unnecessary for most. */
  everyMs?: number;
}

export interface OneGetOptions<A> extends Omit<GetOptions, 'everyMs'> {
  /** By what the last answer said; undefined: not again. */
  everyMs?: number | ((answer: A | undefined) => number | undefined);
}

export function useGet<P extends PathOf<'get'>>(
  path: P,
  ...[asked = {} as Asked<P>, options]: Arguments<P, 'get', OneGetOptions<Answer<P>>>
): UseQueryResult<Answer<P>, ApiError> {
  const everyMs = options?.everyMs;
  return useQuery<Answer<P>, ApiError>({
    queryKey: [path, asked],
    queryFn: ({ signal }) => request('get', path, asked as object, signal) as Promise<Answer<P>>,
    enabled: options?.enabled ?? true,
    refetchInterval: typeof everyMs === 'function' ? ({ state }) => everyMs(state.data) ?? false : (everyMs ?? false),
  });
}

/** Paths of lists: they answer `{ items, next }`. */
export type ListPath = {
  [P in PathOf<'get'>]: Answer<P> extends { items: unknown[]; next: string | null } ? P : never;
}[PathOf<'get'>];
export type Item<P extends ListPath> = Answer<P> extends { items: (infer I)[] } ? I : never;

/** What `DataTable` shows: the pages so far in one array. */
export interface Pages<Row> {
  items: Row[];
  /** Of the whole list, where the API counts it. */
  total: number | undefined;
  error: ApiError | null;
  /** Nothing has come yet. */
  loading: boolean;
  /** Fetches the next page; null: all is there. */
  more: (() => void) | null;
  loadingMore: boolean;
  again: () => void;
}

export function usePages<P extends ListPath>(
  path: P,
  ...[asked = {} as Asked<P>, options]: Arguments<P, 'get', GetOptions>
): Pages<Item<P>> {
  const { query, ...rest } = asked as { query?: object };
  const pages = useInfiniteQuery({
    queryKey: [path, asked],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const page = { ...rest, query: { ...query, ...(pageParam === null ? {} : { cursor: pageParam }) } };
      return request('get', path, page, signal) as Promise<{ items: Item<P>[]; next: string | null; total?: number }>;
    },
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    enabled: options?.enabled ?? true,
    refetchInterval: options?.everyMs ?? false,
  });
  return {
    items: pages.data?.pages.flatMap(({ items }) => items) ?? [],
    total: pages.data?.pages[0]?.total,
    error: pages.error as ApiError | null,
    loading: pages.isPending,
    more: pages.hasNextPage ? () => void pages.fetchNextPage() : null,
    loadingMore: pages.isFetchingNextPage,
    again: () => void pages.refetch(),
  };
}

/** `change.mutate({ body })`, or `await change.mutateAsync(…)`, which throws an `ApiError`. Touched lists are refetched before it ends. */
export function useChange<M extends Exclude<Method, 'get'>, P extends PathOf<M>>(
  method: M,
  path: P,
  options: { touches?: readonly PathOf<'get'>[] } = {},
) {
  const queries = useQueryClient();
  return useMutation<Answer<P, M>, ApiError, Asked<P, M>>({
    mutationFn: (asked) => request(method, path, asked as object) as Promise<Answer<P, M>>,
    onSuccess: () => touch(queries, options.touches ?? []),
  });
}

/** Refetches what is on the screen of these paths, and drops the rest. */
export function touch(queries: ReturnType<typeof useQueryClient>, paths: readonly PathOf<'get'>[]): Promise<unknown> {
  return Promise.all(paths.map((path) => queries.invalidateQueries({ queryKey: [path] })));
}
