/** What is remembered over days, whatever becomes of detectors and policies meanwhile. Bounded: about 27 MB when all of it is full. */
import { NO_SEGMENTS, type Segments } from '../../base/segments.ts';
import type { SourceColumn, SourceTable } from '../../base/source-table.ts';
import { Ledger } from './ledger.ts';
import { Suspects } from './suspects.ts';
import { WordReader, WordWriter } from './words.ts';

/** Networks, users of a victim, programs and autonomous systems in which somebody failed; 746 bytes each, taken as needed. */
export const NETWORKS_MAX = 1 << 13;
export const USERS_MAX = 1 << 12;
export const PROGRAMS_MAX = 1 << 11;
export const SYSTEMS_MAX = 1 << 11;

/** Counts up when what is written down, or what a hash in it is made of (users, fingerprints), changes its meaning. */
const EDITION = 1;

export const HOUR_S = 3600;
export const DAY_S = 86_400;
export const WEEK_S = 604_800;

export class PatientMemory implements SourceColumn {
  readonly suspects = new Suspects();
  /** Key: the prefix and its length; members: addresses, or the /64 networks of a wider IPv6 prefix. */
  readonly networks: Ledger;
  /** Key: user and victim; members: networks that tried it. */
  readonly users: Ledger;
  /** Key: fingerprint; members: networks. */
  readonly programs: Ledger;
  /** Key: the number of the autonomous system; members: its networks. */
  readonly systems: Ledger;
  /** Which autonomous system announces an address; a table of the Internet, given from outside. Without one nothing is counted by them. */
  asns: Segments = NO_SEGMENTS;

  /** Counts up whenever there is more to remember. */
  changes = 0;
  private readonly seed: number;

  constructor(seed: number) {
    this.seed = seed >>> 0;
    this.networks = new Ledger(seed, NETWORKS_MAX);
    this.users = new Ledger(seed ^ 0x5bd1e995, USERS_MAX);
    this.programs = new Ledger(seed ^ 0x2c1b3c6d, PROGRAMS_MAX);
    this.systems = new Ledger(seed ^ 0x1f83d9ab, SYSTEMS_MAX);
  }

  grow(rows: number): void {
    this.suspects.grow(rows);
  }

  forget(row: number): void {
    this.suspects.forget(row);
  }

  /** All of it as numbers, for the next engine that has the same seed. */
  snapshot(sources: SourceTable): Uint32Array<ArrayBuffer> {
    const to = new WordWriter();
    to.put(EDITION);
    to.put(this.seed);
    this.suspects.save(to, sources);
    for (const ledger of this.ledgers) ledger.save(to);
    return to.take();
  }

  /** Into a memory that is empty. False: it is of another edition or seed, and nothing was taken, or it is not complete. */
  restore(words: Uint32Array, sources: SourceTable, nowMs: number): boolean {
    if (seedOf(words) !== this.seed) return false;
    const second = Math.floor(nowMs / 1000);
    const from = new WordReader(words.subarray(2));
    return this.suspects.load(from, sources, second) && this.ledgers.every((ledger) => ledger.load(from, second));
  }

  private get ledgers(): readonly Ledger[] {
    return [this.networks, this.users, this.programs, this.systems];
  }

  /** Bytes of all tables. */
  get bytes(): number {
    return this.ledgers.reduce((sum, { bytes }) => sum + bytes, this.suspects.bytes);
  }
}

/** The seed of the engine that made a snapshot; null: it is none of this edition. */
export function seedOf(words: Uint32Array): number | null {
  return words.length > 2 && words[0] === EDITION ? words[1] : null;
}
