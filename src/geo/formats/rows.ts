/** Delimited text – start and end, or networks, with a country code or an AS number – into segments. */
import { countryOf, numberOfCode } from '../country-codes.ts';
import { SegmentBuilder, ROWS_MAX } from '../segment-builder.ts';
import { AddressReader } from './address-bytes.ts';
import { columnsOf, isLocations, type Columns } from './columns.ts';
import { DataError } from './data-problem.ts';
import { RowScanner, separatorOf } from './row-scanner.ts';

/** Share of lines that may be wrong: a file of half a million has its slips, a page of a web server is all wrong. */
const BAD_SHARE_MAX = 0.001;
const QUOTED_MAX = 60;

/** What all files of one data set add up to. */
export class Collected {
  readonly countries = new SegmentBuilder();
  readonly networks = new SegmentBuilder();
  /** Names by AS number. */
  readonly names = new Map<number, string>();
  /** MaxMind: country by the number of a place; null: a place without one. */
  readonly places = new Map<number, string | null>();
  rows = 0;
}

export type RowsOutcome = 'locations' | 'ranges' | 'not-recognised';

/** Errors: `DataError` `geo-bad-lines`, `geo-too-large`. */
export function readRows(name: string, bytes: Uint8Array, into: Collected): RowsOutcome {
  const scanner = new RowScanner(bytes, separatorOf(bytes));
  if (!scanner.next()) return 'not-recognised';
  const recognised = columnsOf(scanner);
  if (!recognised) return 'not-recognised';
  const { columns, header } = recognised;
  if (isLocations(columns)) {
    while (scanner.next()) readPlace(scanner, columns, into);
    return 'locations';
  }
  const reading = new RangeRows(name, scanner, columns, into);
  if (!header) reading.row();
  while (scanner.next()) reading.row();
  reading.finish();
  return 'ranges';
}

function readPlace(row: RowScanner, columns: Columns, into: Collected): void {
  const code = columns.country < row.count ? countryOf(row.text(columns.country)) : null;
  into.places.set(Number(row.text(columns.geoname)), code ?? null);
}

class RangeRows {
  private readonly name: string;
  private readonly scanner: RowScanner;
  private readonly columns: Columns;
  private readonly into: Collected;
  private readonly reader = new AddressReader();
  /** Numbers by the two bytes of a code: no string for each row. −1: not looked up yet, −2: not known. */
  private readonly codes = new Int32Array(0x10000).fill(-1);
  private rows = 0;
  private bad = 0;
  private firstBad = '';

  constructor(name: string, scanner: RowScanner, columns: Columns, into: Collected) {
    this.name = name;
    this.scanner = scanner;
    this.columns = columns;
    this.into = into;
  }

  row(): void {
    this.rows++;
    const { scanner, columns, reader } = this;
    const { bytes, begins, ends, count } = scanner;
    const place = columns.network >= 0 ? columns.network : Math.max(columns.first, columns.last);
    if (place >= count) return this.wrong('it ends before the address');
    const family =
      columns.network >= 0
        ? reader.range(bytes, begins[columns.network], ends[columns.network])
        : reader.pair(bytes, begins[columns.first], ends[columns.first], begins[columns.last], ends[columns.last]);
    if (family === 0) return this.wrong(`${this.quote(place)} is no address range`);
    if (columns.country >= 0 || columns.geoname >= 0) this.addCountry(family);
    if (columns.asn >= 0) this.addNetwork(family);
  }

  private addCountry(family: 4 | 6): void {
    const value = this.columns.geoname >= 0 ? this.placeNumber() : this.codeNumber();
    if (value > 0 && !this.into.countries.add(family, this.reader.ends, value)) throw tooMany(this.name);
  }

  private codeNumber(): number {
    const { scanner, columns } = this;
    if (columns.country >= scanner.count) return this.missing('country');
    const [from, to] = [scanner.begins[columns.country], scanner.ends[columns.country]];
    if (to === from) return 0;
    if (to - from > 2) return this.missing('country');
    const key = (scanner.bytes[from] << 8) | (to - from === 2 ? scanner.bytes[from + 1] : 0);
    if (this.codes[key] === -1) {
      const code = countryOf(scanner.text(columns.country));
      this.codes[key] = code === undefined ? -2 : code === null ? 0 : numberOfCode(code);
    }
    return this.codes[key] === -2 ? this.missing('country') : this.codes[key];
  }

  /** MaxMind: where the network is; where that is not known, where it is registered. */
  private placeNumber(): number {
    const { scanner, columns, into } = this;
    for (const column of [columns.geoname, columns.registered]) {
      if (column < 0 || column >= scanner.count || scanner.ends[column] === scanner.begins[column]) continue;
      const code = into.places.get(Number(scanner.text(column)));
      if (code === undefined) return this.missing('place');
      if (code !== null) return numberOfCode(code);
    }
    return 0;
  }

  private addNetwork(family: 4 | 6): void {
    const { scanner, columns, into } = this;
    if (columns.asn >= scanner.count) return;
    const asn = asNumber(scanner.bytes, scanner.begins[columns.asn], scanner.ends[columns.asn]);
    if (asn === 0) return;
    if (asn < 0) return this.wrong(`${this.quote(columns.asn)} is no AS number`);
    if (!into.networks.add(family, this.reader.ends, asn)) throw tooMany(this.name);
    if (columns.asnName < 0 || columns.asnName >= scanner.count || into.names.has(asn)) return;
    const name = scanner.text(columns.asnName);
    if (name !== '') into.names.set(asn, name.slice(0, NETWORK_NAME_MAX));
  }

  private missing(what: 'country' | 'place'): number {
    const { country, geoname } = this.columns;
    const shown = this.quote(what === 'country' ? country : geoname);
    this.wrong(what === 'country' ? `${shown} is no country code` : `the place ${shown} is in no file of locations`);
    return -1;
  }

  private quote(field: number): string {
    if (field >= this.scanner.count) return '""';
    const text = this.scanner.text(field);
    return `"${text.length > QUOTED_MAX ? `${text.slice(0, QUOTED_MAX)}…` : text}"`;
  }

  private wrong(why: string): void {
    if (this.bad === 0) this.firstBad = `line ${this.scanner.line}: ${why}`;
    this.bad++;
  }

  finish(): void {
    this.into.rows += this.rows;
    if (this.bad > this.rows * BAD_SHARE_MAX) {
      throw new DataError(
        'geo-bad-lines',
        `${this.name}: ${this.bad} of ${this.rows} lines are wrong; ${this.firstBad}`,
      );
    }
  }
}

export const NETWORK_NAME_MAX = 200;

function tooMany(name: string): DataError {
  return new DataError('geo-too-large', `${name} has more than ${ROWS_MAX} ranges`);
}

/** `13335` or `AS13335` (RFC 5396); 0: empty or AS 0, nobody's; −1: something else. */
function asNumber(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  if ((bytes[at] | 0x20) === 97 && (bytes[at + 1] | 0x20) === 115) at += 2;
  if (to - at > 10) return -1;
  let value = 0;
  for (; at < to; at++) {
    const digit = bytes[at] - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value <= 0xffffffff ? value : -1;
}
