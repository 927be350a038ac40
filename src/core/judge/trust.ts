/** Phones whose registration succeeded: who they are, and until when they are trusted. */
import type { Transport } from '../base/target.ts';

/** Changes handed over at one time. */
export const TRUST_CHANGES_MAX = 4096;

/** A phone gained, kept or lost its trust: what the kernel's trusted set needs to know. */
export interface TrustChange {
  /** As text. */
  address: string;
  port: number;
  transport: Transport;
  /** Milliseconds since the epoch; 0: it is lost. */
  until: number;
}
