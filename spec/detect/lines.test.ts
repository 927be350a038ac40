/**
 * In IPv6 a source is a line, the /64 of one customer: it is counted and blocked as one, whichever of its addresses he sends from. Where
 * somebody in it got in, or single addresses of it are allowed or ours, each address is acted on for itself.
 */
import { describe, expect, test } from 'vitest';
import { parseAddress, parseRange } from '../../src/core/base/address.ts';
import {
  authCracker,
  flood,
  inviteFlood,
  malformedFlood,
  svcrack,
  svwar,
  type AttackOptions,
} from '../traffic/attacks.ts';
import { endpoint, merge, START, type Traffic } from '../traffic/datagram.ts';
import { hopping, inLine } from '../traffic/lines.ts';
import { udpFrames } from '../traffic/packets.ts';
import { Phone } from '../traffic/phone.ts';
import { Registrar } from '../traffic/registrar.ts';
import { PHONES } from '../traffic/shapes.ts';
import { DEFAULT_POLICY, policyOf } from './policies.ts';
import { run, type RunOptions } from './run.ts';

const LINE = '2001:db8:5:1';
const pbx = () => new Registrar({ endpoint: endpoint('2001:db8:100::10', 5060), challengeCalls: 407 });
/** Without one address being heard of twice. */
const hops = (over: Partial<AttackOptions> = {}): AttackOptions => ({
  ...{ source: endpoint(`${LINE}::7`, 5071), pbx: pbx(), count: 40, rate: 20, ports: 'each', shape: PHONES.yealink },
  ...over,
});

function blocked(traffic: Traffic, options: RunOptions = {}): string[] {
  const { verdicts } = run(udpFrames(traffic), options);
  return [...new Set(verdicts.filter((v) => v.action === 'block').map((v) => `${v.target} ${v.finding}`))];
}

/** Everything from one address, each message with its proof. */
const guesses = (address: string, over: Partial<AttackOptions> = {}) =>
  svcrack({ ...hops({ source: endpoint(address, 5071), ports: 'one', ...over }), user: '1001' });

function registered(address: string, at = START): Traffic {
  const traffic: Traffic = [];
  const source = endpoint(address, 5060);
  new Phone(traffic, pbx(), { endpoint: source, user: '2001', shape: PHONES.yealink }).register(at);
  return traffic;
}

describe('another address with every message', () => {
  test.each<[string, Traffic, string]>([
    ['passwords by REGISTER', svcrack({ ...hops(), user: '1001' }), 'register-bruteforce.bad-registrations'],
    [
      'passwords by INVITE',
      authCracker({ ...hops(), user: '1001', method: 'INVITE' }),
      'auth-bruteforce.wrong-credentials',
    ],
    ['extensions', svwar({ ...hops({ count: 200, rate: 5 }), method: 'REGISTER' }), 'enumeration.users-abandoned'],
    ['a flood', flood(hops({ count: 6_000, rate: 2_000 })), 'flood.requests'],
    ['junk', malformedFlood(hops()), 'malformed.messages'],
  ])('%s: the /64 is blocked', (_name, traffic, finding) => {
    expect(blocked(hopping(traffic, LINE))).toEqual([`${LINE}::/64 ${finding}`]);
  });

  test('calls: told once of the line', () => {
    const { verdicts } = run(udpFrames(hopping(inviteFlood(hops({ count: 200, rate: 20 })), LINE)));
    expect(verdicts.map(({ action, finding }) => `${action} ${finding}`)).toEqual(['watch invite-limit.rate']);
  });

  test('the same from as many lines is nobody’s attack', () => {
    const lines = svcrack({ ...hops({ count: 12 }), user: '1001' }).map((d) => {
      const swap = (one: typeof d.from) =>
        one.host.startsWith(`[${LINE}:`) ? endpoint(`2001:db8:${one.port.toString(16)}:1::7`, 5060) : one;
      return { ...d, from: swap(d.from), to: swap(d.to) };
    });
    expect(blocked(lines)).toEqual([]);
  });

  test('one limit holds for all of it, and what is blocked alone is found again at the next address', () => {
    const policy = policyOf('widen: { v6: "off" }');
    const targets = blocked(hopping(svcrack({ ...hops(), user: '1001' }), LINE), { policy });
    expect(targets.length).toBeGreaterThan(3);
    expect(targets.filter((one) => one.includes('/64'))).toEqual([]);
  });
});

