/** The contract of sets of long lists: ranges, keys, and the selector of the list in use. */
import { formatRange, parseRange } from '../../core/base/address.ts';
import { packRanges, unpackRanges } from '../../core/base/packed-ranges.ts';
import type { Row } from './contract.ts';

export const LIST_ROWS: Row[] = [
  // Long lists' sets: whatever is put into an interval set comes back as the same addresses.
  ...(
    [
      ['nothing', [], []],
      ['one address', ['192.0.2.1'], ['192.0.2.1']],
      ['overlaps merge', ['10.0.0.0/8', '10.1.0.0/16', '10.0.0.0/9'], ['10.0.0.0/8']],
      ['neighbours merge', ['10.0.0.0/25', '10.0.0.128/25'], ['10.0.0.0/24']],
      ['the lowest and the highest IPv4', ['0.0.0.0', '255.255.255.255'], ['0.0.0.0', '255.255.255.255']],
      ['all of IPv4', ['0.0.0.0/0'], ['0.0.0.0/0']],
      ['the end of IPv4', ['255.255.255.0/24', '192.0.2.4-192.0.2.9'], ['192.0.2.4-192.0.2.9', '255.255.255.0/24']],
      ['all of both', ['::/0', '0.0.0.0/0'], ['0.0.0.0/0', '::/0']],
      ['IPv4 inside ::/0 is another family', ['::/0', '192.0.2.0/24', '2001:db8::/32'], ['192.0.2.0/24', '::/0']],
      ['an IPv6 range that ends before the mapped IPv4', ['::-::fffe:ffff:ffff'], ['::-::fffe:ffff:ffff']],
      ['the end of IPv6', ['ffff::/16', '2001:db8::1-2001:db8::3'], ['2001:db8::1-2001:db8::3', 'ffff::/16']],
    ] as const
  ).map(([name, put, held]): Row => ({
    name: `ranges: ${name}`,
    step: (k) => {
      for (const texts of [['198.51.100.0/24', '2001:db8:ffff::/48'], put]) {
        const { v4, v6 } = packRanges(texts.map((text) => parseRange(text)!));
        k.edit([
          { do: 'empty', set: 'deny_s4' },
          { do: 'empty', set: 'deny_s6' },
          { do: 'fill', set: 'deny_s4', v4: true, list: v4 },
          { do: 'fill', set: 'deny_s6', v4: false, list: v6 },
        ]);
      }
      const held = { v4: k.ranges('deny_s4', true), v6: k.ranges('deny_s6', false) };
      return [...unpackRanges(held)].map(formatRange);
    },
    expected: held,
  })),
  {
    name: 'keys of hash sets, added and removed in one transaction',
    step: (k) => {
      const [keys4, keys6] = [Uint32Array.of(1, 0xffffffff, 7), Uint32Array.of(0x20010db8, 0, 0, 1)];
      k.edit([
        { do: 'add', set: 'deny_a4', v4: true, keys: keys4, count: 3 },
        { do: 'add', set: 'deny_a6_net', v4: false, keys: keys6, count: 1 },
      ]);
      k.edit([
        { do: 'remove', set: 'deny_a4', v4: true, keys: keys4, count: 1 },
        { do: 'add', set: 'deny_b4', v4: true, keys: keys4, count: 2 },
      ]);
      return [
        k.has('deny_a4', true, keys4, 0),
        k.has('deny_a4', true, keys4, 1),
        k.has('deny_b4', true, keys4, 2),
        k.has('deny_a6_net', false, keys6, 0),
        k.has('deny_a6', false, keys6, 0),
      ];
    },
    expected: [false, true, false, true, false],
  },
  {
    name: 'a refused edit changes nothing',
    step: (k) => {
      const keys = Uint32Array.of(5, 6);
      const refusal = (() => {
        try {
          return k.edit([
            { do: 'add', set: 'deny_a4', v4: true, keys, count: 1 },
            { do: 'remove', set: 'deny_a4_net', v4: true, keys, count: 2 },
          ]);
        } catch (error) {
          return (error as { code: string }).code;
        }
      })();
      return [refusal, k.has('deny_a4', true, keys, 0)];
    },
    expected: ['kernel-element-missing', false],
  },
  {
    name: 'a selector points each family to a chain of its own, or to none',
    step: (k) => {
      const select = (v4: boolean, from: string | null, to: string | null) =>
        k.edit([{ do: 'select', map: 'deny_use', v4, from, to }]);
      const none = k.selection('deny_use');
      select(true, null, 'deny_s4');
      select(false, null, 'deny_b6');
      select(true, 'deny_s4', 'deny_a4');
      const both = k.selection('deny_use');
      select(false, 'deny_b6', null);
      return [none, both, k.selection('deny_use'), k.selection('allow_use')];
    },
    expected: [
      { v4: null, v6: null },
      { v4: 'deny_a4', v6: 'deny_b6' },
      { v4: 'deny_a4', v6: null },
      { v4: null, v6: null },
    ],
  },
];
