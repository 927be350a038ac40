import { beforeEach, describe, expect, test } from 'vitest';
import type { GuardReport } from '../../channel/protocol.ts';
import type { Store } from '../store.ts';
import { T0, block, change, incident } from './sample-reports.ts';
import { codeOf, useStore } from './testing/store-under-test.ts';

const DAY = 86_400_000;

const t = useStore();

describe('blocks', () => {
  test('in force, extended, ended, and counted for permanentAfter', () => {
    const at = (n: number) => T0 + n * DAY;
    for (const n of [0, 1, 2]) {
      t.store.applyReports([
        { type: 'blocked', block: block('203.0.113.7', { since: at(n), until: at(n) + 3_600_000 }) },
        { type: 'drops', dropped: [{ target: '203.0.113.7', packets: 5, until: at(n) + 7_200_000 }] },
      ]);
      if (n < 2)
        t.store.applyReports([{ type: 'unblocked', target: '203.0.113.7', at: at(n) + 7_200_000, how: 'expired' }]);
    }
    t.store.applyReports([{ type: 'blocked', block: block('198.51.100.9', { origin: 'manual', until: null }) }]);
    expect(t.store.blocks().map(({ address, until, dropped }) => [address, until, dropped])).toEqual([
      ['203.0.113.7', at(2) + 7_200_000, 5],
      ['198.51.100.9', null, 0],
    ]);
    // A block by hand says nothing about how often an address attacked.
    expect(t.store.orders(at(3)).blockHistory).toEqual([{ address: '203.0.113.7', count: 3, last: at(2) }]);
    // `block.remember` is 90 days.
    expect(t.store.orders(at(91)).blockHistory).toEqual([{ address: '203.0.113.7', count: 1, last: at(2) }]);
    expect(t.store.orders(at(93)).blockHistory).toEqual([]);
    // Lifted by hand: the administrator says that it was a mistake, and so were those before it.
    t.store.applyReports([{ type: 'unblocked', target: '203.0.113.7', at: at(4), how: 'lifted' }]);
    expect(t.store.orders(at(5)).blockHistory).toEqual([]);
  });

  test('what anybody could have forged does not count for permanentAfter', () => {
    for (const [id, proof] of [
      ['forged', null],
      ['proven', 'nonce'],
    ] as const) {
      const of = incident(id, { proof });
      t.store.applyReports([
        change(of),
        { type: 'blocked', block: block(proof === null ? '203.0.113.61' : '203.0.113.62', { incident: id }) },
      ]);
    }
    expect(t.store.orders(T0 + 1).blockHistory.map(({ address }) => address)).toEqual(['203.0.113.62']);
  });

  test('a new block of an address takes the place of the one in force', () => {
    t.store.applyReports([
      { type: 'blocked', block: block('203.0.113.7') },
      { type: 'blocked', block: block('203.0.113.7', { since: T0 + 10, until: null, origin: 'manual' }) },
    ]);
    expect(t.store.blocks().map(({ until }) => until)).toEqual([null]);
    expect(t.store.blockHistory('203.0.113.7').map(({ how, ended }) => [how, ended])).toEqual([
      [null, null],
      ['replaced', T0 + 10],
    ]);
    t.store.applyReports([{ type: 'unblocked', target: '203.0.113.7', at: T0 + 20, how: 'lifted' }]);
    expect(t.store.blocks()).toEqual([]);
  });
});

