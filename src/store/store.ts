/**
 * What the console remembers: incidents with their evidence, verdicts, blocks with their history, the two lists, the policy with
 * its history, events, and who changed what. One interface; `sqlite/` implements it.
 *
 * Invariants: every method is one transaction, all or nothing. There is no clock inside: times are milliseconds since the epoch
 * and come from the caller. Whatever fails throws a `StoreError` and changes nothing.
 */
import type { BlockRecord, GuardReport, Orders } from '../channel/protocol.ts';
import type { AddressRange } from '../core/base/address.ts';
import type { PackedRanges } from '../core/base/packed-ranges.ts';
import type { EvidenceItem } from '../core/base/evidence.ts';
import type { DetectorSlug } from '../core/base/policy.ts';
import type { Scope } from '../core/base/target.ts';
import type { Incident } from '../core/judge/incident.ts';
import type { Action, Verdict } from '../core/judge/verdict.ts';
import type { IdentityStore } from './identity-store.ts';
import type { NotifyStore } from './notify-store.ts';
import type { SpanStore } from './span-store.ts';
import type { Statistics, StatisticsQuery } from './statistics.ts';

export type ListName = 'allow' | 'deny';

export interface ListEntry {
  /** As `formatRange` prints it; on the allowlist also a host name. */
  range: string;
  comment: string;
  addedBy: string;
  /** Milliseconds since the epoch. */
  addedAt: number;
  /** Null: no end. */
  until: number | null;
}

/** What is absent stays as it is when the entry is there already; a new entry gets an empty comment, no end, and the change's author. */
export interface NewListEntry {
  range: string;
  comment?: string | undefined;
  until?: number | null | undefined;
  addedBy?: string | undefined;
  addedAt?: number | undefined;
}

export interface ListChange {
  before: ListEntry;
  after: ListEntry;
}

export interface ListAddition {
  added: ListEntry[];
  /** They were there, with another comment or end. */
  changed: ListChange[];
  /** They were there already, just so. */
  duplicates: ListEntry[];
}

/** Entries of one list; more would be 2 GB on disk. */
export const LIST_ENTRIES_MAX = 5_000_000;
/** A page takes 20 ms, during which nobody else is answered. */
export const LIST_PAGE_MAX = 2000;

export interface ListQuery {
  /** `next` of the page before. */
  after?: number;
  /** At most `LIST_PAGE_MAX`, which is also the default. */
  limit?: number;
  /** An address, CIDR or range: entries that overlap it. Anything else: entries with this text in comment, name or author, in any case. */
  filter?: string;
}

export interface ListPage {
  /** In the order in which they were added. */
  entries: ListEntry[];
  /** Null: that was the last page. A page may hold fewer than `limit` and still have a next one. */
  next: number | null;
}

export type Staged =
  | { what: 'added'; after: ListEntry }
  | { what: 'changed'; before: ListEntry; after: ListEntry }
  | { what: 'same'; after: ListEntry };

/**
 * Entries on their way into a list, a slice at a time, so that nobody waits long. They count for nothing until `commit`, which
 * takes the same moment for a million of them as for one; a crash before it leaves the list as it was. Entries that are added or removed
 * by others meanwhile are as if they came before it.
 */
export interface ListImport {
  /** One slice in one transaction; a bad entry throws `store-range-invalid` and nothing of the slice is kept. */
  stage(entries: readonly NewListEntry[]): Staged[];
  /** The addresses that were staged. */
  packed(): PackedRanges;
  readonly counts: { added: number; changed: number; same: number };
  /** `subject` is for the audit log: what was imported. */
  commit(subject: string): void;
  /** After `commit`: what the import replaced is not needed any more (then call `listTidy`). */
  settle(): void;
  /** Before `settle`: the list is as it was (then call `listTidy`). `why` is for the audit log. */
  undo(why: string): void;
}

/** Where an address is, as the country data says; null: not known. */
export interface Place {
  country: string | null;
  asn: number | null;
  /** Name of the network. */
  network: string | null;
}

/** With the place of its source, as it was known when the attack began. */
export type StoredIncident = Incident & Place;

