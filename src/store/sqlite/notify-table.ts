/** What the stages of notifications remember. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  SENT_KEPT_MAX,
  SENT_KEPT_MS,
  type AttackFact,
  type ChannelCounts,
  type DeliveryState,
  type Followed,
  type Held,
  type NewDelivery,
  type NotifyRows,
  type OutboxRow,
} from '../notify-store.ts';
import type { Verdict } from '../../core/judge/verdict.ts';
import { toIncident } from './incident-table.ts';
import { toVerdict } from './log-tables.ts';
import { PROSE_CHARS_MAX, int, intOrNull, text, textOrNull, type Row } from './values.ts';

/** Rows that one tidying removes from one table. */
const TIDY_ROWS = 2000;

export class NotifyTable implements NotifyRows {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  incidentsAfter(after: number, limit: number) {
    const rows = this.#all('SELECT * FROM incidents WHERE n > ? ORDER BY n LIMIT ?', int(after), limit);
    return { incidents: rows.map(toIncident), row: (rows.at(-1)?.n as number | undefined) ?? after };
  }

  lastIncidentRow() {
    return this.#number('SELECT max(n) FROM incidents');
  }

  eventsAfter(after: number, limit: number) {
    const rows = this.#all('SELECT * FROM events WHERE n > ? ORDER BY n LIMIT ?', int(after), limit);
    const events = rows.map(({ at, level, code, text }) => ({ at, level, code, text }));
    return { events, row: (rows.at(-1)?.n as number | undefined) ?? after };
  }

  lastEventRow() {
    return this.#number('SELECT max(n) FROM events');
  }

  followed(incident: string) {
    return this.#first('SELECT * FROM notify_followed WHERE incident = ?', followedOf, text(incident));
  }

