/** The bounded tables against simple models: whatever is done to them, they answer like a Map, within their capacity. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BoundedMap } from './bounded-map.ts';
import { HashedRing } from './hashed-ring.ts';
import { mergeRanges, RangeSet } from './ranges.ts';
import { parseAddress, parseRange, formatRange } from './address.ts';
import { Recent, RECENT_BYTES } from './recent.ts';
import { RollingCount } from './rolling-count.ts';
import { SlidingCount } from './sliding-count.ts';
import { SourceTable } from './source-table.ts';
import { DistinctWindow, EventWindow } from './window.ts';

describe('SourceTable', () => {
  test('finds every source it saw, through growth, and gives each a row of its own', () => {
    const table = new SourceTable(7, 1 << 14);
    const rows = new Set<number>();
    for (let i = 0; i < 10_000; i++) rows.add(table.see(0, 0, 0xffff, i, i));
    expect(rows.size).toBe(10_000);
    for (let i = 0; i < 10_000; i++) expect(table.addressOf(table.find(0, 0, 0xffff, i)).w3).toBe(i);
    expect(table.find(0, 0, 0xffff, 10_001)).toBe(-1);
  });

  test('a flood of forged one-packet sources pushes out each other, not the source worth keeping', () => {
    const table = new SourceTable(7, 1024);
    const kept = table.see(0, 0, 0xffff, 1, 0);
    table.keep(kept);
    const pinned = table.see(0, 0, 0xffff, 2, 0);
    table.pin(pinned);
    for (let i = 0; i < 2000; i++) {
      table.see(0, 0, 0xffff, 1000 + i, i);
      // The patient attacker sends one packet among every hundred of the flood.
      if (i % 100 === 0) table.see(0, 0, 0xffff, 1, i);
      if (i % 100 === 0) table.keep(kept);
    }
    expect(table.size).toBe(1024);
    expect(table.evictions).toBe(2002 - 1024);
    expect(table.find(0, 0, 0xffff, 1)).toBe(kept);
    expect(table.find(0, 0, 0xffff, 2)).toBe(pinned);
  });

  test('eviction tells every column which row is given away, and the old address is gone', () => {
    const table = new SourceTable(3, 1024);
    const forgotten: number[] = [];
    table.attach({ grow: () => {}, forget: (row) => forgotten.push(row) });
    for (let i = 0; i < 3000; i++) table.see(i, 1, 2, 3, 0);
    expect(forgotten.length).toBe(3000 - 1024);
    let present = 0;
    for (let i = 0; i < 3000; i++) if (table.find(i, 1, 2, 3) >= 0) present++;
    expect(present).toBe(1024);
  });
});

describe('BoundedMap', () => {
  test('like a Map while there is room; never more than its capacity', () => {
    const step = fc.record({ op: fc.constantFrom('get', 'set', 'delete'), key: fc.integer({ min: 0, max: 30 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const model = new Map<number, number>();
        const map = new BoundedMap<number>(64);
        steps.forEach(({ op, key }, i) => {
          if (op === 'set') map.set(key, i);
          if (op === 'set') model.set(key, i);
          if (op === 'delete') map.delete(key);
          if (op === 'delete') model.delete(key);
          expect(map.get(key)).toBe(model.get(key));
          expect(map.size).toBe(model.size);
        });
      }),
    );
  });

  test('what came back survives what came once', () => {
    const gone: number[] = [];
    const map = new BoundedMap<string>(3, (key) => gone.push(key));
    map.set(1, 'attacker');
    map.get(1);
    for (let key = 2; key < 10; key++) map.set(key, 'forged');
    expect(map.peek(1)).toBe('attacker');
    expect(gone).toEqual([2, 3, 4, 5, 6, 7]);
  });
});

describe('HashedRing', () => {
  test('finds the newest entries by key, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 300 }), (keys) => {
        const ring = new HashedRing(16);
        const newest: number[] = [];
        for (const key of keys) {
          if (ring.find(key, key % 5) >= 0) continue;
          ring.add(key, key % 5);
          newest.push(key);
          if (newest.length > 16) newest.shift();
          for (let other = 0; other <= 40; other++)
            expect(ring.find(other, other % 5) >= 0).toBe(newest.includes(other));
        }
      }),
    );
  });
});

describe('windows', () => {
  test('EventWindow counts what lies within the window, and forgives by key', () => {
    const window = new EventWindow();
    expect(window.add(0, 1, 100)).toBe(1);
    expect(window.add(50, 2, 100)).toBe(2);
    expect(window.add(100, 1, 100)).toBe(2);
    window.forgive(1);
    expect(window.count(100, 100)).toBe(1);
    expect(window.count(150, 100)).toBe(0);
  });

  test('DistinctWindow counts keys once, by their last sight', () => {
    const window = new DistinctWindow();
    expect(window.add(1, 0, 100)).toBe(1);
    expect(window.add(1, 50, 100)).toBe(1);
    expect(window.add(2, 60, 100)).toBe(2);
    expect(window.count(155, 100)).toBe(1);
    expect(window.count(160, 100)).toBe(0);
  });

  test('SlidingCount stays within one bucket of the exact count, and is exact in the first window', () => {
    const times = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(times, (raw) => {
        const sorted = raw.map((t) => t + 1000).sort((a, b) => a - b);
        const count = new SlidingCount(100);
        count.grow(1);
        const rolling = new RollingCount();
        sorted.forEach((now, i) => {
          const counted = count.add(0, now);
          expect(rolling.add(now, 100)).toBe(counted);
          const exact = sorted.slice(0, i + 1).filter((t) => t > now - 100).length;
          const lately = sorted.slice(0, i + 1).filter((t) => t > now - 200).length;
          expect(counted).toBeLessThanOrEqual(lately);
          if (now < sorted[0] + 100) expect(counted).toBe(exact);
        });
      }),
    );
  });
});

describe('Recent', () => {
  test('gives back what was kept until the ring has turned', () => {
    const recent = new Recent();
    const message = Uint8Array.from({ length: 1000 }, (_, i) => i & 255);
    const first = recent.keep(message, 100, 900);
    const at = recent.at(first, 800);
    expect(recent.bytes.slice(at, at + 800)).toEqual(message.slice(100, 900));
    for (let i = 0; i < RECENT_BYTES / 1000 + 2; i++) recent.keep(message, 0, 1000);
    expect(recent.at(first, 800)).toBe(-1);
    expect(recent.keep(new Uint8Array(RECENT_BYTES), 0, RECENT_BYTES)).toBe(-1);
  });
});

describe('RangeSet', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const v4 = fc
    .tuple(fc.constant(10), fc.constant(0), fc.integer({ min: 0, max: 3 }), octet)
    .map((parts) => parts.join('.'));
  const range = fc.oneof(
    v4,
    fc.tuple(v4, fc.integer({ min: 20, max: 32 })).map(([a, bits]) => `${a}/${bits}`),
  );

  test('membership equals asking every range in turn, and merged ranges never touch', () => {
    fc.assert(
      fc.property(fc.array(range, { maxLength: 30 }), v4, (texts, text) => {
        const ranges = texts.map((t) => parseRange(t)!);
        const address = parseAddress(text)!;
        const word = address.w3;
        expect(new RangeSet(ranges).has(address)).toBe(ranges.some((r) => r.first.w3 <= word && word <= r.last.w3));
        const merged = mergeRanges(ranges);
        for (let i = 1; i < merged.length; i++) expect(merged[i].first.w3).toBeGreaterThan(merged[i - 1].last.w3 + 1);
      }),
    );
  });

  test('a range of all IPv6 hides nothing behind the IPv4 ranges', () => {
    const set = new RangeSet(['::/0', '10.0.0.0/8', '2001::/16'].map((text) => parseRange(text)!));
    const has = (text: string) => set.has(parseAddress(text)!);
    expect([has('2a00::1'), has('::1'), has('10.1.1.1'), has('11.1.1.1')]).toEqual([true, true, true, false]);
  });

  test.each([
    [['192.0.2.0/25', '192.0.2.128/25'], ['192.0.2.0/24']],
    [
      ['192.0.2.1', '192.0.2.3'],
      ['192.0.2.1', '192.0.2.3'],
    ],
    [['0.0.0.0/0', '10.0.0.0/8'], ['0.0.0.0/0']],
    [
      ['::1', '255.255.255.255'],
      ['255.255.255.255', '::1'],
    ],
    [['2001:db8::/33', '2001:db8:8000::/33'], ['2001:db8::/32']],
  ])('%j merges to %j', (input, expected) => {
    expect(mergeRanges(input.map((text) => parseRange(text)!)).map(formatRange)).toEqual(expected);
  });
});
