/** Reports as the guard sends them, for the tests of the store. */
import { targetFields, type BlockRecord, type GuardReport } from '../../channel/protocol.ts';
import { parseTarget } from '../../core/base/target.ts';
import type { EvidenceItem } from '../../core/base/evidence.ts';
import type { Incident } from '../../core/judge/incident.ts';
import type { Verdict } from '../../core/judge/verdict.ts';
import { NO_ARGUMENT } from '../../core/judge/argument.ts';
import type { StoredIncident } from '../store.ts';
import { NOWHERE } from './incident-table.ts';

/** 2026-01-01T00:00:00Z */
export const T0 = 1_767_225_600_000;

export function incident(id: string, more: Partial<Incident> = {}): Incident {
  return {
    id,
    source: '203.0.113.7',
    sourcePort: 5071,
    victim: '192.0.2.1',
    victimPort: 5060,
    transport: 'udp',
    kind: 'enumeration',
    first: T0,
    last: T0 + 1000,
    count: 10,
    dropped: 0,
    users: ['100', '101'],
    usersTotal: 2,
    files: [],
    userAgent: 'friendly-scanner',
    action: 'block',
    scope: 'address',
    target: '203.0.113.7',
    proof: null,
    argument: NO_ARGUMENT,
    reason: 'enumeration.users-refused',
    finding: 'enumeration.users-refused',
    closed: null,
    ...more,
  };
}

/** As the store gives it back when nothing is known about the place. */
export function stored(of: Incident): StoredIncident {
  return { ...of, ...NOWHERE };
}

export function evidence(at: number, text = 'REGISTER sip:192.0.2.1 SIP/2.0\r\n\r\n'): EvidenceItem {
  const bytes = new Uint8Array(Buffer.from(text));
  return {
    at,
    side: 'in',
    transport: 'udp',
    from: '203.0.113.7',
    fromPort: 5071,
    to: '192.0.2.1',
    toPort: 5060,
    bytes,
    length: bytes.length,
  };
}

export function change(of: Incident, ...items: EvidenceItem[]): GuardReport {
  return { type: 'incidents', changes: [{ incident: of, evidence: items }] };
}

/** Of an address, a phone or a network. */
export function block(target: string, more: Partial<BlockRecord> = {}): BlockRecord {
  return {
    ...targetFields(parseTarget(target)!),
    since: T0,
    until: T0 + 3_600_000,
    reason: 'enumeration.users-refused',
    finding: 'enumeration.users-refused',
    incident: 'i1',
    origin: 'automatic',
    dropped: 0,
    ...more,
  };
}

export function verdict(at: number, more: Partial<Verdict> = {}): Verdict {
  return {
    at,
    source: '203.0.113.7',
    sourcePort: 5071,
    victim: '192.0.2.1',
    victimPort: 5060,
    transport: 'udp',
    action: 'block',
    scope: 'address',
    target: '203.0.113.7',
    proof: null,
    argument: NO_ARGUMENT,
    reason: 'enumeration.users-refused',
    finding: 'enumeration.users-refused',
    kind: 'enumeration',
    count: 10,
    threshold: 10,
    windowMs: 60_000,
    until: at + 3_600_000,
    blocksBefore: 0,
    incident: 'i1',
    ...more,
  };
}
