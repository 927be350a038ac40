/**
 * What the engine and the ruleset need to know of the administrator's wishes, already checked and compiled: durations in
 * milliseconds, ports as ranges, addresses as ranges. `src/policy/` reads the document people write (YAML) and makes this of it.
 */
import type { AddressRange } from './address.ts';

/** Inclusive on both ends, 1 … 65535. */
export interface PortRange {
  first: number;
  last: number;
}

/** What a detector asks for when its threshold is crossed. `watch` records and notifies only. */
export type DetectorAction = 'watch' | 'limit' | 'block' | 'deny';

/** One slug for each detector: file name, policy key, metric, API, docs and spec. */
export const DETECTORS = [
  'register-bruteforce',
  'auth-bruteforce',
  'enumeration',
  'scanner-agent',
  'scanner-fingerprint',
  'invite-limit',
  'flood',
  'malformed',
  'tftp-bruteforce',
  'toll-fraud',
  'forged-request',
  'digest-leak',
  'injection',
  'slow-bruteforce',
  'distributed-bruteforce',
] as const;
export type DetectorSlug = (typeof DETECTORS)[number];

/** Every number that a detector's count is held against, by its name below `detect`. Sources can have others (`overrides`). */
export const THRESHOLDS = [
  'register-bruteforce.threshold',
  'register-bruteforce.attemptsThreshold',
  'auth-bruteforce.threshold',
  'enumeration.threshold',
  'enumeration.abandonedThreshold',
  'enumeration.pendingThreshold',
  'invite-limit.simultaneous',
  'invite-limit.threshold',
  'flood.threshold',
  'flood.addressThreshold',
  'malformed.threshold',
  'tftp-bruteforce.threshold',
  'tftp-bruteforce.namesThreshold',
  'toll-fraud.threshold',
  'toll-fraud.prefixThreshold',
  'forged-request.threshold',
  'forged-request.foreignThreshold',
  'forged-request.replayThreshold',
  'digest-leak.threshold',
  'injection.threshold',
  'slow-bruteforce.hourThreshold',
  'slow-bruteforce.dayThreshold',
  'slow-bruteforce.weekThreshold',
  'distributed-bruteforce.guesses',
] as const;
export type ThresholdName = (typeof THRESHOLDS)[number];

export interface ThresholdOverride {
  range: AddressRange;
  set: Partial<Record<ThresholdName, number>>;
}

/** `watch` counts the packets of listed sources and lets them pass. */
export interface FeedPolicy {
  name: string;
  action: 'block' | 'watch';
}

export interface CountriesPolicy {
  mode: 'off' | 'block' | 'allow';
  /** Whose protected ports are closed to blocked countries. */
  protocols: { sipUdp: boolean; sipTcp: boolean; tftp: boolean };
}

/** Packets a second that reach the SIP ports from sources that are not registered, by whom they are counted together. */
export interface WayInPolicy {
  perSource: number;
  /** A /24 or /64. */
  perNetwork: number;
  total: number;
  /** Of a registered phone, and of an address behind which phones are or were registered; not in `total`. */
  perKnown: number;
}

export interface DetectorPolicy {
  enabled: boolean;
  action: DetectorAction;
}

/** `threshold` findings within `windowMs` cross the line; the threshold-th one does. */
export interface CountPolicy extends DetectorPolicy {
  threshold: number;
  windowMs: number;
}

export interface RegisterBruteforcePolicy extends CountPolicy {
  /** REGISTER attempts within `windowMs` where the victim's answers cannot be seen (product.md, rule 2). */
  attemptsThreshold: number;
}

export interface EnumerationPolicy extends CountPolicy {
  /** Users challenged (401/407) and never followed up with credentials for `followUpMs`. */
  abandonedThreshold: number;
  followUpMs: number;
  /** Users asked for from one address and port with nothing answered or followed up yet. */
  pendingThreshold: number;
}

export interface ScannerAgentPolicy extends DetectorPolicy {
  /** Blocked on sight. A plain entry matches whole words anywhere in the value, `=entry` the whole value; case never counts. */
  certain: string[];
  /** Adds `suspicionWeight` to the score of every other detector; never blocks alone. */
  suspicious: string[];
  /** Share of a threshold, 0 … 0.9, that a suspicious user agent stands for. */
  suspicionWeight: number;
  /** How long a suspicious user agent is remembered for a source. */
  windowMs: number;
}

export interface InviteLimitOverride {
  range: AddressRange;
  simultaneous: number;
  threshold: number;
}

export interface InviteLimitPolicy extends CountPolicy {
  /** INVITEs without a final answer at one moment, per source. */
  simultaneous: number;
  /** The most specific range that holds the source wins. */
  overrides: InviteLimitOverride[];
}

export interface FloodPolicy extends CountPolicy {
  /** Requests from one address, all its ports together, within `windowMs`; `threshold` is for one address and port. */
  addressThreshold: number;
  /** The count below which no source can be over its threshold, whatever is overridden and however suspicious it is. */
  lowestThreshold: number;
}

