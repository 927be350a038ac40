/** What happens now, over server-sent events: the caches follow, and components may listen. Without the stream, polling. */
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import { API } from './client.ts';
import { touch } from './hooks.ts';
import type { components } from './schema.d.ts';

type LiveEvent = components['schemas']['LiveEvent'];
export type LiveKind = LiveEvent['event'];
export type LiveData<Kind extends LiveKind> = Extract<LiveEvent, { event: Kind }>['data'];

const KINDS: readonly LiveKind[] = ['status', 'incident', 'block', 'unblock', 'rates', 'gap'];
/** `live`: events arrive. `reconnecting`: the stream broke, and pages poll meanwhile. */
export type LiveState = 'live' | 'reconnecting';

/** A flood brings many events; lists are refetched this often at most. */
const REFETCH_MIN_MS = 1000;
const RETRY_FIRST_MS = 1000;
const RETRY_MAX_MS = 30_000;
/** How often to ask without the stream. */
const POLL_MS = 5000;

type Listener = (data: unknown) => void;
interface Live {
  state: LiveState;
  listen: (kind: LiveKind, listener: Listener) => () => void;
}

const LiveContext = createContext<Live>({ state: 'reconnecting', listen: () => () => {} });

export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('reconnecting');
  const listeners = useRef(new Map<LiveKind, Set<Listener>>());

  useEffect(() => {
    const refetch = atMostEvery(REFETCH_MIN_MS, (kinds: Set<LiveKind>) => {
      void touch(queries, touchedBy(kinds));
    });
    return keepOpen(
      (kind, data) => {
        if (kind === 'status') queries.setQueryData(['/status', {}], data);
        else if (kind === 'gap') void queries.invalidateQueries({ refetchType: 'active' });
        else if (kind !== 'rates') refetch(kind);
        for (const listener of listeners.current.get(kind) ?? []) listener(data);
      },
      (open) => {
        setState(open ? 'live' : 'reconnecting');
        // Events of the gap are lost: look at everything once.
        if (open) void queries.invalidateQueries({ refetchType: 'active' });
      },
    );
  }, [queries]);

  useEffect(() => {
    if (state === 'live') return;
    const timer = setInterval(() => void queries.invalidateQueries({ refetchType: 'active' }), POLL_MS);
    return () => clearInterval(timer);
  }, [state, queries]);

  const listen: Live['listen'] = (kind, listener) => {
    const set = listeners.current.get(kind) ?? new Set();
    listeners.current.set(kind, set.add(listener));
    return () => set.delete(listener);
  };
  return <LiveContext value={{ state, listen }}>{children}</LiveContext>;
}

/** Live or not. */
export function useLive(): LiveState {
  return useContext(LiveContext).state;
}

/** Calls `onEvent` with the data of each event of a kind while the component is on the screen. */
export function useLiveEvent<Kind extends LiveKind>(kind: Kind, onEvent: (data: LiveData<Kind>) => void): void {
  const { listen } = useContext(LiveContext);
  const latest = useRef(onEvent);
  useEffect(() => {
    latest.current = onEvent;
  });
  // `listen` only touches a ref: subscribing once is enough.
  useEffect(() => listen(kind, (data) => latest.current(data as LiveData<Kind>)), [kind]);
}

function touchedBy(kinds: Set<LiveKind>) {
  const incident = kinds.has('incident') ? (['/attacks', '/attacks/{id}'] as const) : [];
  const block = kinds.has('block') || kinds.has('unblock') ? (['/blocks'] as const) : [];
  return [...incident, ...block, '/explain/{address}'] as const;
}

/** Opens the stream again whenever it ends, later each time. Returns how to stop. */
function keepOpen(onEvent: (kind: LiveKind, data: unknown) => void, onOpen: (open: boolean) => void): () => void {
  let source: EventSource;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let waitMs = RETRY_FIRST_MS;
  const open = () => {
    source = new EventSource(`${API}/live`);
    source.onopen = () => {
      waitMs = RETRY_FIRST_MS;
      onOpen(true);
    };
    source.onerror = () => {
      source.close();
      onOpen(false);
      retry = setTimeout(open, waitMs);
      waitMs = Math.min(waitMs * 2, RETRY_MAX_MS);
    };
    for (const kind of KINDS)
      source.addEventListener(kind, ({ data }: MessageEvent<string>) => onEvent(kind, JSON.parse(data)));
  };
  open();
  return () => {
    clearTimeout(retry);
    source.close();
  };
}

/** Collects kinds and hands them over at once and then at most every `periodMs`. */
function atMostEvery(periodMs: number, act: (kinds: Set<LiveKind>) => void): (kind: LiveKind) => void {
  let waiting = new Set<LiveKind>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    if (waiting.size === 0) return;
    const kinds = waiting;
    waiting = new Set();
    timer = setTimeout(flush, periodMs);
    act(kinds);
  };
  return (kind) => {
    waiting.add(kind);
    if (timer === undefined) flush();
  };
}
