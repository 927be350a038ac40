/** All detectors that the policy switches on. The only place that knows them all. */
import type { DetectorSlug, Policy } from '../base/policy.ts';
import { AuthBruteforce } from './auth-bruteforce.ts';
import type { Detector } from './detector.ts';
import { DistributedBruteforce } from './distributed-bruteforce.ts';
import { Enumeration } from './enumeration.ts';
import type { Dialogs } from './dialogs.ts';
import { DigestLeak } from './digest-leak.ts';
import type { Exchanges } from './exchanges.ts';
import { Flood } from './flood.ts';
import { ForgedRequest } from './forged-request.ts';
import { Injection } from './injection.ts';
import { InviteLimit } from './invite-limit.ts';
import { Malformed } from './malformed.ts';
import type { PatientMemory } from './patient/memory.ts';
import { RegisterBruteforce } from './register-bruteforce.ts';
import { ScannerAgent } from './scanner-agent.ts';
import { ScannerFingerprint } from './scanner-fingerprint.ts';
import { SlowBruteforce } from './slow-bruteforce.ts';
import { TftpBruteforce } from './tftp-bruteforce.ts';
import { TollFraud } from './toll-fraud.ts';

/**
 * In the order in which they see a message: what names the attack most exactly comes first, because the first verdict blocks and the
 * reason that people read is its reason.
 */
export function createDetectors(
  policy: Policy,
  exchanges: Exchanges,
  dialogs: Dialogs,
  memory: PatientMemory,
  seed: number,
): Detector[] {
  const { detect } = policy;
  const make: Record<DetectorSlug, () => Detector> = {
    'scanner-agent': () => new ScannerAgent(detect['scanner-agent'], seed),
    'scanner-fingerprint': () => new ScannerFingerprint(),
    injection: () => new Injection(detect.injection),
    'digest-leak': () => new DigestLeak(detect['digest-leak'], dialogs, seed),
    'toll-fraud': () => new TollFraud(detect['toll-fraud'], exchanges, seed),
    'forged-request': () => new ForgedRequest(detect['forged-request'], dialogs, seed),
    'register-bruteforce': () => new RegisterBruteforce(detect['register-bruteforce'], policy.trust, exchanges),
    'auth-bruteforce': () => new AuthBruteforce(detect['auth-bruteforce']),
    enumeration: () => new Enumeration(detect.enumeration, exchanges),
    'invite-limit': () => new InviteLimit(detect['invite-limit'], exchanges),
    'tftp-bruteforce': () => new TftpBruteforce(detect['tftp-bruteforce']),
    malformed: () => new Malformed(detect.malformed),
    'slow-bruteforce': () => new SlowBruteforce(detect['slow-bruteforce'], memory),
    'distributed-bruteforce': () => new DistributedBruteforce(detect['distributed-bruteforce'], memory),
    flood: () => new Flood(detect.flood),
  };
  const slugs = Object.keys(make) as DetectorSlug[];
  return slugs.filter((slug) => detect[slug].enabled).map((slug) => make[slug]());
}
