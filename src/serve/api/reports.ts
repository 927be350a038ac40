/** The daily report, of any day. */
import { z } from 'zod';
import { DETECTORS } from '../../core/base/policy.ts';
import { DECISION_RULES } from '../../notify/report/daily-report.ts';
import { reportChartInput, reportInput, reportPageInput } from '../report-inputs.ts';
import { CSV_TYPE } from './csv.ts';
import { endpoint, fileEndpoint, type Group } from './endpoint.ts';
import { action, addressText, count, kind, moment, momentOrNull, strangersText } from './shapes.ts';

const figures = {
  attacks: count.describe('Attacks that began.'),
  messages: count.describe('Messages that the detectors counted of them.'),
  dropped: count.describe('Packets that the kernel dropped because of a block.'),
};
const perDay = z.number().min(0).describe('A day’s share, one digit behind the point.');
const network = z.string().nullable().describe('Name of the network; null: not known.');
const country = z.string().nullable().describe('ISO 3166-1 alpha-2; null: not known.');

const ranking = <Key extends z.ZodRawShape>(key: Key) =>
  z.strictObject({
    rows: z.array(z.strictObject({ ...key, ...figures })).describe('The most attacks first, ten at most.'),
    total: count,
    atLeast: z.boolean().describe('There were more than are counted.'),
  });

export const dailyReport = z
  .strictObject({
    format: z.literal('ringfence-daily-report-1'),
    day: z.string().describe('`2026-11-21`.'),
    zone: z.string().describe('IANA name.'),
    host: z.string(),
    from: moment.describe('First instant of the day there, milliseconds since the epoch.'),
    to: moment.describe('First instant of the next day.'),
    madeAt: moment,
    complete: z.boolean().describe('False: the day was not over.'),
    droppedBy: z
      .enum(['hours', 'days'])
      .describe(
        'Dropped packets are kept by the hour of UTC, after eight days by the day of UTC; each counts where its middle lies.',
      ),
    totals: z.strictObject({
      ...figures,
      sources: count.describe('Distinct attacking addresses.'),
      actions: z.record(action, count),
    }),
    dayBefore: z.strictObject(figures),
    weekBefore: z.strictObject({ attacks: perDay, messages: perDay, dropped: perDay }),
    kinds: z.array(
      z.strictObject({ kind: z.enum([...DETECTORS, 'other']), ...figures, dayBefore: count, weekBefore: perDay }),
    ),
    hours: z
      .array(
        z.strictObject({
          ...{ from: moment, to: moment, label: z.string().describe('`02:00`, `02:00 +01:00` where it comes twice.') },
          attacks: count,
          dropped: count.nullable().describe('Null: whole days are kept of that time.'),
        }),
      )
      .describe('The hours of the clock there: 23, 24 or 25, with half ones on Lord Howe Island.'),
    countries: ranking({ country, name: z.string() }),
    networks: ranking({ asn: z.int(), network }),
    victims: ranking({ address: addressText }),
    sources: ranking({ address: addressText, country, network }),
    users: z.strictObject({
      rows: z.array(z.strictObject({ user: strangersText('A user tried.'), attacks: count })),
      total: count,
      atLeast: z.boolean(),
    }),
    permanent: z
      .strictObject({
        rows: z.array(z.strictObject({ address: z.string(), since: moment, reason: z.string(), byHand: z.boolean() })),
        total: count,
      })
      .describe('Blocks without an end that began on the day and are in force.'),
    decisions: z
      .strictObject({
        rows: z.array(
          z.strictObject({
            rule: z.enum(DECISION_RULES),
            ...{ address: addressText, country, network, attacks: count, messages: count, last: moment },
            kinds: z.array(kind),
            text: z.string(),
            next: z.array(
              z.strictObject({ what: z.string(), command: z.string().nullable(), link: z.string().nullable() }),
            ),
          }),
        ),
        total: count,
      })
      .describe('Sources that somebody should look at; docs/reports.md has the rules.'),
    sensor: z.strictObject({
      ...{ starts: count, consoleRestarts: count, sensorRestarts: count, kernelRepairs: count, kernelFailures: count },
      packetsLost: count.nullable().describe('Null: none were reported.'),
      ...{ warnings: count, errors: count },
      events: z.array(
        z.strictObject({
          ...{ code: z.string(), level: z.enum(['warning', 'error']), count, last: moment, text: z.string() },
        }),
      ),
    }),
    data: z
      .strictObject({
        countries: z
          .strictObject({
            ...{ provider: z.string(), source: z.string(), made: momentOrNull('the data do not say') },
            problem: z.string().nullable(),
          })
          .nullable(),
        feeds: z.array(
          z.strictObject({
            ...{ name: z.string(), state: z.string(), confirmedAt: momentOrNull('never') },
            problem: z.string().nullable(),
          }),
        ),
      })
      .describe('As it was when the report was made.'),
  })
  .meta({ id: 'DailyReport' });

const reportPage = dailyReport
  .extend({ renewing: z.boolean().describe('A newer one is being counted: ask again in a moment.') })
  .meta({ id: 'ReportPage' });

export const reportsGroup: Group = {
  name: 'Reports',
  description: 'What happened on a day.',
  endpoints: [
    endpoint({
      ...{ method: 'GET', path: '/reports/{day}', id: 'getReport', scope: 'read', query: reportPageInput },
      summary: 'The figures of a day, compared with the day and the week before.',
      description:
        'Counted now, which takes a second for 30,000 attacks; with `kept` at once, as they were counted last.',
      answer: reportPage,
      run: (operations, { params, query }) => operations.report(params.day, query),
    }),
    fileEndpoint({
      ...{ method: 'GET', path: '/reports/{day}/html', id: 'getReportHtml', scope: 'read', query: reportInput },
      summary: 'The same as one page with its charts, as it is sent by mail.',
      file: 'text/html; charset=utf-8',
      run: (operations, { params, query }) => operations.reportHtml(params.day, query),
    }),
    fileEndpoint({
      ...{ method: 'GET', path: '/reports/{day}/text', id: 'getReportText', scope: 'read', query: reportInput },
      summary: 'The same as plain text.',
      file: 'text/plain; charset=utf-8',
      run: (operations, { params, query }) => operations.reportText(params.day, query),
    }),
    fileEndpoint({
      ...{ method: 'GET', path: '/reports/{day}/csv', id: 'getReportCsv', scope: 'read', query: reportInput },
      summary: 'The same as one table.',
      description: 'A row for each figure, its section in the first column.',
      file: CSV_TYPE,
      run: (operations, { params, query }) => operations.reportCsv(params.day, query),
    }),
    fileEndpoint({
      ...{ method: 'GET', path: '/reports/{day}/chart', id: 'getReportChart', scope: 'read', query: reportChartInput },
      summary: 'One chart of it.',
      file: 'image/png',
      run: (operations, { params, query }) => operations.reportChart(params.day, query),
    }),
  ],
};
