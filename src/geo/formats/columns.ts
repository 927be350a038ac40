/** What the columns of a data file mean: by its header where it has one, else by its first row. */
import { AddressReader } from './address-bytes.ts';
import type { RowScanner } from './row-scanner.ts';

/** Places of fields from 0; −1: there is no such column. */
export interface Columns {
  network: number;
  first: number;
  last: number;
  country: number;
  asn: number;
  asnName: number;
  /** MaxMind: the place's number in the file of locations, and where the network is registered. */
  geoname: number;
  registered: number;
}

const NAMES: Record<keyof Columns, readonly string[]> = {
  network: ['network', 'cidr', 'prefix', 'subnet', 'block', 'range', 'iprange', 'ip', 'address', 'source'],
  first: ['start', 'startip', 'ipstart', 'iprangestart', 'rangestart', 'first', 'firstip', 'from', 'ipfrom', 'begin'],
  last: ['end', 'endip', 'ipend', 'iprangeend', 'rangeend', 'last', 'lastip', 'to', 'ipto'],
  country: ['countrycode', 'countryisocode', 'isocode', 'countryiso', 'iso', 'iso2', 'alpha2', 'cc', 'code', 'country'],
  asn: ['asn', 'autonomoussystemnumber', 'asnumber', 'as'],
  asnName: [
    'asname',
    'autonomoussystemorganization',
    'asorg',
    'asorganization',
    'organization',
    'organisation',
    'asnname',
  ],
  geoname: ['geonameid'],
  registered: ['registeredcountrygeonameid'],
};

/** By the row in the scanner. `header`: it names the columns and holds no data. Null: nothing that is known. */
export function columnsOf(row: RowScanner): { columns: Columns; header: boolean } | null {
  const named = byHeader(row);
  if (named) return { columns: named, header: true };
  const guessed = byContent(row);
  return guessed ? { columns: guessed, header: false } : null;
}

function none(): Columns {
  return { network: -1, first: -1, last: -1, country: -1, asn: -1, asnName: -1, geoname: -1, registered: -1 };
}

function byHeader(row: RowScanner): Columns | null {
  const words = Array.from({ length: row.count }, (_, i) =>
    row
      .text(i)
      .toLowerCase()
      .replace(/[\s_-]/g, ''),
  );
  const columns = none();
  for (const key of Object.keys(NAMES) as (keyof Columns)[]) {
    // The first name of the list wins: `country_code` before `country`, which may hold the country's name.
    for (const name of NAMES[key]) {
      columns[key] = words.indexOf(name);
      if (columns[key] >= 0) break;
    }
  }
  const hasRange = columns.network >= 0 || (columns.first >= 0 && columns.last >= 0);
  const hasValue = columns.country >= 0 || columns.asn >= 0 || columns.geoname >= 0;
  if (columns.first >= 0 && columns.last >= 0) columns.network = -1;
  return hasValue && (hasRange || isLocations(columns)) ? columns : null;
}

/** MaxMind's file of places: number → country. */
export function isLocations(columns: Columns): boolean {
  return columns.geoname >= 0 && columns.country >= 0 && columns.network < 0 && columns.first < 0;
}

function byContent(row: RowScanner): Columns | null {
  const reader = new AddressReader();
  const columns = none();
  const isRange = (i: number) => i < row.count && reader.range(row.bytes, row.begins[i], row.ends[i]) > 0;
  // Known or not: a code that is none is told with its line.
  const isCode = (i: number) => i < row.count && /^([A-Za-z]{2}|[?-]{1,2}|)$/.test(row.text(i));
  const pair = row.count > 2 && reader.pair(row.bytes, row.begins[0], row.ends[0], row.begins[1], row.ends[1]) > 0;
  let value = 1;
  if (pair) [columns.first, columns.last, value] = [0, 1, 2];
  else if (isRange(0)) columns.network = 0;
  else if (isCode(0) && isRange(1)) return { ...columns, country: 0, network: 1 };
  else return null;
  if (isCode(value)) return { ...columns, country: value };
  if (value < row.count && /^(AS)?\d{1,10}$/i.test(row.text(value))) {
    return { ...columns, asn: value, asnName: value + 1 < row.count ? value + 1 : -1 };
  }
  return null;
}
