/** A report as plain text: for a terminal, and for mail programs without HTML. */
import type { DailyReport } from './daily-report.ts';
import { dayInWords, headlineOf, sectionsOf, type ReportRow, type ReportSection } from './sections.ts';

/** A terminal, and a line of a mail (RFC 5322 §2.1.1). */
const LINE_CHARS = 78;
const LABEL_CHARS_MAX = 44;
const GRID_COLUMNS = 6;

export function reportText(report: DailyReport): string {
  const head = [
    `Ringfence on ${report.host}: ${headlineOf(report)}`,
    `${dayInWords(report)}, ${report.zone}`,
    '='.repeat(Math.min(LINE_CHARS, Math.max(dayInWords(report).length + report.zone.length + 2, 20))),
  ];
  return `${[head.join('\n'), ...sectionsOf(report).map(sectionLines)].join('\n\n')}\n`;
}

function sectionLines({ title, note, columns, rows, more, grid, steps }: ReportSection): string {
  return [
    title.toUpperCase(),
    ...(note === null ? [] : wrapped(note, 2)),
    ...steps.map(({ what, command }) => `  ${what}: ${command}`),
    ...gridLines(grid),
    ...tableLines(columns, rows),
    ...(more === null ? [] : [`  ${more}`]),
  ].join('\n');
}

function tableLines(columns: readonly string[], rows: readonly ReportRow[]): string[] {
  const width = Math.max(0, ...rows.map(({ label }) => label.length).filter((chars) => chars <= LABEL_CHARS_MAX));
  const widths = Array.from({ length: Math.max(columns.length, ...rows.map(({ values }) => values.length)) }, (_, i) =>
    Math.max(columns[i]?.length ?? 0, ...rows.map(({ values }) => values[i]?.length ?? 0)),
  );
  const line = (label: string, values: readonly string[]) =>
    `  ${[label.padEnd(width), ...values.map((value, i) => value.padStart(widths[i]))].join('  ')}`.trimEnd();
  const head = columns.length === 0 || rows.length === 0 ? [] : [line('', columns)];
  return [
    ...head,
    ...rows.flatMap(({ label, detail, values }) => [
      // A long name has a line of its own, so that the columns stay.
      ...(label.length > width && values.length > 0 ? [`  ${label}`, line('', values)] : [line(label, values)]),
      ...(detail === null ? [] : wrapped(detail, 6)),
    ]),
  ];
}

function gridLines(grid: ReportSection['grid']): string[] {
  const labels = Math.max(0, ...grid.map(({ label }) => label.length));
  const values = Math.max(0, ...grid.map(({ value }) => value.length));
  const columns = Math.max(1, Math.min(GRID_COLUMNS, Math.floor(LINE_CHARS / (labels + values + 4))));
  const cells = grid.map(({ label, value }) => `${label.padEnd(labels)} ${value.padStart(values)}`);
  const lines: string[] = [];
  for (let i = 0; i < cells.length; i += columns) lines.push(`  ${cells.slice(i, i + columns).join('   ')}`);
  return lines;
}

/** Lines of words; a word that is longer than a line has one of its own. */
function wrapped(text: string, indent: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > LINE_CHARS) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${' '.repeat(indent)}${one}`);
}
