/** One source attacking one victim with one method, from first to last packet: what people see and get mail about. */
import type { EvidenceItem } from '../base/evidence.ts';
import type { DetectorSlug } from '../base/policy.ts';
import type { Proof } from '../base/proof.ts';
import type { Scope } from '../base/target.ts';
import type { Argument } from './argument.ts';
import type { Action } from './verdict.ts';

export interface Incident {
  id: string;
  source: string;
  /** The port of the first counted message. */
  sourcePort: number;
  victim: string;
  victimPort: number;
  transport: 'udp' | 'tcp';
  kind: DetectorSlug;
  /** First and last counted message, milliseconds since the epoch. */
  first: number;
  last: number;
  /** Messages that the detector counted, before and after the verdict. */
  count: number;
  /** Packets dropped after the verdict (live: the kernel's own counters; replay: what would have been dropped). */
  dropped: number;
  /** The first users tried, at most `INCIDENT_USERS_MAX`, and how many distinct ones were seen in all. */
  users: string[];
  usersTotal: number;
  /** TFTP: the first file names asked for, at most `INCIDENT_USERS_MAX`. */
  files: string[];
  userAgent: string | null;
  action: Action;
  /** As in the verdict: whom the action is about, and why the evidence is believed. */
  scope: Scope;
  target: string;
  proof: Proof | null;
  argument: Argument;
  reason: string;
  finding: string;
  /** When it was closed, milliseconds since the epoch; null while it is open. */
  closed: number | null;
}

export const INCIDENT_USERS_MAX = 20;

/** What changed since the last call: the incident as it stands now, and the evidence that was added. */
export interface IncidentChange {
  incident: Incident;
  evidence: EvidenceItem[];
}
