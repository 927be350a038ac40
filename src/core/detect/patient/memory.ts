/** What is remembered over days, whatever becomes of detectors and policies meanwhile. Bounded: about 25 MB when all of it is full. */
import type { SourceColumn } from '../../base/source-table.ts';
import { Ledger } from './ledger.ts';
import { Suspects } from './suspects.ts';

/** Networks, users of a victim, and programs in which somebody failed; 746 bytes each, taken as needed. */
export const NETWORKS_MAX = 1 << 13;
export const USERS_MAX = 1 << 12;
export const PROGRAMS_MAX = 1 << 11;

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

  constructor(seed: number) {
    this.networks = new Ledger(seed, NETWORKS_MAX);
    this.users = new Ledger(seed ^ 0x5bd1e995, USERS_MAX);
    this.programs = new Ledger(seed ^ 0x2c1b3c6d, PROGRAMS_MAX);
  }

  grow(rows: number): void {
    this.suspects.grow(rows);
  }

  forget(row: number): void {
    this.suspects.forget(row);
  }

  /** Bytes of all tables. */
  get bytes(): number {
    return this.suspects.bytes + this.networks.bytes + this.users.bytes + this.programs.bytes;
  }
}
