/** One attack as the guard reports it, with texts that a stranger chose to harm whoever looks at them. */
import type { BlockRecord } from '../../channel/protocol.ts';
import type { EvidenceItem } from '../../core/base/evidence.ts';
import type { Incident } from '../../core/judge/incident.ts';
import type { Verdict } from '../../core/judge/verdict.ts';
import { NO_ARGUMENT } from '../../core/judge/argument.ts';
import { blockRecord } from './guard-stand-in.ts';

export const ATTACKER = '198.51.100.7';
export const VICTIM = '192.0.2.1';
const REASON = 'register-bruteforce.bad-registrations';
export const HOSTILE_AGENT = 'friendly-scanner\x1b]0;owned\x07\u202e';

export function sampleIncident(at: number, given: Partial<Incident> = {}): Incident {
  return {
    id: 'attack-1',
    source: ATTACKER,
    sourcePort: 5071,
    victim: VICTIM,
    victimPort: 5060,
    transport: 'udp',
    kind: 'register-bruteforce',
    first: at - 9000,
    last: at - 1000,
    count: 17,
    dropped: 3120,
    users: ['100', '101\x1b[31m'],
    usersTotal: 2,
    files: [],
    userAgent: HOSTILE_AGENT,
    action: 'block',
    scope: 'address',
    target: ATTACKER,
    proof: 'nonce',
    argument: NO_ARGUMENT,
    reason: REASON,
    finding: REASON,
    closed: null,
    ...given,
  };
}

export function sampleEvidence(at: number): EvidenceItem[] {
  const bytes = new TextEncoder().encode(
    `REGISTER sip:${VICTIM} SIP/2.0\r\nVia: SIP/2.0/UDP ${ATTACKER}:5071;branch=z9hG4bK1\r\nUser-Agent: x\x1b[2J\r\n\r\n`,
  );
  const ends = { from: ATTACKER, fromPort: 5071, to: VICTIM, toPort: 5060 };
  return [{ at: at - 9000, side: 'in', transport: 'udp', ...ends, bytes, length: bytes.length }];
}

export function sampleVerdict(at: number): Verdict {
  return {
    at: at - 5000,
    source: ATTACKER,
    sourcePort: 5071,
    victim: VICTIM,
    victimPort: 5060,
    transport: 'udp',
    action: 'block',
    scope: 'address',
    target: ATTACKER,
    proof: 'nonce',
    argument: NO_ARGUMENT,
    reason: REASON,
    finding: REASON,
    kind: 'register-bruteforce',
    count: 5,
    threshold: 5,
    windowMs: 60_000,
    until: at + 3_595_000,
    blocksBefore: 0,
    incident: 'attack-1',
  };
}

/** Of an address, a phone or a network. */
export function sampleBlock(at: number, target = ATTACKER): BlockRecord {
  const since = at - 5000;
  return blockRecord({
    target,
    since,
    until: at + 3_595_000,
    reason: REASON,
    finding: REASON,
    incident: 'attack-1',
  });
}
