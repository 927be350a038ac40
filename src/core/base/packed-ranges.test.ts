import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inRange, parseRange, type Address, type AddressRange } from './address.ts';
import { formatRange } from './address.ts';
import { ALL_ADDRESSES, countRanges, holds, intersect, NO_RANGES, packRanges } from './packed-ranges.ts';
import { sameAddresses, subtract, union, unpackRanges, type PackedRanges } from './packed-ranges.ts';

/** Both ends of each family and a place where a carry crosses a word: where arithmetic on words goes wrong. */
const PLACES: Address[] = [
  { w0: 0, w1: 0, w2: 0xffff, w3: 0 },
  { w0: 0, w1: 0, w2: 0xffff, w3: 0xffffffe0 },
  { w0: 0, w1: 0, w2: 0, w3: 0 },
  { w0: 0x20010db8, w1: 7, w2: 0xffffffff, w3: 0xfffffff0 },
  { w0: 0xffffffff, w1: 0xffffffff, w2: 0xffffffff, w3: 0xffffffe0 },
];
const SPAN = 32;

/** `place` plus a few, carried over the word. */
function near(place: number, plus: number): Address {
  const { w0, w1, w2, w3 } = PLACES[place];
  const low = w3 + plus;
  if (low <= 0xffffffff) return { w0, w1, w2, w3: low };
  return { w0, w1: w2 === 0xffffffff ? w1 + 1 : w1, w2: (w2 + 1) >>> 0, w3: low >>> 0 };
}

const range = fc
  .tuple(fc.nat(PLACES.length - 1), fc.nat(SPAN - 1), fc.nat(SPAN - 1))
  .map(([place, a, b]): AddressRange => ({ first: near(place, Math.min(a, b)), last: near(place, Math.max(a, b)) }));
const list = fc.array(range, { maxLength: 12 });
const everywhere = PLACES.flatMap((_, place) => Array.from({ length: SPAN }, (_, plus) => near(place, plus)));
const text = (p: PackedRanges) => [...unpackRanges(p)].map(formatRange);
const pack = (...ranges: string[]) => packRanges(ranges.map((one) => parseRange(one)!));

describe('packed ranges agree with looking at every address', () => {
  const naive = (ranges: AddressRange[], address: Address) => ranges.some((one) => inRange(address, one));

  test('membership, union, difference and intersection', () => {
    fc.assert(
      fc.property(list, list, (x, y) => {
        const [a, b] = [packRanges(x), packRanges(y)];
        const both = { or: union(a, b), less: subtract(a, b), and: intersect(a, b) };
        for (const address of everywhere) {
          const [inX, inY] = [naive(x, address), naive(y, address)];
          expect(holds(a, address)).toBe(inX);
          expect(holds(both.or, address)).toBe(inX || inY);
          expect(holds(both.less, address)).toBe(inX && !inY);
          expect(holds(both.and, address)).toBe(inX && inY);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('the same addresses have one form, however they were written', () => {
    fc.assert(
      fc.property(list, list, (x, y) => {
        const whole = packRanges([...x, ...y]);
        expect(sameAddresses(union(packRanges(y), packRanges(x)), whole)).toBe(true);
        expect(sameAddresses(packRanges(unpackRanges(whole)), whole)).toBe(true);
      }),
    );
  });
});

describe('shapes', () => {
  test('overlapping and touching ranges become one; families stay apart', () => {
    const packed = pack('192.0.2.5', '192.0.2.4', '192.0.2.0/30', '2001:db8::1', '::ffff:192.0.2.6', '::/0');
    expect(text(packed)).toEqual(['192.0.2.0-192.0.2.6', '::/0']);
    expect(countRanges(packed)).toBe(2);
  });

  test('everything less one address, and nothing less everything', () => {
    expect(text(subtract(ALL_ADDRESSES, pack('0.0.0.0', '::')))).toEqual([
      '0.0.0.1-255.255.255.255',
      '::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    ]);
    expect(countRanges(subtract(NO_RANGES, ALL_ADDRESSES))).toBe(0);
  });
});
