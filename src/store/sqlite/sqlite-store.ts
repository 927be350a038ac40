/** The store on one SQLite file. Damage found while it runs is repaired and the operation done again. */
import { existsSync, renameSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { GuardReport, Orders } from '../../channel/protocol.ts';
import type { AddressRange } from '../../core/base/address.ts';
import { NO_RANGES } from '../../core/base/packed-ranges.ts';
import { compilePolicy } from '../../policy/compile.ts';
import { StoreError } from '../error.ts';
import type { IdentityStore } from '../identity-store.ts';
import type { NotifyStore } from '../notify-store.ts';
import type { SpanStore } from '../span-store.ts';
import { LIST_ENTRIES_MAX } from '../store.ts';
import type { StatisticsQuery } from '../statistics.ts';
import type {
  AuditEntry,
  AuditQuery,
  EventQuery,
  BlockQuery,
  Change,
  IncidentQuery,
  ListImport,
  ListName,
  ListQuery,
  NewListEntry,
  SavedView,
  Store,
  StoredEvent,
} from '../store.ts';
import { auditedPolicy } from './audited-policy.ts';
import { copyDatabase } from './backup.ts';
import { discard, durably, storeError, transaction } from './database.ts';
import type { Locate } from './incident-table.ts';
import { SqliteListImport, type ImportSteps } from './list-import.ts';
import { prune } from './prune.ts';
import type { Retention } from './prune.ts';
import { applyReports, timeOf } from './reports.ts';
import { tablesOf, type Tables } from './tables.ts';

/** So long it is a trouble of today; then it is history, in the events. */
const DAMAGE_TOLD_MS = 24 * 3_600_000;

/** How the store gets at its file; `open.ts` knows lock, checks, migrations and repair. */
export interface DatabaseSource {
  path: string;
  /** Opens, checks and migrates. */
  open(): DatabaseSync;
  /** Sets the damaged file aside and begins a new one with what can be read. */
  repair(reason: string, now: number): void;
  /** Gives the lock back. */
  release(): void;
}

export class SqliteStore implements Store {
  readonly identity: IdentityStore = {
    read: (work) => this.#run(({ identity }) => work(identity)),
    write: (work) => this.#write(({ identity }) => work(identity)),
    decide: (change, work) =>
      this.#decide(change, ({ identity, audit }) => work(identity, (...noted) => audit.note(change, ...noted))),
  };
  readonly spans: SpanStore = {
    incidents: (query) => this.#run(({ spans }) => spans.incidents(query)),
    verdicts: (query) => this.#run(({ spans }) => spans.verdicts(query)),
    totals: (from, to) => this.#run(({ spans }) => spans.totals(from, to)),
    kept: (day, zone) => this.#run(({ keptReports }) => keptReports.one(day, zone)),
    keep: (report) => this.#write(({ keptReports }) => keptReports.keep(report)),
  };
  readonly notify: NotifyStore = {
    read: (work) => this.#run(({ notify }) => work(notify)),
    write: (work) => this.#write(({ notify }) => work(notify)),
  };
  readonly #source: DatabaseSource;
  readonly #retention: Retention;
  readonly #locate: Locate;
  /** Null after a failed repair: the next operation tries to open again. */
  #tables: Tables | null;
  #closed = false;
  /** Null: to be looked up. */
  #damage: { last: StoredEvent | null } | null = null;
  /** The latest time that a caller named: the time of a repair in an operation that has none. */
  #now: number;

  constructor(source: DatabaseSource, db: DatabaseSync, now: number, retention: Retention, locate: Locate) {
    this.#source = source;
    this.#now = now;
    this.#retention = retention;
    this.#locate = locate;
    this.#tables = tablesOf(db, locate);
  }

  applyReports(reports: readonly GuardReport[], now = this.#now): void {
    this.#sawTime(now);
    for (const report of reports) this.#sawTime(timeOf(report));
    this.#write((tables) => applyReports(tables, reports, this.#now));
  }

  orders(now: number): Orders {
    this.#sawTime(now);
    return this.#write(({ policy, lists, blocks, events }) => {
      const { document, skipped } = policy.document();
      if (skipped.length > 0) {
        const text = `the stored policy (version ${skipped[0].version}) is not valid here, as that of a newer Ringfence is not; an older one is in force. Install the newer Ringfence again, or see what is in force: ringfence policy show`;
        events.add({ at: now, level: 'error', code: 'policy-not-valid', text });
      }
      return {
        policy: document,
        ranges: { allow: lists.packed('allow'), deny: lists.packed('deny'), country: NO_RANGES, feeds: [] },
        blockHistory: blocks.counts(now - compilePolicy(document).block.rememberMs),
        blocks: blocks.inForce(),
      };
    });
  }

  incidents(query: IncidentQuery = {}) {
    return this.#run(({ log }) => log.page(query));
  }

  incidentCount(since: number) {
    return this.#run(({ log }) => log.count(since));
  }

  placeIncidents() {
    return this.#write(({ incidents }) => incidents.placeLatest());
  }

  incident(id: string) {
    return this.#run(({ incidents }) => incidents.get(id));
  }

  evidence(incident: string) {
    return this.#run(({ incidents }) => incidents.evidence(incident));
  }

  verdicts(query: { incident?: string; source?: string; limit?: number } = {}) {
    return this.#run(({ verdicts }) => verdicts.page(query));
  }

  blocks() {
    return this.#run(({ blocks }) => blocks.inForce());
  }

  blocksPage(query: BlockQuery) {
    return this.#run(({ inForce }) => inForce.page(query));
  }

  blockCounts(now: number) {
    return this.#run(({ inForce }) => inForce.counts(now));
  }

  block(target: string, now: number) {
    const block = this.#run(({ blocks }) => blocks.standing(target));
    return block === null || (block.until !== null && block.until <= now) ? null : block;
  }

  blockHistory(address: string) {
    return this.#run(({ blocks }) => blocks.history(address));
  }

  statistics(query: StatisticsQuery) {
    return this.#run(({ statistics }) => statistics.query(query));
  }

  views(owner: string) {
    return this.#run(({ views }) => views.all(owner));
  }

  viewSave(owner: string, view: SavedView) {
    this.#write(({ views }) => views.save(owner, view));
  }

  viewRemove(owner: string, name: string) {
    return this.#write(({ views }) => views.remove(owner, name));
  }

  listAdd(list: ListName, entries: readonly NewListEntry[], change: Change) {
    return this.#decide(change, ({ lists, audit }) => {
      const addition = lists.add(list, entries, change);
      for (const entry of addition.added) audit.note(change, `${list}.add`, entry.range, null, entry);
      for (const { before, after } of addition.changed)
        audit.note(change, `${list}.change`, after.range, before, after);
      return addition;
    });
  }

  listRemove(list: ListName, ranges: readonly string[], change: Change) {
    return this.#decide(change, ({ lists, audit }) => {
      const result = lists.remove(list, ranges);
      for (const entry of result.removed) audit.note(change, `${list}.remove`, entry.range, entry, null);
      return result;
    });
  }

  listImport(list: ListName, change: Change): ListImport {
    const steps: ImportSteps = {
      write: (step) => this.#write(({ imports, lists }) => step(imports, lists)),
      decide: (what, subject, after, step) =>
        this.#decide(change, ({ imports, lists, audit }) => {
          step(imports, lists);
          audit.note(change, what, subject, null, after);
        }),
    };
    return new SqliteListImport(list, change, steps);
  }

  listTidy() {
    return this.#write(({ imports }) => imports.tidy());
  }

  listExpire(now: number) {
    const change = { now, by: 'Ringfence' };
    return this.#decide(change, ({ lists, audit }) => {
      const ended = lists.expire(now);
      for (const { list, entry } of ended) audit.note(change, `${list}.end`, entry.range, entry, null);
      return ended;
    });
  }

  listNextEnd() {
    return this.#run(({ lists }) => lists.nextEnd());
  }

  list(list: ListName) {
    return this.#run(({ lists }) => lists.all(list));
  }

  listPage(list: ListName, query: ListQuery = {}) {
    return this.#run(({ lists }) => lists.page(list, query));
  }

  listCount(list: ListName) {
    return this.#run(({ lists }) => lists.count(list));
  }

  listOverlapping(list: ListName, range: AddressRange, limit = LIST_ENTRIES_MAX) {
    return this.#run(({ lists }) => lists.overlapping(list, range, limit));
  }

  packed(list: ListName) {
    return this.#run(({ lists }) => lists.packed(list));
  }

  hostNames() {
    return this.#run(({ lists }) => lists.hostNames());
  }

  policyCurrent() {
    return this.#run(({ policy }) => policy.current());
  }

  policySet(text: string, change: Change) {
    return this.#decide(change, (tables) =>
      auditedPolicy(tables, change, 'policy.set', () => tables.policy.set(text, change)),
    );
  }

  policyHistory(limit = 100) {
    return this.#run(({ policy }) => policy.history(limit));
  }

  policyRollback(version: number, change: Change) {
    return this.#decide(change, (tables) =>
      auditedPolicy(tables, change, 'policy.rollback', () => tables.policy.rollback(version, change)),
    );
  }

  audit(query: AuditQuery = {}) {
    return this.auditPage(query).entries;
  }

  auditPage(query: AuditQuery = {}) {
    return this.#run(({ audit }) => audit.page(query));
  }

  noteAudit(entry: AuditEntry): void {
    this.#write(({ audit }) => audit.add(entry));
  }

  events(limit = 100) {
    return this.eventsPage({ limit }).events;
  }

  eventsPage(query: EventQuery = {}) {
    return this.#run(({ events }) => events.page(query));
  }

  noteEvent(event: StoredEvent): void {
    this.#write(({ events }) => events.add(event));
  }

  async backup(target: string): Promise<void> {
    try {
      await this.#run(({ db }) => copyDatabase(db, target));
    } catch (error) {
      // The copy shows damage that nobody has read yet.
      if (!(error instanceof StoreError) || error.code !== 'store-damaged' || this.#closed) throw error;
      this.#repair(error);
      await this.#run(({ db }) => copyDatabase(db, target));
    }
  }

  damage(now: number): StoredEvent | null {
    this.#damage ??= this.#run(({ events }) => ({ last: events.lastOf('store-damaged') }));
    const { last } = this.#damage;
    return last && last.at > now - DAMAGE_TOLD_MS ? last : null;
  }

  prune(now: number) {
    this.#sawTime(now);
    return this.#run(({ db }) => prune(db, now, this.#retention));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      this.#tables?.db.close();
    } finally {
      this.#tables = null;
      this.#source.release();
    }
  }

  #sawTime(now: number): void {
    if (now > this.#now) this.#now = now;
  }

  #write<T>(operation: (tables: Tables) => T): T {
    return this.#run((tables) => whole(tables, () => transaction(tables.db, () => operation(tables))));
  }

  /** A decision of a person: on the disk before the call returns. */
  #decide<T>(change: Change, operation: (tables: Tables) => T): T {
    this.#sawTime(change.now);
    return this.#run((tables) => whole(tables, () => durably(tables.db, () => operation(tables))));
  }

  #run<T>(operation: (tables: Tables) => T): T {
    if (this.#closed) throw new StoreError('store-closed', 'the store is closed');
    try {
      return this.#attempt(operation);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'store-damaged') throw error;
      this.#repair(error);
      return this.#attempt(operation);
    }
  }

  #attempt<T>(operation: (tables: Tables) => T): T {
    try {
      if (this.#tables && !existsSync(this.#source.path)) this.#putBack(this.#tables.db);
      this.#tables ??= tablesOf(this.#source.open(), this.#locate);
      return operation(this.#tables);
    } catch (error) {
      throw storeError(error, this.#source.path);
    }
  }

  /** Somebody removed the file. What is open still holds all of it: written out again under its name. */
  #putBack(db: DatabaseSync): void {
    const { path } = this.#source;
    discard(`${path}.new`);
    // Not while a batch is half done: SQLite says so, and the next operation tries again.
    db.prepare('VACUUM INTO ?').run(`${path}.new`);
    db.close();
    this.#tables = null;
    discard(path);
    renameSync(`${path}.new`, path);
    this.#tables = tablesOf(this.#source.open(), this.#locate);
    const text = `the database was removed while it was in use: ${path}; it was written again, nothing is lost`;
    this.#tables.events.add({ at: this.#now, level: 'warning', code: 'store-missing', text });
  }

  #repair(error: StoreError): void {
    try {
      this.#tables?.db.close();
    } catch {
      // The damaged file is about to be set aside; whether its last checkpoint worked does not matter.
    }
    this.#tables = null;
    this.#damage = null;
    try {
      this.#source.repair(error.message, this.#now);
    } catch (failure) {
      throw storeError(failure, this.#source.path);
    }
  }
}

/** What a failed transaction left in memory is not true: what was there before is, as on the disk. */
function whole<T>({ lists }: Tables, work: () => T): T {
  const before = lists.remembered();
  try {
    return work();
  } catch (error) {
    lists.restore(before);
    throw error;
  }
}
