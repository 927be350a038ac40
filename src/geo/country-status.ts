/** What is said about addresses and about the data themselves. */
import type { CountryDataSettings } from './sources.ts';
import type { Provenance } from './table-file.ts';

/** All null for an address that nothing is known about. */
export interface Place {
  /** ISO 3166-1 alpha-2. */
  country: string | null;
  asn: number | null;
  /** The name of the AS. */
  network: string | null;
}

export interface GeoEvent {
  at: number;
  level: 'info' | 'warning' | 'error';
  /** `geo-updated`, `geo-not-saved`, or why an update failed (`GeoError`). */
  code: string;
  text: string;
}

export interface GeoProblem {
  code: string;
  text: string;
  hint: string | null;
  /** Since when it has not worked, and the last try. */
  since: number;
  at: number;
}

export interface CountryStatus {
  /** As the policy has it. */
  provider: CountryDataSettings['provider'];
  everyMs: number;
  /** Null: not loaded yet. */
  inUse: (Provenance & DataSize) | null;
  networks: { source: string; made: number | null } | null;
  updating: boolean;
  checkedAt: number | null;
  /** Null: these data are never looked for. */
  nextAt: number | null;
  problem: GeoProblem | null;
  /** What the licence of the data asks to be said. */
  attribution: string;
}

export interface DataSize {
  countries: number;
  rangesV4: number;
  rangesV6: number;
  /** Memory of the tables that are loaded. */
  bytes: number;
}
