/** Moments: `<Time at={ms} />` says “3 min ago” and the exact local time on hover; `exact` says the local time itself. */
import { Tooltip } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { exactTime, relativeTime } from './moments.ts';

const TICK_MS = 5000;

export function Time({ at, exact = false, empty = '–' }: { at: number | null; exact?: boolean; empty?: string }) {
  const now = useNow();
  if (at === null) return <>{empty}</>;
  const precise = exactTime(at);
  if (exact) return <time dateTime={new Date(at).toISOString()}>{precise}</time>;
  return (
    <Tooltip label={precise}>
      <time dateTime={new Date(at).toISOString()}>{relativeTime(at, now)}</time>
    </Tooltip>
  );
}

/** The time, anew every few seconds; one clock for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => clock.now);
}

const clock = { now: Date.now(), listeners: new Set<() => void>(), timer: undefined as number | undefined };

function subscribe(listener: () => void): () => void {
  clock.listeners.add(listener);
  clock.timer ??= window.setInterval(() => {
    clock.now = Date.now();
    for (const one of clock.listeners) one();
  }, TICK_MS);
  return () => {
    clock.listeners.delete(listener);
    if (clock.listeners.size > 0) return;
    clearInterval(clock.timer);
    clock.timer = undefined;
  };
}
