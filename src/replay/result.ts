/**
 * What a replay says: the object that `ringfence replay --json` prints. Times are ISO 8601 in UTC with milliseconds, so that they
 * sort as text, read by eye and fit every tool; durations are numbers with their unit in the name (`seconds`: of the capture).
 */
import type { Incident, IncidentChange } from '../core/judge/incident.ts';
import type { Verdict } from '../core/judge/verdict.ts';
import type { InferredFrom } from './protected-side.ts';

/** Verdicts and incidents that are listed; the totals go on counting, and a warning tells. */
export const VERDICTS_LISTED_MAX = 100_000;
export const INCIDENTS_LISTED_MAX = 50_000;
export const PROTECTED_LISTED_MAX = 256;

export type ReplayIncident = Omit<Incident, 'first' | 'last' | 'closed'> & {
  first: string;
  last: string;
  /** Null: it was still open when the capture ended. */
  closed: string | null;
};

export type ReplayVerdict = Omit<Verdict, 'at' | 'until'> & {
  at: string;
  /** End of the block or limit; null: permanent, or nothing was blocked. */
  until: string | null;
};

export interface ReplayResult {
  file: string;
  /** Frames in the file, of all kinds. */
  frames: number;
  sip: {
    /** Requests and responses; keep-alives are not messages. */
    messages: number;
    keepalives: number;
    requests: Record<string, number>;
    responses: Record<string, number>;
    anomalies: Record<string, number>;
  };
  tftp: { requests: number; errors: number };
  incidents: ReplayIncident[];
  verdicts: ReplayVerdict[];
  verdictsTotal: number;
  /** From the first to the last frame of the capture, in the capture's own time. */
  seconds: number;
  /** The capture's first and last frame; null when it holds none. */
  first: string | null;
  last: string | null;
  /** The side that was taken for ours: given, or inferred (docs/replay.md), with the endpoints in order of certainty. */
  protected: { from: InferredFrom; endpoints: string[]; total: number };
  /** Defects of the file and limits that were reached, in words. */
  warnings: string[];
  /** This run: processor time and wall-clock time. */
  cpuSeconds: number;
  elapsedSeconds: number;
}

/** The last moment that a Date can hold (ECMA-262 §21.4.1.1). Evasion: a pcapng file may stamp a frame with any 64 bits. */
const TIME_MAX = 8.64e15;

export function isoTime(ms: number): string {
  return new Date(Math.min(TIME_MAX, Math.max(-TIME_MAX, ms || 0))).toISOString();
}

/** Collects what the engine says, bounded. */
export class ReplayLog {
  readonly verdicts: ReplayVerdict[] = [];
  verdictsTotal = 0;
  readonly #incidents = new Map<string, ReplayIncident>();
  #incidentsLeftOut = false;

  addVerdicts(verdicts: readonly Verdict[]): void {
    for (const verdict of verdicts) {
      this.verdictsTotal++;
      if (this.verdicts.length >= VERDICTS_LISTED_MAX) continue;
      const { at, until, ...rest } = verdict;
      this.verdicts.push({ ...rest, at: isoTime(at), until: until === null ? null : isoTime(until) });
    }
  }

  addChanges(changes: readonly IncidentChange[]): void {
    for (const { incident } of changes) {
      const known = this.#incidents.has(incident.id);
      if (!known && this.#incidents.size >= INCIDENTS_LISTED_MAX) {
        this.#incidentsLeftOut = true;
        continue;
      }
      const { first, last, closed } = incident;
      const times = { first: isoTime(first), last: isoTime(last), closed: closed === null ? null : isoTime(closed) };
      this.#incidents.set(incident.id, { ...incident, ...times });
    }
  }

  get incidents(): ReplayIncident[] {
    return [...this.#incidents.values()];
  }

  get warnings(): string[] {
    const warnings: string[] = [];
    if (this.verdictsTotal > this.verdicts.length) {
      warnings.push(`only the first ${VERDICTS_LISTED_MAX} of ${this.verdictsTotal} verdicts are listed`);
    }
    if (this.#incidentsLeftOut) warnings.push(`only the first ${INCIDENTS_LISTED_MAX} incidents are listed`);
    return warnings;
  }
}
