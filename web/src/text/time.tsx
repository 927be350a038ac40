/**
 * Moments: `<Time at={ms} />` says “3 min ago” and the exact time on hover; `exact` says that time itself. It is the time of this browser, or
 * of the zone that a page gives: `<TimeZone value="Europe/Berlin">`.
 */
import { Tooltip } from '@mantine/core';
import { createContext, useContext, useSyncExternalStore } from 'react';
import { exactTime, relativeTime } from './moments.ts';

const TICK_MS = 5000;

export const TimeZone = createContext<string | undefined>(undefined);

export function Time({ at, exact = false, empty = '–' }: { at: number | null; exact?: boolean; empty?: string }) {
  const now = useNow();
  const zone = useContext(TimeZone);
  if (at === null) return <>{empty}</>;
  const precise = exactTime(at, zone);
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
