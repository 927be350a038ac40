/** The charts as SVG: shapes and text alone, light on purpose (a mail in a dark theme shows them as a light card), in one typeface. */
import { number } from '../render/figures.ts';
import { escapeHtml } from '../render/html-page.ts';
import type { DailyReport } from './daily-report.ts';
import type { ChartName } from './sections.ts';

/** Pixels of the page; the image has twice as many. */
export const CHART_WIDTH = 592;
const HOURS_HEIGHT = 200;
const INK = '#1c1f24';
const DIM = '#5b6470';
const LINE = '#d7dce3';
const BAR = '#b42318';
const PAPER = '#ffffff';
const LEFT = 46;
const TOP = 14;
const BOTTOM = 26;
const ROW_HEIGHT = 24;
const NAME_WIDTH = 170;
const NAME_CHARS_MAX = 26;
/** Of the clock, between two labels. */
const LABELLED_HOURS = 3;

export interface Chart {
  svg: string;
  height: number;
  /** What it shows, for who does not see it. */
  alt: string;
}

/** Null: there is nothing to show. */
export function chartOf(name: ChartName, report: DailyReport): Chart | null {
  if (report.totals.attacks === 0) return null;
  return name === 'hours' ? hoursChart(report) : countriesChart(report);
}

function hoursChart({ hours }: DailyReport): Chart {
  const most = Math.max(...hours.map(({ attacks }) => attacks));
  const top = niceTop(most);
  const plot = { width: CHART_WIDTH - LEFT - 8, height: HOURS_HEIGHT - TOP - BOTTOM };
  const y = (value: number) => TOP + plot.height * (1 - value / top);
  const step = plot.width / hours.length;
  const lines = [0, top / 2, top].map(
    (value) =>
      `<path d="M${LEFT} ${y(value)}H${CHART_WIDTH - 8}" stroke="${LINE}"/>` +
      text(LEFT - 6, y(value) + 4, number(value), 'end', DIM),
  );
  const bars = hours.map(({ attacks, label }, i) => {
    const x = LEFT + i * step;
    const bar =
      attacks === 0
        ? ''
        : `<rect x="${x + step * 0.14}" y="${y(attacks)}" width="${step * 0.72}" height="${y(0) - y(attacks)}" fill="${BAR}"/>`;
    const labelled = /^\d\d:00$/.test(label) && Number(label.slice(0, 2)) % LABELLED_HOURS === 0;
    return bar + (labelled ? text(x + step / 2, HOURS_HEIGHT - 8, label, 'middle', DIM) : '');
  });
  const peak = hours.find(({ attacks }) => attacks === most)!;
  return {
    svg: svgOf(HOURS_HEIGHT, [...lines, ...bars]),
    height: HOURS_HEIGHT,
    alt: `Attacks by hour: the most, ${number(most)}, from ${peak.label} on. All figures are in the table below.`,
  };
}

function countriesChart({ countries }: DailyReport): Chart {
  const rows = countries.rows.filter(({ attacks }) => attacks > 0);
  const most = Math.max(...rows.map(({ attacks }) => attacks));
  const height = rows.length * ROW_HEIGHT + 12;
  const room = CHART_WIDTH - NAME_WIDTH - 80;
  const bars = rows.map(({ name, country, attacks }, i) => {
    const y = 6 + i * ROW_HEIGHT;
    const width = Math.max(2, (attacks / most) * room);
    return (
      text(NAME_WIDTH - 8, y + 16, cut(country === null ? 'Not known' : name), 'end', INK) +
      `<rect x="${NAME_WIDTH}" y="${y + 4}" width="${width}" height="${ROW_HEIGHT - 8}" fill="${BAR}"/>` +
      text(NAME_WIDTH + width + 6, y + 16, number(attacks), 'start', INK)
    );
  });
  const named = rows.slice(0, 3).map(({ name, attacks }) => `${name} ${number(attacks)}`);
  return {
    svg: svgOf(height, bars),
    height,
    alt: `Attacks by country: ${named.join(', ')}. All figures are in the table below.`,
  };
}

function svgOf(height: number, parts: string[]): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${CHART_WIDTH}" height="${height}" viewBox="0 0 ${CHART_WIDTH} ${height}">` +
    `<rect width="100%" height="100%" fill="${PAPER}"/>${parts.join('')}</svg>`
  );
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', fill: string): string {
  return `<text x="${x}" y="${y}" font-family="DejaVu Sans" font-size="12" fill="${fill}" text-anchor="${anchor}">${escapeHtml(content)}</text>`;
}

function cut(name: string): string {
  return name.length > NAME_CHARS_MAX ? `${name.slice(0, NAME_CHARS_MAX - 1)}…` : name;
}

/** 1, 2 or 5 and zeros, at least two: half of it is whole. */
function niceTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return Math.max(
    2,
    [1, 2, 4, 6, 8, 10].map((times) => times * power).find((value) => value >= most)!,
  );
}
