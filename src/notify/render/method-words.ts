/** The detectors in words, for people who have never seen their names. */
import type { DetectorSlug } from '../../core/base/policy.ts';

interface MethodWords {
  /** As a heading: `Password guessing (REGISTER)`. */
  name: string;
  /** Between attacker and victim: `203.0.113.66 guesses passwords at 192.0.2.10`. */
  does: string;
}

export const METHOD_WORDS: Record<DetectorSlug, MethodWords> = {
  'register-bruteforce': { name: 'Password guessing by REGISTER', does: 'guesses passwords at' },
  'auth-bruteforce': { name: 'Password guessing by INVITE and other requests', does: 'guesses passwords at' },
  enumeration: { name: 'Search for users that exist', does: 'searches for users at' },
  'scanner-agent': { name: 'Scanner that names itself', does: 'scans' },
  'scanner-fingerprint': { name: 'Scanner known by how it writes', does: 'scans' },
  'invite-limit': { name: 'Too many INVITEs', does: 'sends too many INVITEs to' },
  flood: { name: 'Flood of requests', does: 'floods' },
  malformed: { name: 'Malformed messages', does: 'sends malformed messages to' },
  'toll-fraud': { name: 'Toll fraud', does: 'tries to call abroad at the expense of' },
  'forged-request': { name: 'Forged requests', does: 'forges requests in calls of others at' },
  'digest-leak': { name: 'Digest leak', does: 'tries to make a password leak from' },
  injection: { name: 'SQL, shell commands or paths in names', does: 'sends SQL, shell commands or paths to' },
  'tftp-bruteforce': { name: 'Guessing names of provisioning files (TFTP)', does: 'guesses provisioning files at' },
  'slow-bruteforce': { name: 'Patient guessing', does: 'guesses patiently at' },
  'distributed-bruteforce': { name: 'Guessing from many places', does: 'takes part in guessing at' },
};
