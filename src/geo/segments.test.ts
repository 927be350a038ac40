/** Rows in any order become segments that answer for every address as the most specific row would. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address } from '../core/base/address.ts';
import { SegmentBuilder } from './segment-builder.ts';
import { NOTHING, valueAt, type SegmentList } from '../core/base/segments.ts';
import { eachSegment, overlay, rangesWhere } from './segments.ts';
import type { Width } from '../core/base/address-words.ts';

/** A small world at the lower end, at the upper end and across a word's border, so that rows meet often. */
const PLACES = 40;
interface Row {
  first: number;
  last: number;
  value: number;
}
const row = fc
  .tuple(fc.nat(PLACES - 1), fc.nat(PLACES - 1), fc.integer({ min: 1, max: 4 }))
  .map(([a, b, value]): Row => ({ first: Math.min(a, b), last: Math.max(a, b), value }));

interface World {
  name: string;
  family: 4 | 6;
  width: Width;
  words: (place: number) => number[];
}
const UPPER = 0xffffffff;
const worlds: World[] = [
  { name: 'IPv4, from 0.0.0.0 on', family: 4, width: 1, words: (p) => [p] },
  { name: 'IPv4, up to 255.255.255.255', family: 4, width: 1, words: (p) => [UPPER - PLACES + 1 + p] },
  { name: 'IPv6, from :: on', family: 6, width: 4, words: (p) => [0, 0, 0, p] },
  {
    name: 'IPv6, across words',
    family: 6,
    width: 4,
    words: (p) => [1, UPPER - 1 + Math.floor((p + 20) / 40), UPPER, (UPPER - 19 + p) >>> 0].map((w) => w >>> 0),
  },
  { name: 'IPv6, up to the highest', family: 6, width: 4, words: (p) => [UPPER, UPPER, UPPER, UPPER - PLACES + 1 + p] },
];

/** The innermost row wins: it begins latest, of those it ends first, of equals it came last. */
function expected(rows: Row[], place: number): number {
  let best: Row | null = null;
  for (const one of rows) {
    if (place < one.first || place > one.last) continue;
    if (!best || one.first > best.first || (one.first === best.first && one.last <= best.last)) best = one;
  }
  return best?.value ?? NOTHING;
}

function build({ family, words }: World, rows: Row[]): SegmentList {
  const builder = new SegmentBuilder();
  for (const one of rows) {
    builder.add(family, Uint32Array.from([...words(one.first), ...words(one.last)]), one.value);
  }
  return family === 4 ? builder.build().v4 : builder.build().v6;
}

function read(world: World, list: SegmentList, place: number): number {
  const words = world.words(place);
  const [w0, w1, w2, w3] = world.family === 4 ? [0, 0, 0xffff, words[0]] : words;
  const address: Address = { w0, w1, w2, w3 };
  return valueAt({ v4: list, v6: list }, address);
}

const all = Array.from({ length: PLACES }, (_, place) => place);

describe.each(worlds)('$name', (world) => {
  it('each address has the number of its most specific row', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
        const list = build(world, rows);
        // Equal first addresses: the narrower row; the sweep opens it later.
        expect(all.map((place) => read(world, list, place))).toEqual(all.map((place) => expected(rows, place)));
      }),
    );
  });

  it('what lies over them wins everywhere, and nothing else changes', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), fc.array(row, { maxLength: 3 }), (rows, over) => {
        const covered = new Set(all.filter((place) => over.some((one) => place >= one.first && place <= one.last)));
        const ranges: number[] = [];
        for (const place of all) {
          if (!covered.has(place)) continue;
          if (!covered.has(place - 1)) ranges.push(...world.words(place));
          if (!covered.has(place + 1)) ranges.push(...world.words(place));
        }
        const list = overlay(build(world, rows), Uint32Array.from(ranges), 9, world.width);
        const wanted = all.map((place) => (covered.has(place) ? 9 : expected(rows, place)));
        expect(all.map((place) => read(world, list, place))).toEqual(wanted);
      }),
    );
  });

  it('neighbours differ, so that no range is cut in two', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), (rows) => {
        const { values, starts } = build(world, rows);
        for (let i = 1; i < values.length; i++) expect(values[i]).not.toBe(values[i - 1]);
        expect(starts.length).toBe(values.length * world.width);
      }),
    );
  });
});

it('ranges of chosen numbers are joined; the last one reaches the highest address', () => {
  const list: SegmentList = { starts: Uint32Array.of(0, 10, 20, 30), values: Uint32Array.of(0, 1, 2, 3) };
  expect([...rangesWhere(list, 1, (value) => value === 1 || value === 2)]).toEqual([10, 29]);
  expect([...rangesWhere(list, 1, (value) => value !== 1)]).toEqual([0, 9, 20, UPPER]);
  expect([...rangesWhere(list, 1, () => false)]).toEqual([]);
});

it('all segments together have all addresses', () => {
  const list: SegmentList = { starts: Uint32Array.of(0, 10, 20), values: Uint32Array.of(0, 1, 2) };
  const sizes: number[] = [];
  eachSegment(list, 1, (_value, addresses) => sizes.push(addresses));
  expect(sizes).toEqual([10, 10, 2 ** 32 - 20]);
});
