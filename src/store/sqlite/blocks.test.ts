import { describe, expect, test } from 'vitest';
import { T0, block } from './sample-reports.ts';
import { useStore } from './testing/store-under-test.ts';

const DAY = 86_400_000;

const t = useStore();

describe('blocks', () => {
  test('in force, extended, ended, and counted for permanentAfter', () => {
    const at = (n: number) => T0 + n * DAY;
    for (const n of [0, 1, 2]) {
      t.store.applyReports([
        { type: 'blocked', block: block('203.0.113.7', { since: at(n), until: at(n) + 3_600_000 }) },
        { type: 'drops', dropped: [{ address: '203.0.113.7', packets: 5, until: at(n) + 7_200_000 }] },
      ]);
      if (n < 2)
        t.store.applyReports([{ type: 'unblocked', address: '203.0.113.7', at: at(n) + 7_200_000, how: 'expired' }]);
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
    t.store.applyReports([{ type: 'unblocked', address: '203.0.113.7', at: at(4), how: 'lifted' }]);
    expect(t.store.orders(at(5)).blockHistory).toEqual([]);
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
    t.store.applyReports([{ type: 'unblocked', address: '203.0.113.7', at: T0 + 20, how: 'lifted' }]);
    expect(t.store.blocks()).toEqual([]);
  });
});
