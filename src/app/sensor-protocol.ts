/**
 * What the guard's main thread and its sensor thread say to each other. The sensor never waits for its event loop: commands are read
 * between two batches of packets, after `Wake.ring()`.
 */
import type { Address } from '../core/base/address.ts';
import type { PackedRanges } from '../core/base/packed-ranges.ts';
import type { Policy } from '../core/base/policy.ts';
import type { Explanation } from '../core/judge/explain.ts';
import type { IncidentChange } from '../core/judge/incident.ts';
import type { RegisteredSource } from '../core/judge/trust.ts';
import type { Verdict } from '../core/judge/verdict.ts';
import type { Remembered } from './patience.ts';
import type { TrustEdit } from './phone-trust.ts';

export interface SensorStart {
  policy: Policy;
  seed: number;
  nflogGroup: number;
  wakeFd: number;
  /** In shared memory. */
  allow: PackedRanges;
  deny: PackedRanges;
  own: Address[];
  gateways: Address[];
  blockHistory: { address: string; count: number; last: number }[];
  /** By their targets. */
  blocks: { target: string; until: number | null }[];
  /** Addresses that the kernel knows phones at, with their ends. */
  known: [target: string, until: number][];
  /** Phones that it trusts. */
  trusted: [target: string, until: number][];
  /** The table of autonomous systems; null: it is not there yet. */
  asns: string | null;
  /** What the sensor before it remembered; null: nothing. */
  memory: Uint32Array<ArrayBuffer> | null;
  /** Shared with the reconciler: word 0 counts the transactions that this program committed. */
  commits: Int32Array;
}

export type ToSensor =
  | { command: 'policy'; policy: Policy }
  /** In shared memory. What is not named stays. */
  | { command: 'lists'; allow?: PackedRanges; deny?: PackedRanges }
  | { command: 'own'; own: Address[]; gateways: Address[] }
  /** The kernel blocks this target for another reason than a verdict, until then (null: permanent). */
  | { command: 'blocked'; target: string; until: number | null }
  | { command: 'lift'; target: string }
  /** The table of autonomous systems lies there. */
  | { command: 'asns'; path: string }
  | { command: 'explain'; id: number; address: string }
  /** What is remembered over days, unless nothing of it has changed since. */
  | { command: 'remember'; id: number; since: number }
  | { command: 'registered'; id: number }
  | { command: 'dropped'; dropped: { address: string; packets: number }[] }
  | { command: 'stop' };

export interface SensorReadings {
  frames: number;
  bytes: number;
  lost: number;
  overruns: number;
  queueThreshold: number;
  messages: number;
  requests: number;
  responses: number;
  anomalies: number;
  tables: { sources: number; transactions: number; tcpStreams: number; incidentsOpen: number };
}

export type FromSensor =
  | { kind: 'ready' }
  /** `enforced` false: the kernel refused; the main thread repairs and tries again. */
  | { kind: 'verdict'; verdict: Verdict; enforced: boolean; error: string | null }
  | { kind: 'changes'; changes: IncidentChange[] }
  /** The kernel has them. */
  | { kind: 'trust'; edits: TrustEdit[] }
  | { kind: 'readings'; readings: SensorReadings }
  | { kind: 'explanation'; id: number; explanation: Explanation | null }
  | { kind: 'registered'; id: number; sources: RegisteredSource[] }
  | { kind: 'remembered'; id: number; remembered: Remembered | null }
  | { kind: 'failed'; code: string; text: string }
  | { kind: 'stopped' };
