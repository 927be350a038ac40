/**
 * What a report says, before it has a format: text and HTML are made of this, so both say the same.
 *
 * Invariant: every text here is one line of visible characters, strangers' parts made so by `strangersText`; markup is not escaped yet.
 */
import { DateTime } from 'luxon';
import { ACTIONS, type Action } from '../../core/judge/verdict.ts';
import type { StatisticsKind } from '../../store/statistics.ts';
import { counted, moment, network, number, span } from '../render/figures.ts';
import { METHOD_WORDS } from '../render/method-words.ts';
import { strangersText } from '../render/strangers-text.ts';
import { DECISION_RULES, type DailyReport, type Figures, type Ranking } from './daily-report.ts';
import { RULE_WORDS } from './decisions.ts';

export const CHARTS = ['hours', 'countries'] as const;
export type ChartName = (typeof CHARTS)[number];

/** Of one rule; the console's page and the CSV have more of them. */
const DECISIONS_SHOWN_MAX = 10;

export interface ReportSection {
  title: string;
  /** One sentence under the title. */
  note: string | null;
  /** Above the rows. */
  chart: ChartName | null;
  /** Titles of the values. */
  columns: string[];
  rows: ReportRow[];
  /** `and 37 more`. */
  more: string | null;
  /** What can be done about the rows. */
  steps: { what: string; command: string }[];
  /** Side by side, some in a line: the hours. */
  grid: { label: string; value: string }[];
}

export interface ReportRow {
  label: string;
  detail: string | null;
  values: string[];
}

/** `Saturday, 21 November 2026`. */
export function dayInWords({ day }: DailyReport): string {
  return DateTime.fromISO(day, { zone: 'utc' }).setLocale('en-GB').toFormat('cccc, d LLLL yyyy');
}

export function headlineOf({ totals, complete }: DailyReport): string {
  const { attacks, sources, actions } = totals;
  if (attacks === 0) return complete ? 'No attacks' : 'No attacks so far';
  const stopped = actions.block + actions.deny;
  const what = stopped === 0 ? 'none blocked' : stopped === attacks ? 'all blocked' : `${number(stopped)} blocked`;
  return `${counted(attacks, 'attack')} from ${counted(sources, 'source')}${complete ? '' : ' so far'}, ${what}`;
}

export function sectionsOf(report: DailyReport): ReportSection[] {
  const { droppedBy, complete, totals, dayBefore, weekBefore } = report;
  const compared = (title: string, name: keyof Figures) => ({
    label: title,
    detail: null,
    values: [totals[name], dayBefore[name], weekBefore[name]].map((value, i) =>
      i === 0 ? number(value) : `${perDay(value)}${change(totals[name], value)}`,
    ),
  });
  const actions = ACTIONS.toReversed().filter((action) => totals.actions[action] > 0);
  return [
    section('The day', {
      note: notes([
        actions.length === 0
          ? ''
          : `${actions.map((action) => ACTION_WORDS[action](totals.actions[action])).join(', ')}.`,
        complete ? '' : `Made ${moment(report.madeAt, report.zone)}: the day is not over.`,
        lengthNote(report),
        droppedBy === 'hours'
          ? ''
          : 'Dropped packets of that time are kept by the day of UTC, so they are near, not exact.',
      ]),
      columns: ['that day', 'day before', 'week, per day'],
      rows: [compared('Attacks', 'attacks'), compared('Messages', 'messages'), compared('Packets dropped', 'dropped')],
    }),
    ...decisionSections(report),
    section('New permanent blocks', {
      note: report.permanent.total === 0 ? 'None.' : null,
      rows: report.permanent.rows.map(({ address, since, reason, byHand }) => ({
        label: address,
        detail: `${moment(since, report.zone)}, ${byHand ? 'by hand: ' : ''}${strangersText(reason)}`,
        ...{ values: [] },
      })),
      more: rest(report.permanent.rows.length, report.permanent.total),
    }),
    section('Attacks by hour', {
      chart: 'hours',
      grid: report.hours.map(({ label, attacks }) => ({ label, value: number(attacks) })),
    }),
    section('Kinds', {
      note: report.kinds.length === 0 ? 'None.' : null,
      columns: report.kinds.length === 0 ? [] : FIGURES,
      rows: report.kinds.map((row) => ({
        label: kindWords(row.kind),
        detail: `${number(row.dayBefore)} the day before, ${perDay(row.weekBefore)} a day in the week before`,
        ...{ values: figures(row) },
      })),
    }),
    ranked(
      'Countries',
      report.countries,
      ({ country, name }) => (country === null ? 'Not known' : `${name} (${country})`),
      {
        chart: 'countries',
      },
    ),
    ranked('Networks', report.networks, ({ asn, network: name }) => network(asn, name) ?? ''),
    ranked('Attacked addresses', report.victims, ({ address }) => address),
    ranked('Sources', report.sources, ({ address, country }) => `${address}${country === null ? '' : ` (${country})`}`),
    section('Users tried', {
      note: report.users.total === 0 ? 'None.' : null,
      columns: ['Attacks'],
      rows: report.users.rows.map(({ user, attacks }) => ({
        label: user === '' ? '(empty)' : strangersText(user),
        ...{ detail: null, values: [number(attacks)] },
      })),
      more: rest(report.users.rows.length, report.users.total, report.users.atLeast),
    }),
    sensorSection(report),
    dataSection(report),
  ];
}

const ACTION_WORDS: Record<Action, (count: number) => string> = {
  deny: (count) => `${number(count)} blocked for good`,
  block: (count) => `${number(count)} blocked`,
  limit: (count) => `${number(count)} limited`,
  watch: (count) => `${number(count)} only watched`,
  pass: (count) => `${number(count)} let through as never blocked`,
};

