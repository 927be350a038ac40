/** What is only ever added: verdicts and events. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Verdict } from '../../core/judge/verdict.ts';
import type { EventPage, EventQuery, StoredEvent } from '../store.ts';
import { aboutOf, aboutValues } from './about-columns.ts';
import { Conditions, cursorOf, pageSize } from './page.ts';
import { PROSE_CHARS_MAX, int, intOrNull, text } from './values.ts';
import type { Row } from './values.ts';

const PAGE_MAX = 1000;

export class VerdictTable {
  readonly #add: StatementSync;
  readonly #all: StatementSync;
  readonly #ofIncident: StatementSync;
  readonly #ofSource: StatementSync;

  constructor(db: DatabaseSync) {
    this.#add = db.prepare(
      `INSERT OR IGNORE INTO verdicts (at, source, source_port, victim, victim_port, transport, action, reason, finding, kind, count,
         threshold, window_ms, until, blocks_before, incident, scope, target, proof, argument) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#all = db.prepare('SELECT * FROM verdicts ORDER BY n DESC LIMIT ?');
    this.#ofIncident = db.prepare('SELECT * FROM verdicts WHERE incident = ? ORDER BY n DESC LIMIT ?');
    this.#ofSource = db.prepare('SELECT * FROM verdicts WHERE source = ? ORDER BY n DESC LIMIT ?');
  }

  add(verdict: Verdict): void {
    this.#add.run(
      int(verdict.at),
      text(verdict.source),
      int(verdict.sourcePort),
      text(verdict.victim),
      int(verdict.victimPort),
      text(verdict.transport),
      text(verdict.action),
      text(verdict.reason),
      text(verdict.finding),
      text(verdict.kind),
      int(verdict.count),
      int(verdict.threshold),
      int(verdict.windowMs),
      intOrNull(verdict.until),
      int(verdict.blocksBefore),
      text(verdict.incident),
      ...aboutValues(verdict),
    );
  }

  page({ incident, source, limit }: { incident?: string; source?: string; limit?: number }): Verdict[] {
    const size = pageSize(limit, PAGE_MAX);
    let rows: Row[];
    if (incident !== undefined) rows = this.#ofIncident.all(text(incident), size) as Row[];
    else if (source !== undefined) rows = this.#ofSource.all(text(source), size) as Row[];
    else rows = this.#all.all(size) as Row[];
    return rows.map(toVerdict);
  }
}

export function toVerdict(row: Row): Verdict {
  return {
    at: row.at,
    source: row.source,
    sourcePort: row.source_port,
    victim: row.victim,
    victimPort: row.victim_port,
    transport: row.transport,
    action: row.action,
    ...aboutOf(row),
    reason: row.reason,
    finding: row.finding,
    kind: row.kind,
    count: row.count,
    threshold: row.threshold,
    windowMs: row.window_ms,
    until: row.until,
    blocksBefore: row.blocks_before,
    incident: row.incident,
  };
}

export class EventTable {
  readonly #db: DatabaseSync;
  readonly #add: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#add = db.prepare('INSERT OR IGNORE INTO events (at, level, code, text) VALUES (?, ?, ?, ?)');
  }

  add(event: StoredEvent): void {
    this.#add.run(int(event.at), text(event.level), text(event.code), text(event.text, PROSE_CHARS_MAX));
  }

  lastOf(code: string): StoredEvent | null {
    const row = this.#db.prepare('SELECT * FROM events WHERE code = ? ORDER BY n DESC LIMIT 1').get(code);
    const { at, level, code: _, text } = (row ?? {}) as Row;
    return row ? { at, level, code, text } : null;
  }

  page(query: EventQuery): EventPage {
    const limit = pageSize(query.limit, PAGE_MAX);
    const { sql, values } = conditionsOf(query);
    const rows = this.#db
      .prepare(`SELECT * FROM events WHERE ${sql} ORDER BY n DESC LIMIT ${limit + 1}`)
      .all(...values) as Row[];
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      events: shown.map(({ at, level, code, text }) => ({ at, level, code, text })),
      next: last ? `${last.at as number}.${last.n as number}` : null,
    };
  }
}

function conditionsOf({ since, until, level, text: wanted, cursor }: EventQuery): Conditions {
  const conditions = new Conditions();
  if (since !== undefined) conditions.add('at >= ?', int(since));
  if (until !== undefined) conditions.add('at <= ?', int(until));
  if (level !== undefined) conditions.add('level = ?', text(level));
  if (wanted !== undefined) conditions.addText({ plain: ['code', 'text'] }, text(wanted));
  if (cursor !== undefined) conditions.add('n < ?', cursorOf(cursor)[1]);
  return conditions;
}
