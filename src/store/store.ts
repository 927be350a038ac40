/**
 * What the console remembers: incidents with their evidence, verdicts, blocks with their history, the two lists, the policy with
 * its history, and events. One interface; `sqlite/` implements it.
 *
 * Invariants: every method is one transaction, all or nothing. There is no clock inside: times are milliseconds since the epoch
 * and come from the caller. Whatever fails throws a `StoreError` and changes nothing.
 */
import type { BlockRecord, GuardReport, ListEntry, Orders } from '../channel/protocol.ts';
import type { EvidenceItem } from '../core/base/evidence.ts';
import type { DetectorSlug } from '../core/base/policy.ts';
import type { Incident } from '../core/judge/incident.ts';
import type { Verdict } from '../core/judge/verdict.ts';

export type ListName = 'allow' | 'deny';

export interface IncidentQuery {
  /** Incidents with a counted message at or after `since` … */
  since?: number;
  /** … that began at or before `until`. */
  until?: number;
  /** An address, a CIDR or a range. */
  source?: string;
  victim?: string;
  kind?: DetectorSlug;
  /** At most `INCIDENTS_PAGE_MAX`; 100 when absent. */
  limit?: number;
  /** `next` of the page before. */
  cursor?: string;
}

export const INCIDENTS_PAGE_MAX = 1000;

export interface IncidentPage {
  /** The one with the latest message first. */
  incidents: Incident[];
  /** Cursor of the next page; null: there is none. A page may hold fewer than `limit` and still have a next one. */
  next: string | null;
}

/** A block that is over, or still in force (`ended` null). */
export interface PastBlock extends BlockRecord {
  ended: number | null;
  how: 'expired' | 'lifted' | 'replaced' | null;
}

export interface PolicyVersion {
  /** From 1 up; 0 is the built-in default of a store in which none was set. */
  version: number;
  at: number;
  by: string;
  comment: string;
  /** The YAML text as it was given. */
  text: string;
}

export interface StoredEvent {
  at: number;
  level: 'info' | 'warning' | 'error';
  code: string;
  text: string;
}

/** Who changes something, when and why. */
export interface Change {
  now: number;
  by: string;
  comment?: string;
}

export interface PruneResult {
  incidents: number;
  evidence: number;
  verdicts: number;
  blocks: number;
  events: number;
  policyVersions: number;
  /** There is more to remove than one call does: call again soon. */
  more: boolean;
}

export interface Store {
  /**
   * A batch of the guard's reports in one transaction. The same reports may come again, alone or among others, after a lost
   * acknowledgement: the result is the same as of one time. `health` is the present and not kept, but
   * closes the incidents whose last message is older than the start of the guard that sends it.
   */
  applyReports(reports: readonly GuardReport[]): void;

  /** What the guard needs at start. */
  orders(now: number): Orders;

  incidents(query?: IncidentQuery): IncidentPage;
  /** Incidents with a counted message at or after `since`, and those of them that are open. */
  incidentCount(since: number): { all: number; open: number };
  incident(id: string): Incident | null;
  /** In the order of time. */
  evidence(incident: string): EvidenceItem[];
  /** The latest first. */
  verdicts(query?: { incident?: string; source?: string; limit?: number }): Verdict[];

  /** Blocks in force as far as the guard has told. */
  blocks(): BlockRecord[];
  /** All blocks of one address, the latest first. */
  blockHistory(address: string): PastBlock[];

  /** Ranges are normalised (`192.0.2.5/24` is `192.0.2.0/24`). One bad range: nothing is added. */
  listAdd(
    list: ListName,
    entries: readonly { range: string; comment?: string }[],
    change: Change,
  ): { added: ListEntry[]; duplicates: ListEntry[] };
  listRemove(list: ListName, ranges: readonly string[]): { removed: ListEntry[]; missing: string[] };
  list(list: ListName): ListEntry[];

  policyCurrent(): PolicyVersion;
  /** A text that is no valid policy is refused (`store-policy-invalid`); the one in force stays. The current text again: no new version. */
  policySet(text: string, change: Change): PolicyVersion;
  /** The latest first, 100 when `limit` is absent. */
  policyHistory(limit?: number): PolicyVersion[];
  /** The text of an earlier version becomes a new version. 0 is the built-in default. */
  policyRollback(version: number, change: Change): PolicyVersion;

  /** The latest first, 100 when `limit` is absent. */
  events(limit?: number): StoredEvent[];
  noteEvent(event: StoredEvent): void;

  /** Removes what is older than its retention or over its bound (`sqlite/prune.ts`), a bounded amount for each call. */
  prune(now: number): PruneResult;
  close(): void;
}
