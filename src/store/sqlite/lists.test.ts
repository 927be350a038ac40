import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareAddress, formatRange, parseRange, prefixRange, type AddressRange } from '../../core/base/address.ts';
import { packRanges, sameAddresses, unpackRanges } from '../../core/base/packed-ranges.ts';
import type { ListName } from '../store.ts';
import { T0 } from './sample-reports.ts';
import { by, codeOf, useStore } from './testing/store-under-test.ts';

const t = useStore();
const HOUR = 3_600_000;

const add = (list: ListName, ...ranges: string[]) =>
  t.store.listAdd(
    list,
    ranges.map((range) => ({ range })),
    by(T0),
  );
const ranges = (list: ListName) => t.store.list(list).map(({ range }) => range);
const covered = (list: ListName) => [...unpackRanges(t.store.packed(list))].map(formatRange);
const overlapping = (list: ListName, range: string) =>
  t.store.listOverlapping(list, parseRange(range)!).map((entry) => entry.range);

describe('entries', () => {
  test('ranges are normalised; what is there already is said', () => {
    const { added, duplicates } = t.store.listAdd(
      'allow',
      [{ range: '192.0.2.5/24', comment: 'office' }, { range: '192.0.2.0-192.0.2.255' }, { range: ' 2001:DB8::1 ' }],
      by(T0),
    );
    expect(added.map(({ range }) => range)).toEqual(['192.0.2.0/24', '2001:db8::1']);
    const office = { range: '192.0.2.0/24', comment: 'office', addedBy: 'admin', addedAt: T0, until: null };
    expect(duplicates).toEqual([office]);
    t.reopen();
    expect(t.store.list('allow')).toEqual(added);
    expect(t.store.list('deny')).toEqual([]);
    expect(t.store.listRemove('allow', ['192.0.2.77/24', '10.0.0.1'], by(T0))).toEqual({
      removed: [office],
      missing: ['10.0.0.1'],
    });
    expect(ranges('allow')).toEqual(['2001:db8::1']);
  });

  test('the same range again with another comment or end changes the entry; what is not said stays', () => {
    t.store.listAdd('deny', [{ range: '192.0.2.1', comment: 'old' }], by(T0));
    const more = (entry: object) => t.store.listAdd('deny', [{ range: '192.0.2.1', ...entry }], by(T0 + 5)).changed;
    expect(more({ comment: 'new' })).toMatchObject([{ before: { comment: 'old' }, after: { comment: 'new' } }]);
    expect(more({ until: T0 + HOUR })).toMatchObject([{ after: { comment: 'new', until: T0 + HOUR, addedAt: T0 } }]);
    expect(more({ comment: 'new' })).toEqual([]);
    expect(more({ until: null })).toMatchObject([{ after: { comment: 'new', until: null } }]);
  });

  test.each([
    ['deny', '300.1.1.1/40', /"300" is no octet.*0 to 32/],
    ['deny', 'sip.example.org', /a host name can be on the allowlist only/],
    ['allow', '010.0.0.1', /no leading zeros/],
    ['allow', 'localhost', /is no address/],
  ] as const)('%slist: %s is refused, and nothing of the call is added', (list, range, why) => {
    const bad = () => add(list, '10.0.0.1', range);
    expect(codeOf(bad)).toBe('store-range-invalid');
    expect(bad).toThrow(why);
    expect(t.store.list(list)).toEqual([]);
    expect(covered(list)).toEqual([]);
  });

  test('host names are entries of the allowlist without addresses of their own', () => {
    add('allow', 'SIP.Example.org.', '192.0.2.1');
    expect(ranges('allow')).toEqual(['sip.example.org', '192.0.2.1']);
    expect(t.store.hostNames()).toEqual(['sip.example.org']);
    expect(covered('allow')).toEqual(['192.0.2.1']);
    expect(t.store.listRemove('allow', ['sip.example.org'], by(T0)).removed).toHaveLength(1);
    expect(t.store.hostNames()).toEqual([]);
  });

  test('entries with an end leave when it has come', () => {
    t.store.listAdd('deny', [{ range: '192.0.2.1', until: T0 + HOUR }, { range: '192.0.2.0/30' }], by(T0));
    t.store.listAdd('allow', [{ range: '192.0.2.9', until: T0 + 2 * HOUR }], by(T0));
    expect(t.store.listNextEnd()).toBe(T0 + HOUR);
    expect(t.store.listExpire(T0 + HOUR - 1)).toEqual([]);
    expect(t.store.listExpire(T0 + HOUR)).toMatchObject([{ list: 'deny', entry: { range: '192.0.2.1' } }]);
    expect(covered('deny')).toEqual(['192.0.2.0/30']);
    expect(t.store.listNextEnd()).toBe(T0 + 2 * HOUR);
    expect(t.store.listExpire(T0 + 9 * HOUR)).toHaveLength(1);
    expect(t.store.listNextEnd()).toBeNull();
    expect(t.store.audit({ what: 'deny.end' })).toMatchObject([{ who: 'Ringfence', subject: '192.0.2.1' }]);
  });
});

