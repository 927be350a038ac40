import { beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../store.ts';
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
