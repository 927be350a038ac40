/** Which threshold a finding is held against, so that the policy's overrides for single sources reach every detector. */
import type { ThresholdName } from '../base/policy.ts';
import type { OwnThreshold } from '../detect/detector.ts';

/** Of the findings that are reported with the policy's own threshold, whosesoever they are. */
const NAMES: Readonly<Record<string, ThresholdName>> = {
  'register-bruteforce.bad-registrations': 'register-bruteforce.threshold',
  'register-bruteforce.unanswered-attempts': 'register-bruteforce.attemptsThreshold',
  'auth-bruteforce.wrong-credentials': 'auth-bruteforce.threshold',
  'enumeration.users-refused': 'enumeration.threshold',
  'enumeration.users-abandoned': 'enumeration.abandonedThreshold',
  'enumeration.users-probed': 'enumeration.abandonedThreshold',
  'enumeration.users-pending': 'enumeration.pendingThreshold',
  'malformed.messages': 'malformed.threshold',
  'tftp-bruteforce.files-refused': 'tftp-bruteforce.threshold',
  'tftp-bruteforce.files-asked': 'tftp-bruteforce.namesThreshold',
  'toll-fraud.unauthenticated-calls': 'toll-fraud.threshold',
  'toll-fraud.prefix-walk': 'toll-fraud.prefixThreshold',
  'forged-request.unknown-calls': 'forged-request.threshold',
  'forged-request.foreign-calls': 'forged-request.foreignThreshold',
  'forged-request.replayed-calls': 'forged-request.replayThreshold',
  'digest-leak.challenges': 'digest-leak.threshold',
  'injection.fragments': 'injection.threshold',
  'slow-bruteforce.in-an-hour': 'slow-bruteforce.hourThreshold',
  'slow-bruteforce.in-a-day': 'slow-bruteforce.dayThreshold',
  'slow-bruteforce.in-a-week': 'slow-bruteforce.weekThreshold',
  'slow-bruteforce.few-users': 'slow-bruteforce.dayThreshold',
  'distributed-bruteforce.guesses': 'distributed-bruteforce.guesses',
};
const BY_CODE: ReadonlyMap<string, ThresholdName> = new Map(Object.entries(NAMES));

/** The limit itself is allowed, one more crosses it; reported with the source's own limit already. */
const BEYOND: ReadonlyMap<string, ThresholdName> = new Map([
  ['invite-limit.simultaneous', 'invite-limit.simultaneous'],
  ['invite-limit.rate', 'invite-limit.threshold'],
]);

/** Undefined: the threshold that was reported is the source's own already, or the finding has none. */
export function nameOf(code: string): ThresholdName | undefined {
  return BY_CODE.get(code);
}

/** The threshold that decides over a finding, whoever applies it; null: one message suffices. */
export function decisiveName(code: string): ThresholdName | null {
  return code === 'flood.requests' ? 'flood.threshold' : (BEYOND.get(code) ?? BY_CODE.get(code) ?? null);
}

/** What `count` of a tally is held against for one source. */
export function ownThreshold(code: string, base: number, own: OwnThreshold): number {
  const beyond = BEYOND.get(code);
  if (beyond !== undefined) return own(beyond, base - 1) + 1;
  const name = BY_CODE.get(code);
  return name === undefined ? base : own(name, base);
}
