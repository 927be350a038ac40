/**
 * Must show: disguises change nothing. Every attack in every disguise gives the same verdicts, in the same order, and the same kinds
 * of incident as in plain UDP; and good traffic stays good in all of them.
 */
import { describe, expect, test } from 'vitest';
import { authCracker, flood, inviteFlood, malformedFlood, svcrack, svmap, svwar } from '../traffic/attacks.ts';
import { callScan, injection, tollFraud } from '../traffic/call-attacks.ts';
import { endpoint, oneWay, type Traffic } from '../traffic/datagram.ts';
import { DISGUISES, WIRE_DISGUISES, type Disguise } from '../traffic/disguises.ts';
import { GOOD_CASES, PBX, TFTP } from '../traffic/good-cases.ts';
import { udpFrames } from '../traffic/packets.ts';
import { Registrar, type RegistrarOptions } from '../traffic/registrar.ts';
import { TOOLS } from '../traffic/shapes.ts';
import { tftpWalk } from '../traffic/tftp.ts';
import { policyOf } from './policies.ts';
import { harmful, run, type Outcome } from './run.ts';

const source = endpoint('203.0.113.66', 5071);
const pbx = (options: Partial<RegistrarOptions> = {}) => new Registrar({ endpoint: PBX, ...options });
/** Bots without a peculiar shape: what is seen must be what they do. */
const plain = { source, count: 80, rate: 20, shape: TOOLS.nameless };

const ATTACKS: Readonly<Record<string, () => Traffic>> = {
  // Passwords.
  'REGISTER passwords': () => svcrack({ ...plain, pbx: pbx(), user: '1001' }),
  'REGISTER passwords, 403, new ports': () =>
    svcrack({ ...plain, pbx: pbx({ wrongPassword: 403 }), user: '1001', ports: 'each' }),
  'REGISTER passwords, answers unseen': () => oneWay(svcrack({ ...plain, pbx: pbx(), user: '1001' })),
  'INVITE passwords': () =>
    authCracker({ ...plain, pbx: pbx({ challengeCalls: 407 }), user: '1001', method: 'INVITE' }),
  'SUBSCRIBE passwords': () =>
    authCracker({ ...plain, pbx: pbx({ challengeCalls: 401 }), user: '1001', method: 'SUBSCRIBE' }),
  // Users.
  'users by REGISTER, 404': () =>
    svwar({ ...plain, pbx: pbx({ unknownUser: 404 }), method: 'REGISTER', firstUser: 100_000 }),
  'users by REGISTER, challenged': () => svwar({ ...plain, pbx: pbx(), method: 'REGISTER' }),
  'users by INVITE, 404': () => svwar({ ...plain, pbx: pbx({ callStatus: () => 404 }), method: 'INVITE' }),
  'users by OPTIONS, 404': () => svwar({ ...plain, pbx: pbx({ optionsStatus: () => 404 }), method: 'OPTIONS' }),
  // Tools that say who they are, and tools that do not.
  svmap: () => svmap({ ...plain, shape: undefined, count: 3, pbx: pbx() }),
  'svwar renamed': () => svwar({ ...plain, shape: TOOLS.sipviciousRenamed, pbx: pbx(), method: 'OPTIONS', count: 5 }),
  'svcrack, compact': () => svcrack({ ...plain, shape: TOOLS.sipviciousCompact, pbx: pbx(), user: '1001', count: 20 }),
  sipcli: () => inviteFlood({ ...plain, shape: TOOLS.sipcli, pbx: pbx({ callStatus: () => 404 }), count: 3 }),
  // Calls at somebody's expense, calls of others, names that are commands.
  'calls abroad, challenged': () =>
    tollFraud({ ...plain, pbx: pbx({ challengeCalls: 407 }), count: 9, rate: 0.2, numbers: ['00972595551234'] }),
  'prefix after prefix': () =>
    tollFraud({
      ...plain,
      pbx: pbx({ callStatus: () => 404 }),
      count: 4,
      numbers: ['001632960123', '9001632960123', '+1632960123'],
    }),
  'BYE for calls that nobody has': () =>
    callScan({ ...plain, pbx: pbx({ dialogStatus: () => 481 }), count: 55, method: 'BYE' }),
  'SQL in a name': () => injection({ ...plain, pbx: pbx(), count: 2, user: "1001'%20or%201=1--" }),
  // Load.
  'calls that ring for ever': () => inviteFlood({ ...plain, pbx: pbx({ callStatus: () => 180 }), count: 60 }),
  'an OPTIONS flood': () => flood({ ...plain, pbx: pbx(), rate: 500, count: 300 }),
};

