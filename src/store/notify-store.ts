/**
 * What the stages of notifications remember: what was seen, what waits, and the outbox. Rows only; the decisions are in `src/notify`.
 * Times named `queued` and `due` are of the stages' steady clock, the others on the wall; all in milliseconds since the epoch.
 */
import type { Action, Verdict } from '../core/judge/verdict.ts';
import type { StoredEvent, StoredIncident } from './store.ts';

/** Open incidents beyond it are told at their beginning and not followed: four times what the guard keeps open. */
export const FOLLOWED_MAX = 65_536;
/** Facts that wait or belong to a campaign; beyond it no more are taken in until some are told. */
export const FACTS_MAX = 40_000;
/** Of one channel; what does not fit is counted, and is in the attack log. */
export const HELD_MAX = 20_000;
/** What was sent is kept so long, and at most so many rows of it. */
export const SENT_KEPT_MS = 30 * 86_400_000;
export const SENT_KEPT_MAX = 20_000;

export type AttackEvent = 'opened' | 'escalated' | 'ended';

/** Something that happened to an incident, as the stored rows show it. */
export interface AttackFact {
  incident: string;
  event: AttackEvent;
  action: Action;
  /** `escalated`: the step before. */
  before: Action | null;
  /** What is told together. */
  thread: string;
  at: number;
  queued: number;
  /** Id of the campaign that it belongs to; null: told on its own. */
  campaign: string | null;
}

export interface Followed {
  incident: string;
  action: Action;
  campaign: string | null;
}

/** What a message says of an incident. */
export interface Told {
  incident: StoredIncident;
  /** The latest; null: there is none. */
  verdict: Verdict | null;
}

export type DeliveryState = 'waiting' | 'delivered' | 'refused' | 'given-up';

export interface OutboxRow {
  n: number;
  notice: string;
  channel: string;
  recipient: string;
  messageId: string;
  at: number;
  queued: number;
  due: number;
  tries: number;
  state: DeliveryState;
  reason: string;
  answer: string | null;
  triedAt: number | null;
}

export type NewDelivery = Pick<
  OutboxRow,
  'notice' | 'channel' | 'recipient' | 'messageId' | 'at' | 'queued' | 'due' | 'reason'
>;

export type HoldCause = 'cap' | 'quiet-hours' | 'outage';

export interface Held {
  notice: string;
  cause: HoldCause;
  queued: number;
}

export interface ChannelCounts {
  waiting: number;
  held: number;
  /** Of the latest delivery that worked. */
  deliveredAt: number | null;
  /** The latest try that did not work, when nothing has worked since. */
  failing: { triedAt: number; tries: number; answer: string; recipient: string; firstQueued: number } | null;
}

/** Rows of one transaction. */
export interface NotifyRows {
  /** Incidents that were first stored after row `after`, oldest first. `row`: of the last one that was looked at. */
  incidentsAfter(after: number, limit: number): { incidents: StoredIncident[]; row: number };
  /** Row of the latest incident; 0: there is none. */
  lastIncidentRow(): number;
  eventsAfter(after: number, limit: number): { events: StoredEvent[]; row: number };
  lastEventRow(): number;

  followed(incident: string): Followed | null;
  follow(followed: Followed): void;
  unfollow(incident: string): void;
  followedCount(): number;
  /** Those whose incident has another step now, or is closed or gone. */
  followedChanged(limit: number): Followed[];

  /** False: it is there already. */
  addFact(fact: AttackFact): boolean;
  factCount(): number;
  /** Threads whose oldest fact was queued at or before `queuedBy`, the oldest first. */
  threadsDue(queuedBy: number, limit: number): string[];
  /** Their facts, and takes them away. */
  takeThread(thread: string): AttackFact[];
  /** Facts that wait become the campaign's; answers how many. */
  joinCampaign(campaign: string, exceptThreads: string): number;
  /** Its incidents, each with the latest verdict, in the order of their facts. */
  campaignMembers(campaign: string, limit: number): Told[];
  campaignSize(campaign: string): number;
  endCampaign(campaign: string): void;
  /** Null: it is not there any more. */
  told(incident: string): Told | null;
  nextFact(): number | null;

  /** False: it is there already. */
  addNotice(notice: { id: string; at: number; queued: number; body: string }): boolean;
  notice(id: string): string | null;

  hold(channel: string, held: Held): boolean;
  heldCount(channel: string): number;
  firstHeld(channel: string): Held | null;
  /** All, oldest first, and takes them away. */
  takeHeld(channel: string): (Held & { body: string })[];
  heldChannels(): string[];

  /** False: it is there already. */
  addDelivery(delivery: NewDelivery): boolean;
  /** The most that one recipient of a channel was sent after `queued`, other than what was let through for `exceptReason`. */
  countSince(channel: string, queued: number, exceptReason: string): number;
  waitingCount(channel: string): number;
  /** Something waits after a try that failed, and nothing that was queued since then was delivered. */
  failing(channel: string): boolean;
  due(channel: string, now: number, limit: number): OutboxRow[];
  nextDue(): number | null;
  saveDelivery(row: Pick<OutboxRow, 'n' | 'due' | 'tries' | 'state' | 'reason' | 'answer' | 'triedAt'>): void;
  /** Everything that waits for the channel is due now. */
  hurry(channel: string, now: number): void;
  deliveries(query: { channel?: string; state?: DeliveryState; before?: number; limit: number }): OutboxRow[];
  waitingChannels(): string[];
  /** What waits or is held for a channel is not sent any more. */
  abandon(channel: string, at: number, answer: string): void;
  channelCounts(channel: string): ChannelCounts;

  /** Nothing was queued or is due later than it can be: the machine's clock went back. */
  clampTimes(now: number, dueMax: number): void;

  /** Plain JSON. */
  state<T>(name: string): T | null;
  setState(name: string, value: unknown): void;

  /** What was delivered long ago goes; answers how many rows. */
  tidy(now: number): number;
}

export interface NotifyStore {
  read<T>(work: (rows: NotifyRows) => T): T;
  write<T>(work: (rows: NotifyRows) => T): T;
}
