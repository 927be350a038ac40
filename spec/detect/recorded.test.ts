/**
 * Captures of real tools and phones (spec/attacks), replayed under the default policy: what is found, and nothing found among the good
 * ones. Where tshark is installed, its count of methods and status codes is the oracle for ours.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DetectorSlug } from '../../src/core/base/policy.ts';
import { replayFile } from '../../src/replay/replay.ts';
import { DEFAULT_POLICY } from './policies.ts';
import { harmfulActions } from './run.ts';

const folder = join(import.meta.dirname, '../attacks');

interface Row {
  /** Kinds of incident; in the order of the slugs' names. */
  kinds: DetectorSlug[];
  blocked: boolean;
}

const RECORDED: Readonly<Record<string, Row>> = {
  // sipvicious, under its own name, renamed, and in its compact mode.
  'svmap.pcap': { kinds: ['scanner-agent', 'scanner-fingerprint'], blocked: true },
  'svmap-compact.pcap': { kinds: ['scanner-fingerprint'], blocked: true },
  'svmap-renamed.pcap': { kinds: ['scanner-fingerprint'], blocked: true },
  'svmap-invite-v6.pcap': { kinds: ['scanner-agent', 'scanner-fingerprint'], blocked: true },
  'svwar-register.pcap': {
    kinds: ['enumeration', 'register-bruteforce', 'scanner-agent', 'scanner-fingerprint'],
    blocked: true,
  },
  'svwar-register-challenged.pcap': { kinds: ['scanner-agent', 'scanner-fingerprint'], blocked: true },
  'svwar-compact-renamed.pcap': { kinds: ['enumeration', 'register-bruteforce', 'scanner-fingerprint'], blocked: true },
  'svwar-invite.pcap': { kinds: ['enumeration', 'scanner-agent', 'scanner-fingerprint'], blocked: true },
  'svwar-options.pcap': { kinds: ['enumeration', 'scanner-agent', 'scanner-fingerprint'], blocked: true },
  'svcrack.pcap': { kinds: ['register-bruteforce', 'scanner-agent', 'scanner-fingerprint'], blocked: true },
  'svcrack-v6.pcap': { kinds: ['register-bruteforce', 'scanner-agent', 'scanner-fingerprint'], blocked: true },
  // nmap.
  'nmap-version-udp.pcap': { kinds: ['scanner-fingerprint'], blocked: true },
  'nmap-version-tcp.pcap': { kinds: ['scanner-fingerprint'], blocked: true },
  'nmap-sip-methods.pcap': { kinds: ['scanner-agent'], blocked: true },
  'nmap-sip-enum-users.pcap': { kinds: ['enumeration', 'register-bruteforce', 'scanner-agent'], blocked: true },
  // SIPp: INVITEs are watched by default; REGISTERs that nothing answers are not.
  'sipp-invite-flood.pcap': { kinds: ['invite-limit'], blocked: false },
  'sipp-register-silent-pbx.pcap': { kinds: ['register-bruteforce'], blocked: true },
  // Below every threshold: 20 calls in 0.2 s, 110 OPTIONS in 0.2 s.
  'sipp-uac.pcap': { kinds: [], blocked: false },
  'options-flood.pcap': { kinds: [], blocked: false },
  'tftp-walk.pcap': { kinds: ['tftp-bruteforce'], blocked: true },
  // Healthy.
  'phone-day.pcap': { kinds: [], blocked: false },
  'phones-nat-200.pcap': { kinds: [], blocked: false },
  'phones-nat-20-expired-nonces.pcap': { kinds: [], blocked: false },
};

const files = existsSync(folder) ? readdirSync(folder).filter((name) => /\.pcap(ng)?$/.test(name)) : [];

test('every capture has its row, every row its capture', () => {
  expect(files.sort()).toEqual(Object.keys(RECORDED).sort());
});

describe('found', () => {
  test.each(Object.entries(RECORDED))('%s', (name, row) => {
    const result = replayFile(join(folder, name), { policy: DEFAULT_POLICY });
    expect([...new Set(result.incidents.map((i) => i.kind))].sort()).toEqual(row.kinds);
    const blocked = result.verdicts.filter((v) => harmfulActions.has(v.action));
    expect(blocked.length > 0).toBe(row.blocked);
    // The tools' own address, never the PBX's.
    for (const v of result.verdicts) expect(result.protected.endpoints.join(' ')).not.toContain(v.source);
  });
});

const hasTshark = (() => {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const ABSENT = hasTshark ? '' : ' (NOT INSTALLED: our counts are not compared)';
describe.skipIf(!hasTshark)(`counts equal tshark's${ABSENT}`, () => {
  function countsOf(path: string): { requests: Record<string, number>; responses: Record<string, number> } {
    const words = ['-r', path, '-Y', 'sip', '-T', 'fields', '-e', 'sip.Method', '-e', 'sip.Status-Code'];
    const out = execFileSync('tshark', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const counts = { requests: {} as Record<string, number>, responses: {} as Record<string, number> };
    for (const line of out.split('\n').filter((one) => one.trim() !== '')) {
      const [methods, statuses] = line.split('\t');
      for (const method of methods.split(',').filter(Boolean))
        counts.requests[method] = (counts.requests[method] ?? 0) + 1;
      for (const status of (statuses ?? '').split(',').filter(Boolean))
        counts.responses[status] = (counts.responses[status] ?? 0) + 1;
    }
    return counts;
  }

  test.each(Object.keys(RECORDED))('%s', (name) => {
    const { sip } = replayFile(join(folder, name), { policy: DEFAULT_POLICY });
    expect({ requests: sip.requests, responses: sip.responses }).toEqual(countsOf(join(folder, name)));
  });
});
