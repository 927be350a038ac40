/** A report in the formats that leave: a file, an image, a mail. */
import type { MakeReport } from '../channel.ts';
import type { ReadyAttachment } from '../notice.ts';
import { chartOf, type Chart } from './chart-svg.ts';
import { drawCharts } from './chart-process.ts';
import { reportCsv } from './csv.ts';
import type { DailyReport } from './daily-report.ts';
import { reportHtml, type Images } from './html.ts';
import { CHARTS, headlineOf, type ChartName } from './sections.ts';
import { reportText } from './text.ts';

interface Drawn {
  name: ChartName;
  chart: Chart;
  png: Uint8Array;
}

/** Rejects when they cannot be drawn. Charts of which there is nothing to show are left out. */
export async function drawReport(report: DailyReport): Promise<Drawn[]> {
  const charts = CHARTS.flatMap((name) => {
    const chart = chartOf(name, report);
    return chart === null ? [] : [{ name, chart }];
  });
  const images = await drawCharts(charts.map(({ chart }) => chart.svg));
  return charts.map((one, i) => ({ ...one, png: images[i] }));
}

/** One file that holds its images. */
export async function reportFile(report: DailyReport, consoleUrl: string | null): Promise<string> {
  const drawn = await withoutFail(report);
  const source = (png: Uint8Array) => `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  return reportHtml(
    report,
    imagesOf(drawn, ({ png }) => source(png)),
    consoleUrl,
  );
}

/** As a mail. `onProblem`: why it has no images. */
export async function reportMail(
  report: DailyReport,
  consoleUrl: string | null,
  onProblem: (problem: string) => void,
): Promise<Awaited<ReturnType<MakeReport>>> {
  const drawn = await withoutFail(report, onProblem);
  const cid = ({ name }: Drawn) => `${name}-${report.day}@ringfence`;
  const attachments: ReadyAttachment[] = drawn.map((one) => ({
    name: `${one.name}-${report.day}.png`,
    contentType: 'image/png',
    base64: Buffer.from(one.png).toString('base64'),
    cid: cid(one),
  }));
  attachments.push({
    name: `ringfence-${report.day}.csv`,
    contentType: 'text/csv; charset=utf-8',
    base64: Buffer.from(reportCsv(report)).toString('base64'),
  });
  return {
    day: report.day,
    subject: `${report.day}: ${headlineOf(report)}`,
    text: reportText(report),
    html: reportHtml(
      report,
      imagesOf(drawn, (one) => `cid:${cid(one)}`),
      consoleUrl,
    ),
    attachments,
  };
}

/** A report without images is better than none. */
async function withoutFail(report: DailyReport, tell: (problem: string) => void = () => {}): Promise<Drawn[]> {
  try {
    return await drawReport(report);
  } catch (error) {
    tell((error as Error).message);
    return [];
  }
}

function imagesOf(drawn: readonly Drawn[], source: (one: Drawn) => string): Images {
  return Object.fromEntries(drawn.map((one) => [one.name, { chart: one.chart, source: source(one) }]));
}
