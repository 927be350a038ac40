/** The latest report that was made of each day. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { REPORTS_KEPT_MAX, type KeptReport } from '../span-store.ts';
import { int, text, type Row } from './values.ts';

export class KeptReports {
  readonly #one: StatementSync;
  readonly #put: StatementSync;
  readonly #trim: StatementSync;

  constructor(db: DatabaseSync) {
    this.#one = db.prepare('SELECT report FROM kept_reports WHERE day = ? AND zone = ?');
    this.#put = db.prepare(
      `INSERT INTO kept_reports (day, zone, made_at, report) VALUES (?, ?, ?, ?)
       ON CONFLICT (day, zone) DO UPDATE SET made_at = excluded.made_at, report = excluded.report`,
    );
    this.#trim = db.prepare(
      `DELETE FROM kept_reports WHERE n NOT IN (SELECT n FROM kept_reports ORDER BY made_at DESC LIMIT ${REPORTS_KEPT_MAX})`,
    );
  }

  one(day: string, zone: string): string | null {
    return (this.#one.get(text(day), text(zone)) as Row | undefined)?.report ?? null;
  }

  keep({ day, zone, madeAt, report }: KeptReport): void {
    this.#put.run(text(day), text(zone), int(madeAt), report);
    this.#trim.run();
  }
}
