import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../store.ts';
import { PAGE_SCAN_MAX } from './incident-pages.ts';
import { T0, change, incident } from './sample-reports.ts';
import { codeOf, useStore } from './testing/store-under-test.ts';

const t = useStore();

describe('questions', () => {
  beforeEach(() => {
    const kinds = ['enumeration', 'flood', 'malformed'] as const;
    t.store.applyReports(
      Array.from({ length: 30 }, (_, i) =>
        change(
          incident(`i${i}`, {
            source: `203.0.113.${i}`,
            victim: i % 2 === 0 ? '192.0.2.1' : '2001:db8::5',
            kind: kinds[i % 3],
            first: T0 + i * 1000,
            last: T0 + i * 1000 + 500,
          }),
        ),
      ),
    );
  });
  const ids = (query: Parameters<Store['incidents']>[0]) =>
    t.store.incidents(query).incidents.map(({ id }) => Number(id.slice(1)));

  test.each<[string, Parameters<Store['incidents']>[0], number[]]>([
    ['the latest first', { limit: 3 }, [29, 28, 27]],
    ['active since', { since: T0 + 27_500 }, [29, 28, 27]],
    ['begun until', { until: T0 + 1000 }, [1, 0]],
    ['of a kind', { kind: 'flood', since: T0 + 20_000 }, [28, 25, 22]],
    ['of a source', { source: '203.0.113.9' }, [9]],
    ['of sources in a network', { source: '203.0.113.4/30' }, [7, 6, 5, 4]],
    ['of sources in a range', { source: '203.0.113.1-203.0.113.2' }, [2, 1]],
    ['of a victim, however it is written', { victim: '2001:DB8:0::5', limit: 2 }, [29, 27]],
    ['of nobody', { source: '198.51.100.1' }, []],
  ])('%s', (_name, query, expected) => expect(ids(query)).toEqual(expected));

  test('pages follow each other without gap or repetition', () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = t.store.incidents({ limit: 7, cursor });
      seen.push(...page.incidents.map(({ id }) => id));
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => `i${29 - i}`));
  });

  test('a bad cursor or address is refused', () => {
    expect(codeOf(() => t.store.incidents({ cursor: 'x' }))).toBe('store-query-invalid');
    expect(codeOf(() => t.store.incidents({ source: '300.1.1.1/40' }))).toBe('store-query-invalid');
  });
});

