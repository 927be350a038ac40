/** Where the data lie that Ringfence brings: the packages, and the tables that were made of them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GeoError } from './geo-error.ts';

const PACKAGES = {
  countries: { name: '@ip-location-db/geo-whois-asn-country', stem: 'geo-whois-asn-country' },
  networks: { name: '@ip-location-db/asn', stem: 'asn' },
} as const;
export type Brought = keyof typeof PACKAGES;
/** Counts up when the same files are compiled to something else. */
const EDITION = 1;
export const REINSTALL = 'Install the packages again: npm ci';

export interface PackageFiles {
  package: string;
  version: string;
  /** The `node_modules` that the package is in. */
  modules: string;
  files: { name: string; path: string }[];
}

export function locate(what: Brought): PackageFiles {
  const { name, stem } = PACKAGES[what];
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

/** Beside the packages, where all daemons of this machine find them, or in the data directory. */
export function placesOf(what: Brought, source: PackageFiles, dataDirectory: string): string[] {
  const name = `${what}-${source.version}-${EDITION}.tables`;
  return [join(source.modules, '.cache', 'ringfence', name), join(dataDirectory, name)];
}
