/** Which lists follow which live events, and how often they are asked for again. */
import type { components } from './schema.d.ts';

export type LiveKind = components['schemas']['LiveEvent']['event'];

/** A flood brings many events; lists are refetched this often at most. */
export const REFETCH_MIN_MS = 1000;

/** Paths whose answers are old after these events. */
export function touchedBy(kinds: ReadonlySet<LiveKind>) {
  const incident = kinds.has('incident') ? (['/attacks', '/attacks/{id}'] as const) : [];
  const block = kinds.has('block') || kinds.has('unblock') ? (['/blocks', '/attacks/{id}'] as const) : [];
  return [...new Set([...incident, ...block, '/explain/{address}'] as const)];
}

/** Collects kinds; hands them over at once, and then at most every `periodMs`, none forgotten. */
export function atMostEvery(periodMs: number, act: (kinds: Set<LiveKind>) => void): (kind: LiveKind) => void {
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
