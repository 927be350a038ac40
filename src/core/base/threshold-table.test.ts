import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareAddress, inRange, parseAddress, parseRange, type Address, type AddressRange } from './address.ts';
import type { ThresholdOverride } from './policy.ts';
import { ThresholdTable } from './threshold-table.ts';

const NAME = 'flood.threshold';
const at = (table: ThresholdTable, a: Address, base = 7) => table.at(NAME, base, a.w0, a.w1, a.w2, a.w3);
const override = (source: string, value: number): ThresholdOverride => ({
  range: parseRange(source)!,
  set: { [NAME]: value },
});

test.each<[address: string, threshold: number, overrides: [source: string, value: number][]]>([
  // Nothing is said: the policy's own.
  ['192.0.2.1', 7, []],
  ['192.0.2.1', 7, [['198.51.100.0/24', 1]]],
  // The edges of a range belong to it, their neighbours do not.
  ['192.0.2.0', 1, [['192.0.2.0/24', 1]]],
  ['192.0.2.255', 1, [['192.0.2.0/24', 1]]],
  ['192.0.1.255', 7, [['192.0.2.0/24', 1]]],
  ['192.0.3.0', 7, [['192.0.2.0/24', 1]]],
  ['255.255.255.255', 1, [['255.255.255.255', 1]]],
  ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 1, [['ffff::/16', 1]]],
  // The most specific wins, in whatever order they were written.
  [
    '192.0.2.1',
    3,
    [
      ['0.0.0.0/0', 1],
      ['192.0.2.0/24', 2],
      ['192.0.2.1', 3],
    ],
  ],
  [
    '192.0.2.1',
    3,
    [
      ['192.0.2.1', 3],
      ['192.0.2.0/24', 2],
      ['0.0.0.0/0', 1],
    ],
  ],
  [
    '192.0.2.2',
    2,
    [
      ['192.0.2.1', 3],
      ['192.0.2.0/24', 2],
      ['0.0.0.0/0', 1],
    ],
  ],
  // The later one among equals.
  [
    '192.0.2.1',
    2,
    [
      ['192.0.2.0/24', 1],
      ['192.0.2.0/24', 2],
    ],
  ],
  // One family each.
  ['192.0.2.1', 7, [['::/0', 1]]],
  [
    '2001:db8::1',
    1,
    [
      ['::/0', 1],
      ['0.0.0.0/0', 2],
    ],
  ],
  [
    '::1',
    1,
    [
      ['::/0', 1],
      ['0.0.0.0/0', 2],
    ],
  ],
])('%s: %i', (address, threshold, overrides) => {
  const table = new ThresholdTable(overrides.map(([source, value]) => override(source, value)));
  expect(at(table, parseAddress(address)!)).toBe(threshold);
});

test('a name that one override leaves out is another one’s, or the policy’s', () => {
  const table = new ThresholdTable([
    { range: parseRange('10.0.0.0/8')!, set: { 'flood.threshold': 1 } },
    { range: parseRange('10.1.0.0/16')!, set: { 'malformed.threshold': 2 } },
  ]);
  const { w0, w1, w2, w3 } = parseAddress('10.1.2.3')!;
  expect(table.at('flood.threshold', 7, w0, w1, w2, w3)).toBe(1);
  expect(table.at('malformed.threshold', 7, w0, w1, w2, w3)).toBe(2);
  expect(table.at('enumeration.threshold', 7, w0, w1, w2, w3)).toBe(7);
});

test('any ranges: the same as looking at each of them', () => {
  // Few distinct words, so that ranges meet, nest and touch.
  const word = fc.oneof(fc.constantFrom(0, 1, 2, 0xffff, 0xfffffffe, 0xffffffff), fc.integer({ min: 0, max: 9 }));
  const v4 = word.map((w3): Address => ({ w0: 0, w1: 0, w2: 0xffff, w3 }));
  const v6 = fc.record({ w0: word, w1: word, w2: word, w3: word });
  const pair = (address: fc.Arbitrary<Address>) =>
    fc.tuple(address, address).map(([a, b]): AddressRange => {
      return compareAddress(a, b) <= 0 ? { first: a, last: b } : { first: b, last: a };
    });
  const mapped = (a: Address) => a.w0 === 0 && a.w1 === 0 && a.w2 === 0xffff;
  const range = fc.oneof(
    pair(v4),
    pair(v6).filter(({ first, last }) => !mapped(first) && !mapped(last)),
  );
  fc.assert(
    fc.property(
      fc.array(range, { maxLength: 12 }),
      fc.array(fc.oneof(v4, v6), { minLength: 1 }),
      (ranges, addresses) => {
        const overrides = ranges.map((one, i) => ({ range: one, set: { [NAME]: i + 1 } }));
        const table = new ThresholdTable(overrides);
        const ends = ranges.flatMap(({ first, last }) => [first, last]);
        for (const address of [...addresses, ...ends]) {
          const holder = naive(ranges, address);
          expect(at(table, address, 99)).toBe(holder < 0 ? 99 : holder + 1);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

/** Index of the smallest range that holds the address, the last one among equals; -1: none does. */
function naive(ranges: AddressRange[], address: Address): number {
  let best = -1;
  const size = ({ first, last }: AddressRange) => {
    const big = (a: Address) => [a.w0, a.w1, a.w2, a.w3].reduce((sum, word) => sum * 4294967296n + BigInt(word), 0n);
    return big(last) - big(first);
  };
  ranges.forEach((range, i) => {
    if (inRange(address, range) && (best < 0 || size(range) <= size(ranges[best]))) best = i;
  });
  return best;
}
