/** What began between two moments, exactly, whatever they are: what reports are made of. */
import type { DetectorSlug } from '../core/base/policy.ts';
import type { Verdict } from '../core/judge/verdict.ts';
import type { StoredIncident } from './store.ts';

/** A page of incidents took 39 ms on 2 cores at a load of 19, during which nobody else is answered. */
export const SPAN_PAGE_MAX = 1000;

/** `from` counts, `to` does not. Milliseconds since the epoch. */
export interface SpanQuery {
  from: number;
  to: number;
  /** `next` of the page before. */
  after?: number | null;
  /** At most `SPAN_PAGE_MAX`, which is also the default. */
  limit?: number;
}

export interface SpanPage<T> {
  /** In the order in which they were reported. */
  items: T[];
  /** Null: that was the last page. */
  next: number | null;
}

/** Attacks of one kind that began in the span, and all messages that were counted of them. */
export interface AttackTotal {
  kind: DetectorSlug;
  attacks: number;
  messages: number;
}

/** About 10 kB each; beyond it, those that were made longest ago go. */
export const REPORTS_KEPT_MAX = 100;

export interface KeptReport {
  /** `2026-11-21`, in that zone. */
  day: string;
  zone: string;
  madeAt: number;
  /** JSON. */
  report: string;
}

/**
 * Tolerance: what was reported more than an hour after its first message, or while the clock was wrong by that much, may be
 * missing.
 */
export interface SpanStore {
  incidents(query: SpanQuery): SpanPage<StoredIncident>;
  verdicts(query: SpanQuery): SpanPage<Verdict>;
  totals(from: number, to: number): AttackTotal[];
  /** The latest report that was made of the day, as JSON; null: none is kept. */
  kept(day: string, zone: string): string | null;
  keep(report: KeptReport): void;
}