const FIGURES = ['Attacks', 'Messages', 'Dropped'];

function section(title: string, part: Partial<ReportSection>): ReportSection {
  return { title, note: null, chart: null, columns: [], rows: [], more: null, steps: [], grid: [], ...part };
}

function ranked<Key>(
  title: string,
  { rows, total, atLeast }: Ranking<Key>,
  label: (row: Key) => string,
  part: Partial<ReportSection> = {},
): ReportSection {
  return section(title, {
    ...(total === 0 ? { note: 'None.' } : part),
    columns: total === 0 ? [] : FIGURES,
    rows: rows.map((row) => ({ label: label(row), detail: null, values: figures(row) })),
    more: rest(rows.length, total, atLeast),
  });
}

function decisionSections({ decisions, zone }: DailyReport): ReportSection[] {
  const { rows, total } = decisions;
  if (total === 0) return [section('Needs a decision', { note: 'Nothing.' })];
  const sections = DECISION_RULES.map((rule) => {
    const own = rows.filter((row) => row.rule === rule);
    const shown = own.slice(0, DECISIONS_SHOWN_MAX);
    const { title, why, next: steps } = RULE_WORDS[rule];
    return section(`Needs a decision: ${title.toLowerCase()}`, {
      note: why,
      steps: steps.map(([what, command]) => ({ what, command })),
      more: rest(shown.length, own.length),
      rows: shown.map(({ address, country, network: name, last, text, kinds, attacks }) => ({
        label: address,
        detail: [
          ...(rule === 'near-permanent' ? [text] : []),
          counted(attacks, 'attack'),
          kinds.map(kindWords).join(', '),
          [country, name === null ? null : strangersText(name)].filter((one) => one !== null).join(', '),
          `last seen ${moment(last, zone)}`,
        ]
          .filter((part) => part !== '')
          .join(' · '),
        values: [],
      })),
    });
  }).filter((one) => one.rows.length > 0);
  const last = sections.at(-1)!;
  const ofLast = rows.filter(({ rule }) => rule === rows.at(-1)!.rule).length;
  last.more = rest(last.rows.length, ofLast + total - rows.length);
  return sections;
}

function sensorSection({ sensor, zone }: DailyReport): ReportSection {
  const facts: [string, number | null][] = [
    ['Packets lost', sensor.packetsLost ?? 0],
    ['Starts of the guard', sensor.starts],
    ['Restarts of the console', sensor.consoleRestarts],
    ['Restarts of the sensor', sensor.sensorRestarts],
    ['Repairs of the kernel table', sensor.kernelRepairs],
    ['Failures of the kernel table', sensor.kernelFailures],
  ];
  const told = facts.filter(([, count]) => count !== 0);
  return section('Firewall', {
    note: told.length === 0 && sensor.events.length === 0 ? 'No losses, no restarts, no warnings.' : null,
    rows: [
      ...told.map(([label, count]) => ({ label, detail: null, values: [number(count ?? 0)] })),
      ...sensor.events.map(({ code, level, count, last, text }) => ({
        label: `${level === 'error' ? 'Error' : 'Warning'}: ${code}`,
        detail: `${strangersText(text, 300)} (last ${moment(last, zone)})`,
        ...{ values: [number(count)] },
      })),
    ],
  });
}

function dataSection({ data, madeAt }: DailyReport): ReportSection {
  const age = (time: number | null) => (time === null ? 'age not known' : `${span(Math.max(0, madeAt - time))} old`);
  const row = (label: string, problem: string | null, text: string) => ({
    ...{ label, values: [] },
    detail: problem === null ? text : `${text}; ${strangersText(problem, 300)}`,
  });
  const { countries, feeds } = data;
  return section('Country data and feeds', {
    note: countries === null ? 'No country data are loaded.' : null,
    rows: [
      ...(countries === null
        ? []
        : [row('Country data', countries.problem, `${strangersText(countries.provider)}, ${age(countries.made)}`)]),
      ...feeds.map(({ name, state, confirmedAt, problem }) =>
        row(`Feed ${strangersText(name)}`, problem, `${state}, ${age(confirmedAt)}`),
      ),
    ],
  });
}

export function kindWords(kind: StatisticsKind): string {
  return kind === 'other' ? 'Dropped by other blocks' : METHOD_WORDS[kind].name;
}

function figures({ attacks, messages, dropped }: Figures): string[] {
  return [attacks, messages, dropped].map(number);
}

/** `, +26 %`; nothing where there is nothing to compare with. */
function change(now: number, before: number): string {
  if (before === 0 || now === before) return '';
  const percent = Math.round(((now - before) / before) * 100);
  return ` (${percent > 0 ? '+' : percent < 0 ? '\u2212' : '\u00b1'}${number(Math.abs(percent))} %)`;
}

/** A digit behind the point where it says something. */
function perDay(value: number): string {
  return number(value < 100 ? value : Math.round(value));
}

function rest(shown: number, total: number, atLeast = false): string | null {
  if (total <= shown && !atLeast) return null;
  return `and ${number(total - shown)} more${atLeast ? ' at least: there were too many to count all' : ''}`;
}

function notes(parts: string[]): string | null {
  return parts.filter((part) => part !== '').join(' ') || null;
}

function lengthNote({ from, to }: DailyReport): string {
  const hours = (to - from) / 3_600_000;
  return hours === 24 ? '' : `This day had ${hours} hours: the clocks were ${hours < 24 ? 'put forward' : 'set back'}.`;
}
