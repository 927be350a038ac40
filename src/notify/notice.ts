/**
 * What people are told, as plain data: everything here survives `JSON.parse(JSON.stringify(…))`. The stages make notices, `render/`
 * makes text of them, channels deliver that. Users, files, user agents and names of networks are written by strangers: whoever shows them escapes.
 */
import type { DetectorSlug } from '../core/base/policy.ts';
import type { Action } from '../core/judge/verdict.ts';

/** One incident, with all that somebody who is woken by it needs. Addresses are text, times milliseconds since the epoch. */
export interface AttackFacts {
  incident: string;
  attacker: { address: string; port: number };
  victim: { address: string; port: number };
  transport: 'udp' | 'tcp';
  kind: DetectorSlug;
  /** `register-bruteforce.bad-registrations`. */
  finding: string;
  /** Messages that the detector counted. */
  count: number;
  /** What crossed the line, as the last verdict said it; null: there was no verdict. */
  crossed: { count: number; threshold: number; windowMs: number } | null;
  /** Counted messages a second from first to last. */
  ratePerSecond: number;
  first: number;
  last: number;
  /** Null: it goes on. */
  closed: number | null;
  /** The first users tried, and how many distinct ones in all. */
  users: string[];
  usersTotal: number;
  /** TFTP: the first files asked for. */
  files: string[];
  userAgent: string | null;
  /** ISO 3166 code; null: not known. */
  country: string | null;
  asn: number | null;
  /** Name of the network. */
  network: string | null;
  action: Action;
  /** Whom the action is about: the address, one phone behind it (`203.0.113.9:5062/udp`), or the network around it (`203.0.113.0/24`). */
  target: string;
  /** Why this action: `monitor-only`, `repeat-offender`, or the finding. */
  reason: string;
  /** End of the block or limit; null: permanent (`action` deny), or nothing was blocked. */
  until: number | null;
  /** Blocks of this source before this one. */
  blocksBefore: number;
  /** Packets that the kernel has dropped since. */
  dropped: number;
  /** Page of the incident in the console; null: the policy names no `notify.consoleUrl`. */
  link: string | null;
  next: NextStep[];
}

/** What can be done now: a sentence, the command that does it, and the page where it can be done. */
export interface NextStep {
  /** `Lift the block`. */
  what: string;
  /** `ringfence unblock 203.0.113.66`; made of checked addresses and numbers alone. */
  command: string | null;
  link: string | null;
}

interface NoticeBase {
  /** The same fact has the same id for ever, after a restart too. Letters, digits, `.`, `:`, `-`, `_`; at most 100 characters. */
  id: string;
  /** When it became known, milliseconds since the epoch. */
  at: number;
}

/** An incident opened, reached a higher step (limit → block → deny), or closed. */
export interface AttackNotice extends NoticeBase {
  kind: 'attack-opened' | 'attack-escalated' | 'attack-ended';
  attack: AttackFacts;
  /** `attack-escalated`: the step before. */
  before: Action | null;
  /** Other incidents of the same source, told together with this one; oldest first, at most `GROUPED_MAX`. */
  others: AttackFacts[];
  /** How many others there are in all. */
  othersTotal: number;
}

/** The limit of INVITEs was exceeded: `next` says how to answer it (deny the address, raise its limit). */
export interface InviteLimitNotice extends NoticeBase {
  kind: 'invite-limit';
  attack: AttackFacts;
}

/** Many sources together: told once when it begins, once when it is over. */
export interface CampaignNotice extends NoticeBase {
  kind: 'campaign-opened' | 'campaign-ended';
  campaign: CampaignFacts;
  /** `campaign-ended`: every incident as CSV; otherwise empty. */
  attachments: ReadyAttachment[];
}

export interface CampaignFacts {
  first: number;
  last: number;
  /** Distinct addresses. At `campaign-opened` those so far. */
  sources: number;
  incidents: number;
  /** Those of them that the CSV, and the other figures, had no room for. */
  unlisted: number;
  /** Counted messages. */
  count: number;
  blocked: number;
  /** The largest first, at most `CAMPAIGN_TOP_MAX` each. */
  kinds: { kind: DetectorSlug; sources: number }[];
  victims: { address: string; sources: number }[];
  /** `country` null: not known. */
  countries: { country: string | null; sources: number }[];
  networks: { asn: number | null; network: string | null; sources: number }[];
  /** The first few incidents as examples. */
  examples: AttackFacts[];
  link: string | null;
  next: NextStep[];
}

/** More than the hard cap of a channel: one message instead of many. The full list is attached as CSV. */
export interface StormNotice extends NoticeBase {
  kind: 'storm';
  /** From the first to the last notice that it stands for. */
  from: number;
  to: number;
  /** Messages in an hour that the channel may send. */
  perHourMax: number;
  notices: number;
  /** Of notices about attacks. */
  campaign: CampaignFacts;
  /** The other notices among them (trouble …), one line each, at most `STORM_LINES_MAX`; all are in the CSV. */
  lines: { at: number; text: string }[];
  attachments: ReadyAttachment[];
  /** Why: `cap` (more than `perHourMax`), `quiet-hours` (held back until their end), `outage` (the channel could not deliver). */
  cause: 'cap' | 'quiet-hours' | 'outage';
  /** Notices that did not fit even here (`HELD_MAX`); the attack log has them all. */
  lost: number;
}

/** Made by `report/`; the channels take its content as it is. */
export interface DailyReportNotice extends NoticeBase {
  kind: 'daily-report';
  /** `2026-11-21`. */
  day: string;
  subject: string;
  text: string;
  html: string;
  attachments: ReadyAttachment[];
}

export interface ReadyAttachment {
  name: string;
  /** `text/csv; charset=utf-8`, `image/png`. */
  contentType: string;
  base64: string;
  /** For `<img src="cid:…">`; absent: an attachment that people save. */
  cid?: string;
}

/** The firewall's own: kernel repaired by force, store cannot write, a channel that gave up … */
export interface TroubleNotice extends NoticeBase {
  kind: 'trouble';
  level: 'info' | 'warning' | 'error';
  /** Stable: `store-disk-full`, `kernel-repair-failed`, `notify-given-up`. */
  code: string;
  text: string;
  /** What the reader can do. */
  hint: string | null;
  link: string | null;
}

/** `ringfence notify test CHANNEL`. */
export interface TestNotice extends NoticeBase {
  kind: 'test';
  channel: string;
  by: string;
}

export type Notice =
  AttackNotice | InviteLimitNotice | CampaignNotice | StormNotice | DailyReportNotice | TroubleNotice | TestNotice;
export type NoticeKind = Notice['kind'];

export const NOTICE_KINDS = [
  'attack-opened',
  'attack-escalated',
  'attack-ended',
  'invite-limit',
  'campaign-opened',
  'campaign-ended',
  'storm',
  'daily-report',
  'trouble',
  'test',
] as const satisfies readonly NoticeKind[];

export const GROUPED_MAX = 20;
export const CAMPAIGN_TOP_MAX = 10;
export const CAMPAIGN_EXAMPLES_MAX = 10;
export const STORM_LINES_MAX = 50;