describe('filters', () => {
  const NET = { NL: [64500, 'Example Net'], DE: [64501, 'Andere 100% Netze'] } as const;
  beforeEach(() => {
    t.reopen({
      locate: ({ w3 }) => {
        const country = (w3 & 1) === 0 ? 'NL' : 'DE';
        return { country, asn: NET[country][0], network: NET[country][1] };
      },
    });
    const more = [
      { action: 'watch' as const, closed: T0 + 9000, userAgent: 'Friendly-Scanner' },
      { users: ['100', 'o"hara', '50%'], files: ['cfg\\x1b.xml'] },
      { userAgent: null, reason: 'flood.requests', closed: T0 + 9000 },
      { userAgent: 'a_b' },
      { userAgent: 'axb', users: ['50'] },
    ];
    t.store.applyReports(
      more.map((one, i) => change(incident(`i${i}`, { source: `203.0.113.${i}`, last: T0 + 1000 + i, ...one }))),
    );
  });
  const ids = (query: Parameters<Store['incidents']>[0]) =>
    t.store.incidents(query).incidents.map(({ id }) => Number(id.slice(1)));

  test.each<[string, Parameters<Store['incidents']>[0], number[]]>([
    ['what was done', { action: 'watch' }, [0]],
    ['country', { country: 'NL' }, [4, 2, 0]],
    ['network by its number', { asn: 64501 }, [3, 1]],
    ['going on', { open: true }, [4, 3, 1]],
    ['over', { open: false }, [2, 0]],
    ['going on, of a source', { open: true, source: '203.0.113.4' }, [4]],
    ['over, of a source that goes on', { open: false, source: '203.0.113.4' }, []],
    ['text in the user agent, in any case', { text: 'friendly-SCANNER' }, [1, 0]],
    ['text in the reason', { text: 'flood.req' }, [2]],
    ['text in the name of the network', { text: 'andere' }, [3, 1]],
    ['text in a user with a quote', { text: 'o"h' }, [1]],
    ['text in a file with a backslash', { text: 'cfg\\x1b' }, [1]],
    ['% is no wildcard', { text: '100%' }, [3, 1]],
    ['% is no wildcard in users either', { text: '0%' }, [3, 1]],
    ['_ is no wildcard', { text: 'a_b' }, [3]],
    ['all at once', { country: 'DE', open: true, text: 'o"hara', kind: 'enumeration', source: '203.0.113.0/24' }, [1]],
    ['source and victim as ranges', { source: '203.0.113.2-203.0.113.3', victim: '192.0.2.0/24' }, [3, 2]],
  ])('%s', (_name, query, expected) => expect(ids(query)).toEqual(expected));

  test('pages of a source and of those that go on follow each other, too', () => {
    t.store.applyReports(
      Array.from({ length: 25 }, (_, i) => change(incident(`s${i}`, { source: '203.0.113.99', last: T0 + (i % 7) }))),
    );
    for (const query of [{ source: '203.0.113.99' }, { open: true, since: T0, until: T0, text: 'friendly' }]) {
      const whole = t.store.incidents({ ...query, limit: 1000 }).incidents.map(({ id }) => id);
      const seen: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page = t.store.incidents({ ...query, limit: 4, ...(cursor ? { cursor } : {}) });
        seen.push(...page.incidents.map(({ id }) => id));
        cursor = page.next;
      }
      expect(whole.length).toBeGreaterThanOrEqual(25);
      expect(seen).toEqual(whole);
    }
  });
});

test('what began long ago is on the first page, however much came since', () => {
  const long = incident('long', { first: T0 - 9000, last: T0 + 90_000_000 });
  const old = Array.from({ length: 20 }, (_, i) => incident(`o${i}`, { first: T0 - 5000 + i, last: T0 - 4000 + i }));
  const many = Array.from({ length: PAGE_SCAN_MAX + 10 }, (_, i) => {
    const first = T0 + 7_200_000 + i * 1000;
    return incident(`m${i}`, { first, last: first });
  });
  const changes = [long, ...old, ...many].map((one) => ({ incident: one, evidence: [] }));
  t.store.applyReports([{ type: 'incidents', changes }]);
  const seen = t.store.incidents({ until: T0, limit: 1000 }).incidents.map(({ id }) => id);
  expect(seen).toEqual([...old.map(({ id }) => id).reverse(), 'long']);
  expect(t.store.incidents({ until: T0, since: T0 }).incidents.map(({ id }) => id)).toEqual(['long']);
  expect(t.store.incidents({ until: T0 - 10_000 }).incidents).toEqual([]);
});

test('a page looks at so many rows and no more; the next one goes on from there', () => {
  const rare = incident('rare', { last: T0 - 5000, userAgent: 'needle' });
  const many = Array.from({ length: PAGE_SCAN_MAX + 10 }, (_, i) => incident(`m${i}`, { last: T0 + i }));
  t.store.applyReports([
    { type: 'incidents', changes: [rare, ...many].map((one) => ({ incident: one, evidence: [] })) },
  ]);
  const first = t.store.incidents({ text: 'needle' });
  expect(first.incidents).toEqual([]);
  expect(first).toMatchObject({ next: expect.any(String) as string, searchedTo: T0 + 10 });
  const second = t.store.incidents({ text: 'needle', cursor: first.next! });
  expect(second).toMatchObject({ incidents: [{ id: 'rare' }], next: null, searchedTo: null });
});
