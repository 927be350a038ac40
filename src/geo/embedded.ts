/**
 * The data that Ringfence brings, so that countries work from the first start, without network and account: two npm packages, compiled
 * once. The result is kept beside the packages, where all daemons of this machine find it, or else in the data directory.
 */
import { packRanges } from '../core/base/packed-ranges.ts';
import { parseRange } from '../core/base/address.ts';
import { NOTHING } from '../core/base/segments.ts';
import { compileFiles } from './compile-process.ts';
import { CountryTable } from './country-table.ts';
import { locate, placesOf, REINSTALL, type Brought, type PackageFiles } from './embedded-places.ts';
import { GeoError } from './geo-error.ts';
import { overlay } from './segments.ts';
import { readProvenance, readTable, writeTable, type Provenance, type TableFile } from './table-file.ts';

export const EMBEDDED = 'embedded';

/** The registries count these to the countries of whoever administers the ranges around them; they are nobody's (RFC 5737, 3849, 9637). */
const DOCUMENTATION = packRanges(
  ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'].map((text) => parseRange(text)!),
);

export class EmbeddedData {
  private readonly dataDirectory: string;

  /** `dataDirectory`: takes the compiled tables where they cannot lie beside the packages. */
  constructor(dataDirectory: string) {
    this.dataDirectory = dataDirectory;
  }

  /** 10 ms when they were compiled before, about a second otherwise. Errors: `GeoError`. */
  async countries(signal?: AbortSignal): Promise<TableFile> {
    const source = locate('countries');
    return this.find('countries', source) ?? this.keep('countries', source, await compileCountries(source, signal));
  }

  /** Where the compiled networks lie; they are read when somebody asks for one. Null: they could be kept nowhere. */
  async networks(signal?: AbortSignal): Promise<{ path: string | null; table: TableFile | null }> {
    const source = locate('networks');
    const path = placesOf('networks', source, this.dataDirectory).find((place) => readProvenance(place) !== null);
    if (path !== undefined) return { path, table: null };
    const { networks, rows } = await compileFiles(source.files, signal);
    if (!networks) throw new GeoError('geo-empty', `${source.package} holds no networks.`, REINSTALL);
    const table = { provenance: provenanceOf(source, rows), segments: networks.segments, names: networks.names };
    const written = placesOf('networks', source, this.dataDirectory).find((place) => writeTable(place, table) === null);
    return written === undefined ? { path: null, table } : { path: written, table: null };
  }

  private find(what: Brought, source: PackageFiles): TableFile | null {
    for (const place of placesOf(what, source, this.dataDirectory)) {
      const table = readTable(place);
      if (table) return table;
    }
    return null;
  }

  /** A full disk or a directory of others only costs the second again at the next start. */
  private keep(what: Brought, source: PackageFiles, table: TableFile): TableFile {
    placesOf(what, source, this.dataDirectory).find((place) => writeTable(place, table) === null);
    return table;
  }
}

async function compileCountries(source: PackageFiles, signal?: AbortSignal): Promise<TableFile> {
  const { countries, rows } = await compileFiles(source.files, signal);
  if (!countries) throw new GeoError('geo-empty', `${source.package} holds no countries.`, REINSTALL);
  const { segments } = CountryTable.of({
    v4: overlay(countries.v4, DOCUMENTATION.v4, NOTHING, 1),
    v6: overlay(countries.v6, DOCUMENTATION.v6, NOTHING, 4),
  });
  return { provenance: provenanceOf(source, rows), segments, names: null };
}

function provenanceOf(source: PackageFiles, rows: number): Provenance {
  const made = dateIn(source.version);
  const text = `${source.package} ${source.version}`;
  return { provider: EMBEDDED, source: text, identity: EMBEDDED, made, loaded: made ?? 0, rows };
}

/** The packages are versioned by the hour: `2.3.2026061719`. */
function dateIn(version: string): number | null {
  const match = /\.(\d{4})(\d{2})(\d{2})(\d{2})$/.exec(version);
  if (!match) return null;
  const [year, month, day, hour] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour);
}