  follow({ incident, action, campaign }: Followed): void {
    this.#run(
      `INSERT INTO notify_followed (incident, action, campaign) VALUES (?, ?, ?)
        ON CONFLICT (incident) DO UPDATE SET action = excluded.action, campaign = excluded.campaign`,
      ...[text(incident), action, textOrNull(campaign)],
    );
  }

  unfollow(incident: string): void {
    this.#run('DELETE FROM notify_followed WHERE incident = ?', text(incident));
  }

  followedCount() {
    return this.#number('SELECT count(*) FROM notify_followed');
  }

  followedChanged(limit: number) {
    return this.#all(
      `SELECT f.* FROM notify_followed f LEFT JOIN incidents i ON i.id = f.incident
        WHERE i.id IS NULL OR i.closed IS NOT NULL OR i.action <> f.action LIMIT ?`,
      limit,
    ).map(followedOf);
  }

  addFact({ incident, event, action, before, thread, at, queued, campaign }: AttackFact) {
    return this.#changed(
      `INSERT OR IGNORE INTO notify_facts (incident, event, action, before, thread, at, queued, campaign) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[text(incident), event, action, before, text(thread), int(at), int(queued), textOrNull(campaign)],
    );
  }

  factCount() {
    return this.#number('SELECT count(*) FROM notify_facts');
  }

  threadsDue(queuedBy: number, limit: number) {
    return this.#all(
      `SELECT thread, min(queued) AS first FROM notify_facts WHERE campaign IS NULL
        GROUP BY thread HAVING first <= ? ORDER BY first LIMIT ?`,
      ...[int(queuedBy), limit],
    ).map(({ thread }) => thread as string);
  }

  takeThread(thread: string) {
    const rows = this.#all('SELECT * FROM notify_facts WHERE campaign IS NULL AND thread = ? ORDER BY n', text(thread));
    this.#run('DELETE FROM notify_facts WHERE campaign IS NULL AND thread = ?', text(thread));
    return rows.map(factOf);
  }

  joinCampaign(campaign: string, exceptThreads: string) {
    this.#run(
      `UPDATE notify_followed SET campaign = ? WHERE incident IN
        (SELECT incident FROM notify_facts WHERE campaign IS NULL AND thread NOT LIKE ?)`,
      ...[text(campaign), exceptThreads],
    );
    const sql = 'UPDATE notify_facts SET campaign = ? WHERE campaign IS NULL AND thread NOT LIKE ?';
    return Number(this.#prepared(sql).run(text(campaign), exceptThreads).changes);
  }

  campaignMembers(campaign: string, limit: number) {
    const verdicts = new Map<string, Verdict>();
    const ruled = this.#all(
      'SELECT v.* FROM notify_facts f JOIN verdicts v ON v.incident = f.incident WHERE f.campaign = ? ORDER BY v.n',
      text(campaign),
    );
    for (const row of ruled) verdicts.set(row.incident, toVerdict(row));
    return this.#all(
      `SELECT i.* FROM incidents i JOIN (SELECT incident, min(n) AS told FROM notify_facts WHERE campaign = ? GROUP BY incident) f
        ON f.incident = i.id ORDER BY f.told LIMIT ?`,
      ...[text(campaign), limit],
    ).map((row) => ({ incident: toIncident(row), verdict: verdicts.get(row.id) ?? null }));
  }

  campaignSize(campaign: string) {
    return this.#number('SELECT count(*) FROM notify_facts WHERE campaign = ?', text(campaign));
  }

  endCampaign(campaign: string): void {
    this.#run('DELETE FROM notify_facts WHERE campaign = ?', text(campaign));
  }

  told(incident: string) {
    const id = text(incident);
    const found = this.#first('SELECT * FROM incidents WHERE id = ?', toIncident, id);
    if (found === null) return null;
    const latest = 'SELECT * FROM verdicts WHERE incident = ? ORDER BY n DESC LIMIT 1';
    return { incident: found, verdict: this.#first(latest, toVerdict, id) };
  }

  nextFact() {
    return this.#numberOrNull('SELECT min(queued) FROM notify_facts WHERE campaign IS NULL');
  }

  addNotice({ id, at, queued, body }: { id: string; at: number; queued: number; body: string }) {
    return this.#changed(
      'INSERT OR IGNORE INTO notify_notices (id, at, queued, body) VALUES (?, ?, ?, ?)',
      ...[text(id), int(at), int(queued), body],
    );
  }

  notice(id: string) {
    return this.#first('SELECT body FROM notify_notices WHERE id = ?', ({ body }) => body as string, text(id));
  }

  hold(channel: string, { notice, cause, queued }: Held) {
    return this.#changed(
      'INSERT OR IGNORE INTO notify_held (channel, notice, cause, queued) VALUES (?, ?, ?, ?)',
      ...[text(channel), text(notice), cause, int(queued)],
    );
  }

  heldCount(channel: string) {
    return this.#number('SELECT count(*) FROM notify_held WHERE channel = ?', text(channel));
  }

  firstHeld(channel: string) {
    return this.#first('SELECT * FROM notify_held WHERE channel = ? ORDER BY n LIMIT 1', heldOf, text(channel));
  }

  takeHeld(channel: string) {
    const rows = this.#all(
      `SELECT h.*, o.body FROM notify_held h JOIN notify_notices o ON o.id = h.notice WHERE h.channel = ? ORDER BY h.n`,
      text(channel),
    );
    this.#run('DELETE FROM notify_held WHERE channel = ?', text(channel));
    return rows.map((row) => ({ ...heldOf(row), body: row.body as string }));
  }

  heldChannels() {
    return this.#all('SELECT DISTINCT channel FROM notify_held').map(({ channel }) => channel as string);
  }

  addDelivery({ notice, channel, recipient, messageId, at, queued, due, reason }: NewDelivery) {
    return this.#changed(
      `INSERT OR IGNORE INTO notify_deliveries (notice, channel, recipient, message_id, at, queued, due, reason)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[text(notice), text(channel), text(recipient), text(messageId), int(at), int(queued), int(due), text(reason)],
    );
  }

  countSince(channel: string, queued: number, exceptReason: string) {
    return this.#number(
      `SELECT max(sent) FROM (SELECT count(*) AS sent FROM notify_deliveries WHERE channel = ? AND queued > ? AND reason <> ?
        GROUP BY recipient)`,
      ...[text(channel), int(queued), exceptReason],
    );
  }

  waitingCount(channel: string) {
    return this.#number(
      `SELECT count(*) FROM notify_deliveries WHERE channel = ? AND state = 'waiting'`,
      text(channel),
    );
  }

  failing(channel: string) {
    const sql = `SELECT min(queued) AS since FROM notify_deliveries WHERE channel = ? AND state = 'waiting' AND tries > 0`;
    const since = this.#numberOrNull(sql, text(channel));
    if (since === null) return false;
    const worked = `SELECT 1 FROM notify_deliveries WHERE channel = ? AND queued >= ? AND state = 'delivered' LIMIT 1`;
    return this.#prepared(worked).get(text(channel), since) === undefined;
  }

  due(channel: string, now: number, limit: number) {
    return this.#all(
      `SELECT * FROM notify_deliveries WHERE channel = ? AND state = 'waiting' AND due <= ? ORDER BY due, n LIMIT ?`,
      ...[text(channel), int(now), limit],
    ).map(deliveryOf);
  }

  nextDue() {
    return this.#numberOrNull(`SELECT min(due) FROM notify_deliveries WHERE state = 'waiting'`);
  }

  saveDelivery({ n, due, tries, state, reason, answer, triedAt }: Parameters<NotifyRows['saveDelivery']>[0]): void {
    this.#run(
      'UPDATE notify_deliveries SET due = ?, tries = ?, state = ?, reason = ?, answer = ?, tried_at = ? WHERE n = ?',
      ...[int(due), int(tries), state, text(reason), textOrNull(answer, PROSE_CHARS_MAX), intOrNull(triedAt), n],
    );
  }

  hurry(channel: string, now: number): void {
    const sql = `UPDATE notify_deliveries SET due = ? WHERE channel = ? AND state = 'waiting' AND due > ?`;
    this.#run(sql, int(now), text(channel), int(now));
  }

  deliveries({ channel, state, before, limit }: Parameters<NotifyRows['deliveries']>[0]) {
    return this.#all(
      `SELECT * FROM notify_deliveries WHERE n < ? AND (? IS NULL OR channel = ?) AND (? IS NULL OR state = ?)
        ORDER BY n DESC LIMIT ?`,
      before ?? Number.MAX_SAFE_INTEGER,
      ...[channel ?? null, channel ?? null, state ?? null, state ?? null, limit],
    ).map(deliveryOf);
  }

  waitingChannels() {
    return this.#all(`SELECT DISTINCT channel FROM notify_deliveries WHERE state = 'waiting'`).map(
      ({ channel }) => channel as string,
    );
  }

  abandon(channel: string, at: number, answer: string): void {
    this.#run('DELETE FROM notify_held WHERE channel = ?', text(channel));
    this.#run(
      `UPDATE notify_deliveries SET state = 'refused', answer = ?, tried_at = ? WHERE channel = ? AND state = 'waiting'`,
      ...[text(answer, PROSE_CHARS_MAX), int(at), text(channel)],
    );
  }

  channelCounts(channel: string): ChannelCounts {
    const name = text(channel);
    const deliveredAt = this.#numberOrNull(
      `SELECT max(tried_at) FROM notify_deliveries WHERE channel = ? AND state = 'delivered'`,
      name,
    );
    const failing = this.#first(
      `SELECT * FROM notify_deliveries WHERE channel = ? AND state <> 'delivered' AND tries > 0 AND tried_at > ? ORDER BY tried_at DESC, n DESC LIMIT 1`,
      deliveryOf,
      ...[name, deliveredAt ?? -1],
    );
    return {
      waiting: this.waitingCount(channel),
      held: this.heldCount(channel),
      deliveredAt,
      failing: failing && {
        triedAt: failing.triedAt!,
        tries: failing.tries,
        answer: failing.answer ?? '',
        recipient: failing.recipient,
        firstQueued: failing.at,
      },
    };
  }

  clampTimes(now: number, dueMax: number): void {
    for (const table of ['notify_facts', 'notify_notices', 'notify_held', 'notify_deliveries'])
      this.#run(`UPDATE ${table} SET queued = ? WHERE queued > ?`, int(now), int(now));
    this.#run('UPDATE notify_deliveries SET due = ? WHERE due > ?', int(now), int(dueMax));
  }

  state<T>(name: string) {
    return this.#first(
      'SELECT value FROM notify_state WHERE name = ?',
      ({ value }) => JSON.parse(value as string) as T,
      text(name),
    );
  }

  setState(name: string, value: unknown): void {
    this.#run(
      'INSERT INTO notify_state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      ...[text(name), JSON.stringify(value)],
    );
  }

  tidy(now: number) {
    const sent = `state <> 'waiting' AND n <= (SELECT max(n) FROM notify_deliveries) - ?`;
    const rows = [
      this.#prepared(
        `DELETE FROM notify_deliveries WHERE n IN (SELECT n FROM notify_deliveries
          WHERE (state <> 'waiting' AND queued < ?) OR (${sent}) ORDER BY n LIMIT ${TIDY_ROWS})`,
      ).run(int(now - SENT_KEPT_MS), SENT_KEPT_MAX).changes,
      // What neither waits nor is remembered as sent: the day is for notices of which nobody wanted to hear.
      this.#prepared(
        `DELETE FROM notify_notices WHERE n IN (SELECT n FROM notify_notices o WHERE queued < ?
          AND id NOT IN (SELECT notice FROM notify_held) AND NOT EXISTS (SELECT 1 FROM notify_deliveries WHERE notice = o.id) LIMIT ${TIDY_ROWS})`,
      ).run(int(now - 86_400_000)).changes,
    ];
    return rows.reduce<number>((sum, count) => sum + Number(count), 0);
  }

  #all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[];
  }

  #first<T>(sql: string, shape: (row: Row) => T, ...values: SQLInputValue[]): T | null {
    const row = this.#prepared(sql).get(...values) as Row | undefined;
    return row === undefined ? null : shape(row);
  }

  #number(sql: string, ...values: SQLInputValue[]): number {
    return this.#numberOrNull(sql, ...values) ?? 0;
  }

  #numberOrNull(sql: string, ...values: SQLInputValue[]): number | null {
    return this.#first(sql, (row) => Object.values(row)[0] as number | null, ...values);
  }

  #changed(sql: string, ...values: SQLInputValue[]): boolean {
    return Number(this.#prepared(sql).run(...values).changes) > 0;
  }

  #run(sql: string, ...values: SQLInputValue[]): void {
    this.#prepared(sql).run(...values);
  }

  /** Prepared when it is first needed: without channels nothing of this is. */
  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }
}

const followedOf = ({ incident, action, campaign }: Row): Followed => ({ incident, action, campaign });

const factOf = ({ incident, event, action, before, thread, at, queued, campaign }: Row): AttackFact => ({
  ...{ incident, event, action, before, thread, at, queued, campaign },
});

const heldOf = ({ notice, cause, queued }: Row): Held => ({ notice, cause, queued });

const deliveryOf = (row: Row): OutboxRow => ({
  n: row.n,
  notice: row.notice,
  channel: row.channel,
  recipient: row.recipient,
  messageId: row.message_id,
  at: row.at,
  queued: row.queued,
  due: row.due,
  tries: row.tries,
  state: row.state as DeliveryState,
  reason: row.reason,
  answer: row.answer,
  triedAt: row.tried_at,
});
