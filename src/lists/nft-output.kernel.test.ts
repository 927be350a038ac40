/** What the installed nft prints about random sets, as text and as JSON, is read back as what went in. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import fc from 'fast-check';
import { formatRange, parseRange, type AddressRange } from '../core/base/address.ts';
import { packRanges, unpackRanges } from '../core/base/packed-ranges.ts';
import { assertNoLeaks, missingForKernelTests, Namespace } from '../../test/netns.ts';
import { readList } from './list-reader.ts';

const missing = missingForKernelTests();
if (missing !== null) throw new Error(`the kernel tests need ${missing}`);

const NOW = Date.UTC(2026, 10, 22, 12);
let ns: Namespace;
beforeAll(() => {
  ns = new Namespace('lists');
});
afterAll(async () => {
  await ns.close();
  assertNoLeaks();
});

const word = fc.integer({ min: 0x0a000000, max: 0xdfffffff });
const v4 = fc.tuple(word, fc.nat(5000)).map(([w3, more]) => {
  const first = { w0: 0, w1: 0, w2: 0xffff, w3 };
  return { first, last: { ...first, w3: w3 + more } };
});
const v6 = fc
  .tuple(fc.integer({ min: 0x20010000, max: 0x2001ffff }), fc.nat(0xffff), fc.integer({ min: 16, max: 128 }))
  .map(([w0, w3, bits]) => parseRange(`${formatRange(asRange(w0, w3))}/${bits}`)!);

function asRange(w0: number, w3: number): AddressRange {
  const address = { w0, w1: 0, w2: 0, w3 };
  return { first: address, last: address };
}

test('intervals, prefixes, timeouts and comments of both families', () => {
  const sets = fc.sample(
    fc.tuple(fc.array(v4, { minLength: 1, maxLength: 60 }), fc.array(v6, { minLength: 1, maxLength: 60 })),
    { numRuns: 8, seed: 3261 },
  );
  for (const ranges of sets) {
    const merged = ranges.map((family) => [...unpackRanges(packRanges(family))].map((range) => formatRange(range)));
    const elements = merged.map((family) =>
      family.map((text, i) => (i % 3 === 0 ? `${text} timeout 1h comment "n ${i}, {x}"` : text)).join(', '),
    );
    const set = (name: string, type: string, list: string) =>
      `set ${name} { type ${type}; flags interval,timeout; elements = { ${list} }; }\n`;
    ns.runWith(
      `flush ruleset\ntable inet t { ${set('four', 'ipv4_addr', elements[0])} ${set('six', 'ipv6_addr', elements[1])} }`,
      'nft',
      '-f',
      '-',
    );
    for (const [format, output] of [
      ['nft', ns.run('nft', 'list', 'ruleset')],
      ['nft-json', ns.run('nft', '-j', 'list', 'ruleset')],
    ]) {
      const result = readList(Buffer.from(output), { list: 'deny', now: NOW, allowWide: true });
      expect(result).toMatchObject({ format, problems: [], fatal: null });
      expect(result.entries.map(({ address }) => address).sort()).toEqual(merged.flat().sort());
      const timed = result.entries.filter(({ until }) => until !== undefined);
      expect(timed.map(({ comment }) => comment)).toEqual(
        merged.flatMap((family) => family.flatMap((_, i) => (i % 3 === 0 ? [`n ${i}, {x}`] : []))),
      );
      for (const { until } of timed)
        expect(until).toSatisfy((end: number) => end > NOW + 3_500_000 && end <= NOW + 3_600_000);
    }
  }
});
