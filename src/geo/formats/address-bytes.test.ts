/** Addresses, CIDR and ranges out of bytes, as the providers write them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseRange, type Address } from '../../core/base/address.ts';
import { AddressReader } from './address-bytes.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('addresses out of bytes', () => {
  const reader = new AddressReader();
  const read = (text: string) => {
    const family = reader.range(bytes(text), 0, bytes(text).length);
    if (family === 0) return null;
    const [a, b, c, d, e, f, g, h] = reader.ends;
    const [first, last]: Address[] =
      family === 4
        ? [a, b].map((w3) => ({ w0: 0, w1: 0, w2: 0xffff, w3 }))
        : [
            { w0: a, w1: b, w2: c, w3: d },
            { w0: e, w1: f, w2: g, w3: h },
          ];
    return { first, last };
  };
  const v6Group = fc.oneof(
    fc.constant('0'),
    fc.constant(''),
    fc.integer({ min: 0, max: 0xfffff }).map((n) => n.toString(16)),
  );
  const addressLike = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.array(v6Group, { minLength: 2, maxLength: 9 }).map((groups) => groups.join(':')),
    fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 3, maxLength: 5 }).map((octets) => octets.join('.')),
    fc.constantFrom(
      '::',
      '::1',
      '1::',
      ':',
      ':::',
      '1:2',
      '::ffff:1.2.3.4',
      '1.2.3.4::',
      '01.2.3.4',
      '1.2.3.4 ',
      '::1.2.3',
      '',
    ),
  );

  it('say the same as parseRange, for whatever looks like an address', () => {
    const suffix = fc.oneof(
      fc.constant(''),
      fc.integer({ min: 0, max: 140 }).map((bits) => `/${bits}`),
      fc.constantFrom('/', '/x', '/-1'),
    );
    fc.assert(
      fc.property(addressLike, suffix, (address, more) => {
        const text = address + more;
        // Blanks around are the scanner's to take away; a bare number is an address here only beside another one.
        if (text.trim() !== text) return;
        expect([text, read(text)]).toEqual([text, parseRange(text)]);
      }),
      { numRuns: 2000 },
    );
  });

  const pairs: [first: string, last: string, range: string | null][] = [
    ['16777216', '16777471', '1.0.0.0/24'],
    ['42540766411282592856903984951653826560', '42540766490510755371168322545197776895', '2001:db8::/32'],
    // Mapped IPv4 addresses as numbers are IPv4.
    ['281470698520576', '281470698520831', '1.0.0.0/24'],
    // The first range of an IPv6 file begins low.
    ['0', '4294967296', '::-::1:0:0'],
    ['::ffff:1.0.0.0', '::ffff:1.0.0.255', '1.0.0.0/24'],
    [
      '340282366920938463463374607431768211455',
      '340282366920938463463374607431768211455',
      'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    ],
    ['340282366920938463463374607431768211456', '340282366920938463463374607431768211456', null],
    ['1.0.0.9', '1.0.0.1', null],
    ['1.0.0.0', '2001:db8::', null],
    ['1.0.0.0x', '1.0.0.1', null],
  ];
  it.each(pairs)('%s, %s → %s', (first, last, range) => {
    const both = bytes(`${first},${last}`);
    const family = reader.pair(both, 0, first.length, first.length + 1, both.length);
    expect(family === 0).toBe(range === null);
    if (range === null) return;
    const wanted = parseRange(range)!;
    const words = (a: Address) => (family === 4 ? [a.w3] : [a.w0, a.w1, a.w2, a.w3]);
    const size = family === 4 ? 2 : 8;
    expect([...reader.ends.subarray(0, size)], formatAddress(wanted.first)).toEqual([
      ...words(wanted.first),
      ...words(wanted.last),
    ]);
  });
});
