/** Who changed what, when, from where, and what was before. Only ever added to. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AuditEntry, AuditPage, AuditQuery, Change } from '../store.ts';
import { Conditions, cursorOf, pageSize } from './page.ts';
import { PROSE_CHARS_MAX, int, text } from './values.ts';
import type { Row } from './values.ts';

const PAGE_MAX = 1000;
/** A value that is longer (a whole policy as a list) is cut down to a sentence: the versions of the policy are kept elsewhere. */
const VALUE_CHARS_MAX = 65_536;
export const LOCAL = 'local socket';

export class AuditTable {
  readonly #db: DatabaseSync;
  readonly #add: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#add = db.prepare(
      'INSERT INTO audit (at, who, origin, what, subject, before, after, comment) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
  }

  add(entry: AuditEntry): void {
    this.#add.run(
      int(entry.at),
      text(entry.who),
      text(entry.origin),
      text(entry.what),
      text(entry.subject),
      json(entry.before),
      json(entry.after),
      text(entry.comment, PROSE_CHARS_MAX),
    );
  }

  note(change: Change, what: string, subject: string, before: unknown, after: unknown): void {
    const { now, by, origin = LOCAL, comment = '' } = change;
    this.add({ at: now, who: by, origin, what, subject, before, after, comment });
  }

  page(query: AuditQuery): AuditPage {
    const limit = pageSize(query.limit, PAGE_MAX);
    const { sql, values } = conditionsOf(query);
    const rows = this.#db
      .prepare(`SELECT * FROM audit WHERE ${sql} ORDER BY n DESC LIMIT ${limit + 1}`)
      .all(...values) as Row[];
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { entries: shown.map(toEntry), next: last ? `${last.at as number}.${last.n as number}` : null };
  }
}

function conditionsOf(query: AuditQuery): Conditions {
  const { since, until, what, who, text: wanted, cursor } = query;
  const conditions = new Conditions();
  if (cursor !== undefined) conditions.add('n < ?', cursorOf(cursor)[1]);
  if (since !== undefined) conditions.add('at >= ?', int(since));
  if (until !== undefined) conditions.add('at <= ?', int(until));
  if (what !== undefined && what !== '') {
    const kind = text(what);
    conditions.add('(what = ? OR substr(what, 1, ?) = ?)', kind, kind.length + 1, `${kind}.`);
  }
  if (who !== undefined) conditions.add('who = ?', text(who));
  if (wanted !== undefined && wanted !== '') conditions.addText({ plain: ['subject', 'comment'] }, wanted);
  return conditions;
}

function toEntry(row: Row): AuditEntry {
  return {
    at: row.at,
    who: row.who,
    origin: row.origin,
    what: row.what,
    subject: row.subject,
    before: value(row.before),
    after: value(row.after),
    comment: row.comment,
  };
}

function json(given: unknown): string | null {
  if (given === null || given === undefined) return null;
  const written = JSON.stringify(given);
  return written.length <= VALUE_CHARS_MAX ? written.toWellFormed() : JSON.stringify('too long to be kept here');
}

function value(written: string | null): unknown {
  try {
    return written === null ? null : JSON.parse(written);
  } catch {
    // A flipped bit on the disk: shown as it is.
    return written;
  }
}

/** Values that two documents do not share, by path; at most `pathsMax` of them. */
export function changedValues(
  before: unknown,
  after: unknown,
  pathsMax = 100,
): { before: Record<string, unknown>; after: Record<string, unknown> } {
  const old: Record<string, unknown> = {};
  const fresh: Record<string, unknown> = {};
  const compare = (path: string, a: unknown, b: unknown) => {
    if (Object.keys(fresh).length >= pathsMax || JSON.stringify(a) === JSON.stringify(b)) return;
    if (isSection(a) && isSection(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
        compare(path === '' ? key : `${path}.${key}`, a[key], b[key]);
      return;
    }
    old[path] = a ?? null;
    fresh[path] = b ?? null;
  };
  compare('', before, after);
  return { before: old, after: fresh };
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