describe('pages', () => {
  test('follow each other without gap or repetition', () => {
    add('deny', ...Array.from({ length: 25 }, (_, i) => `10.0.0.${i}`));
    const seen: string[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page = t.store.listPage('deny', { after, limit: 7 });
      seen.push(...page.entries.map(({ range }) => range));
      after = page.next;
    }
    expect(seen).toEqual(ranges('deny'));
    expect(t.store.listCount('deny')).toBe(25);
  });

  test.each<[filter: string, found: string[]]>([
    ['10.0.0.7', ['10.0.0.0/24', '10.0.0.7']],
    ['10.0.0.4/30', ['10.0.0.0/24', '10.0.0.7']],
    ['2001:db8::/16', ['2001:db8::1']],
    ['TRUNK', ['10.0.0.0/24', 'trunk.example.org']],
    ['admin', ['10.0.0.0/24', '10.0.0.7', '2001:db8::1', 'trunk.example.org']],
    ['%', []],
  ])('filter %s', (filter, found) => {
    t.store.listAdd(
      'allow',
      [
        { range: '10.0.0.0/24', comment: 'our Trunk' },
        ...['10.0.0.7', '2001:db8::1', 'trunk.example.org'].map((range) => ({ range })),
      ],
      by(T0),
    );
    const { entries, next } = t.store.listPage('allow', { filter });
    expect(entries.map(({ range }) => range)).toEqual(found);
    expect(next).toBeNull();
  });
});

describe('overlaps are kept and shown', () => {
  test('an entry that goes leaves what others cover', () => {
    add('deny', '10.0.0.0/24', '10.0.0.128/25', '10.0.0.200', '10.0.1.0-10.0.1.9');
    expect(covered('deny')).toEqual(['10.0.0.0-10.0.1.9']);
    expect(overlapping('deny', '10.0.0.200')).toEqual(['10.0.0.0/24', '10.0.0.128/25', '10.0.0.200']);
    t.store.listRemove('deny', ['10.0.0.0/24'], by(T0));
    expect(covered('deny')).toEqual(['10.0.0.128-10.0.1.9']);
    t.store.listRemove('deny', ['10.0.0.128/25'], by(T0));
    expect(covered('deny')).toEqual(['10.0.0.200', '10.0.1.0-10.0.1.9']);
  });

  test('a change that fails leaves the packed form true', () => {
    add('deny', '10.0.0.1');
    t.store.packed('deny');
    expect(() => t.store.listAdd('deny', [{ range: '10.0.0.9' }, { range: 'nonsense' }], by(T0))).toThrow();
    expect(covered('deny')).toEqual(['10.0.0.1']);
  });

  // Small spaces at both ends of each family, so that ranges meet, touch, nest and reach the borders.
  const word = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0xffffffff - 40, max: 0xffffffff }));
  const v4 = fc
    .tuple(word, word)
    .map(([a, b]) => [a, b].sort((x, y) => x - y).map((w3) => ({ w0: 0, w1: 0, w2: 0xffff, w3 })));
  const v6 = fc.tuple(word, word, word, word).map(([a, b, c, d]) =>
    [
      { w0: a, w1: 0, w2: 0, w3: b },
      { w0: c, w1: 0, w2: 0, w3: d },
    ].sort(compareAddress),
  );
  const network = fc
    .tuple(word, fc.integer({ min: 0, max: 32 }))
    .map(([w3, bits]) => Object.values(prefixRange({ w0: 0, w1: 0, w2: 0xffff, w3 }, bits)));
  const range = fc.oneof(v4, v6, network).map(([first, last]): AddressRange => ({ first, last }));

  test('whatever is added and removed: the packed form and the overlaps are those of the entries', () => {
    const step = fc.record({ range, remove: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), range, (steps, asked) => {
        t.store.listRemove('deny', ranges('deny'), by(T0));
        const model = new Map<string, AddressRange>();
        t.store.packed('deny');
        for (const { range: one, remove } of steps) {
          const key = formatRange(one);
          // Half of the removals hit something.
          const victim = remove ? ([...model.keys()][model.size >> 1] ?? key) : key;
          if (remove) {
            t.store.listRemove('deny', [victim], by(T0));
            model.delete(victim);
          } else {
            t.store.listAdd('deny', [{ range: key }], by(T0));
            model.set(key, one);
          }
          expect(sameAddresses(t.store.packed('deny'), packRanges(model.values()))).toBe(true);
        }
        const meets = (one: AddressRange) =>
          Math.sign(compareAddress(one.first, asked.last)) <= 0 &&
          compareAddress(one.last, asked.first) >= 0 &&
          formatRange(one).includes(':') === formatRange(asked).includes(':');
        const expected = [...model].filter(([, one]) => meets(one)).map(([key]) => key);
        expect(overlapping('deny', formatRange(asked)).sort()).toEqual(expected.sort());
        const fresh = t.store.packed('deny');
        t.reopen();
        expect(sameAddresses(t.store.packed('deny'), fresh)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
