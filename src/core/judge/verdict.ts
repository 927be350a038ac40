/** What the judge decided, and why, in the words of product.md. The vocabulary of log, API, tests and kernel alike. */
import type { DetectorSlug } from '../base/policy.ts';
import type { Proof } from '../base/proof.ts';
import type { Scope } from '../base/target.ts';
import type { Argument } from './argument.ts';

export const ACTIONS = ['pass', 'watch', 'limit', 'block', 'deny'] as const;
export type Action = (typeof ACTIONS)[number];

/** Reasons of the judge's own; otherwise a verdict's reason is the finding's code, e.g. `register-bruteforce.bad-registrations`. */
export const JUDGE_REASONS = {
  allowlisted: 'the source is on the allowlist',
  'own-address': 'the source is an address of this machine',
  denylisted: 'the source is on the denylist: the kernel drops it anyway',
  'default-gateway': 'the source is the default gateway of this machine',
  'monitor-only': 'the policy says monitor: nothing is blocked',
  unconfirmed: 'anybody could have written the address of this known source: nothing is blocked',
  'repeat-offender': 'the source was blocked as often before as the policy allows',
} as const;
export type JudgeReason = keyof typeof JUDGE_REASONS;

/** Kinds whose evidence is volume or junk: what a forger sends blindly. */
export const VOLUME: ReadonlySet<DetectorSlug> = new Set<DetectorSlug>(['flood', 'invite-limit', 'malformed']);

/** A block that must end, whatever comes meanwhile: anybody could have sent what led to it. */
export function isBrief({ action, kind, proof, scope }: Pick<Verdict, 'action' | 'kind' | 'proof' | 'scope'>): boolean {
  return action === 'block' && proof === null && VOLUME.has(kind) && scope !== 'port';
}

export interface Verdict {
  /** Milliseconds since the epoch. */
  at: number;
  /** Address as text. */
  source: string;
  sourcePort: number;
  victim: string;
  victimPort: number;
  transport: 'udp' | 'tcp';
  action: Action;
  /** Whom the action is about: one phone, one address or a network (base/target.ts). */
  scope: Scope;
  target: string;
  /** Why the evidence is known to come from the source; null: anybody could have written its address. */
  proof: Proof | null;
  /** What was seen, what it proves, what would have changed the verdict. */
  argument: Argument;
  /** Why this action: a judge's reason, or the finding's code. */
  reason: string;
  /** The detector's finding that led here, e.g. `enumeration.users-refused`. */
  finding: string;
  kind: DetectorSlug;
  /** What was counted, against what, in which time. */
  count: number;
  threshold: number;
  windowMs: number;
  /** End of the block or limit, milliseconds since the epoch; null: permanent, or nothing was blocked. */
  until: number | null;
  /** Blocks of this source before this one. */
  blocksBefore: number;
  /** Id of the incident that holds the evidence. */
  incident: string;
}
