/** A report as HTML for mail programs and for a browser. */
import { BREAK, consoleButton, escapeHtml, htmlPage, MONO, safeLink, tableOf } from '../render/html-page.ts';
import type { DailyReport } from './daily-report.ts';
import type { Chart } from './chart-svg.ts';
import { CHART_WIDTH } from './chart-svg.ts';
import { dayInWords, headlineOf, sectionsOf, type ChartName, type ReportRow, type ReportSection } from './sections.ts';

/** A chart and where its image is: `cid:…` in a mail, `data:…` in a file. */
export type Images = Partial<Record<ChartName, { chart: Chart; source: string }>>;

const GRID_COLUMNS = 4;

const LINK_COLOR = '#35507a';

/** `consoleUrl`: where its readers reach the console; null: not known. */
export function reportHtml(report: DailyReport, images: Images = {}, consoleUrl: string | null = null): string {
  const url = safeLink(consoleUrl);
  const page = url === null ? null : `${url.replace(/\/+$/, '')}/reports?day=${report.day}`;
  const title = `Ringfence on ${report.host}: ${report.day}`;
  const parts = [
    `<p class="dim" style="margin:0 0 4px;color:#5b6470;font-size:13px">${escapeHtml(`Daily report of ${report.host}`)}</p>`,
    `<h1 class="ink" style="margin:0 0 4px;font-size:20px;line-height:1.3;color:#1c1f24;${BREAK}">${escapeHtml(headlineOf(report))}</h1>`,
    `<p class="dim" style="margin:0 0 4px;color:#5b6470">${escapeHtml(`${dayInWords(report)} (${report.zone})`)}</p>`,
    ...sectionsOf(report).map((section) => sectionHtml(section, images)),
    page === null ? '' : consoleButton(page, LINK_COLOR),
  ];
  return htmlPage({ title, preview: headlineOf(report), parts });
}

function sectionHtml({ title, note, chart, columns, rows, more, grid, steps }: ReportSection, images: Images): string {
  const image = chart === null ? undefined : images[chart];
  const dim = (text: string) =>
    `<p class="dim" style="margin:0 0 6px;font-size:13px;color:#5b6470;${BREAK}">${escapeHtml(text)}</p>`;
  return [
    `<h2 class="ink" style="margin:22px 0 4px;font-size:16px;color:#1c1f24">${escapeHtml(title)}</h2>`,
    note === null ? '' : dim(note),
    stepsHtml(steps),
    image ? imageHtml(image) : '',
    gridHtml(grid),
    rows.length === 0 ? '' : tableHtml(columns, rows),
    more === null ? '' : dim(more),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function imageHtml({ chart, source }: { chart: Chart; source: string }): string {
  return `<img src="${escapeHtml(source)}" width="${CHART_WIDTH}" height="${chart.height}" alt="${escapeHtml(chart.alt)}" style="display:block;width:100%;max-width:${CHART_WIDTH}px;height:auto;border:0;border-radius:6px;margin:4px 0 8px;color:#5b6470;font-size:13px">`;
}

const CELL = 'padding:5px 0;border-top:1px solid #e4e8ee;font-size:13px';

function tableHtml(columns: readonly string[], rows: readonly ReportRow[]): string {
  const value = (tag: 'td' | 'th', text: string) =>
    `<${tag} class="figure ${tag === 'th' ? 'dim' : 'ink'} rule"${tag === 'th' ? ' scope="col"' : ''} align="right" valign="top" style="${CELL};padding-left:14px;color:${tag === 'th' ? '#5b6470' : '#1c1f24'};font-weight:${tag === 'th' ? 600 : 400};white-space:${tag === 'th' ? 'normal' : 'nowrap'}">${escapeHtml(text)}</${tag}>`;
  const head =
    columns.length === 0
      ? ''
      : `<tr><td class="rule" style="${CELL}"></td>${columns.map((text) => value('th', text)).join('')}</tr>`;
  const body = rows.map(({ label, detail, values }) => {
    const said =
      detail === null ? '' : `<div class="dim" style="color:#5b6470;font-size:12px">${escapeHtml(detail)}</div>`;
    const name = `<td class="ink rule" valign="top" style="${CELL};color:#1c1f24;${BREAK}">${escapeHtml(label)}${said}</td>`;
    return `<tr>${name}${values.map((text) => value('td', text)).join('')}</tr>`;
  });
  return tableOf([head, ...body], columns.length === 0);
}

function stepsHtml(steps: ReportSection['steps']): string {
  return steps
    .map(
      ({ what, command }) =>
        `<div class="dim" style="margin:0 0 6px;color:#5b6470;font-size:13px">${escapeHtml(what)}: <span class="code" style="background:#eef1f5;color:#1c1f24;border-radius:3px;padding:1px 5px;${MONO};${BREAK}">${escapeHtml(command)}</span></div>`,
    )
    .join('');
}

function gridHtml(grid: ReportSection['grid']): string {
  const cells = grid.map(
    ({ label, value }) =>
      `<td class="rule" valign="top" width="${100 / GRID_COLUMNS}%" style="${CELL}"><span class="dim" style="color:#5b6470">${escapeHtml(label)}</span> <span class="ink" style="color:#1c1f24;${value === '0' ? '' : 'font-weight:600'}">${escapeHtml(value)}</span></td>`,
  );
  if (cells.length === 0) return '';
  const rows: string[] = [];
  for (let i = 0; i < cells.length; i += GRID_COLUMNS) {
    const line = cells.slice(i, i + GRID_COLUMNS);
    while (line.length < GRID_COLUMNS) line.push(`<td class="rule" style="${CELL}"></td>`);
    rows.push(`<tr>${line.join('')}</tr>`);
  }
  return tableOf(rows);
}
