import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatAddress, parseRange, prefixRange, type Address } from '../../core/base/address.ts';
import { sharedText } from './page.ts';

describe('what the texts of a range begin with', () => {
  test.each([
    ['203.0.113.0/24', '203.0.113.'],
    ['203.0.113.0/25', '203.0.113.'],
    ['203.0.112.0/23', '203.0.'],
    ['10.0.0.0/8', '10.'],
    ['10.0.0.0/7', ''],
    ['203.0.113.7', '203.0.113.'],
    ['10.1.0.5-10.1.9.9', '10.1.'],
    ['2001:db8:1::/48', '2001:db8:1:'],
    ['2001:db8::/32', '2001:db8:'],
    ['2001:0:1::/48', '2001:'],
    ['::/0', ''],
    ['ff00::/8', ''],
  ])('%s: %s', (range, text) => expect(sharedText(parseRange(range)!)).toBe(text));

  test('holds for every address in it, zeros or not', () => {
    const word = fc.oneof(fc.constant(0), fc.constant(1), fc.constant(0x10000), fc.nat(0xffff), fc.nat(0xffffffff));
    const v6 = fc.tuple(word, word, word, word).map(([w0, w1, w2, w3]): Address => ({ w0, w1, w2, w3 }));
    const v4 = word.map((w3): Address => ({ w0: 0, w1: 0, w2: 0xffff, w3 }));
    fc.assert(
      fc.property(
        fc.oneof(
          v4.map((a) => [a, 32] as const),
          v6.map((a) => [a, 128] as const),
        ),
        fc.nat(128),
        word,
        ([a, size], bits, noise) => {
          const range = prefixRange(a, bits % (size + 1));
          // Somewhere in the range: the bits that are free, at random.
          const mix = (low: number, high: number) => (low | (noise & (low ^ high))) >>> 0;
          const { first, last } = range;
          const inside = {
            w0: mix(first.w0, last.w0),
            w1: mix(first.w1, last.w1),
            w2: mix(first.w2, last.w2),
            w3: mix(first.w3, last.w3),
          };
          for (const one of [first, last, inside, a])
            expect(formatAddress(one).startsWith(sharedText(range))).toBe(true);
        },
      ),
      { numRuns: 5000 },
    );
  });
});