/** A change, as the audit log keeps it. */
export interface AuditEntry {
  at: number;
  who: string;
  /** From where: `local socket`, or an address. */
  origin: string;
  /** `allow.add`, `deny.remove`, `deny.import`, `deny.end`, `block.add`, `block.lift`, `policy.set` … */
  what: string;
  /** Range, address or version that was changed. */
  subject: string;
  /** Plain JSON values; null: there was or is nothing. */
  before: unknown;
  after: unknown;
  comment: string;
}

export interface AuditQuery {
  since?: number;
  until?: number;
  /** `deny.add`, or all of `deny`. */
  what?: string;
  who?: string;
  /** In subject or comment, in any case. */
  text?: string;
  /** At most 1000; 100 when absent. */
  limit?: number;
  /** `next` of the page before. */
  cursor?: string;
}

export interface AuditPage {
  /** The latest first. */
  entries: AuditEntry[];
  /** Cursor of the next page; null: there is none. */
  next: string | null;
}

export interface IncidentQuery {
  /** Incidents with a counted message at or after `since` … */
  since?: number;
  /** … that began at or before `until`. */
  until?: number;
  /** An address, a CIDR or a range. */
  source?: string;
  victim?: string;
  kind?: DetectorSlug;
  action?: Action;
  /** ISO 3166 code. */
  country?: string;
  asn?: number;
  /** True: those that are going on; false: those that are over. */
  open?: boolean;
  /** In user agent, users, files, reason or name of the network; letters of ASCII in any case. */
  text?: string;
  /** At most `INCIDENTS_PAGE_MAX`; 100 when absent. */
  limit?: number;
  /** `next` of the page before. */
  cursor?: string;
}

export const INCIDENTS_PAGE_MAX = 1000;

export interface IncidentPage {
  /** The one with the latest message first; of one source, and with `until`, the one that was first reported last. */
  incidents: StoredIncident[];
  /** Cursor of the next page; null: there is none. A page may hold fewer than `limit` and still have a next one. */
  next: string | null;
  /** How far back the page has looked: the time of the incident at which it stopped. Null: through all there are. */
  searchedTo: number | null;
}

export const BLOCKS_PAGE_MAX = 5000;

export interface BlockQuery {
  /** Blocks whose end is not after it are over, whether or not the guard has said so. Milliseconds since the epoch. */
  now: number;
  /** An address, a CIDR or a range; blocked networks around it are found, too. */
  source?: string;
  scope?: Scope;
  /** In target or reason; letters of ASCII in any case. */
  text?: string;
  permanent?: boolean;
  origin?: BlockRecord['origin'];
  /** At most `BLOCKS_PAGE_MAX`; 100 when absent. */
  limit?: number;
  /** `next` of the page before. */
  cursor?: string;
}

export interface BlockPage {
  /** The newest first. */
  blocks: BlockRecord[];
  next: string | null;
  /** Of all pages. */
  total: number;
}

/** Of one person. */
export const VIEWS_MAX = 50;

/** A filter of the attack log with a name. */
export interface SavedView {
  name: string;
  /** What the caller made of it: plain JSON. */
  filter: Record<string, unknown>;
  savedAt: number;
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

export interface EventQuery {
  since?: number;
  until?: number;
  level?: StoredEvent['level'];
  /** In code or text, in any case. */
  text?: string;
  limit?: number;
  /** `next` of the page before. */
  cursor?: string;
}

export interface StoredEvent {
  at: number;
  level: 'info' | 'warning' | 'error';
  code: string;
  text: string;
}

export interface EventPage {
  /** The latest first. */
  events: StoredEvent[];
  next: string | null;
}

/** Who changes something, when, why and from where. */
export interface Change {
  now: number;
  by: string;
  comment?: string;
  /** `local socket` when absent. */
  origin?: string;
}

export interface PruneResult {
  incidents: number;
  evidence: number;
  verdicts: number;
  blocks: number;
  events: number;
  policyVersions: number;
  audit: number;
  /** Hours that became a part of their day, and days that went. */
  statistics: number;
  /** There is more to remove or to give back than one call does: call again soon. */
  more: boolean;
}

export interface Store {
  /** Who may come in. */
  readonly identity: IdentityStore;
  /** What people were told, and what waits. */
  readonly notify: NotifyStore;
  /** What began between two moments. */
  readonly spans: SpanStore;

