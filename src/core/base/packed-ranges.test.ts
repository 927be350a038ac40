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

describe('long lists, of which runs are copied at once', () => {
  const ADDRESSES = 4096;
  const address = (low: number, v4: boolean): Address =>
    v4 ? { w0: 0, w1: 0, w2: 0xffff, w3: 0xc6120000 + low } : { w0: 0x20010db8, w1: low >>> 6, w2: 0, w3: low };
  const bits = (p: PackedRanges, v4: boolean) =>
    Uint8Array.from({ length: ADDRESSES }, (_, i) => Number(holds(p, address(i, v4))));
  /** Some hundred short ranges, or few of any length. */
  const many = fc.array(fc.tuple(fc.nat(ADDRESSES - 1), fc.nat(5)), { minLength: 100, maxLength: 500 });
  const few = fc.array(fc.tuple(fc.nat(ADDRESSES - 1), fc.nat(1000)), { maxLength: 6 });

  test.each([true, false])('IPv4: %s', (v4) => {
    const pack = (list: [number, number][]) =>
      packRanges(
        list.map(([low, more]) => ({
          first: address(low, v4),
          last: address(Math.min(ADDRESSES - 1, low + more), v4),
        })),
      );
    fc.assert(
      fc.property(many, fc.oneof(many, few), fc.boolean(), (x, y, edited) => {
        const a = pack(x);
        // Two versions of one list, or two lists.
        const b = edited ? subtract(union(a, pack(y)), pack(y.slice(1))) : pack(y);
        const [inA, inB] = [bits(a, v4), bits(b, v4)];
        for (const [one, other, inOne, inOther] of [
          [a, b, inA, inB],
          [b, a, inB, inA],
        ] as const) {
          expect(bits(union(one, other), v4)).toEqual(inOne.map((bit, i) => bit | inOther[i]));
          expect(bits(subtract(one, other), v4)).toEqual(inOne.map((bit, i) => bit & ~inOther[i]));
        }
        expect(sameAddresses(union(a, b), packRanges([...unpackRanges(a), ...unpackRanges(b)]))).toBe(true);
        expect(sameAddresses(union(subtract(a, b), intersect(a, b)), a)).toBe(true);
      }),
      { numRuns: 60 },
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
