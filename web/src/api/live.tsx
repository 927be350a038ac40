/** What happens now, over server-sent events: the caches follow, and components may listen. Without the stream, polling. */
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from 'react';
import { API } from './client.ts';
import { atMostEvery, REFETCH_MIN_MS, touchedBy, type LiveKind } from './follow.ts';
import { touch } from './hooks.ts';
import type { components } from './schema.d.ts';

type LiveEvent = components['schemas']['LiveEvent'];
export type LiveData<Kind extends LiveKind> = Extract<LiveEvent, { event: Kind }>['data'];

const KINDS: readonly LiveKind[] = ['status', 'incident', 'block', 'unblock', 'rates', 'gap'];
/** `live`: events arrive. `reconnecting`: the stream broke, and pages poll meanwhile. `connecting`: it is being opened for the first time. */
export type LiveState = 'connecting' | 'live' | 'reconnecting';

const RETRY_FIRST_MS = 1000;
const RETRY_MAX_MS = 30_000;
/** How often to ask without the stream. */
const POLL_MS = 5000;

type Listener = (data: unknown) => void;
interface Live {
  state: LiveState;
  listen: (kind: LiveKind, listener: Listener) => () => void;
}

const LiveContext = createContext<Live>({ state: 'connecting', listen: () => () => {} });

export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  const listeners = useRef(new Map<LiveKind, Set<Listener>>());

  useEffect(() => {
    const refetch = atMostEvery(REFETCH_MIN_MS, (kinds: Set<LiveKind>) => {
      void touch(queries, touchedBy(kinds));
    });
    let broke = false;
    return keepOpen(
      (kind, data) => {
        if (kind === 'status') queries.setQueryData(['/status', {}], data);
        else if (kind === 'gap') void queries.invalidateQueries({ refetchType: 'active' });
        else if (kind !== 'rates') refetch(kind);
        for (const listener of listeners.current.get(kind) ?? []) listener(data);
      },
      (open) => {
        setState(open ? 'live' : 'reconnecting');
        broke ||= !open;
        if (!open) return;
        // Events of the gap are lost: what could have missed one is looked at once more.
        if (broke) void queries.invalidateQueries({ refetchType: 'active' });
        else void touch(queries, touchedBy(new Set(KINDS)));
      },
    );
  }, [queries]);

  useEffect(() => {
    if (state !== 'reconnecting') return;
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
