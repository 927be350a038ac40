/**
 * What the guard and the console say to each other over their channel. The guard must never wait for the console: everything it
 * sends is numbered, kept in a bounded backlog until it is acknowledged, and sent again to a restarted console.
 */
import type { PackedRanges } from '../core/base/packed-ranges.ts';
import { formatAddress } from '../core/base/address.ts';
import { formatTarget, scopeOf, type Scope, type Target, type Transport } from '../core/base/target.ts';
import type { IncidentChange } from '../core/judge/incident.ts';
import type { RegisteredSource } from '../core/judge/trust.ts';
import type { Verdict } from '../core/judge/verdict.ts';
import type { PolicyDocument } from '../policy/schema.ts';

/** A block as the kernel holds it. */
export interface BlockRecord {
  /** What it covers, in one word: `203.0.113.9:5062/udp`, `203.0.113.9`, `203.0.113.0/24`. Of one target there is one block. */
  target: string;
  /** Of a network the prefix, as in `target`. */
  address: string;
  scope: Scope;
  /** One phone behind the address: its port and transport. Otherwise null. */
  port: number | null;
  transport: Transport | null;
  /** Milliseconds since the epoch. */
  since: number;
  /** Null: permanent. */
  until: number | null;
  reason: string;
  finding: string | null;
  incident: string | null;
  /** `automatic`: a verdict; `manual`: `ringfence block`; `kernel`: found in the kernel at start, its reason is not known. */
  origin: 'automatic' | 'manual' | 'kernel';
  /** Packets dropped so far, by the kernel's counter of the element. */
  dropped: number;
}

/** The fields of a record that say what it covers. */
export function targetFields(target: Target): Pick<BlockRecord, 'target' | 'address' | 'scope' | 'port' | 'transport'> {
  const { port = null, transport = null } = target;
  const text = formatTarget(target);
  const address = port === null ? text : formatAddress(target);
  return { target: text, address, scope: scopeOf(target), port, transport };
}

/** Packets above the budgets of the way in since the guard's start, by the share that was used up. */
export interface WayInHealth {
  over: { source: number; network: number; total: number; known: number; trusted: number };
  /** A flood goes on since then, milliseconds since the epoch; null: none does. */
  since: number | null;
}

export interface ListEntry {
  /** As `formatRange` prints it. */
  range: string;
  comment: string;
  addedBy: string;
  /** Milliseconds since the epoch. */
  addedAt: number;
}

export interface GuardHealth {
  at: number;
  startedAt: number;
  mode: 'protect' | 'monitor';
  protects: { addresses: string[]; sipUdp: string; sipTcp: string; tftp: string };
  capture: { frames: number; bytes: number; lost: number; framesPerSecond: number; queueThreshold: number };
  sip: { messages: number; requests: number; responses: number; anomalies: number };
  tables: { sources: number; transactions: number; tcpStreams: number; incidentsOpen: number };
  kernel: { ok: boolean; repairs: number; lastRepair: string | null; blocked: number };
  wayIn: WayInHealth;
  /** Packets that blocks have dropped since the guard's start, as last read from the kernel (every two seconds). */
  dropped: number;
  lists: { allow: ListHealth; deny: ListHealth; country: ListHealth; feeds: ({ name: string } & ListHealth)[] };
  backlog: { waiting: number; dropped: number };
  memoryBytes: number;
  cpuSeconds: number;
}

/** Every long list that the kernel holds, as addresses alone: the console composes them, comments and names stay with it. */
export interface RangeOrders {
  allow: PackedRanges;
  deny: PackedRanges;
  /** Whom the policy's `countries` keeps out; empty in mode `off`. */
  country: PackedRanges;
  /** Of the policy's feeds. */
  feeds: FeedRanges[];
}

/** `allow`, `deny`, `country`, or `feed.` and the feed's name. */
export type ListKey = 'allow' | 'deny' | 'country' | `feed.${string}`;

/** A list that changed a little: a few bytes beside a million entries, which are 8 MB. */
export interface RangeEdit {
  list: ListKey;
  /** Version of the content that it was made from. */
  base: number;
  /** Ranges that are on the list no more, then those that are new on it. */
  gone: PackedRanges;
  come: PackedRanges;
}

export interface FeedRanges {
  name: string;
  ranges: PackedRanges;
}

/** Everything the guard needs to judge; the console owns it, the guard keeps the last good copy on disk. */
export interface Orders {
  policy: PolicyDocument;
  ranges: RangeOrders;
  /** Earlier blocks of an address, for `permanentAfter`: count and time of the last one. */
  blockHistory: { address: string; count: number; last: number }[];
  /** Blocks that were in force when the console last heard of them, for reconciling with the kernel. */
  blocks: BlockRecord[];
}

