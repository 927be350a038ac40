/**
 * The data that Ringfence brings, so that countries work from the first start, without network and account: two npm packages, compiled
 * once. The result is kept beside the packages, where all daemons of this machine find it, or else in the data directory.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packRanges } from '../core/base/packed-ranges.ts';
import { parseRange } from '../core/base/address.ts';
import { compileFiles } from './compile-process.ts';
import { CountryTable } from './country-table.ts';
import { GeoError } from './geo-error.ts';
import { NOTHING, overlay } from './segments.ts';
import { readProvenance, readTable, writeTable, type Provenance, type TableFile } from './table-file.ts';

export const EMBEDDED = 'embedded';
const COUNTRY_PACKAGE = '@ip-location-db/geo-whois-asn-country';
const NETWORK_PACKAGE = '@ip-location-db/asn';
/** Counts up when the same files are compiled to something else. */
const EDITION = 1;

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
    const source = locate(COUNTRY_PACKAGE, 'geo-whois-asn-country');
    return this.find('countries', source) ?? this.keep('countries', source, await compileCountries(source, signal));
  }

  /** Where the compiled networks lie; they are read when somebody asks for one. Null: they could be kept nowhere. */
  async networks(signal?: AbortSignal): Promise<{ path: string | null; table: TableFile | null }> {
    const source = locate(NETWORK_PACKAGE, 'asn');
    const path = this.places('networks', source).find((place) => readProvenance(place) !== null);
    if (path !== undefined) return { path, table: null };
    const { networks, rows } = await compileFiles(source.files, signal);
    if (!networks) throw new GeoError('geo-empty', `${NETWORK_PACKAGE} holds no networks.`, REINSTALL);
    const table = { provenance: provenanceOf(source, rows), segments: networks.segments, names: networks.names };
    const written = this.places('networks', source).find((place) => writeTable(place, table) === null);
    return written === undefined ? { path: null, table } : { path: written, table: null };
  }

  private places(what: string, source: PackageFiles): string[] {
    const name = `${what}-${source.version}-${EDITION}.tables`;
    return [join(source.modules, '.cache', 'ringfence', name), join(this.dataDirectory, name)];
  }

  private find(what: string, source: PackageFiles): TableFile | null {
    for (const place of this.places(what, source)) {
      const table = readTable(place);
      if (table) return table;
    }
    return null;
  }

  /** A full disk or a directory of others only costs the second again at the next start. */
  private keep(what: string, source: PackageFiles, table: TableFile): TableFile {
    this.places(what, source).find((place) => writeTable(place, table) === null);
    return table;
  }
}

async function compileCountries(source: PackageFiles, signal?: AbortSignal): Promise<TableFile> {
  const { countries, rows } = await compileFiles(source.files, signal);
  if (!countries) throw new GeoError('geo-empty', `${COUNTRY_PACKAGE} holds no countries.`, REINSTALL);
  const { segments } = CountryTable.of({
    v4: overlay(countries.v4, DOCUMENTATION.v4, NOTHING, 1),
    v6: overlay(countries.v6, DOCUMENTATION.v6, NOTHING, 4),
  });
  return { provenance: provenanceOf(source, rows), segments, names: null };
}

const REINSTALL = 'Install the packages again: npm ci';

interface PackageFiles {
  package: string;
  version: string;
  /** The `node_modules` that the package is in. */
  modules: string;
  files: { name: string; path: string }[];
}

function locate(name: string, stem: string): PackageFiles {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    const files = [4, 6].map((family) => `${stem}-ipv${family}.csv`);
    return {
      package: name,
      version,
      modules: join(dirname(manifest), '..', '..'),
      files: files.map((file) => ({ name: file, path: join(dirname(manifest), file) })),
    };
  } catch {
    throw new GeoError(
      'geo-embedded-missing',
      `The package ${name} with the embedded data is not installed.`,
      REINSTALL,
    );
  }
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