export interface TftpBruteforcePolicy extends CountPolicy {
  /** Distinct file names asked for within `windowMs`, found or not; `threshold` counts the names that were refused. */
  namesThreshold: number;
}

export interface TollFraudPolicy extends CountPolicy {
  /** Ways of dialling one number, told by its last digits. */
  prefixThreshold: number;
  /** A challenged call that came without credentials until then is abandoned. */
  followUpMs: number;
  /** Digits and plus signs: what leads abroad, what may stand before it, what costs extra, and the country codes that are not abroad. */
  international: string[];
  dialOut: string[];
  premium: string[];
  home: string[];
}

export interface ForgedRequestPolicy extends CountPolicy {
  /** Networks whose calls a stranger tried to end or change; `threshold` counts calls that nobody has. */
  foreignThreshold: number;
  /** INVITEs with the credentials of another one. */
  replayThreshold: number;
}

/** Guesses of one source over an hour, a day, a week; at most `FAILURES_MAX` of `detect/patient/suspects.ts`. */
export interface SlowBruteforcePolicy extends DetectorPolicy {
  hourThreshold: number;
  dayThreshold: number;
  weekThreshold: number;
}

export interface DistributedBruteforcePolicy extends DetectorPolicy {
  /** Guesses of one source that takes part in a campaign. */
  guesses: number;
  campaign: {
    /** Parts of the Internet (a /16, in IPv6 a /32) that tried one user, or used one program, within a day. */
    regions: number;
  };
  network: {
    /** Hostile addresses of one network within a day, and the share of all its addresses that failed. */
    addresses: number;
    share: number;
  };
  asn: {
    /** Networks (a /24, in IPv6 a /48) of one autonomous system within a day, or twice as many within a week, and their share of all that failed. */
    networks: number;
    share: number;
    /** Users that a source in it must have tried itself. */
    users: number;
  };
}

/** How far a block may be widened to a network. */
export interface WidenPolicy {
  /** The shortest prefix that may be blocked; null: no network. */
  bits4: number | null;
  bits6: number | null;
  /** Networks blocked within an hour; a /64 of IPv6 stands for one address and is not counted. */
  networksPerHour: number;
}

export interface DetectPolicy {
  'register-bruteforce': RegisterBruteforcePolicy;
  'auth-bruteforce': CountPolicy;
  enumeration: EnumerationPolicy;
  'scanner-agent': ScannerAgentPolicy;
  'scanner-fingerprint': DetectorPolicy;
  'invite-limit': InviteLimitPolicy;
  flood: FloodPolicy;
  malformed: CountPolicy;
  'tftp-bruteforce': TftpBruteforcePolicy;
  'toll-fraud': TollFraudPolicy;
  'forged-request': ForgedRequestPolicy;
  'digest-leak': CountPolicy;
  injection: CountPolicy;
  'slow-bruteforce': SlowBruteforcePolicy;
  'distributed-bruteforce': DistributedBruteforcePolicy;
}

export interface TrustPolicy {
  /** Thresholds of a phone whose registration holds are this many times as high. */
  thresholdFactor: number;
  /** An address that got in is known for this long afterwards. */
  rememberMs: number;
  /** Ports of a known address that are blocked within `portsWithinMs` before the whole address is; 0: the address at once. */
  portsBeforeAddress: number;
  portsWithinMs: number;
  /** Block of an unknown source whose flood anybody could have forged. */
  unconfirmedMs: number;
  /** The pace of a phone with a wrong password; 0: there is no such thing. */
  retriesPerMinute: number;
  retriesPerHour: number;
}

export interface Policy {
  /** `monitor`: everything is detected and logged, nothing is blocked. */
  mode: 'protect' | 'monitor';
  ports: {
    sipUdp: PortRange[];
    sipTcp: PortRange[];
    tftp: PortRange[];
    /** TCP ports that no automatic block covers (SSH, later the console's own). */
    management: PortRange[];
  };
  /** Gateway mode: forwarded guests to protect besides this host's own addresses. */
  guests: AddressRange[];
  block: {
    durationMs: number;
    /** The kernel refreshes the timeout on every packet of a blocked source. */
    extend: boolean;
    /** After this many blocks the next one is permanent; 0: never. */
    permanentAfter: number;
    /** Earlier blocks older than this are forgotten. */
    rememberMs: number;
  };
  /** Null: no budget. */
  wayIn: WayInPolicy | null;
  widen: WidenPolicy;
  limit: {
    /** New INVITEs a second that a limited source may still send, and for how long it stays limited. */
    invitesPerSecond: number;
    durationMs: number;
  };
  trust: TrustPolicy;
  incident: {
    /** An incident closes after this long without another counted packet. */
    idleMs: number;
    evidenceMessages: number;
    evidenceBytes: number;
  };
  detect: DetectPolicy;
  countries: CountriesPolicy;
  /** In the order of the document. */
  feeds: FeedPolicy[];
  /** Other thresholds for single sources (`ThresholdTable`), those of `detect.invite-limit.overrides` among them. */
  overrides: ThresholdOverride[];
}
