/** Statistics of a store that was filled before there were any, or that lost them: from the incidents that it still has. */
import type { DatabaseSync } from 'node:sqlite';
import type { Incident } from '../../core/judge/incident.ts';
import { StatisticsBatch } from './statistics-batch.ts';
import { StatisticsTable } from './statistics-table.ts';
import { listOf } from './values.ts';
import type { Row } from './values.ts';

/** The latest incidents count, and no more of them: the first start after an update waits for this, 24 µs each on a busy machine. */
const FILLED_MAX = 100_000;
/** Incidents that are added up before their hours are written. */
const SLICE = 5000;

export function fillStatistics(db: DatabaseSync): void {
  const table = new StatisticsTable(db);
  const rows = db.prepare(
    `SELECT kind, source, victim, first, last, count, dropped, users, user_agent, country, asn, network FROM incidents
      WHERE n > (SELECT max(n) FROM incidents) - ${FILLED_MAX} ORDER BY n`,
  );
  let batch = new StatisticsBatch();
  let taken = 0;
  for (const row of rows.iterate() as Iterable<Row>) {
    const incident = { ...(row as object), userAgent: row.user_agent } as unknown as Incident;
    const place = { country: row.country, asn: row.asn, network: row.network };
    batch.incident(incident, place, { attacks: 1, messages: row.count, users: listOf(row.users) });
    if (row.dropped > 0) batch.drops(row.last, row.source, row.dropped, incident, place);
    if (++taken % SLICE > 0) continue;
    table.add(batch);
    batch = new StatisticsBatch();
  }
  table.add(batch);
}
