/** What the guard reports, on its way into the tables and the statistics. */
import type { BlockRecord, GuardReport } from '../../channel/protocol.ts';
import { DETECTORS } from '../../core/base/policy.ts';
import type { StatisticsKind } from '../statistics.ts';
import { StatisticsBatch } from './statistics-batch.ts';
import type { Tables } from './tables.ts';

/** `now`: in which hour what the kernel dropped counts. */
export function applyReports(tables: Tables, reports: readonly GuardReport[], now: number): void {
  const counted = new StatisticsBatch();
  for (const report of reports) apply(tables, report, counted, now);
  tables.statistics.add(counted);
}

function apply(tables: Tables, report: GuardReport, counted: StatisticsBatch, now: number): void {
  const { incidents, verdicts, blocks, events } = tables;
  switch (report.type) {
    case 'incidents':
      for (const change of report.changes) incidents.apply(change, counted);
      break;
    case 'verdict':
      verdicts.add(report.verdict);
      break;
    case 'blocked':
      countDrops(tables, report.block, blocks.begin(report.block), counted, now);
      break;
    case 'unblocked':
      blocks.end(report.target, report.at, report.how);
      break;
    case 'drops':
      for (const { target, packets, until } of report.dropped) {
        const drops = blocks.drops(target, packets, until);
        if (drops) countDrops(tables, drops.block, drops.more, counted, now);
      }
      break;
    case 'event':
      events.add(report);
      break;
    case 'health':
      // Left open by a guard that died: nobody else will report their end.
      incidents.closeLeftOpen(report.health.startedAt);
      break;
  }
}

function countDrops(
  { incidents, verdicts }: Tables,
  block: BlockRecord,
  packets: number,
  counted: StatisticsBatch,
  now: number,
): void {
  if (packets === 0) return;
  const { incident, address, finding } = block;
  const blamed = incident === null ? null : incidents.blamed(incident);
  const place = blamed ?? incidents.placeOf(address);
  // The kernel drops within a millisecond; the attack is reported up to a second later, its verdict before it.
  const [verdict] = incident === null || blamed !== null ? [] : verdicts.page({ incident, limit: 1 });
  counted.drops(now, address, packets, blamed ?? verdict ?? { kind: kindOf(finding) }, place);
}

/** The detector whose finding led to a block: `flood.requests` is the flood's. */
function kindOf(finding: string | null): StatisticsKind {
  return DETECTORS.find((kind) => finding?.startsWith(`${kind}.`)) ?? 'other';
}

/** The time that a report names; 0 when it is one that names none. */
export function timeOf(report: GuardReport): number {
  switch (report.type) {
    case 'verdict':
      return report.verdict.at;
    case 'blocked':
      return report.block.since;
    case 'unblocked':
      return report.at;
    default:
      return 0;
  }
}
