/** Which addresses a rule of countries blocks: checked address by address against the rule itself, for random rules. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress, parseRange } from '../core/base/address.ts';
import { countRanges, holds } from '../core/base/packed-ranges.ts';
import { compile } from './compile.ts';
import { CountryTable, type CountryRule } from './country-table.ts';
import { SPECIAL } from './special-ranges.ts';

const CSV = `2.0.0.0,2.15.255.255,FR
2.16.0.0/13,DE
5.0.0.0,5.255.255.255,RU
9.255.0.0,11.0.255.255,US
100.0.0.0,101.255.255.255,CN
192.0.2.0,192.0.2.255,DE
2a00::/16,DE
2a01::/16,FR
240e::/20,CN
fc00::,fe80::ffff,RU
2001:db8::/32,US
`;
const lines = CSV.replaceAll(',DE', ',,DE')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const parts = line.split(',').filter((part) => part !== '');
    return parts.length === 3 ? `${parts[0]}-${parts[1]},${parts[2]}` : `${parts[0]},${parts[1]}`;
  });
const table = CountryTable.of(
  compile([{ name: 'countries.csv', bytes: new TextEncoder().encode(lines.join('\n')) }]).countries!,
);

const codes = ['FR', 'DE', 'RU', 'US', 'CN', 'GB'];
const rule: fc.Arbitrary<CountryRule> = fc.record({
  mode: fc.constantFrom('off', 'block', 'allow'),
  list: fc.subarray(codes),
  unknown: fc.constantFrom('pass', 'block'),
});
/** The edges of every range, and addresses in between. */
const edges = [...lines.map((line) => line.split(',')[0]), ...SPECIAL.map(([text]) => text)].flatMap((text) => {
  const { first, last } = parseRange(text)!;
  return [first, last];
});
const nearEdges = edges.flatMap((a) => [a, { ...a, w3: (a.w3 + 1) >>> 0 }, { ...a, w3: (a.w3 - 1) >>> 0 }]);
const word = fc.integer({ min: 0, max: 0xffffffff });
const address = fc.oneof(
  fc.constantFrom(...nearEdges),
  word.map((w3) => ({ w0: 0, w1: 0, w2: 0xffff, w3 })),
  fc.tuple(fc.constantFrom(0x2a000000, 0x2a010000, 0x240e0000, 0xfc000000, 0x20010db8), word).map(([w0, w3]) => {
    return { w0, w1: 0, w2: 0, w3 };
  }),
);

describe('a rule blocks an address', () => {
  it('just when it names its country, or does not, or the address has none; never a special one', () => {
    fc.assert(
      fc.property(rule, fc.array(address, { minLength: 20, maxLength: 20 }), (given, addresses) => {
        const blocked = table.blocked(given);
        for (const one of addresses) {
          const country = table.country(one);
          const wanted =
            given.mode !== 'off' &&
            !table.isSpecial(one) &&
            (country === null ? given.unknown === 'block' : given.list.includes(country) === (given.mode === 'block'));
          expect([formatAddress(one), holds(blocked, one)]).toEqual([formatAddress(one), wanted]);
        }
      }),
    );
  });

  it('with no country in block mode only those without a country', () => {
    expect(countRanges(table.blocked({ mode: 'block', list: [], unknown: 'pass' }))).toBe(0);
    const unknown = table.blocked({ mode: 'block', list: [], unknown: 'block' });
    expect(holds(unknown, parseAddress('8.8.8.8')!)).toBe(true);
    expect(holds(unknown, parseAddress('5.1.1.1')!)).toBe(false);
  });
});

describe('special addresses', () => {
  const everything: CountryRule = { mode: 'allow', list: [], unknown: 'block' };
  it.each(SPECIAL)('%s are in no country and never blocked: %s', (text) => {
    const { first, last } = parseRange(text)!;
    for (const one of [first, last]) {
      expect([table.country(one), table.isSpecial(one), holds(table.blocked(everything), one)]).toEqual([
        null,
        true,
        false,
      ]);
    }
  });

  it('win over a data file that claims them', () => {
    expect(table.country(parseAddress('10.1.2.3')!)).toBeNull();
    expect(table.country(parseAddress('9.255.255.255')!)).toBe('US');
    expect(table.country(parseAddress('11.0.0.0')!)).toBe('US');
    expect(table.country(parseAddress('100.64.0.1')!)).toBeNull();
  });

  it('documentation addresses are not among them: the data decide', () => {
    expect(table.country(parseAddress('192.0.2.7')!)).toBe('DE');
    expect(table.country(parseAddress('203.0.113.7')!)).toBeNull();
    expect(holds(table.blocked(everything), parseAddress('203.0.113.7')!)).toBe(true);
  });
});

it('sizes: what special ranges cut away is not counted', () => {
  const us = table.sizes.find((size) => size.code === 'US')!;
  expect(us).toMatchObject({ rangesV4: 2, addressesV4: 2 * 65_536, rangesV6: 1, networksV6: 2 ** 32 });
});
