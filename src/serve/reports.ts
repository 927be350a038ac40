/** The daily report: of any day, in any time zone, in every format. */
import { hostname } from 'node:os';
import type { RegisteredSource } from '../channel/protocol.ts';
import type { MakeReport } from '../notify/channel.ts';
import { reportCsv } from '../notify/report/csv.ts';
import type { DailyReport, DataAge } from '../notify/report/daily-report.ts';
import { gatherReport } from '../notify/report/gather.ts';
import { dayAt, localDay, shiftDay, type LocalDay } from '../notify/report/local-day.ts';
import { drawReport, reportFile, reportMail } from '../notify/report/publish.ts';
import { reportText } from '../notify/report/text.ts';
import { StoreError } from '../store/error.ts';
import type { FileAnswer } from './api/endpoint.ts';
import { inStore, type OperationsContext } from './context.ts';
import { checkInput } from './inputs.ts';
import { keep, type KeptReports } from './kept-reports.ts';
import { OperationError } from './operation-error.ts';
import { documentOf } from './policy.ts';
import { reportChartInput, reportDay, reportInput, reportPageInput } from './report-inputs.ts';

/** Of every day that is asked for: counted now, or with `kept` the latest that was. */
export async function report(
  context: OperationsContext,
  kept: KeptReports,
  day: unknown,
  query: unknown,
): Promise<DailyReport & { renewing: boolean }> {
  const { kept: keptWillDo, ...asked } = checkInput(reportPageInput, query);
  const named = askedDay(context, day, asked);
  if (!keptWillDo) return { ...(await kept.counted(named)), renewing: false };
  const { report, renewing } = await kept.latest(named);
  return { ...report, renewing };
}

function askedDay(context: OperationsContext, day: unknown, query: unknown): LocalDay {
  const { notify } = policyOf(context);
  const zone = checkInput(reportInput, query).zone ?? (notify.timeZone || systemZone());
  return dayOf(checkInput(reportDay, day), zone, context.now());
}

export async function reportHtmlFile(context: OperationsContext, day: unknown, query: unknown): Promise<FileAnswer> {
  const made = await reportOf(context, askedDay(context, day, query));
  return file(made, 'html', await reportFile(made, policyOf(context).notify.consoleUrl || null));
}

export async function reportTextFile(context: OperationsContext, day: unknown, query: unknown): Promise<FileAnswer> {
  const made = await reportOf(context, askedDay(context, day, query));
  return file(made, 'txt', reportText(made));
}

export async function reportCsvFile(context: OperationsContext, day: unknown, query: unknown): Promise<FileAnswer> {
  const made = await reportOf(context, askedDay(context, day, query));
  return file(made, 'csv', reportCsv(made));
}

export async function reportChart(context: OperationsContext, day: unknown, query: unknown): Promise<FileAnswer> {
  const { chart, ...more } = checkInput(reportChartInput, query);
  const made = await reportOf(context, askedDay(context, day, more));
  const drawn = await drawReport(made).catch((error: Error) => {
    throw new OperationError('failed', 'report-not-drawn', error.message);
  });
  const one = drawn.find(({ name }) => name === chart);
  if (one) return { name: `ringfence-${chart}-${made.day}.png`, bytes: one.png };
  throw new OperationError('no', 'report-without-attacks', `There is no chart: no attack began on ${made.day}.`);
}

/** For the mail of the day. */
export function makeReport(context: OperationsContext): MakeReport {
  return async (name, zone) => {
    const day = localDay(name, zone);
    if (day === null) throw new Error(`there is no ${name} in ${zone}`);
    const note = (text: string) => {
      const at = context.now();
      inStore(() => context.store.noteEvent({ at, level: 'warning', code: 'report-not-drawn', text }));
    };
    return reportMail(await reportOf(context, day), policyOf(context).notify.consoleUrl || null, note);
  };
}

/** Of that day, as the store and everything else are now. */
export async function reportOf(context: OperationsContext, day: LocalDay): Promise<DailyReport> {
  const { store, guard, now } = context;
  const registered = (await guard.ask({ ask: 'registered' }).catch(() => [])) as RegisteredSource[];
  try {
    const made = await gatherReport({
      ...{ store, day, host: hostname(), now: now(), permanentAfter: policyOf(context).block.permanentAfter },
      registered: registered.map(({ address }) => address),
      data: dataAge(context),
    });
    keep(context, made);
    return made;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new OperationError('failed', error.code, error.message, error.hint);
  }
}

export function systemZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function policyOf(context: OperationsContext) {
  return documentOf(inStore(() => context.store.policyCurrent()).text);
}

function dayOf(text: string, zone: string, now: number): LocalDay {
  const today = dayAt(now, zone);
  const named = text === 'today' ? today : text === 'yesterday' ? shiftDay(today, -1) : text;
  const day = localDay(named, zone);
  if (day === null) {
    throw new OperationError('usage', 'report-day-unknown', `day: there is no ${named} in ${zone}.`);
  }
  if (named > today) {
    throw new OperationError(
      'usage',
      'report-day-future',
      `day: ${named} has not begun in ${zone}, where it is ${today}.`,
    );
  }
  return day;
}

function dataAge({ geo, feeds }: OperationsContext): DataAge {
  const { inUse, problem } = geo.status();
  return {
    countries: inUse && {
      ...{ provider: inUse.provider, source: inUse.source, made: inUse.made, problem: problem?.text ?? null },
    },
    feeds: feeds.status().map(({ name, state, confirmedAt, problem: wrong }) => ({
      ...{ name, state, confirmedAt, problem: wrong?.text ?? null },
    })),
  };
}

function file({ day }: DailyReport, ending: string, text: string): FileAnswer {
  return { name: `ringfence-report-${day}.${ending}`, bytes: Buffer.from(text) };
}
