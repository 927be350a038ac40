/** What the operations answer, as it travels: plain JSON, times in milliseconds since the epoch, addresses as text. */
import type { BlockRecord, GuardHealth } from '../channel/protocol.ts';
import type { AuditEntry, ListEntry, ListName, Staged, StoredIncident } from '../store/store.ts';
import type { Explanation } from '../core/judge/explain.ts';
import type { Action, Verdict } from '../core/judge/verdict.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import type { GeoLookupAnswer } from './geo-answers.ts';

export interface Problem {
  /** Stable, e.g. `store-disk-full`. */
  code: string;
  text: string;
  /** What the user can do about it. */
  hint: string | null;
}

export interface StatusAnswer {
  /** Attackers are blocked: the guard works, the kernel table is whole, the policy says protect. */
  protecting: boolean;
  /** `monitoring`: the policy says so. `degraded`: it protects, but something is wrong. `down`: nothing is protected. */
  state: 'protecting' | 'monitoring' | 'degraded' | 'down';
  problems: Problem[];
  mode: 'protect' | 'monitor' | null;
  since: number | null;
  protects: GuardHealth['protects'] | null;
  /** Incidents with a message since local midnight of the daemon, and of them how many are going on now. */
  attacksToday: number;
  attacksOpen: number;
  blocked: { now: number; permanent: number };
  /** Packets that the kernel could not deliver to the detectors. */
  lost: number;
  capture: GuardHealth['capture'] | null;
  sip: GuardHealth['sip'] | null;
  kernel: GuardHealth['kernel'] | null;
  store: { ok: boolean; waiting: number; lost: number };
  policy: { version: number; at: number; by: string; file: string | null };
  memoryBytes: number | null;
  cpuSeconds: number | null;
  dataDirectory: string;
  version: string;
  lastEvents: EventAnswer[];
}

export interface EventAnswer {
  at: number;
  level: 'info' | 'warning' | 'error';
  code: string;
  text: string;
}

/** One message of the evidence; the bytes as base64, because JSON holds none. */
export interface EvidenceAnswer {
  at: number;
  side: 'in' | 'out';
  transport: 'udp' | 'tcp';
  from: string;
  fromPort: number;
  to: string;
  toPort: number;
  length: number;
  base64: string;
}

/** One page of a list. */
interface PageOf<Item> {
  items: Item[];
  /** `cursor` of the next page; null: that was the last one. */
  next: string | null;
}

export type AttacksAnswer = PageOf<StoredIncident>;
export type EventsAnswer = PageOf<EventAnswer>;
export type AuditAnswer = PageOf<AuditEntry>;
/** `total`: of all pages. */
export type BlockedAnswer = PageOf<BlockRecord> & { total: number };

export interface AttackAnswer {
  incident: StoredIncident;
  evidence: EvidenceAnswer[];
  /** Of the source, in force now. */
  block: BlockRecord | null;
  /** In the order of time. */
  verdicts: Verdict[];
  /** The evidence, decoded. */
  messages: AttackMessageAnswer[];
  /** Other attacks of the same source, the latest first, at most 20. */
  earlier: StoredIncident[];
}

/** Text of strangers is escaped as the decoder does it (`core/decode/sip/text.ts`): it breaks no line, and nothing in it is hidden. */
export interface AttackMessageAnswer {
  at: number;
  /** `in`: from the source to the victim; `out`: the victim's answer. */
  side: 'in' | 'out';
  transport: 'udp' | 'tcp';
  from: string;
  fromPort: number;
  to: string;
  toPort: number;
  /** `REGISTER sip:100@192.0.2.1`, `401 Unauthorized`, `RRQ phone.cfg`. */
  summary: string;
  /** SIP: of a request. TFTP: `RRQ`, `ERROR` … */
  method: string | null;
  /** SIP: of an answer. */
  status: number | null;
  callId: string | null;
  cseq: number | null;
  /** Its lines, ended by \n. */
  text: string;
  /** Bytes of the whole message. */
  length: number;
  /** `text` is its beginning. */
  truncated: boolean;
}

/** An entry of a list; `automatic`: a block that became permanent, shown with the denylist. */
export interface ListEntryAnswer extends ListEntry {
  automatic: boolean;
  /** Other entries, of both lists, that share addresses with it: at most `OVERLAPS_NAMED_MAX`. */
  overlaps: Overlap[];
}

export interface Overlap {
  list: ListName;
  range: string;
}

export interface ListPageAnswer {
  items: ListEntryAnswer[];
  /** `cursor` of the next page; null: that was the last one. */
  next: string | null;
  /** Entries of the whole list. */
  total: number;
}

export interface ListAddAnswer {
  entry: ListEntry;
  /** False: it was on the list already. */
  added: boolean;
  /** It was there with another comment or end. */
  changed: boolean;
  overlaps: Overlap[];
  /** Blocks that the new allowlist entry lifted. */
  lifted: string[];
}

/** What became of the entries of one chunk of an import, in their order. */
export interface ImportChunkAnswer {
  /** The first `show` additions and changes; `at` counts the entries of the request from 0. */
  steps: ({ at: number } & Exclude<Staged, { what: 'same' }>)[];
}

export interface ImportAnswer {
  added: number;
  changed: number;
  same: number;
  /** Entries of the list afterwards; of a dry run: as it is. */
  total: number;
  /** Ranges that the allowlist covers too: they have no effect on the denylist. The first ones, and how many. */
  allowlisted: string[];
  allowlistedCount: number;
  /** Whom the import shuts out that gets in today, a sentence each; a dry run only tells. */
  shutOut: string[];
  lifted: string[];
  liftedCount: number;
}

export interface PromoteAnswer {
  address: string;
  to: ListName;
  entry: ListEntry;
  added: boolean;
  /** A block of it was in force. */
  wasBlocked: boolean;
}

/** A feed that lists an address. */
export interface FeedMention {
  name: string;
  action: 'block' | 'watch';
}

/** An entry that covers an address. */
export interface CoveringEntry extends ListEntry {
  list: ListName;
}

export interface ExplainAnswer {
  address: string;
  /** What happens to its packets now. */
  now: Action | 'allow';
  /** One paragraph for people. */
  because: string;
  reason: string | null;
  /** Null: no end that is known (permanent, on a feed, of a country, or nothing in force). */
  until: number | null;
  /** The narrowest entry that covers it. */
  allow: ListEntry | null;
  deny: ListEntry | null;
  /** All entries that cover it, allowlist first, the widest first; host names of the allowlist, too. */
  entries: CoveringEntry[];
  /** The feeds that list it, overruled or not. */
  feeds: FeedMention[];
  /** Its country and network, and what the rule of countries makes of it. */
  place: GeoLookupAnswer;
  /** One of the guests that this gateway protects. */
  guest: boolean;
  block: BlockRecord | null;
  /** The verdict that led to what is in force, or else the last one. */
  verdict: Verdict | null;
  earlierBlocks: BlockRecord[];
  permanentAfter: number;
  incidents: StoredIncident[];
  /** What the detectors count now; null when the guard did not answer. */
  engine: Explanation | null;
}

export interface PolicyAnswer {
  version: number;
  at: number;
  by: string;
  comment: string;
  document: PolicyDocument;
  /** The document as people write it, with a comment on every field. */
  text: string;
}

export interface PolicyVersionAnswer {
  version: number;
  at: number;
  by: string;
  comment: string;
  current: boolean;
}

export interface PolicyChangeAnswer {
  version: number;
  /** False: the value was that already. */
  changed: boolean;
  /** The policy file that will win at the next start, if the daemon has one. */
  file: string | null;
  value?: unknown;
  before?: unknown;
}
