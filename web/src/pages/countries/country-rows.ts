/** The rows of the list of countries: searched and sorted. Pure. */
import type { components } from '../../api/schema.d.ts';

type Country = components['schemas']['Country'];
export type SortName = 'name' | 'attacks' | 'ranges' | 'addresses';

/** By name in any case and without accents, by code, or those that are chosen. */
export function found(rows: readonly Country[], search: string, chosen: readonly string[]): readonly Country[] {
  const wanted = plain(search.trim());
  if (wanted === '') return rows;
  if (wanted === 'chosen') return rows.filter(({ code }) => chosen.includes(code));
  return rows.filter(({ code, name }) => code.toLowerCase() === wanted || plain(name).includes(wanted));
}

function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

export function sorted(
  rows: readonly Country[],
  by: SortName,
  descending: boolean,
  attacks: ReadonlyMap<string, number>,
): Country[] {
  const sign = descending ? -1 : 1;
  const byName = (a: Country, b: Country) => a.name.localeCompare(b.name, 'en');
  if (by === 'name') return rows.toSorted((a, b) => -sign * byName(a, b));
  const value = (row: Country) => {
    if (by === 'ranges') return row.rangesV4 + row.rangesV6;
    return by === 'addresses' ? row.addressesV4 : (attacks.get(row.code) ?? 0);
  };
  return rows.toSorted((a, b) => sign * (value(a) - value(b)) || byName(a, b));
}
