import { describe, expect, it, test } from 'vitest';
import {
  ACCOUNT_MS_MAX,
  ADDRESS_MS_MAX,
  ENTRIES_MAX,
  FORGET_MS,
  FREE_TRIES,
  network,
  SignInDelays,
} from './sign-in-delays.ts';

const NOW = 1_790_000_000_000;
const of = (name: string, address: string, familiar = false) => ({ name, address, familiar });

function failed(times: number, name = 'alice', address = '203.0.113.7', now = NOW): SignInDelays {
  const delays = new SignInDelays();
  for (let i = 0; i < times; i++) delays.charge(of(name, address), now);
  return delays;
}

describe('how long somebody waits', () => {
  test.each([
    [FREE_TRIES - 1, 0],
    [FREE_TRIES, 1000],
    [FREE_TRIES + 1, 2000],
    [FREE_TRIES + 4, 16_000],
    [FREE_TRIES + 8, 256_000],
    [FREE_TRIES + 60, ADDRESS_MS_MAX],
  ])('after %d wrong tries from one address: %d ms', (tries, waitMs) => {
    expect(failed(tries).waitMs(of('bob', '203.0.113.7'), NOW)).toBe(waitMs);
  });

  test.each([
    [FREE_TRIES, 1000],
    [FREE_TRIES + 60, ACCOUNT_MS_MAX],
  ])('after %d wrong tries at one account from elsewhere: %d ms', (tries, waitMs) => {
    expect(failed(tries).waitMs(of('ALICE', '198.51.100.1'), NOW)).toBe(waitMs);
  });

  it('it passes with the time', () => {
    const delays = failed(FREE_TRIES + 2);
    expect(delays.waitMs(of('alice', '203.0.113.7'), NOW + 3999)).toBe(1);
    expect(delays.waitMs(of('alice', '203.0.113.7'), NOW + 4000)).toBe(0);
  });

  it('an hour later all is forgotten', () => {
    const delays = failed(FREE_TRIES + 60);
    expect(delays.charge(of('alice', '203.0.113.7'), NOW + FORGET_MS)).toBe(false);
    expect(delays.waitMs(of('alice', '203.0.113.7'), NOW + FORGET_MS)).toBe(0);
  });

  it('where the account is signed in, guesses from elsewhere do not count: nobody is kept out by strangers', () => {
    const delays = failed(FREE_TRIES + 60);
    expect(delays.waitMs(of('alice', '198.51.100.1', true), NOW)).toBe(0);
    expect(delays.waitMs(of('alice', '203.0.113.7', true), NOW)).toBe(ADDRESS_MS_MAX);
  });
});

describe('what a right password gives back', () => {
  it('its own try; those before it stay with the address', () => {
    const delays = failed(FREE_TRIES);
    delays.refund(of('alice', '203.0.113.7'), true);
    expect(delays.waitMs(of('alice', '203.0.113.7'), NOW)).toBe(0);
    delays.charge(of('alice', '203.0.113.7'), NOW);
    expect(delays.waitMs(of('bob', '203.0.113.7'), NOW)).toBe(1000);
    expect(delays.waitMs(of('alice', '198.51.100.1'), NOW)).toBe(0);
  });

  it('nothing of what others did to the account, as long as the code is missing', () => {
    const delays = failed(FREE_TRIES + 3);
    delays.charge(of('alice', '198.51.100.1'), NOW);
    delays.refund(of('alice', '198.51.100.1'), false);
    expect(delays.waitMs(of('alice', '198.51.100.1'), NOW)).toBe(8000);
  });
});

test('an address is told once, when its free tries are used up', () => {
  const delays = new SignInDelays();
  const told = Array.from({ length: 10 }, () => delays.charge(of('alice', '203.0.113.7'), NOW));
  expect(told.flatMap((yes, i) => (yes ? [i + 1] : []))).toEqual([FREE_TRIES]);
});

test('a flood of addresses, each seen once, does not make a patient guesser new', () => {
  const delays = failed(FREE_TRIES + 1);
  for (let i = 0; i < ENTRIES_MAX * 2; i++)
    delays.charge(of(`name${i}`, `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`), NOW);
  expect(delays.waitMs(of('bob', '203.0.113.7'), NOW)).toBe(2000);
});

test.each([
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ['203.0.113.7', '203.0.113.8', false],
])('%s and %s are one guesser: %s', (a, b, same) => {
  expect(network(a) === network(b)).toBe(same);
});
