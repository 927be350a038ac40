/** Attacks over time and by whom, as the Overview shows them. */
import type { DetectorSlug } from '../core/base/policy.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Hours are kept this long; then they become days (UTC). */
export const HOURS_KEPT_MS = 8 * DAY_MS;
/** Points of a series; a longer period gets longer steps. */
export const SERIES_POINTS_MAX = 1000;
/** Rows of one top list. */
export const TOP_MAX = 256;

/** `other`: what the kernel dropped because of a block by hand, or of one whose reason is not known. */
export type StatisticsKind = DetectorSlug | 'other';

export interface Counted {
  /** Attacks that began. */
  attacks: number;
  /** Messages that the detectors counted. */
  messages: number;
  /** Packets that the kernel dropped because of a block. */
  dropped: number;
}

export interface TopEntry extends Counted {
  key: string;
}

export interface StatisticsQuery {
  /** Milliseconds since the epoch; whole hours (where there are only days, whole days) that lie in part between them count wholly. */
  since: number;
  until: number;
  /** Milliseconds, at least an hour. */
  step: number;
  /** Rows of each top list, at most `TOP_MAX`; 20 when absent. Of countries there are always all. */
  top?: number;
  /** What a top list is sorted by; `attacks` when absent. The other one decides between equals. */
  order?: 'attacks' | 'packets';
}

/**
 * How exact it is. Series and totals: exact; an attack counts in the hour of its first message, messages in the hour of the last one of
 * the report that brought them (10 times a second while it goes on), drops in the hour in which the guard read the kernel's counter.
 * Reports that come twice count once. Top lists: exact as long as an hour has no more keys than `KEYS_MAX` of the dimension
 * (`sqlite/statistics-tally.ts`). Beyond that, the keys with the fewest packets go, and begin at nothing when they come back: what is shown of a
 * key is then the least that it did. Drops count for the source, country and network, and for the victim and user agent of the attack that led to
 * the block; for a user name only attacks are counted, of the names that an incident lists.
 * What came before the country data were there counts for no country and network.
 */
export interface Statistics {
  from: number;
  to: number;
  stepMs: number;
  /** In the order of time; a step of a kind in which nothing happened is left out. `at` is the step's begin. */
  series: ({ at: number; kind: StatisticsKind } & Counted)[];
  totals: Counted;
  /** Of the period of the same length before. */
  before: Counted;
  top: {
    sources: TopEntry[];
    victims: TopEntry[];
    /** ISO 3166 codes. */
    countries: TopEntry[];
    networks: ({ asn: number; network: string | null } & Counted)[];
    userAgents: TopEntry[];
    users: TopEntry[];
  };
}