/** As a starting console knows them. A list or feed that it does not know yet is not named, and stays as the guard has it. */
export type StartOrders = Omit<Orders, 'ranges'> & { ranges: Partial<RangeOrders> };

/** The answer to `ranges`. */
export interface RangesAnswer {
  /** Blocks that the allowlist now covers, and that are lifted for it; the first `LIFTED_NAMED_MAX` of them. */
  lifted: string[];
  liftedCount: number;
}

export const LIFTED_NAMED_MAX = 1000;

/** The answer to `registered`: sources with accounts that got in within the last hour. */
export type { RegisteredSource };

/** Times are ends, milliseconds since the epoch. */
export interface PhoneTrust {
  /** Registered phones at the address, `PHONES_TOLD_MAX` at most. */
  phones: { port: number; transport: Transport; until: number }[];
  /** Phones at the address (in IPv6: in its /64) are registered, or were in the last day; null: neither. */
  known: number | null;
}

export const PHONES_TOLD_MAX = 100;

/** One long list as the kernel holds it. */
export interface ListHealth {
  ranges: number;
  /** When the kernel last took its content, milliseconds since the epoch; null: not since the start. */
  loadedAt: number | null;
  /** Share of its content that has reached the kernel, 0 … 1, while it is being loaded; null: it is not. */
  loading: number | null;
  /** Packets from its addresses: dropped, or with a feed that is only watched, counted. */
  packets: number;
}

export type GuardReport =
  | { type: 'incidents'; changes: IncidentChange[] }
  | { type: 'verdict'; verdict: Verdict }
  | { type: 'blocked'; block: BlockRecord }
  /** `target`: the block's. */
  | { type: 'unblocked'; target: string; at: number; how: 'expired' | 'lifted' }
  | { type: 'drops'; dropped: { target: string; packets: number; until: number | null }[] }
  | { type: 'health'; health: GuardHealth }
  | { type: 'event'; at: number; level: 'info' | 'warning' | 'error'; code: string; text: string };

/**
 * Requests of the console that want an answer. The guard answers when the kernel holds what was asked for, so that a command that
 * returned is in force.
 */
export type GuardRequest =
  /** Answer: null. */
  | { ask: 'policy'; policy: PolicyDocument }
  /**
   * The whole new content of the lists and feeds that are named; the others stay. `version`: what the console calls this content; it never
   * gives a number twice. Answer: `RangesAnswer`.
   */
  | { ask: 'ranges'; ranges: Partial<RangeOrders>; version?: number }
  /** As `ranges`. Refused with `other-base` when the list is not as it was with the version `base`: then the whole list is needed. */
  | { ask: 'edit'; edit: RangeEdit; version: number }
  /** Answer: the `BlockRecord` as the kernel has it now. */
  | { ask: 'block'; address: string; durationMs: number | null; reason: string }
  /** Gives what blocks the target a new end, from now on; null: for ever. Its reason and its count of packets stay. Answer: the `BlockRecord`. */
  | { ask: 'extend'; target: string; durationMs: number | null }
  /** Of an address also every phone behind it that is blocked alone. Answer: `{ lifted: boolean }`; false: nothing was in force. */
  | { ask: 'unblock'; target: string }
  /** Answer: the engine's `Explanation`. */
  | { ask: 'explain'; address: string }
  /** What the kernel knows of phones at an address. Answer: `PhoneTrust`. */
  | { ask: 'trust'; address: string }
  /** Answer: `RegisteredSource[]`. */
  | { ask: 'registered' };

/** Why the guard would break a promise by doing what was asked; any other code of an answer is a failure (kernel, table, …). */
export type RefusalCode = 'allowlisted' | 'own-address' | 'default-gateway' | 'not-blocked' | 'other-base';

export type ToConsole =
  | { kind: 'report'; seq: number; report: GuardReport }
  | { kind: 'answer'; id: number; ok: true; value: unknown }
  | { kind: 'answer'; id: number; ok: false; code: RefusalCode | (string & {}); text: string }
  /** Commit what was received, close the store and exit with 0. */
  | { kind: 'stop' };

export interface ConsoleNotice {
  at: number;
  level: 'info' | 'warning' | 'error';
  code: string;
  text: string;
}

export type ToGuard =
  /** The store is open and the socket listens. `notices`: what went wrong at the start without stopping it (policy file, damaged store). */
  | { kind: 'ready'; orders: StartOrders; notices: ConsoleNotice[] }
  /** The console cannot start and exits with 1: a restart would fail the same way (`store-locked`, `store-newer`, `socket-in-use` …). */
  | { kind: 'failed'; code: string; text: string; hint: string | null }
  /** It exits with 0, to be started again: another database takes the place of its own. Of blocks the guard has to learn anew what it remembers. */
  | { kind: 'leaves' }
  | { kind: 'ack'; seq: number }
  | { kind: 'request'; id: number; request: GuardRequest };
