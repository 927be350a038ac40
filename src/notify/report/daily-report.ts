/**
 * A day in figures: plain data that survives JSON. Every format (HTML, text, CSV, the page of the console) is made of it.
 *
 * What a figure means: an attack belongs to the day in which it began, with all messages that were counted of it until the report was made.
 * Packets dropped belong to the day in which the guard read the kernel's counter; the store keeps them by the hour of UTC for eight days and by the
 * day of UTC afterwards, and such an hour or day belongs to the local day that its middle lies in (`droppedBy`).
 * Users, user agents and names of networks are written by strangers: whoever shows them escapes.
 */
import type { DetectorSlug } from '../../core/base/policy.ts';
import type { Action } from '../../core/judge/verdict.ts';
import type { StatisticsKind } from '../../store/statistics.ts';
import type { NextStep } from '../notice.ts';

export interface Figures {
  /** That began. */
  attacks: number;
  /** That the detectors counted. */
  messages: number;
  /** Packets that the kernel dropped because of a block. */
  dropped: number;
}

export interface DailyReport {
  format: 'ringfence-daily-report-1';
  /** `2026-11-21`. */
  day: string;
  /** IANA name. */
  zone: string;
  /** Of the machine. */
  host: string;
  /** First instant of the day, and of the one after it; milliseconds since the epoch, as all times here. */
  from: number;
  to: number;
  madeAt: number;
  /** False: the day was not over when the report was made. */
  complete: boolean;
  droppedBy: 'hours' | 'days';
  totals: Figures & {
    /** Distinct attacking addresses. */
    sources: number;
    /** What was done about the attacks. */
    actions: Record<Action, number>;
  };
  dayBefore: Figures;
  /** A day's share of the seven days before, one digit behind the point. */
  weekBefore: Figures;
  /** The most attacks first; `dayBefore` and `weekBefore` are attacks. */
  kinds: ({ kind: StatisticsKind; dayBefore: number; weekBefore: number } & Figures)[];
  /** The clock's hours, all of them. `dropped` null: the store keeps whole days of that time. */
  hours: { from: number; to: number; label: string; attacks: number; dropped: number | null }[];
  /** ISO 3166 code; null: not known. */
  countries: Ranking<{ country: string | null; name: string }>;
  networks: Ranking<{ asn: number; network: string | null }>;
  victims: Ranking<{ address: string }>;
  sources: Ranking<{ address: string; country: string | null; network: string | null }>;
  /** Names that incidents list (the first 20 of each); of a name only attacks are counted. */
  users: { rows: { user: string; attacks: number }[]; total: number; atLeast: boolean };
  /** Blocks without an end that began on the day and are in force, the newest first. */
  permanent: { rows: PermanentBlock[]; total: number };
  decisions: { rows: Decision[]; total: number };
  sensor: SensorDay;
  data: DataAge;
}

/** The first of those that come with attacks, messages and dropped packets, most attacks first. */
export interface Ranking<Key> {
  rows: (Key & Figures)[];
  /** How many there were in all. */
  total: number;
  /** There were more than are counted (`KEYS_MAX`). */
  atLeast: boolean;
}

export const RANKING_MAX = 10;
export const PERMANENT_MAX = 50;
export const DECISIONS_MAX = 50;
export const EVENTS_MAX = 20;

export interface PermanentBlock {
  address: string;
  since: number;
  reason: string;
  /** A person made it; otherwise a verdict. */
  byHand: boolean;
}

/**
 * Sources that somebody should look at, by rule:
 * - `registered-attacker`: attacked by guessing passwords, and an account of it got in within the hour before the report was made: a phone with an
 *   old password, or a stolen one.
 * - `exempt-attacker`: attacked, and passed because it is on the allowlist, or is this machine or its gateway.
 * - `near-permanent`: blocked on the day, for the (N-1)th time or more (N: `block.permanentAfter`), not for good and not lifted by hand.
 * - `invite-limit`: exceeded its limit of INVITEs, and was only watched.
 */
export const DECISION_RULES = ['registered-attacker', 'exempt-attacker', 'near-permanent', 'invite-limit'] as const;
export type DecisionRule = (typeof DECISION_RULES)[number];

export interface Decision {
  rule: DecisionRule;
  address: string;
  country: string | null;
  network: string | null;
  /** Of the day, by this source. */
  attacks: number;
  messages: number;
  /** The latest message. */
  last: number;
  kinds: DetectorSlug[];
  /** What of it: `blocked 3 times: the next block is for good`; made of checked values alone. */
  text: string;
  next: NextStep[];
}

/** From the events of the day. */
export interface SensorDay {
  /** Starts of the guard. */
  starts: number;
  consoleRestarts: number;
  sensorRestarts: number;
  /** The kernel table was changed by others, and put back. */
  kernelRepairs: number;
  kernelFailures: number;
  /** Packets that the sensor could not take; null: none were reported. */
  packetsLost: number | null;
  warnings: number;
  errors: number;
  /** Warnings and errors by code, errors first. */
  events: { code: string; level: 'warning' | 'error'; count: number; last: number; text: string }[];
}

/** At the moment when the report was made. */
export interface DataAge {
  /** Null: no country data were loaded. */
  countries: { provider: string; source: string; made: number | null; problem: string | null } | null;
  feeds: { name: string; state: string; confirmedAt: number | null; problem: string | null }[];
}