describe('for good', () => {
  const again = (times: number) =>
    merge(
      ...Array.from({ length: times }, (_, i) =>
        guesses(`${LINE}::${i + 7}`, { at: START + i * 2 * DEFAULT_POLICY.block.durationMs, seed: i + 1 }),
      ),
    );

  test('the fourth time, from whichever of its addresses', () => {
    const { verdicts } = run(udpFrames(again(4)));
    expect(verdicts.map(({ action, target, reason }) => [action, target, reason])).toEqual([
      ['block', `${LINE}::/64`, 'register-bruteforce.bad-registrations'],
      ['block', `${LINE}::/64`, 'register-bruteforce.bad-registrations'],
      ['block', `${LINE}::/64`, 'register-bruteforce.bad-registrations'],
      ['deny', `${LINE}::/64`, 'repeat-offender'],
    ]);
    expect(verdicts[0].argument.shows).toContain('line');
  });

  test('never for what anybody could have sent', () => {
    const forged = merge(
      ...Array.from({ length: 6 }, (_, i) =>
        hopping(svcrack({ ...hops({ at: START + i * 2 * DEFAULT_POLICY.block.durationMs }), user: '1001' }), LINE),
      ),
    );
    const { verdicts } = run(udpFrames(forged));
    expect(new Set(verdicts.map(({ action }) => action))).toEqual(new Set(['block']));
  });
});

describe('who shares a /64 with an attacker', () => {
  test('a registered phone: the attacker alone is blocked, on his port and his address', () => {
    const targets = blocked(merge(registered(`${LINE}::99`), guesses(`${LINE}::7`, { at: START + 1_000 })));
    expect(targets).toEqual([`[${LINE}::7]:5071/udp register-bruteforce.bad-registrations`]);
  });

  test('a registered phone with a wrong number of its own is not held to have guessed', () => {
    const attack = hopping(svcrack({ ...hops({ at: START + 1_000, count: 200 }), user: '1001' }), LINE);
    const renewed = Array.from({ length: 5 }, (_, i) => registered(`${LINE}::99`, START + 2_000 + i * 1_000));
    expect(blocked(merge(registered(`${LINE}::99`), attack, ...renewed)).filter((one) => one.includes('::99'))).toEqual(
      [],
    );
  });

  test('an allowed address: each address counts for itself', () => {
    const allow = [parseRange(`${LINE}::99`)!];
    expect(blocked(hopping(svcrack({ ...hops(), user: '1001' }), LINE), { allow })).toEqual([]);
    expect(blocked(guesses(`${LINE}::7`), { allow })).toEqual([`${LINE}::7 register-bruteforce.bad-registrations`]);
  });

  test('this machine: its neighbours are no one customer', () => {
    const own = [parseAddress(`${LINE}::10`)!];
    expect(blocked(guesses(`${LINE}::7`), { own })).toEqual([`${LINE}::7 register-bruteforce.bad-registrations`]);
  });
});

test('explain and lift speak of the line from every address in it', () => {
  const { engine } = run(udpFrames(guesses(`${LINE}::7`)));
  const now = START + 10_000;
  expect(engine.explain(`${LINE}::1234`, now)).toMatchObject({ state: 'blocked', blocksBefore: 1 });
  engine.lift(`${LINE}::/64`);
  expect(engine.explain(`${LINE}::7`, now)).toMatchObject({ state: 'open', blocksBefore: 0 });
});

test('what the kernel still holds of a line is known after a restart', () => {
  const { engine } = run([]);
  const target = { ...inLine(LINE, 0).address, w2: 0, w3: 0, bits: 64 };
  engine.noteBlocked(target, Infinity, START);
  expect(engine.explain(`${LINE}::7`, START)).toMatchObject({ state: 'blocked', permanent: true });
});