/** invite-limit blocks here, so that its verdict can be compared like the others'; a smaller flood keeps byte by byte short. */
const POLICY = policyOf('detect: { invite-limit: { action: block }, flood: { threshold: 250 } }');

function detection(outcome: Outcome) {
  return {
    verdicts: outcome.verdicts.map((v) => `${v.action} ${v.finding} because ${v.reason}`),
    kinds: [...new Set(outcome.incidents.map((i) => i.kind))].sort(),
  };
}

const plainDetection = new Map(
  Object.entries(ATTACKS).map(([name, traffic]) => [name, detection(run(udpFrames(traffic()), { policy: POLICY }))]),
);

test.each(Object.keys(ATTACKS))('plain: %s is blocked', (name) => {
  expect(plainDetection.get(name)!.verdicts.some((v) => v.startsWith('block'))).toBe(true);
});

describe.each(Object.entries(DISGUISES))('%s', (_name, disguise) => {
  test.each(Object.keys(ATTACKS))('%s', (name) => {
    expect(detection(run(disguise(ATTACKS[name]()), { policy: POLICY }))).toEqual(plainDetection.get(name));
  });
});

/** A stream has no message borders, so junk on TCP cannot be the same junk; and TFTP is UDP only. */
describe('what is no SIP text', () => {
  const datagrams = Object.entries(WIRE_DISGUISES).filter(([name]) => !name.includes('TCP'));
  const samples: Record<string, Traffic> = {
    'malformed SIP': malformedFlood({ ...plain, pbx: pbx() }),
    'a TFTP walk': tftpWalk({ source, server: TFTP, count: 40, rate: 10 }),
  };
  const cases = Object.entries(samples).flatMap(([sample, traffic]) =>
    datagrams.map(([name, disguise]): [string, string, Traffic, Disguise] => [sample, name, traffic, disguise]),
  );
  test.each(cases)('%s, %s', (_sample, _name, traffic, disguise) => {
    const expected = detection(run(udpFrames(traffic)));
    expect(expected.verdicts.length).toBeGreaterThan(0);
    expect(detection(run(disguise(traffic)))).toEqual(expected);
  });

  test('malformed SIP over TCP is malformed too', () => {
    const traffic = malformedFlood({ ...plain, pbx: pbx(), ports: 'each' });
    const kinds = detection(run(WIRE_DISGUISES['TCP'](traffic))).kinds;
    expect(kinds).toContain('malformed');
  });
});

describe('good traffic in disguise is still good', () => {
  const cases = [
    'a nonce that is old, said without stale',
    'a new nonce after every success',
    '200 phones behind one NAT after an outage',
    'a gateway that registers 48 lines from one port',
    'calls that are held, resumed, busy and cancelled',
    'CRLF and NUL keep-alives',
  ];
  const table = cases.flatMap((name) =>
    Object.entries(DISGUISES).map(([how, disguise]): [string, string, Disguise] => [name, how, disguise]),
  );
  test.each(table)('%s, %s', (name, _how, disguise) => {
    expect(harmful(run(disguise(GOOD_CASES[name].traffic())).verdicts)).toEqual([]);
  });
});
