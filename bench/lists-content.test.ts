/** ipset gets the same addresses as we: each range as the fewest prefixes that make it up, and nothing beside it. */
import { describe, expect, it } from 'vitest';
import { parseRange } from '../src/core/base/address.ts';
import { prefixes } from './lists-content.ts';

const ROWS: [range: string, bits: number, expected: string[]][] = [
  // One prefix stays one.
  ['10.0.0.0/8', 32, ['10.0.0.0/8']],
  ['192.0.2.7', 32, ['192.0.2.7/32']],
  ['0.0.0.0-255.255.255.255', 32, ['0.0.0.0/0']],
  // Ends that are no border of a prefix.
  ['10.0.0.1-10.0.0.6', 32, ['10.0.0.1/32', '10.0.0.2/31', '10.0.0.4/31', '10.0.0.6/32']],
  ['1.0.0.0-1.0.2.255', 32, ['1.0.0.0/23', '1.0.2.0/24']],
  // Up to the last address there is.
  ['255.255.255.254-255.255.255.255', 32, ['255.255.255.254/31']],
  ['2001:db8::/32', 128, ['2001:db8::/32']],
  ['2001:db8::-2001:db8:2:ffff:ffff:ffff:ffff:ffff', 128, ['2001:db8::/47', '2001:db8:2::/48']],
  ['2001:db8::ffff-2001:db8::1:0', 128, ['2001:db8::ffff/128', '2001:db8::1:0/128']],
];

describe('the prefixes of a range', () => {
  it.each(ROWS)('%s', (text, bits, expected) => {
    const { first, last } = parseRange(text)!;
    expect(prefixes(first, last, bits)).toEqual(expected);
  });
});
