/** The argument of a verdict, as codes and numbers: what was seen, what it proves, what would have changed it. Texts are for those who show it. */
import type { Standing } from './trust.ts';

/** What the evidence shows. */
export const ARGUMENT_SHOWS = [
  /** The source receives what is sent to it: `proof` says how it is known. */
  'source-proven',
  /** Anybody could have sent it. */
  'source-forgeable',
  /** One user, at a phone's pace. */
  'one-user-steady',
  /** It comes from one phone behind an address where others are registered. */
  'one-port-of-known',
  /** As many ports of the address as the policy allows were blocked, and it goes on. */
  'many-ports-of-known',
  /** One line of IPv6: whoever has one address of its /64 may come from every other. */
  'line',
  /** Sources all over the network. */
  'network',
  /** Many guess together; this source is judged by its own guesses. */
  'took-part',
  /** It was blocked as often before as the policy allows. */
  'blocked-before',
] as const;
export type ArgumentShows = (typeof ARGUMENT_SHOWS)[number];

/** What would have changed the verdict; `number` belongs to some. */
export const ARGUMENT_UNLESS = [
  /** With proof it would have been blocked. */
  'proven',
  /** A registration behind the address would have kept the rest of it open. */
  'registered',
  /** More ports (number): then the address. */
  'more-ports',
  /** More users, other passwords, or a faster pace (number an hour): then it is guessing. */
  'guessing',
  /** More blocks (number): then for good. */
  'more-blocks',
  /** On the allowlist it would never have been blocked. */
  'allowlisted',
] as const;
export type ArgumentUnless = (typeof ARGUMENT_UNLESS)[number];

export interface Argument {
  standing: Standing;
  /** Registrations that held behind the address. */
  phones: number;
  /** Of the verdict's `count`, so many are known to come from the source. */
  proven: number;
  /** Ports of the address blocked lately. */
  portsBlocked: number;
  shows: ArgumentShows[];
  unless: { code: ArgumentUnless; number: number | null }[];
}

export const NO_ARGUMENT: Argument = {
  standing: 'unknown',
  phones: 0,
  proven: 0,
  portsBlocked: 0,
  shows: [],
  unless: [],
};
