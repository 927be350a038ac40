/** Over hours and days: who only has an old password is never shut out, and a network is blocked as a whole by the stated rule alone. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isV4, parseRange } from '../../src/core/base/address.ts';
import { endpoint, merge, START, type Endpoint, type Traffic } from '../traffic/datagram.ts';
import { PBX } from '../traffic/good-cases.ts';
import { udpFrames } from '../traffic/packets.ts';
import { PATIENT_CASES } from '../traffic/patient-cases.ts';
import { neighbours, oneLine, patientGuesser, type PatientOptions } from '../traffic/patient.ts';
import { Phone } from '../traffic/phone.ts';
import { customers, isCustomer } from '../traffic/provider.ts';
import { Registrar } from '../traffic/registrar.ts';
import { PHONES } from '../traffic/shapes.ts';
import { policyOf } from './policies.ts';
import { run, type RunOptions } from './run.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function pbxFor(source: Endpoint): Registrar {
  return new Registrar({ endpoint: isV4(source.address) ? PBX : endpoint('2001:db8:100::10', 5060) });
}

describe('never shut out', () => {
  test.each(Object.keys(PATIENT_CASES))('%s', (name) => {
    const { verdicts } = run(udpFrames(PATIENT_CASES[name].traffic()));
    const shut = verdicts.filter((v) => v.action === 'block' || v.action === 'deny');
    expect(shut.map((v) => `${v.action} ${v.target} ${v.finding}`)).toEqual([]);
    const limited = verdicts.filter((v) => v.action === 'limit').map((v) => `${v.scope} ${v.finding}`);
    expect([...new Set(limited)].filter((one) => one !== 'port register-bruteforce.stuck-phone')).toEqual([]);
  });

  test('the page lists every case, and no other', () => {
    const page = readFileSync(`${import.meta.dirname}/patient-cases.md`, 'utf8');
    expect([...page.matchAll(/^\| `(.+?)` \|/gm)].map((m) => m[1]).sort()).toEqual(Object.keys(PATIENT_CASES).sort());
  });
});

function guesser(options: Partial<PatientOptions> & Pick<PatientOptions, 'sources'>): Traffic {
  return patientGuesser({
    pbx: pbxFor(options.sources[0]),
    count: 120,
    everyMs: 5 * MINUTE,
    users: 120,
    ...options,
  });
}

const walk = (count = 120) =>
  guesser({ sources: neighbours(endpoint('203.0.113.10', 5071), 120), count, users: count });

function blockedTargets(traffic: Traffic, options: RunOptions = {}): string[] {
  const { verdicts } = run(udpFrames(traffic), options);
  return [...new Set(verdicts.filter((v) => v.action === 'block').map((v) => v.target))];
}

/** Credentials for a nonce that nobody sent: a guess that anybody could have made in this name. */
function withoutNonce(payload: Uint8Array): Buffer {
  return Buffer.from(
    Buffer.from(payload)
      .toString('latin1')
      .replace(/nonce="[0-9a-f]+"/, 'nonce="0"'),
    'latin1',
  );
}

/** Somebody in the network who got in. */
function customer(address: string): Traffic {
  const traffic: Traffic = [];
  const pbx = pbxFor(endpoint(address, 5060));
  new Phone(traffic, pbx, { endpoint: endpoint(address, 5060), user: '2001', shape: PHONES.yealink }).register(START);
  return traffic;
}

describe('a network that sends one address after the other', () => {
  test('is blocked as a whole when eight of its addresses gave up, an hour after the eighth', () => {
    const { verdicts } = run(udpFrames(walk()));
    const [first] = verdicts.filter((v) => v.action === 'block');
    expect(first).toMatchObject({
      scope: 'network',
      target: '203.0.113.0/24',
      reason: 'distributed-bruteforce.network',
    });
    expect((first.at - START) / MINUTE).toBeLessThan(60 + 8 * 5 + 5);
  });

  test.each([
    ['somebody in it is allowlisted', { allow: [parseRange('203.0.113.200')!] }, []],
    ['the policy wants no network', { policy: policyOf('widen: { v4: "off" }') }, []],
    ['as many were blocked within the hour as may be', { policy: policyOf('widen: { networksPerHour: 0 }') }, []],
    [
      'more neighbours are asked for',
      { policy: policyOf('detect: { distributed-bruteforce: { network: { addresses: 64 } } }') },
      [],
    ],
  ] as const)('not when %s', (_why, options, expected) => {
    expect(blockedTargets(walk(), options as RunOptions)).toEqual(expected);
  });

  test('not when somebody in it got in', () => {
    expect(blockedTargets(merge(walk(), customer('203.0.113.201')))).toEqual([]);
  });

  test('one user only: three times as many', () => {
    const one = guesser({ sources: neighbours(endpoint('203.0.113.10', 5071), 120), users: 1 });
    const { verdicts } = run(udpFrames(one));
    const [first] = verdicts.filter((v) => v.action === 'block');
    expect(first.target).toBe('203.0.113.0/24');
    expect((first.at - START) / MINUTE).toBeGreaterThan(60 + 23 * 5);
  });

  test('at five a day: when sixteen of them gave up within a week', () => {
    const slow = guesser({ sources: neighbours(endpoint('203.0.113.10', 5071), 30), everyMs: 5 * HOUR, count: 30 });
    const { verdicts } = run(udpFrames(slow));
    const [first] = verdicts.filter((v) => v.action === 'block');
    expect(first).toMatchObject({ target: '203.0.113.0/24', reason: 'distributed-bruteforce.network' });
    expect((first.at - START) / HOUR).toBeGreaterThan(15 * 5);
    expect((first.at - START) / HOUR).toBeLessThan(18 * 5);
  });

  test('one user from address after address within seconds: at once', () => {
    const rush = guesser({
      sources: neighbours(endpoint('203.0.113.10', 5071), 20),
      users: 1,
      count: 20,
      everyMs: 2_000,
    });
    expect(blockedTargets(rush)).toEqual(['203.0.113.0/24']);
  });
});

