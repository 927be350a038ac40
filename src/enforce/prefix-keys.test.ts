/** Ranges cut into keys: an address is in the list exactly when one of the questions that the rules ask finds its key. */
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { compareAddress, isV4, parseAddress, type Address, type AddressRange } from '../core/base/address.ts';
import { holds, packRanges } from '../core/base/packed-ranges.ts';
import { KeyBatch, PREFIX_LENGTHS_V4, PREFIX_LENGTHS_V6, PrefixCursor, prefixOperands } from './prefix-keys.ts';

/** Words at the edges, so that ranges touch, overlap, and end at the end of the address space. */
const word = fc.constantFrom(0, 1, 2, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff);
const V4 = word.map((w3): Address => ({ w0: 0, w1: 0, w2: 0xffff, w3 }));
const V6 = fc.record({ w0: word, w1: word, w2: word, w3: word }).filter((address) => !isV4(address));

const wordsOf = (a: Address, v4: boolean) => (v4 ? [a.w3] : [a.w0, a.w1, a.w2, a.w3]);

/** What the rules' mask and mark make of an address. */
function question(address: Address, length: number, v4: boolean): string {
  const { mask, mark } = prefixOperands(length, v4);
  const [m, k] = [wordsOf(parseAddress(mask)!, v4), wordsOf(parseAddress(mark)!, v4)];
  return wordsOf(address, v4)
    .map((w, i) => ((w & m[i]) | k[i]) >>> 0)
    .join();
}

function keysOf(ranges: AddressRange[], v4: boolean, capacity: number) {
  const packed = packRanges(ranges);
  const cursor = new PrefixCursor(v4 ? packed.v4 : packed.v6, v4);
  const batch = new KeyBatch(v4, capacity);
  const found = { addresses: new Set<string>(), prefixes: new Set<string>(), count: 0, rangesDone: 0 };
  for (cursor.fill(batch); batch.count > 0; cursor.fill(batch)) {
    found.count += batch.count;
    const text = (keys: Uint32Array, i: number) => keys.subarray(i * batch.words, (i + 1) * batch.words).join();
    for (let i = 0; i < batch.addressCount; i++) found.addresses.add(text(batch.addresses, i));
    for (let i = 0; i < batch.prefixCount; i++) found.prefixes.add(text(batch.prefixes, i));
  }
  found.rangesDone = cursor.rangesDone;
  return { ...found, packed };
}

test.each([
  { family: 'IPv4', v4: true, address: V4, lengths: PREFIX_LENGTHS_V4 },
  { family: 'IPv6', v4: false, address: V6, lengths: PREFIX_LENGTHS_V6 },
])('$family: found by the rules’ questions when it is in the list, and only then', ({ v4, address, lengths }) => {
  const range = fc
    .tuple(address, address)
    .map(([a, b]) => (compareAddress(a, b) <= 0 ? { first: a, last: b } : { first: b, last: a }));
  fc.assert(
    fc.property(
      fc.array(range, { maxLength: 5 }),
      address,
      fc.integer({ min: 1, max: 9 }),
      (ranges, probe, capacity) => {
        const { addresses, prefixes, count, packed, rangesDone } = keysOf(ranges, v4, capacity);
        const found =
          addresses.has(wordsOf(probe, v4).join()) ||
          lengths.some((length) => prefixes.has(question(probe, length, v4)));
        expect(found).toBe(holds(packed, probe));
        // No key twice: the kernel's counts are compared with ours.
        expect(addresses.size + prefixes.size).toBe(count);
        expect(rangesDone).toBe((v4 ? packed.v4 : packed.v6).length / (v4 ? 2 : 8));
      },
    ),
    { numRuns: 1000 },
  );
});

// How many elements a range costs: the kernel keeps 64 bytes of each.
test.each([
  ['one address', '192.0.2.1', '192.0.2.1', 1],
  ['an even length', '192.0.2.0', '192.0.2.255', 1],
  ['an odd length is two', '192.0.2.0', '192.0.2.127', 2],
  ['all of IPv4', '0.0.0.0', '255.255.255.255', 16],
  ['the worst of IPv4', '0.0.0.1', '255.255.255.254', 116],
  ['an IPv6 address', '2001:db8::1', '2001:db8::1', 1],
  ['what a registry gives out', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', 1],
  ['all of IPv6', '::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 16],
  ['the worst of IPv6', '::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe', 834],
])('%s: %s to %s', (_, first, last, elements) => {
  const v4 = !first.includes(':');
  const range = { first: parseAddress(first)!, last: parseAddress(last)! };
  expect(keysOf([range], v4, 500).count).toBe(elements);
});