describe('what a block covers', () => {
  const TARGETS = [
    ...['203.0.113.7', '203.0.113.7:5062/udp', '203.0.113.7:5062/tcp', '203.0.113.0/24', '203.0.0.0/16', '203.0.113.8'],
    ...['2001:db8::7', '[2001:db8::7]:5060/udp', '2001:db8::/64', '2001:db8::/32', '2001:db8:1::/64'],
  ];
  beforeEach(() => t.store.applyReports(TARGETS.map((target) => ({ type: 'blocked', block: block(target) }))));
  const shown = (query: Partial<Parameters<Store['blocksPage']>[0]>) =>
    t.store
      .blocksPage({ now: T0, ...query })
      .blocks.map(({ target }) => target)
      .sort();

  test('phones, addresses and networks are told apart, and come back as they were', () => {
    t.reopen();
    expect(t.store.blocks()).toEqual(TARGETS.map((target) => block(target)));
    const phone = t.store.block('[2001:db8::7]:5060/udp', T0);
    expect(phone).toMatchObject({ address: '2001:db8::7', scope: 'port', port: 5060, transport: 'udp' });
    expect(t.store.block('203.0.113.0/24', T0)).toMatchObject({ address: '203.0.113.0/24', scope: 'network' });
    expect(t.store.block('203.0.113.7:5063/udp', T0)).toBeNull();
  });

  test('one of them ends, and counts its packets, alone', () => {
    t.store.applyReports([
      { type: 'unblocked', target: '203.0.113.7', at: T0 + 5, how: 'lifted' },
      { type: 'drops', dropped: [{ target: '203.0.113.7:5062/udp', packets: 9, until: null }] },
      { type: 'blocked', block: block('203.0.113.0/24', { since: T0 + 1 }) },
    ]);
    expect(t.store.blocks().length).toBe(TARGETS.length - 1);
    expect(t.store.block('203.0.113.7:5062/udp', T0)?.dropped).toBe(9);
    expect(t.store.block('203.0.113.7:5062/tcp', T0)?.dropped).toBe(0);
    expect(t.store.blockHistory('203.0.113.7').map(({ target, how }) => [target, how])).toEqual([
      ['203.0.113.7:5062/tcp', null],
      ['203.0.113.7:5062/udp', null],
      ['203.0.113.7', 'lifted'],
    ]);
    const { blockHistory } = t.store.orders(T0 + 10);
    expect(blockHistory).toContainEqual({ address: '203.0.113.7:5062/udp', count: 1, last: T0 });
    expect(blockHistory).not.toContainEqual(expect.objectContaining({ address: '203.0.113.7' }));
  });

  test.each<[string, Partial<Parameters<Store['blocksPage']>[0]>, string[]]>([
    [
      'of an address: its phones and the networks around it, too',
      { source: '203.0.113.7' },
      ['203.0.0.0/16', '203.0.113.0/24', '203.0.113.7', '203.0.113.7:5062/tcp', '203.0.113.7:5062/udp'],
    ],
    ['of a stranger in a blocked network', { source: '203.0.113.99' }, ['203.0.0.0/16', '203.0.113.0/24']],
    ['of a range', { source: '203.0.113.8/29' }, ['203.0.0.0/16', '203.0.113.0/24', '203.0.113.8']],
    ['of IPv6', { source: '2001:db8::9' }, ['2001:db8::/32', '2001:db8::/64']],
    ['phones', { scope: 'port', source: '2001:db8::/48' }, ['[2001:db8::7]:5060/udp']],
    ['networks', { scope: 'network', text: '2001' }, ['2001:db8:1::/64', '2001:db8::/32', '2001:db8::/64']],
  ])('%s', (_name, query, expected) => expect(shown(query)).toEqual(expected));
});

describe('pages', () => {
  beforeEach(() => {
    const reports = Array.from({ length: 30 }, (_, i): GuardReport => {
      const reason = i % 10 === 0 ? 'Scanned 100% of us' : 'flood.requests';
      const origin = i % 10 === 0 ? 'manual' : 'automatic';
      const until = i % 5 === 0 ? null : T0 + 100_000 + i;
      return { type: 'blocked', block: block(`203.0.113.${i}`, { since: T0 + (i % 9), until, reason, origin }) };
    });
    t.store.applyReports([...reports, { type: 'unblocked', target: '203.0.113.29', at: T0 + 50, how: 'lifted' }]);
  });
  const last = (query: Partial<Parameters<Store['blocksPage']>[0]>) => {
    const { blocks, total } = t.store.blocksPage({ now: T0, ...query });
    return [total, ...blocks.map(({ address }) => Number(address.split('.')[3]))];
  };

  test.each<[string, Partial<Parameters<Store['blocksPage']>[0]>, number[]]>([
    ['the newest first', { limit: 3 }, [29, 26, 17, 8]],
    ['in a network', { source: '203.0.113.4/31' }, [2, 5, 4]],
    ['of one address', { source: '203.0.113.7' }, [1, 7]],
    ['for ever', { permanent: true, limit: 2 }, [6, 25, 15]],
    ['with an end', { permanent: false, source: '203.0.113.24-203.0.113.26' }, [2, 26, 24]],
    ['by hand', { origin: 'manual' }, [3, 20, 10, 0]],
    ['text in the reason, in any case, % for itself', { text: 'SCANNED 100%' }, [3, 20, 10, 0]],
    ['text in the address', { text: '113.28' }, [1, 28]],
    ['those whose end has come are over', { now: T0 + 200_000, limit: 1 }, [6, 25]],
  ])('%s', (_name, query, expected) => expect(last(query)).toEqual(expected));

  test('follow each other without gap or repetition', () => {
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = t.store.blocksPage({ now: T0, limit: 4, ...(cursor ? { cursor } : {}) });
      expect(page.total).toBe(29);
      seen.push(...page.blocks.map(({ address }) => address));
      cursor = page.next;
    }
    expect(seen).toHaveLength(29);
    expect(new Set(seen)).toEqual(new Set(t.store.blocks().map(({ address }) => address)));
  });

  test('how many, and one of them', () => {
    expect(t.store.blockCounts(T0)).toEqual({ now: 29, permanent: 6 });
    expect(t.store.blockCounts(T0 + 200_000)).toEqual({ now: 6, permanent: 6 });
    expect(t.store.block('203.0.113.3', T0)).toMatchObject({ address: '203.0.113.3', since: T0 + 3 });
    expect(t.store.block('203.0.113.3', T0 + 200_000)).toBeNull();
    expect(t.store.block('203.0.113.29', T0)).toBeNull();
    expect(t.store.block('198.51.100.1', T0)).toBeNull();
  });

  test('a bad cursor or range is refused', () => {
    expect(codeOf(() => t.store.blocksPage({ now: T0, cursor: 'x' }))).toBe('store-query-invalid');
    expect(codeOf(() => t.store.blocksPage({ now: T0, source: 'nobody' }))).toBe('store-query-invalid');
  });
});
