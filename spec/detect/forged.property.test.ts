/**
 * No sequence of forged packets gets a registered phone, its office or a trunk blocked, in any order and mix, whatever the policy asks for.
 * The forger writes the victim's address, knows the users, the ports and the PBX, and sees no answer: those go to the real owner, who may
 * say to each that he knows of no such call (481).
 *
 * In IPv6 the forger may own other addresses of the victims' own /64s, and there he receives what is sent to him.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAddress, inRange, prefixRange } from '../../src/core/base/address.ts';
import { SIDE_IN, SIDE_OUT } from '../../src/core/base/frame.ts';
import { parseTarget } from '../../src/core/base/target.ts';
import { authCracker, flood, inviteFlood, malformedFlood, svcrack, svwar, svmap } from '../traffic/attacks.ts';
import { atPort, endpoint, inbound, merge, START, type Endpoint, type Traffic } from '../traffic/datagram.ts';
import { forged, registeredPhones, stuckPhone, trunk } from '../traffic/known.ts';
import { udpFrames } from '../traffic/packets.ts';
import { Registrar } from '../traffic/registrar.ts';
import { PHONES, TOOLS } from '../traffic/shapes.ts';
import { DEFAULT_POLICY } from './policies.ts';
import { run } from './run.ts';

const RUNS = 40;
const PBX = endpoint('192.0.2.10', 5060);
const PBX_V6 = endpoint('2001:db8:100::10', 5060);
const pbx = (at = PBX) => new Registrar({ endpoint: at, challengeCalls: 407 });
const open = (at = PBX) => new Registrar({ endpoint: at });
const OFFICE = endpoint('203.0.113.20', 6000);
const OFFICE_V6 = endpoint('2001:db8:5:1::20', 6000);
const TRUNK = endpoint('198.51.100.9', 5060);
const TRUNK_V6 = endpoint('2001:db8:7:1::9', 5060);
/** The forger's own, in the same lines. */
const NEIGHBOURS = ['2001:db8:5:1::66', '2001:db8:5:1:a::66', '2001:db8:7:1::66'];

const usual = (office: Endpoint, line: Endpoint, server: Endpoint) =>
  merge(
    registeredPhones({ source: office, pbx: pbx(server), count: 3 }),
    trunk({ source: line, pbx: open(server), count: 12 }),
    // One phone of the office has an old password: forged guesses must not make it a guesser.
    stuckPhone({
      ...{ source: atPort(office, 6002), pbx: pbx(server), user: '1003' },
      ...{ at: START + 55_000, count: 8, everyMs: 10_000 },
    }),
  );
const before = usual(OFFICE, TRUNK, PBX);

const BUILDERS = [
  (o: Parameters<typeof flood>[0]) => svcrack({ ...o, user: '1001' }),
  (o: Parameters<typeof flood>[0]) => authCracker({ ...o, user: '1001', method: 'INVITE' }),
  (o: Parameters<typeof flood>[0]) => svwar({ ...o, method: 'REGISTER', firstUser: 1001 }),
  (o: Parameters<typeof flood>[0]) => svwar({ ...o, method: 'INVITE', firstUser: 1001 }),
  (o: Parameters<typeof flood>[0]) => svwar({ ...o, method: 'OPTIONS', firstUser: 1001 }),
  (o: Parameters<typeof flood>[0]) => svmap(o),
  (o: Parameters<typeof flood>[0]) => inviteFlood(o),
  (o: Parameters<typeof flood>[0]) => flood(o),
  (o: Parameters<typeof flood>[0]) => malformedFlood(o),
];

const attackOn = (hosts: readonly string[]) =>
  fc.record({
    build: fc.constantFrom(...BUILDERS),
    host: fc.constantFrom(...hosts),
    port: fc.constantFrom(6000, 6001, 5060, 9999),
    at: fc.integer({ min: 60_000, max: 120_000 }),
    count: fc.integer({ min: 1, max: 120 }),
    rate: fc.constantFrom(1, 20, 200),
    ports: fc.constantFrom<'one' | 'each'>('one', 'each'),
    shape: fc.constantFrom(...Object.values(TOOLS), PHONES.yealink),
    seed: fc.integer({ min: 1, max: 1 << 30 }),
    challenged: fc.boolean(),
  });

