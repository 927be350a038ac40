import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareAddress,
  formatAddress,
  formatRange,
  inRange,
  isV4,
  parseAddress,
  parseRange,
  prefixRange,
  type Address,
} from './address.ts';

const v4Text = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((octets) => octets.join('.'));
/** Any spelling of an IPv6 address: zeros left in, left out, upper case, an IPv4 tail. */
const v6Text = fc.ipV6().filter((text) => isIP(text) === 6);
const word = fc.nat(0xffffffff);
const v6Address = fc
  .record({ w0: word, w1: word, w2: fc.oneof(fc.constant(0), word), w3: fc.oneof(fc.constant(0), word) })
  .filter((a) => !isV4(a));
const v4Address = word.map((w3) => ({ w0: 0, w1: 0, w2: 0xffff, w3 }));
const anyAddress = fc.oneof(v4Address, v6Address);

describe('text to address and back', () => {
  // prettier-ignore
  const rows: [string, string][] = [
    ['0.0.0.0', '0.0.0.0'],
    ['192.0.2.1', '192.0.2.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['::', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['2001:DB8::A', '2001:db8::a'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['fe80::1:2:3:4', 'fe80::1:2:3:4'],
    // RFC 5952 §4.2.2: one zero group is not shortened; §4.2.3: the longest run, the first of two equal ones.
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    // An IPv4 tail; only ::ffff:0:0/96 is IPv4 (RFC 4291 §2.5.5.2).
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:C000:201', '192.0.2.1'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4:5:6:c000:201'],
    ['::192.0.2.1', '::c000:201'],
  ];
  it.each(rows)('%s → %s', (text, canonical) => {
    const address = parseAddress(text)!;
    expect(formatAddress(address)).toBe(canonical);
    expect(parseAddress(canonical)).toEqual(address);
  });

  it.each([
    // Spellings that other programs read as something else: never.
    ...[
      '010.0.0.1',
      '0x7f.0.0.1',
      '127.1',
      '1',
      '1.2.3',
      '1.2.3.4.5',
      '1.2.3.',
      '.1.2.3',
      '1..2.3',
      '256.0.0.1',
      '1.2.3.-4',
      '1.2.3.+4',
    ],
    ...['1.2.3.4 ', ' 1.2.3.4', '1.2.3.4\n', '1.2.3.4/24', '١.2.3.4', '1e1.2.3.4', '00.0.0.0', '300.1.1.1'],
    ...[
      '',
      ':',
      ':::',
      '::1::',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:7:8::',
      '::1:2:3:4:5:6:7:8',
      '12345::',
      'g::',
      ':1',
      '1:',
      ':1::',
      '1::2:',
    ],
    ...[
      'fe80::1%eth0',
      '[::1]',
      '::1.2.3',
      '::1.2.3.256',
      '::01.2.3.4',
      '1.2.3.4::',
      '::1.2.3.4:5',
      '1:2:3:4:5:6:7:1.2.3.4',
      '1:1.2.3.4',
      '::ffff:1.2.3.4.5',
      '1.2.3.4:',
      ':1.2.3.4',
    ],
  ])('%j is no address', (text) => {
    expect(parseAddress(text)).toBeNull();
    expect(parseRange(text === '1.2.3.4/24' ? '1.2.3.4/240' : text)).toBeNull();
  });

  it('agrees with net.isIP about any text', () => {
    const almost = fc.stringMatching(/^[0-9a-fA-F:.x%]{0,20}$/);
    fc.assert(
      fc.property(fc.oneof(almost, v4Text, v6Text, fc.string()), (text) => {
        // A zone names an interface of one machine: no address of ours.
        expect(parseAddress(text) !== null).toBe(isIP(text) !== 0 && !text.includes('%'));
      }),
      { numRuns: 3000 },
    );
  });

  it('gives every address back', () => {
    fc.assert(
      fc.property(anyAddress, (a) => {
        expect(parseAddress(formatAddress(a))).toEqual(a);
      }),
    );
    // The WHATWG URL standard serializes as RFC 5952 does.
    fc.assert(
      fc.property(v6Address, (a) => {
        expect(`[${formatAddress(a)}]`).toBe(new URL(`http://[${long(a)}]`).hostname);
      }),
    );
  });

  function long(a: Address): string {
    return [a.w0, a.w1, a.w2, a.w3].flatMap((w) => [(w >>> 16).toString(16), (w & 0xffff).toString(16)]).join(':');
  }
});

it('order: that of the bytes', () => {
  const bytes = (a: Address) => [a.w0, a.w1, a.w2, a.w3].map((w) => w.toString(16).padStart(8, '0')).join('');
  fc.assert(
    fc.property(anyAddress, anyAddress, (a, b) => {
      expect(Math.sign(compareAddress(a, b))).toBe(bytes(a) < bytes(b) ? -1 : bytes(a) > bytes(b) ? 1 : 0);
    }),
  );
});

