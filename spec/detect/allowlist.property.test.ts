/**
 * Must show: an allowlisted attacker is logged and never blocked, by any path; nor are this machine's own addresses and gateways.
 * Random policies (every action, every threshold down to 1), lists that overlap and contradict each other, random attacks, disguises.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAddress, inRange, parseAddress, parseRange, type AddressRange } from '../../src/core/base/address.ts';
import { DETECTORS, type Policy } from '../../src/core/base/policy.ts';
import {
  authCracker,
  flood,
  inviteFlood,
  malformedFlood,
  svcrack,
  svmap,
  svwar,
  type AttackOptions,
} from '../traffic/attacks.ts';
import { endpoint, merge, oneWay, type Endpoint, type Traffic } from '../traffic/datagram.ts';
import { DISGUISES } from '../traffic/disguises.ts';
import { PBX, TFTP } from '../traffic/good-cases.ts';
import { udpFrames } from '../traffic/packets.ts';
import { Registrar } from '../traffic/registrar.ts';
import { TOOLS } from '../traffic/shapes.ts';
import { tftpWalk } from '../traffic/tftp.ts';
import { DEFAULT_POLICY } from './policies.ts';
import { harmful, run } from './run.ts';

const RUNS = 150;

/** Ranges that hold the sources below in different ways: exactly, by prefix, by first and last address, not at all. */
const RANGES = [
  '203.0.113.1',
  '203.0.113.2',
  '203.0.113.0/30',
  '203.0.113.2-203.0.113.3',
  '203.0.112.0/22',
  '0.0.0.0/0',
  '192.0.2.0/24',
  '2001:db8::/32',
];
const SOURCES = ['203.0.113.1', '203.0.113.2', '203.0.113.3'];

const BUILDERS: readonly ((o: AttackOptions) => Traffic)[] = [
  (o) => svcrack({ ...o, user: '1001' }),
  (o) => oneWay(svcrack({ ...o, user: '1001' })),
  (o) => authCracker({ ...o, user: '1001', method: 'INVITE' }),
  (o) => svwar({ ...o, method: 'OPTIONS' }),
  (o) => svwar({ ...o, method: 'REGISTER' }),
  (o) => svmap({ ...o, shape: undefined }),
  (o) => inviteFlood(o),
  (o) => flood({ ...o, rate: 900 }),
  (o) => malformedFlood(o),
  (o) => tftpWalk({ ...o, server: TFTP }),
];

const sourceArbitrary: fc.Arbitrary<Endpoint> = fc.constantFrom(...SOURCES).map((address) => endpoint(address, 5071));
const attackArbitrary = fc
  .record({
    build: fc.constantFrom(...BUILDERS),
    source: sourceArbitrary,
    count: fc.integer({ min: 1, max: 40 }),
    ports: fc.constantFrom<'one' | 'each'>('one', 'each'),
    shape: fc.constantFrom(...Object.values(TOOLS)),
    seed: fc.integer({ min: 1, max: 1 << 30 }),
  })
  .map(({ build, ...o }) => build({ ...o, rate: 50, pbx: new Registrar({ endpoint: PBX, challengeCalls: 407 }) }));

const policyArbitrary: fc.Arbitrary<Policy> = fc
  .record({
    mode: fc.constantFrom<'protect' | 'monitor'>('protect', 'protect', 'protect', 'monitor'),
    permanentAfter: fc.integer({ min: 0, max: 3 }),
    each: fc.array(
      fc.record({
        action: fc.constantFrom('block', 'deny', 'limit', 'watch'),
        threshold: fc.integer({ min: 1, max: 12 }),
      }),
      { minLength: DETECTORS.length, maxLength: DETECTORS.length },
    ),
  })
  .map(({ mode, permanentAfter, each }) => {
    const policy = structuredClone(DEFAULT_POLICY);
    policy.mode = mode;
    policy.block.permanentAfter = permanentAfter;
    DETECTORS.forEach((slug, i) => Object.assign(policy.detect[slug], each[i]));
    policy.detect['invite-limit'].simultaneous = each[0].threshold;
    policy.detect.flood.addressThreshold = each[1].threshold;
    return policy;
  });

const rangesArbitrary: fc.Arbitrary<AddressRange[]> = fc
  .subarray(RANGES)
  .map((texts) => texts.map((text) => parseRange(text)!));

test(`no verdict keeps out who is allowed or who we are (${RUNS} random policies, lists and attacks)`, () => {
  let blockedWithoutLists = 0;
  let loggedThoughAllowed = 0;
  fc.assert(
    fc.property(
      policyArbitrary,
      rangesArbitrary,
      rangesArbitrary,
      fc.subarray(SOURCES, { maxLength: 1 }),
      fc.array(attackArbitrary, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(
        udpFrames,
        DISGUISES['IP fragments'],
        DISGUISES['folding'],
        DISGUISES['TCP'],
        DISGUISES['compact headers'],
      ),
      (policy, allow, deny, own, attacks, disguise) => {
        const frames = disguise(merge(...attacks));
        const outcome = run(frames, { policy, allow, deny, own: own.map((text) => parseAddress(text)!) });
        const exempt = (text: string) =>
          own.includes(text) || allow.some((range) => inRange(parseAddress(text)!, range));
        expect(harmful(outcome.verdicts).filter((v) => exempt(v.source))).toEqual([]);
        for (const i of outcome.incidents.filter((one) => exempt(one.source))) {
          expect(['pass', 'watch']).toContain(i.action);
          loggedThoughAllowed++;
        }
        for (const text of SOURCES.filter(exempt))
          expect(outcome.engine.explain(text, frames.at(-1)!.at)?.state).toBe('exempt');
        blockedWithoutLists += harmful(run(frames, { policy }).verdicts).length;
      },
    ),
    { numRuns: RUNS, seed: 20_260_302 },
  );
  // The property is not empty: the same attacks are blocked without lists, and recorded with them.
  expect(blockedWithoutLists).toBeGreaterThan(RUNS / 2);
  expect(loggedThoughAllowed).toBeGreaterThan(RUNS / 10);
});

test('an allowlist inside a denied country of addresses: allow wins', () => {
  const traffic = svcrack({
    source: endpoint('203.0.113.1', 5071),
    count: 50,
    rate: 20,
    user: '1001',
    pbx: new Registrar({ endpoint: PBX }),
  });
  const lists = { allow: [parseRange('203.0.113.1')!], deny: [parseRange('203.0.113.0/24')!] };
  const { verdicts, incidents } = run(udpFrames(traffic), lists);
  expect(harmful(verdicts)).toEqual([]);
  expect(incidents.map((i) => [formatAddress(parseAddress(i.source)!), i.reason])).toContainEqual([
    '203.0.113.1',
    'allowlisted',
  ]);
});