const policy = fc
  .record({
    action: fc.constantFrom<'block' | 'deny'>('block', 'deny'),
    permanentAfter: fc.integer({ min: 0, max: 1 }),
    thresholdFactor: fc.constantFrom(1, 3),
    portsBeforeAddress: fc.constantFrom(0, 3),
    threshold: fc.constantFrom(2, 5, 20),
  })
  .map(({ action, permanentAfter, threshold, ...trust }) => {
    const made = structuredClone(DEFAULT_POLICY);
    made.block.permanentAfter = permanentAfter;
    Object.assign(made.trust, trust);
    for (const one of Object.values(made.detect)) one.action = action;
    // Not those of calls: the trunk's own are many.
    for (const slug of ['register-bruteforce', 'auth-bruteforce', 'enumeration', 'malformed'] as const) {
      made.detect[slug].threshold = Math.min(made.detect[slug].threshold, threshold);
    }
    return made;
  });

/** The owner's word on every answer that it did not ask for. */
function complaints(traffic: Traffic): Traffic {
  return traffic
    .filter(({ side }) => side === SIDE_OUT)
    .map(({ at, from, to, payload }) => {
      const head = Buffer.from(payload).toString('latin1').split('\r\n\r\n')[0].split('\r\n').slice(1);
      const kept = head.filter((line) => /^(via|from|to|call-id|cseq)/i.test(line));
      const text = ['SIP/2.0 481 Call/Transaction Does Not Exist', ...kept, 'Content-Length: 0', '', ''].join('\r\n');
      return inbound(at + 20, to, from, text);
    });
}

test(`no forged packets keep out who is known (${RUNS} random policies and attacks)`, () => {
  let blockedWhereUnknown = 0;
  fc.assert(
    fc.property(
      policy,
      fc.array(attackOn([OFFICE.host, TRUNK.host]), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      (rules, attacks, complain) => {
        const built = attacks.map(({ build, host, port, at, challenged, ...o }) =>
          build({ ...o, source: endpoint(host, port), at: START + at, pbx: challenged ? pbx() : open() }),
        );
        const forgery = forged(merge(...built));
        const all = merge(before, forgery, complain ? complaints(forgery) : []);
        const { verdicts } = run(udpFrames(all), { policy: rules });
        expect(verdicts.filter(({ action }) => action === 'block' || action === 'deny')).toEqual([]);
        // Nobody knows them: the same packets are stopped, and never for good.
        const unknown = run(udpFrames(forgery), { policy: rules }).verdicts;
        expect(unknown.filter(({ action, reason }) => action === 'deny' || reason === 'repeat-offender')).toEqual([]);
        blockedWhereUnknown += unknown.filter(({ action }) => action === 'block').length;
      },
    ),
    { numRuns: RUNS, seed: 20_261_123 },
  );
  expect(blockedWhereUnknown).toBeGreaterThan(RUNS / 2);
});

test(`nor in IPv6, whoever else has addresses of their /64 (${RUNS} random policies and attacks)`, () => {
  let neighboursBlocked = 0;
  const known = [OFFICE_V6, TRUNK_V6].map(({ address }) => address);
  const usualV6 = usual(OFFICE_V6, TRUNK_V6, PBX_V6);
  const texts = [...known.map(formatAddress), ...NEIGHBOURS];
  fc.assert(
    fc.property(policy, fc.array(attackOn(texts), { minLength: 1, maxLength: 4 }), (rules, attacks) => {
      const built = attacks.map(({ build, host, port, at, challenged, ...o }) => {
        const server = challenged ? pbx(PBX_V6) : open(PBX_V6);
        const traffic = build({ ...o, source: endpoint(host, port), at: START + at, pbx: server });
        return NEIGHBOURS.includes(host) ? traffic : forged(traffic);
      });
      const { verdicts } = run(udpFrames(merge(usualV6, ...built)), { policy: rules });
      const shut = verdicts.filter(({ action }) => action === 'block' || action === 'deny');
      const covered = shut.filter(({ target }) => {
        const { bits = 128, ...address } = parseTarget(target)!;
        return known.some((one) => inRange(one, prefixRange(address, bits)));
      });
      expect(covered).toEqual([]);
      neighboursBlocked += shut.length;
    }),
    { numRuns: RUNS, seed: 20_261_124 },
  );
  // Those who prove themselves are acted on, one by one.
  expect(neighboursBlocked).toBeGreaterThan(RUNS / 4);
});

test('the generator is honest: not forged, the same attacks are proven and blocked', () => {
  const guesses = svcrack({
    ...{ source: OFFICE, pbx: pbx(), user: '1050', at: START + 60_000, count: 60, rate: 20 },
    shape: PHONES.yealink,
  });
  expect(guesses.some(({ side }) => side === SIDE_IN)).toBe(true);
  const { verdicts } = run(udpFrames(merge(before, guesses)));
  expect(verdicts.map(({ action, target, proof }) => [action, target, proof])).toContainEqual([
    ...['block', '203.0.113.20:6000/udp', 'nonce'],
  ]);
});
