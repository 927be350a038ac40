/** Ranges to the kernel's interval ends and back: membership before and after is the same for every address. */
import fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  compareAddress,
  formatRange,
  inRange,
  isV4,
  parseRange,
  type Address,
  type AddressRange,
} from '../core/base/address.ts';
import { packRanges } from '../core/base/packed-ranges.ts';
import { fromIntervalEnds, packedEnds, type IntervalEnd } from './intervals.ts';

/** As the kernel would hold them. */
function endsOf(ranges: AddressRange[], four: boolean): IntervalEnd[] {
  const packed = packRanges(ranges);
  const { keys, closes } = packedEnds(four ? packed.v4 : packed.v6, four);
  return closes.map((closing, i) => {
    const [w0, w1, w2, w3] = four ? [0, 0, 0xffff, keys[i]] : keys.subarray(i * 4, i * 4 + 4);
    return { address: { w0, w1, w2, w3 }, closes: closing };
  });
}

/** Words that sit at the edges, so that ranges touch, overlap and end at the end of the address space. */
const word = fc.constantFrom(0, 1, 2, 3, 0xfffe, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff);
const v4: fc.Arbitrary<Address> = word.map((w3) => ({ w0: 0, w1: 0, w2: 0xffff, w3 }));
const v6: fc.Arbitrary<Address> = fc
  .record({ w0: word, w1: word, w2: word, w3: word })
  .filter((address) => !isV4(address));

const rangeOf = (address: fc.Arbitrary<Address>): fc.Arbitrary<AddressRange> =>
  fc
    .tuple(address, address)
    .map(([a, b]) => (compareAddress(a, b) <= 0 ? { first: a, last: b } : { first: b, last: a }));

test.each([
  { family: 'IPv4', four: true, address: v4 },
  { family: 'IPv6', four: false, address: v6 },
])('$family: the same addresses are in it', ({ four, address }) => {
  fc.assert(
    fc.property(fc.array(rangeOf(address), { maxLength: 6 }), address, (ranges, probe) => {
      const back = fromIntervalEnds(endsOf(ranges, four), four);
      expect(back.some((range) => inRange(probe, range))).toBe(ranges.some((range) => inRange(probe, range)));
    }),
    { numRuns: 2000 },
  );
});

test('ends are sorted and alternate: the kernel refuses anything else', () => {
  fc.assert(
    fc.property(fc.array(rangeOf(v6), { maxLength: 6 }), (ranges) => {
      const ends = endsOf(ranges, false);
      ends.forEach((end, i) => {
        expect(end.closes).toBe(i % 2 === 1);
        if (i > 0) expect(compareAddress(ends[i - 1].address, end.address)).toBeLessThan(0);
      });
    }),
  );
});

test('a closing end without a range (nft writes one at 0) says nothing', () => {
  const range = parseRange('192.0.2.0/24')!;
  const ends = [{ address: { w0: 0, w1: 0, w2: 0xffff, w3: 0 }, closes: true }, ...endsOf([range], true)];
  expect(fromIntervalEnds(ends, true).map(formatRange)).toEqual(['192.0.2.0/24']);
});
