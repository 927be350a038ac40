/** A report as one table that a spreadsheet opens: a row for each figure, its section in the first column. No cell is run as a formula. */
import { csvLine, timeCell, type CsvCell } from '../../lists/csv-writer.ts';
import { escapeControls } from '../../policy/policy-error.ts';
import type { DailyReport, Figures } from './daily-report.ts';

export const CSV_COLUMNS = ['section', 'key', 'name', 'attacks', 'messages', 'dropped', 'note'] as const;

export function reportCsv(report: DailyReport): string {
  const rows: CsvCell[][] = [
    ['report', report.day, report.zone, null, null, null, report.complete ? null : 'the day is not over'],
    figures('total', report.day, null, report.totals),
    ['total', 'sources', null, report.totals.sources, null, null, null],
    ...Object.entries(report.totals.actions).map(([action, count]) => [
      'action',
      action,
      null,
      count,
      null,
      null,
      null,
    ]),
    figures('compared', 'day-before', null, report.dayBefore),
    figures('compared', 'week-before', 'per day', report.weekBefore),
    ...report.hours.map((hour) => [
      ...['hour', timeCell(hour.from), hour.label, hour.attacks, null, hour.dropped],
      null,
    ]),
    ...report.kinds.map((row) =>
      figures('kind', row.kind, null, row, `day before ${row.dayBefore}, week ${row.weekBefore}`),
    ),
    ...report.countries.rows.map((row) => figures('country', row.country, row.name, row)),
    ...report.networks.rows.map((row) => figures('network', String(row.asn), row.network, row)),
    ...report.victims.rows.map((row) => figures('victim', row.address, null, row)),
    ...report.sources.rows.map((row) => figures('source', row.address, row.network, row, row.country)),
    ...report.users.rows.map(({ user, attacks }) => ['user', user, null, attacks, null, null, null]),
    ...report.permanent.rows.map(({ address, since, reason, byHand }) => [
      ...['permanent', address, byHand ? 'by hand' : null, null, null, null],
      `${timeCell(since)} ${reason}`,
    ]),
    ...report.decisions.rows.map((row) => [
      ...['decision', row.address, row.rule, row.attacks, row.messages, null],
      row.text,
    ]),
    ...(['starts', 'consoleRestarts', 'sensorRestarts', 'kernelRepairs', 'kernelFailures', 'packetsLost'] as const).map(
      (name) => ['firewall', name, null, null, null, null, String(report.sensor[name] ?? 0)],
    ),
    ...report.sensor.events.map(({ code, level, count, text }) => [
      ...['event', code, level, null, null, null],
      `${count} times: ${text}`,
    ]),
  ];
  const shown = (cell: CsvCell) => (typeof cell === 'string' ? escapeControls(cell) : cell);
  return [[...CSV_COLUMNS], ...rows].map((cells) => csvLine(cells.map(shown))).join('');
}

function figures(
  section: string,
  key: string | null,
  name: string | null,
  { attacks, messages, dropped }: Figures,
  note: string | null = null,
): CsvCell[] {
  return [section, key, name, attacks, messages, dropped, note];
}
