/** What the reconciler tells: what it found, what ended, what it repaired. Targets as text; times in ms since the epoch. */
import type { WantedSet } from './desired.ts';

export type Problem = 'table-missing' | 'structure-changed' | 'ranges-changed' | 'elements-removed';

export interface Count {
  set: WantedSet;
  target: string;
  packets: number;
  until: number | null;
}

export type ReconcileEvent =
  /** In the kernel, and not in our account: left by a crash, or added by hand. It is in our account now. */
  | { type: 'adopted'; set: WantedSet; target: string; until: number | null; packets: number }
  /** The kernel let it go at its end. */
  | { type: 'expired'; set: WantedSet; target: string; packets: number }
  /** Elements whose counter or end has changed since it was last read. */
  | { type: 'counted'; counts: Count[] }
  /** The kernel holds a new content of a long list: `allow`, `deny`, `country`, or `feed_` and the feed's name. */
  | { type: 'loaded'; list: string; ranges: number; tookMs: number }
  /** Somebody changed our table; it is as it was again. `details`: what was wrong, in words. */
  | { type: 'repaired'; problem: Problem; details: string[] }
  /** It could not be repaired, and will be tried again with the next tick. */
  | { type: 'failed'; code: string; text: string };