  /**
   * A batch of the guard's reports in one transaction. The same reports may come again, alone or among others, after a lost
   * acknowledgement: the result is the same as of one time. `health` is the present and not kept, but
   * closes the incidents whose last message is older than the start of the guard that sends it. `now`: in which hour the drops of the kernel count;
   * when absent, the latest time that a caller named.
   */
  applyReports(reports: readonly GuardReport[], now?: number): void;

  /** What the guard needs at start. */
  orders(now: number): Orders;

  incidents(query?: IncidentQuery): IncidentPage;
  /** Incidents with a counted message at or after `since`, and those of them that are open. */
  incidentCount(since: number): { all: number; open: number };
  incident(id: string): StoredIncident | null;
  /**
   * Gives the latest incidents that have no place the one that is known now: those that came before the country data were there.
   * The answer is their number.
   */
  placeIncidents(): number;
  /** In the order of time. */
  evidence(incident: string): EvidenceItem[];
  /** The latest first. */
  verdicts(query?: { incident?: string; source?: string; limit?: number }): Verdict[];

  /** Blocks in force as far as the guard has told. */
  blocks(): BlockRecord[];
  blocksPage(query: BlockQuery): BlockPage;
  blockCounts(now: number): { now: number; permanent: number };
  /** The block of a target that is in force; null: there is none. */
  block(target: string, now: number): BlockRecord | null;
  /** All blocks of one address or network, and of the phones behind an address, the latest first. */
  blockHistory(address: string): PastBlock[];

  statistics(query: StatisticsQuery): Statistics;

  /** Of one person, by name. */
  views(owner: string): SavedView[];
  /** One of that name is replaced. Throws `store-views-full`. */
  viewSave(owner: string, view: SavedView): void;
  /** False: there was none. */
  viewRemove(owner: string, name: string): boolean;

  /** Ranges are normalised (`192.0.2.5/24` is `192.0.2.0/24`). One bad range: nothing is added. */
  listAdd(list: ListName, entries: readonly NewListEntry[], change: Change): ListAddition;
  listRemove(list: ListName, ranges: readonly string[], change: Change): { removed: ListEntry[]; missing: string[] };
  /** Throws `store-import-busy` while another one has not ended. */
  listImport(list: ListName, change: Change): ListImport;
  /** Removes a slice of the rows that a finished or broken import left behind. True: there is more; call again. */
  listTidy(): boolean;
  /** Entries whose end has come leave their list. */
  listExpire(now: number): { list: ListName; entry: ListEntry }[];
  /** When the next entry ends; null: none does. */
  listNextEnd(): number | null;
  /** All entries. For long lists there are pages. */
  list(list: ListName): ListEntry[];
  listPage(list: ListName, query?: ListQuery): ListPage;
  listCount(list: ListName): number;
  /** Entries that share an address with the range, the widest first. */
  listOverlapping(list: ListName, range: AddressRange, limit?: number): ListEntry[];
  /** The addresses of the entries; host names are not among them. The object changes when the list does. */
  packed(list: ListName): PackedRanges;
  hostNames(): string[];

  policyCurrent(): PolicyVersion;
  /** A text that is no valid policy is refused (`store-policy-invalid`); the one in force stays. The current text again: no new version. */
  policySet(text: string, change: Change): PolicyVersion;
  /** The latest first, 100 when `limit` is absent. */
  policyHistory(limit?: number): PolicyVersion[];
  /** The text of an earlier version becomes a new version. 0 is the built-in default. */
  policyRollback(version: number, change: Change): PolicyVersion;

  /** The latest first. Changes of lists and policy are noted by themselves, in their own transaction. */
  audit(query?: AuditQuery): AuditEntry[];
  auditPage(query?: AuditQuery): AuditPage;
  noteAudit(entry: AuditEntry): void;

  /** The latest first, 100 when `limit` is absent. */
  events(limit?: number): StoredEvent[];
  eventsPage(query?: EventQuery): EventPage;
  noteEvent(event: StoredEvent): void;
  /** The last damage of the database, when that was within a day. */
  damage(now: number): StoredEvent | null;

  /** The whole of it in one file, made while others go on writing. Errors: `StoreError`. */
  backup(target: string): Promise<void>;

  /** Removes what is older than its retention or over its bound (`sqlite/prune.ts`) and gives its space back, a bounded amount for each call. */
  prune(now: number): PruneResult;
  close(): void;
}
