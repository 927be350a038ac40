/** The tables of one open database. */
import type { DatabaseSync } from 'node:sqlite';
import { AuditTable } from './audit-table.ts';
import { BlockPages } from './block-pages.ts';
import { BlockTable } from './block-table.ts';
import { IdentityTable } from './identity-table.ts';
import { IncidentPages } from './incident-pages.ts';
import { IncidentTable, type Locate } from './incident-table.ts';
import { KeptReports } from './kept-reports.ts';
import { ImportTable } from './list-import.ts';
import { ListTable } from './list-table.ts';
import { EventTable, VerdictTable } from './log-tables.ts';
import { NotifyTable } from './notify-table.ts';
import { defineWithin } from './page.ts';
import { PolicyTable } from './policy-table.ts';
import { SpanPages } from './span-pages.ts';
import { StatisticsTable } from './statistics-table.ts';
import { ViewTable } from './view-table.ts';

export interface Tables {
  db: DatabaseSync;
  incidents: IncidentTable;
  log: IncidentPages;
  verdicts: VerdictTable;
  blocks: BlockTable;
  inForce: BlockPages;
  spans: SpanPages;
  keptReports: KeptReports;
  statistics: StatisticsTable;
  views: ViewTable;
  lists: ListTable;
  imports: ImportTable;
  audit: AuditTable;
  policy: PolicyTable;
  events: EventTable;
  identity: IdentityTable;
  notify: NotifyTable;
}

export function tablesOf(db: DatabaseSync, locate: Locate): Tables {
  defineWithin(db);
  const lists = new ListTable(db);
  return {
    db,
    incidents: new IncidentTable(db, locate),
    log: new IncidentPages(db),
    verdicts: new VerdictTable(db),
    blocks: new BlockTable(db),
    inForce: new BlockPages(db),
    spans: new SpanPages(db),
    keptReports: new KeptReports(db),
    statistics: new StatisticsTable(db),
    views: new ViewTable(db),
    lists,
    imports: new ImportTable(db, lists),
    audit: new AuditTable(db),
    policy: new PolicyTable(db),
    events: new EventTable(db),
    identity: new IdentityTable(db),
    notify: new NotifyTable(db),
  };
}
