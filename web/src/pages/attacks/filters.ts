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

/** The page of the log with these filters: `/attacks?kind=flood`. Names that are none of ours are left out. */
export function pathOf(filters: AttackFilters): string {
  const given = FILTER_NAMES.flatMap((name) => (filters[name] ? [[name, filters[name]]] : []));
  return given.length === 0 ? '/attacks' : `/attacks?${new URLSearchParams(given).toString()}`;
}

/** Whether anything is left out of the log. */
export function isFiltered(filters: AttackFilters): boolean {
  return Object.keys(filters).length > 0;
}

/** Each filter as a few words. Text of people is not escaped. */
export function described(filters: AttackFilters): string[] {
  const { last, since, until, kind, action, open, source, victim, country, asn, text } = filters;
  const parts = [
    last && (PRESETS[last]?.title ?? last),
    !last && since && `since ${moment(since)}`,
    !last && until && `until ${moment(until)}`,
    kind && kindName(kind),
    action,
    open && (open === 'true' ? 'going on' : 'over'),
    source && `from ${source}`,
    victim && `against ${victim}`,
    country && countryName(country),
    asn && `AS${asn}`,
    text && `“${text}”`,
  ];
  return parts.filter((part) => typeof part === 'string' && part !== '') as string[];
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
