/** Who is in a network is found by looking at that network alone, and is who a look at all of them finds. */
import { expect, test } from 'vitest';
import { inRange, parseAddress, parseRange, type Address } from '../base/address.ts';
import { Neighbours } from './neighbours.ts';

/** Forty /24 of IPv4 and forty /48 of IPv6, fifty sources each. */
const SOURCES: Address[] = Array.from({ length: 4_000 }, (_, i) => {
  const [network, host] = [Math.floor(i / 2) % 40, Math.floor(i / 80)];
  return parseAddress(i % 2 === 0 ? `198.18.${network}.${host}` : `2001:db8:${network.toString(16)}:${host}::7`)!;
});

function world() {
  let looks = 0;
  const neighbours = new Neighbours((row) => (looks++, SOURCES[row]));
  SOURCES.forEach((_, row) => neighbours.add(row));
  return {
    neighbours,
    looksOf: (work: () => void) => {
      looks = 0;
      work();
      return looks;
    },
  };
}

test.each([
  ['198.18.7.0/24', 50],
  ['198.18.7.3', 1],
  ['2001:db8:9::/48', 50],
  ['2001:db8:9:4::/64', 1],
  ['2001:db8:9::/56', 50],
  ['203.0.113.0/24', 0],
  ['198.18.0.0/16', 2_000],
])('%s: %i', (text, count) => {
  const { neighbours } = world();
  const range = parseRange(text)!;
  const all = SOURCES.flatMap((address, row) => (inRange(address, range) ? [row] : []));
  expect([...neighbours.within(range)].sort((a, b) => a - b)).toEqual(all);
  expect(all).toHaveLength(count);
});

test('one network costs a look at its own sources, not at all', () => {
  const { neighbours, looksOf } = world();
  const range = parseRange('198.18.7.0/24')!;
  expect(looksOf(() => void [...neighbours.within(range)])).toBe(50);
});

test('who is taken out is not found, and an empty network is forgotten', () => {
  const { neighbours } = world();
  SOURCES.forEach((_, row) => row !== 14 && neighbours.delete(row));
  neighbours.delete(13);
  expect([...neighbours.within(parseRange('198.18.0.0/16')!)]).toEqual([14]);
});
