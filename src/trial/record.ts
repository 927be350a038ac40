/** What is remembered of one attack, as a trial of another policy needs it. Plain data. */
import type { EvidenceItem } from '../core/base/evidence.ts';
import type { Incident } from '../core/judge/incident.ts';
import type { Verdict } from '../core/judge/verdict.ts';

export interface TrialRecord {
  incident: Incident;
  /** The verdict that blocked the source, or else the first one; null: none is kept. */
  verdict: Verdict | null;
  /** The first messages, as the policy of that time kept them. */
  evidence: EvidenceItem[];
  /** By what list, feed or country rule the source is shut out under the present and the changed policy; null: by none. */
  shutOut: { present: string | null; changed: string | null };
  /** On the allowlist now. */
  allowed: boolean;
}

/** How one source fares under one policy. */
export interface Fate {
  /** `unknown`: what is recorded does not say. */
  outcome: 'blocked' | 'open' | 'unknown';
  /** False: by the rate that was seen, not by what was counted. */
  sure: boolean;
  why: string;
}

export interface SourceTrial {
  source: string;
  present: Fate;
  changed: Fate;
}

export interface TrialResult {
  newlyBlocked: SourceTrial[];
  noLongerBlocked: SourceTrial[];
  cannotTell: SourceTrial[];
  /** Sources that fare the same under both. */
  unchanged: number;
  /** What this could not know, one sentence each. */
  limits: string[];
}

/** Sorts the sources into the four drawers. */
export function resultOf(trials: readonly SourceTrial[], limits: string[]): TrialResult {
  const result: TrialResult = { newlyBlocked: [], noLongerBlocked: [], cannotTell: [], unchanged: 0, limits };
  for (const trial of trials) {
    const { present, changed } = trial;
    if (present.outcome === changed.outcome && (present.outcome !== 'unknown' || present.why === changed.why)) {
      result.unchanged++;
    } else if (present.outcome === 'open' && changed.outcome === 'blocked') result.newlyBlocked.push(trial);
    else if (present.outcome === 'blocked' && changed.outcome === 'open') result.noLongerBlocked.push(trial);
    else result.cannotTell.push(trial);
  }
  return result;
}
