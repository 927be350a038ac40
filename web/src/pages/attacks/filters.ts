/** The filters of the attack log: as they stand in the address of the page, as the API is asked, and in words. Pure. */
import type { Filters } from '../../table/filters.ts';
import { countryName } from '../../text/country.tsx';
import { kindName } from '../../text/attack-words.tsx';
import { exactTime } from '../../text/moments.ts';

/** The API's own names; `last` is a length before now (`24h`), and stands instead of `since` and `until`. */
export const FILTER_NAMES = [
  'last',
  'since',
  'until',
  'kind',
  'action',
  'open',
  'source',
  'victim',
  'country',
  'asn',
  'text',
] as const;
export type AttackFilters = Filters<(typeof FILTER_NAMES)[number]>;

const HOUR = 3_600_000;
export const PRESETS: Record<string, { title: string; ms: number }> = {
  '1h': { title: 'Last hour', ms: HOUR },
  '24h': { title: 'Last 24 hours', ms: 24 * HOUR },
  '7d': { title: 'Last 7 days', ms: 7 * 24 * HOUR },
  '30d': { title: 'Last 30 days', ms: 30 * 24 * HOUR },
};

/** What the API takes. An unknown `last` is no limit; whatever else is wrong the API says. */
export function queryOf({ last, ...filters }: AttackFilters, now: number): Omit<AttackFilters, 'last'> {
  const preset = last === undefined ? undefined : PRESETS[last];
  if (!preset) return filters;
  const { until: _, ...rest } = filters;
  return { ...rest, since: String(now - preset.ms) };
}

/** Whether anything is left out of the log. */
export function isFiltered(filters: AttackFilters): boolean {
  return Object.keys(filters).length > 0;
}

/** Each filter as a few words, to be taken away one by one. Text of people is not escaped. */
export function described(filters: AttackFilters): { names: (keyof AttackFilters)[]; text: string }[] {
  const { last, since, until, kind, action, open, source, victim, country, asn, text } = filters;
  const parts: { names: (keyof AttackFilters)[]; text: string | undefined }[] = [
    { names: ['last'], text: last && (PRESETS[last]?.title ?? last) },
    { names: ['since'], text: last === undefined ? since && `since ${moment(since)}` : undefined },
    { names: ['until'], text: last === undefined ? until && `until ${moment(until)}` : undefined },
    { names: ['kind'], text: kind && kindName(kind) },
    { names: ['action'], text: action },
    { names: ['open'], text: open && (open === 'true' ? 'going on' : 'over') },
    { names: ['source'], text: source && `from ${source}` },
    { names: ['victim'], text: victim && `against ${victim}` },
    { names: ['country'], text: country && countryName(country) },
    { names: ['asn'], text: asn && `AS${asn}` },
    { names: ['text'], text: text && `“${text}”` },
  ];
  return parts.flatMap((part) => (part.text === undefined ? [] : [{ ...part, text: part.text }]));
}

function moment(text: string): string {
  const at = Number(text);
  return Number.isSafeInteger(at) ? exactTime(at) : text;
}

/** For `<input type="datetime-local">`: local time to the minute; and back, null when it is none. */
export function toInput(at: string | undefined): string {
  const ms = Number(at);
  return at === undefined || !Number.isSafeInteger(ms) ? '' : exactTime(ms).slice(0, 16).replace(' ', 'T');
}

export function fromInput(text: string): string | undefined {
  const ms = text === '' ? NaN : new Date(text).getTime();
  return Number.isNaN(ms) ? undefined : String(ms);
}
