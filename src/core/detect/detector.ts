/**
 * What every detector is: it looks at sightings and reports findings. It decides nothing: the judge does.
 */
import type { DetectorAction, DetectorSlug, ThresholdName } from '../base/policy.ts';
import type { Scope, Target } from '../base/target.ts';
import type { Sighting } from './sighting.ts';

/** What a finding says beyond its count. Make it once, not for each message. */
export interface Hint {
  /** Whom the finding speaks against; absent: the address. The judge may act on less, and on more only by its own rule. */
  scope?: Scope;
  /** With `network`: the prefix's length for IPv4 and IPv6; absent: 24 and 64. */
  bits4?: number;
  bits6?: number;
  /** The hardest action that it may lead to, whatever the policy asks for. */
  most?: DetectorAction;
  /** How many of the counted are known to come from the source; absent: the judge counts the sightings that are. */
  proven?: number;
  /** The finding whose events these are, too: ports are counted under it. Absent with `proven`: the count is not of single events. */
  of?: string;
  /** `count` counts users or files, each once, not messages. */
  distinct?: boolean;
}

/**
 * Takes every counted event; `count >= threshold` is the crossing. Below it the judge keeps the message as evidence, nothing more.
 * `sinceMs`: when the first of the `count` events was, for a detector that reports events later than they happen.
 */
export interface Findings {
  report(
    kind: DetectorSlug,
    code: string,
    count: number,
    threshold: number,
    windowMs: number,
    sighting: Sighting,
    sinceMs?: number,
    hint?: Hint,
  ): void;
  /** The source looks odd: never enough alone, but it reaches the other thresholds sooner, until then. */
  suspect(row: number, untilMs: number): void;
  /** An ACK proved that a final answer reached the source: `s.exchange`; `call`: it was a 2xx, so a call was set up. */
  acknowledged(s: Sighting, call: boolean): void;
  /** Phones and users that got in from this address, now or before: how many may have a wrong password at once without looking odd. */
  phonesOf(row: number): number;
  /** Whether the network around this source may be blocked as a whole: the policy allows it, and nobody in it is trusted or exempt. */
  mayWiden(network: Target, sighting: Sighting): boolean;
  /** For a detector that must know before it reports: the threshold of this source, which the policy's overrides may have changed … */
  thresholdFor(name: ThresholdName, base: number, sighting: Sighting): number;
  /** … and how much of it suffices, less when the source looks odd. */
  effective(threshold: number, sighting: Sighting): number;
  /** Somebody got in from this source, or it is a peer: asked before a deed of others is laid at its door. */
  isKnown(sighting: Sighting): boolean;
}

/** The threshold of one source by its name, `base` when nothing else is said for it. */
export type OwnThreshold = (name: ThresholdName, base: number) => number;

/** One line of `explain`: what is counted now, against what. */
export interface Tally {
  kind: DetectorSlug;
  /** The finding's code. */
  what: string;
  count: number;
  threshold: number;
  windowMs: number;
}

export interface Detector {
  readonly slug: DetectorSlug;
  /** Any bytes that arrive on a SIP port: requests, answers, junk; keep-alives do not. */
  load?(sighting: Sighting, findings: Findings): void;
  /** A request that travels to the protected side (also a retransmission: see `sighting.fresh`). */
  request?(sighting: Sighting, findings: Findings): void;
  /** An answer that leaves the protected side. */
  answer?(sighting: Sighting, findings: Findings): void;
  /** A request that leaves the protected side; the source is whom it goes to. */
  sent?(sighting: Sighting): void;
  /** An answer from outside, to a request that left the protected side or pretends to. */
  reply?(sighting: Sighting, findings: Findings): void;
  /** Bytes on a SIP port that are no SIP message, or a message with severe anomalies. */
  malformed?(sighting: Sighting, findings: Findings): void;
  tftpRequest?(sighting: Sighting, findings: Findings): void;
  tftpError?(sighting: Sighting, findings: Findings): void;
  /** The source table holds this many rows from now on (detectors with columns). */
  grow?(rows: number): void;
  /** The source's row is being reused for another address, or its counts begin anew. */
  forget?(row: number): void;
  /** `own` is for thresholds that are put together from several; all others are looked up by whoever asks. */
  tally(row: number, now: number, own: OwnThreshold): Tally[];
}

/** Sources that one detector keeps detailed counts for; beyond it the oldest one that never came back is forgotten. */
export const COUNTED_SOURCES_MAX = 1 << 16;
