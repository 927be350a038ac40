/** How long something goes on, counting down each second: `<TimeLeft until={block.until} />`. Null: for ever. Nothing around it renders anew. */
import { Tooltip } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { duration, exactTime } from './moments.ts';

const TICK_MS = 1000;
const listeners = new Set<() => void>();
const clock = { now: Date.now(), timer: undefined as number | undefined };

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (clock.timer === undefined) {
    clock.now = Date.now();
    clock.timer = window.setInterval(() => {
      clock.now = Date.now();
      for (const one of listeners) one();
    }, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(clock.timer);
    clock.timer = undefined;
  };
}

export function TimeLeft({ until }: { until: number | null }) {
  const text = useSyncExternalStore(subscribe, () => textOf(until));
  if (until === null) return <>{text}</>;
  return (
    <Tooltip label={`until ${exactTime(until)}`}>
      <time dateTime={new Date(until).toISOString()}>{text}</time>
    </Tooltip>
  );
}

function textOf(until: number | null): string {
  if (until === null) return 'for good';
  const left = until - clock.now;
  return left <= 0 ? 'ending' : duration(Math.floor(left / TICK_MS) * TICK_MS || TICK_MS);
}