describe('ranges', () => {
  // prettier-ignore
  const rows: [string, string, string, string][] = [
    ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.1'],
    ['192.0.2.77/24', '192.0.2.0', '192.0.2.255', '192.0.2.0/24'],
    ['0.0.0.0/0', '0.0.0.0', '255.255.255.255', '0.0.0.0/0'],
    ['192.0.2.1/32', '192.0.2.1', '192.0.2.1', '192.0.2.1'],
    ['128.0.0.0/1', '128.0.0.0', '255.255.255.255', '128.0.0.0/1'],
    ['192.0.2.10-192.0.2.20', '192.0.2.10', '192.0.2.20', '192.0.2.10-192.0.2.20'],
    ['192.0.2.10 - 192.0.2.20', '192.0.2.10', '192.0.2.20', '192.0.2.10-192.0.2.20'],
    ['192.0.2.0-192.0.2.255', '192.0.2.0', '192.0.2.255', '192.0.2.0/24'],
    ['192.0.2.0-192.0.3.254', '192.0.2.0', '192.0.3.254', '192.0.2.0-192.0.3.254'],
    ['2001:db8::/32', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db8::/32'],
    ['2001:db8::1/64', '2001:db8::', '2001:db8::ffff:ffff:ffff:ffff', '2001:db8::/64'],
    ['2001:db8::1/127', '2001:db8::', '2001:db8::1', '2001:db8::/127'],
    ['2001:db8::5-2001:db8::7', '2001:db8::5', '2001:db8::7', '2001:db8::5-2001:db8::7'],
    // The prefix of a mapped address counts in the family that it is printed in.
    ['::ffff:192.0.2.0/24', '192.0.2.0', '192.0.2.255', '192.0.2.0/24'],
  ];
  it.each(rows)('%s', (text, first, last, shown) => {
    const range = parseRange(text)!;
    expect([formatAddress(range.first), formatAddress(range.last)]).toEqual([first, last]);
    expect(formatRange(range)).toBe(shown);
    expect(parseRange(shown)).toEqual(range);
  });

  it.each([
    ...[
      '192.0.2.0/33',
      '192.0.2.0/',
      '192.0.2.0/-1',
      '192.0.2.0/024',
      '192.0.2.0/ 24',
      '192.0.2.0/24/24',
      '/24',
      '192.0.2.0/255.255.255.0',
    ],
    ...[
      '2001:db8::/129',
      '300.1.1.1/40',
      '192.0.2.9-192.0.2.1',
      '192.0.2.1-2001:db8::1',
      '192.0.2.1-',
      '-192.0.2.1',
      '1.2.3.4-1.2.3.5-1.2.3.6',
      '1.2.3.0/24-1.2.4.0/24',
      '::/0x10',
    ],
  ])('%s is no range', (text) => expect(parseRange(text)).toBeNull());

  it('hold what net.BlockList says they hold', () => {
    const prefix = fc.oneof(fc.tuple(v4Address, fc.nat(32), v4Address), fc.tuple(v6Address, fc.nat(128), v6Address));
    fc.assert(
      fc.property(prefix, fc.boolean(), ([base, bits, other], near) => {
        const range = prefixRange(base, bits);
        const list = new BlockList();
        list.addSubnet(formatAddress(base), bits, isV4(base) ? 'ipv4' : 'ipv6');
        const probes = [base, range.first, range.last, near ? { ...base, w3: other.w3 } : other];
        for (const probe of probes) {
          expect(inRange(probe, range)).toBe(list.check(formatAddress(probe), isV4(probe) ? 'ipv4' : 'ipv6'));
        }
      }),
      { numRuns: 2000 },
    );
  });

  // ::/0 holds no IPv4 address, although ::ffff:0:0/96 lies inside it: whoever denies IPv6 does not mean IPv4.
  it('hold one family only', () => {
    fc.assert(
      fc.property(v6Address, fc.nat(128), v4Address, (base, bits, v4) => {
        expect(inRange(v4, prefixRange(base, bits))).toBe(false);
        expect(inRange(base, prefixRange(v4, bits % 33))).toBe(false);
      }),
    );
    expect(inRange(parseAddress('192.0.2.1')!, parseRange('::/0')!)).toBe(false);
    expect(inRange(parseAddress('2001:db8::1')!, parseRange('::/0')!)).toBe(true);
  });

  it('any range is given back by its text', () => {
    const pair = fc.oneof(fc.tuple(v4Address, v4Address), fc.tuple(v6Address, v6Address));
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const range = compareAddress(a, b) <= 0 ? { first: a, last: b } : { first: b, last: a };
        expect(parseRange(formatRange(range))).toEqual(range);
      }),
    );
  });
});
