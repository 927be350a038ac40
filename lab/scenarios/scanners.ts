/** Scanners that look for SIP devices: one packet is all they send, so one packet must be enough. */
import assert from 'node:assert/strict';
import type { DetectorSlug } from '../../src/core/base/policy.ts';
import type { Attackers } from '../attackers.ts';
import { ADDRESSES } from '../network.ts';
import type { Program } from '../process.ts';
import type { Scenario } from '../scenario.ts';

const source = ADDRESSES.attacker.v4;

function scanner(
  name: string,
  title: string,
  kind: DetectorSlug,
  start: (attackers: Attackers) => Program,
  withinMs?: number,
): Scenario {
  return {
    name,
    title,
    async run(stage) {
      stage.starts(name, start(stage.attackers));
      await stage.expectBlocked(source, kind, withinMs);
      const again = stage.starts('svmap, a second time,', stage.attackers.svmap());
      const said = await stage.ends(again);
      assert(!said.includes(`${ADDRESSES.pbx.v4}:5060`), 'the second scan still finds the PBX');
      stage.check('the PBX has become invisible to the scanner');
    },
  };
}

export const scanners: Scenario[] = [
  scanner('svmap', 'svmap under its own name', 'scanner-agent', (attackers) => attackers.svmap()),
  scanner(
    'svmap-renamed',
    'svmap under the name of a phone: the shape of its packet gives it away',
    'scanner-fingerprint',
    (attackers) => attackers.svmap([], { userAgents: ['Yealink SIP-T46S 66.86.0.15'] }),
  ),
  scanner('svmap-compact', 'svmap in compact mode, without any user agent', 'scanner-fingerprint', (attackers) =>
    attackers.svmap(['--enablecompact']),
  ),
  scanner(
    'nmap-version',
    'nmap asks what listens on port 5060',
    'scanner-fingerprint',
    (attackers) => attackers.nmap(['-sU', '-sV', '-p5060']),
    20_000,
  ),
  scanner(
    'nmap-methods',
    'nmap’s sip-methods script',
    'scanner-agent',
    (attackers) => attackers.nmap(['-sU', '-p5060', '--script', 'sip-methods']),
    10_000,
  ),
];