describe('IPv6: an address stands for its line', () => {
  const oneAddress = guesser({ sources: [endpoint('2001:db8:5:1::7', 5071)], everyMs: 2_000, users: 9 });

  test('the /64 is blocked', () => expect(blockedTargets(oneAddress)).toEqual(['2001:db8:5:1::/64']));

  test('the address alone when somebody else in it got in', () => {
    expect(blockedTargets(merge(customer('2001:db8:5:1::99'), oneAddress))).toEqual(['2001:db8:5:1::7']);
  });

  test('the address alone when the policy wants no network', () => {
    expect(blockedTargets(oneAddress, { policy: policyOf('widen: { v6: "off" }') })).toEqual(['2001:db8:5:1::7']);
  });

  test('another address for every guess: the /64', () => {
    expect(blockedTargets(guesser({ sources: oneLine('2001:db8:5:1', 120) }))).toEqual(['2001:db8:5:1::/64']);
  });
});

test('one user from region after region, five a day: people are told within the week, and nobody is blocked', () => {
  const sources = Array.from({ length: 30 }, (_, i) => endpoint(`${40 + i}.7.7.7`, 5060));
  const { verdicts } = run(udpFrames(guesser({ sources, count: 30, everyMs: 5 * HOUR, users: 1 })));
  const told = verdicts.filter((v) => v.finding === 'distributed-bruteforce.one-user');
  expect(told.map((v) => v.action)).toEqual(['watch', 'watch']);
  expect((told[0].at - START) / HOUR).toBeGreaterThan(22 * 5);
  expect(verdicts.filter((v) => v.action === 'block')).toEqual([]);
});

describe('one provider out of which many guess', () => {
  const OF_ASN = 'distributed-bruteforce.one-asn';
  const sources = customers(24);
  const campaign = (users = 192) => guesser({ sources, count: 192, everyMs: 10 * MINUTE, users });
  /** Comes last, when the others have shown what their provider's networks do. */
  const late = (users: number, source: Endpoint, count = 6) =>
    guesser({ sources: [source], count, everyMs: HOUR, users, firstUser: 5_000, at: START + 26 * HOUR });
  const ofAsn = (traffic: Traffic, options: RunOptions = {}) =>
    run(udpFrames(traffic), options).verdicts.filter((v) => v.finding === OF_ASN);

  test('each that took part is blocked for five users of its own, and alone', () => {
    const blocked = ofAsn(campaign()).filter((v) => v.action === 'block');
    expect(new Set(blocked.map((v) => v.target))).toEqual(new Set(sources.map(({ host }) => host)));
    expect(blocked.every((v) => v.scope === 'address' && v.argument.shows.includes('took-part'))).toBe(true);
    expect(blocked.every((v) => v.proof !== null && v.argument.proven >= 12)).toBe(true);
  });

  test.each([
    ['who tries five users of his own is', 6, true],
    ['who tries four users is not', 4, false],
    ['who tries one user, as a stranger each time, is not', 1, false],
  ] as const)('a neighbour at that provider %s', (_who, users, expected) => {
    const place = endpoint('126.2.200.7', 5060);
    const said = ofAsn(merge(campaign(), late(users, place))).filter((v) => v.action !== 'watch');
    expect(said.some((v) => v.source === place.host)).toBe(expected);
  });

  test('who got in once is told of at most, whatever he tries then', () => {
    const place = '126.2.200.7';
    const traffic = merge(customer(place), campaign(), late(6, endpoint(place, 5060)));
    expect(ofAsn(traffic).filter((v) => v.source === place && v.action !== 'watch')).toEqual([]);
  });

  test('who is on the allowlist passes', () => {
    const allow = [parseRange(sources[5].host)!];
    const own = run(udpFrames(campaign()), { allow }).verdicts.filter((v) => v.source === sources[5].host);
    expect(own.filter((v) => v.action !== 'pass')).toEqual([]);
  });

  test('not when nothing shows that the guesses come from there', () => {
    const blind = campaign().map((d) => (isCustomer(d.from) ? { ...d, payload: withoutNonce(d.payload) } : d));
    expect(ofAsn(blind)).toEqual([]);
  });

  test('not when most of its networks in which somebody failed have phones with old passwords', () => {
    const homes = customers(60).slice(24);
    const phones = homes.map((home, i) => {
      const traffic: Traffic = [];
      const phone = new Phone(traffic, pbxFor(home), {
        ...{ endpoint: home, user: String(3000 + i), password: 'old', shape: PHONES.yealink },
      });
      for (let k = 0; k < 90; k++) phone.register(START + k * 20 * MINUTE);
      return traffic;
    });
    expect(ofAsn(merge(campaign(), ...phones))).toEqual([]);
  });

  test('not when the policy asks for more networks', () => {
    const policy = policyOf('detect: { distributed-bruteforce: { asn: { networks: 25 } } }');
    expect(ofAsn(campaign(), { policy })).toEqual([]);
  });
});
