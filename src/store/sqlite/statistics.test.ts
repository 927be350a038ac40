/** Attacks over time and by whom: exact where it says so, bounded whatever comes. */
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import type { GuardReport } from '../../channel/protocol.ts';
import { formatAddress } from '../../core/base/address.ts';
import { DAY_MS, HOUR_MS, HOURS_KEPT_MS, type Statistics } from '../statistics.ts';
import { MIGRATIONS } from './migrate.ts';
import { DATABASE_FILE, openStore } from './open.ts';
import { T0, block, change, incident, verdict } from './sample-reports.ts';
import { KEYS_MAX } from './statistics-tally.ts';
import { useStore } from './testing/store-under-test.ts';

const t = useStore();

const ask = (more: Partial<Parameters<typeof t.store.statistics>[0]> = {}): Statistics =>
  t.store.statistics({ since: T0, until: T0 + DAY_MS, step: HOUR_MS, ...more });

/** `count` messages of one attack, which began at `first`. */
const attack = (id: string, count: number, more: Parameters<typeof incident>[1] = {}) =>
  change(incident(id, { count, ...more }));

describe('what reports add up to', () => {
  test('attacks count when they begin, messages when they come; a report that comes again adds nothing', () => {
    const reports = [
      attack('a', 5, { first: T0, last: T0 + 1000 }),
      attack('a', 30, { first: T0, last: T0 + HOUR_MS + 5 }),
      attack('b', 7, { first: T0 + HOUR_MS, last: T0 + HOUR_MS, kind: 'flood', source: '203.0.113.8' }),
    ];
    for (let i = 0; i < 3; i++) t.store.applyReports(reports);
    for (const report of reports) t.store.applyReports([report]);
    expect(ask()).toMatchObject({
      ...{ from: T0, to: T0 + DAY_MS, stepMs: HOUR_MS },
      series: [
        { at: T0, kind: 'enumeration', attacks: 1, messages: 5, dropped: 0 },
        { at: T0 + HOUR_MS, kind: 'enumeration', attacks: 0, messages: 25, dropped: 0 },
        { at: T0 + HOUR_MS, kind: 'flood', attacks: 1, messages: 7, dropped: 0 },
      ],
      totals: { attacks: 2, messages: 37, dropped: 0 },
      before: { attacks: 0, messages: 0, dropped: 0 },
      top: {
        sources: [
          { key: '203.0.113.7', attacks: 1, messages: 30 },
          { key: '203.0.113.8', attacks: 1, messages: 7 },
        ],
        victims: [{ key: '192.0.2.1', attacks: 2, messages: 37 }],
        userAgents: [{ key: 'friendly-scanner', attacks: 2 }],
        users: [
          { key: '100', attacks: 2 },
          { key: '101', attacks: 2 },
        ],
      },
    });
  });

  test('a user name counts once for each attack that tries it, also when it is tried late', () => {
    t.store.applyReports([attack('a', 5, { users: ['100'] })]);
    t.store.applyReports([attack('a', 6, { users: ['100', 'admin'], last: T0 + 2000 })]);
    t.store.applyReports([attack('a', 7, { users: ['100', 'admin'], last: T0 + 3000 })]);
    expect(ask().top.users.map(({ key, attacks }) => [key, attacks])).toEqual([
      ['100', 1],
      ['admin', 1],
    ]);
  });

  test('packets that the kernel dropped belong to the attack that led to the block, its source, victim and country', () => {
    t.reopen({ locate: () => ({ country: 'NL', asn: 64500, network: 'Example Net' }) });
    const drops = (packets: number): GuardReport => ({
      type: 'drops',
      dropped: [{ target: '203.0.113.7', packets, until: T0 + 4_000_000 }],
    });
    t.store.applyReports([attack('i1', 5), { type: 'blocked', block: block('203.0.113.7') }], T0);
    t.store.applyReports([drops(40)], T0 + 1000);
    t.store.applyReports([drops(40), drops(100)], T0 + HOUR_MS);
    // After a restart of the guard the block comes again, with the kernel's counter.
    t.store.applyReports(
      [{ type: 'blocked', block: block('203.0.113.7', { dropped: 110 }) }, drops(110)],
      T0 + HOUR_MS,
    );
    const { series, totals, top } = ask();
    expect(series.map(({ at, kind, dropped }) => [at - T0, kind, dropped])).toEqual([
      [0, 'enumeration', 40],
      [HOUR_MS, 'enumeration', 70],
    ]);
    expect(totals).toEqual({ attacks: 1, messages: 5, dropped: 110 });
    expect(top.sources).toMatchObject([{ key: '203.0.113.7', dropped: 110 }]);
    expect(top.victims).toMatchObject([{ key: '192.0.2.1', dropped: 110 }]);
    expect(top.countries).toEqual([{ key: 'NL', attacks: 1, messages: 5, dropped: 110 }]);
    expect(top.networks).toEqual([{ asn: 64500, network: 'Example Net', attacks: 1, messages: 5, dropped: 110 }]);
  });

  test('drops that are reported before their attack belong to the victim all the same', () => {
    const { source, incident: id } = verdict(T0);
    const drops = (packets: number): GuardReport => ({
      type: 'drops',
      dropped: [{ target: source, packets, until: null }],
    });
    const begin = block(source, { incident: id });
    t.store.applyReports([{ type: 'blocked', block: begin }, { type: 'verdict', verdict: verdict(T0) }, drops(1)], T0);
    t.store.applyReports([attack(id, 5), drops(8)], T0);
    const { top } = ask();
    expect(top.sources).toMatchObject([{ key: source, dropped: 8 }]);
    expect(top.victims).toMatchObject([{ key: verdict(T0).victim, dropped: 8 }]);
  });

  test('the attack of a block is not known: its finding says the kind, and without one it is other', () => {
    const blocked = (address: string, finding: string | null): GuardReport[] => [
      { type: 'blocked', block: block(address, { finding, incident: null }) },
      { type: 'drops', dropped: [{ target: address, packets: 9, until: null }] },
    ];
    t.store.applyReports([...blocked('203.0.113.1', 'flood.requests'), ...blocked('203.0.113.2', null)], T0);
    expect(ask().series.map(({ kind, dropped }) => [kind, dropped])).toEqual([
      ['flood', 9],
      ['other', 9],
    ]);
  });

  test('a failed transaction adds nothing', () => {
    const broken = { type: 'incidents', changes: [{ incident: null, evidence: [] }] } as never;
    expect(() => t.store.applyReports([attack('a', 5), broken])).toThrow(TypeError);
    expect(ask().totals.attacks).toBe(0);
    t.store.applyReports([attack('a', 5)]);
    expect(ask().totals).toEqual({ attacks: 1, messages: 5, dropped: 0 });
  });
});

describe('questions', () => {
  const at = (hour: number) => ({ first: T0 + hour * HOUR_MS, last: T0 + hour * HOUR_MS });

  test('steps of more than an hour; the period before, for comparison', () => {
    for (let hour = 0; hour < 48; hour++) t.store.applyReports([attack(`h${hour}`, 10, at(hour))]);
    const day = ask({ since: T0 + DAY_MS, until: T0 + 2 * DAY_MS, step: 6 * HOUR_MS });
    expect(day.series.map((step) => [(step.at - T0) / HOUR_MS, step.attacks])).toEqual([
      [24, 6],
      [30, 6],
      [36, 6],
      [42, 6],
    ]);
    expect([day.totals.attacks, day.before.attacks]).toEqual([24, 24]);
  });

  test('top lists by attacks or by packets, as many rows as wanted', () => {
    t.store.applyReports([
      attack('a', 900, { source: '203.0.113.1' }),
      attack('b', 5, { source: '203.0.113.2' }),
      attack('c', 5, { source: '203.0.113.2', kind: 'flood' }),
      attack('d', 1, { source: '203.0.113.3' }),
    ]);
    const sources = (order: 'attacks' | 'packets') => ask({ order, top: 2 }).top.sources.map(({ key }) => key);
    expect(sources('attacks')).toEqual(['203.0.113.2', '203.0.113.1']);
    expect(sources('packets')).toEqual(['203.0.113.1', '203.0.113.2']);
  });

  test('a short step over a long period is made longer', () => {
    t.store.applyReports([attack('a', 5)]);
    const { series, stepMs } = ask({ since: 0, until: T0 + DAY_MS });
    expect(stepMs).toBeGreaterThan(DAY_MS);
    expect(series).toHaveLength(1);
  });
});

test.each([
  [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  [0, Number.MAX_SAFE_INTEGER],
  [T0, T0 - DAY_MS],
])('nonsense as a period (%d to %d) is answered in whole numbers', (since, until) => {
  t.store.applyReports([attack('a', 5)]);
  const { from, to, stepMs } = ask({ since, until });
  for (const number of [from, to, stepMs]) expect(Number.isSafeInteger(number)).toBe(true);
});

describe('bounds', () => {
  test('of a flood of invented sources the largest stay, the totals are exact, and the real attacker is among them', () => {
    for (let batch = 0; batch < 20; batch++) {
      t.store.applyReports(
        Array.from({ length: 1000 }, (_, i) => {
          const n = batch * 1000 + i;
          return attack(`f${n}`, 1, {
            source: formatAddress({ w0: 0, w1: 0, w2: 0xffff, w3: 0x0a000000 + n }),
            userAgent: `agent ${n}`,
            users: [`user${n}`],
          });
        }),
      );
      t.store.applyReports([attack('real', 50 + batch, { source: '203.0.113.7', last: T0 + 1000 + batch })]);
    }
    const { totals, top } = ask({ top: 256, order: 'packets' });
    expect(totals).toEqual({ attacks: 20_001, messages: 20_069, dropped: 0 });
    expect(top.sources[0]).toEqual({ key: '203.0.113.7', attacks: 1, messages: 69, dropped: 0 });
    expect(top.sources).toHaveLength(KEYS_MAX.sources);
    expect(top.userAgents).toHaveLength(KEYS_MAX.userAgents);
    expect(top.users).toHaveLength(KEYS_MAX.users);
  });

  test('old hours become days that add up to the same, and days go after the retention of incidents', () => {
    for (let hour = 0; hour < 72; hour++) {
      const when = { first: T0 + hour * HOUR_MS, last: T0 + hour * HOUR_MS };
      t.store.applyReports([attack(`h${hour}`, 10, { ...when, source: `203.0.113.${hour % 5}` })]);
    }
    const period = { since: T0, until: T0 + 3 * DAY_MS };
    const before = ask(period);
    const now = T0 + 2 * DAY_MS + HOURS_KEPT_MS;
    let calls = 0;
    while (t.store.prune(now).statistics > 0) expect(++calls).toBeLessThan(10);
    const after = ask(period);
    expect(after.stepMs).toBe(DAY_MS);
    expect(after.totals).toEqual(before.totals);
    expect(after.top).toEqual(before.top);
    expect(after.series.map(({ at, attacks }) => [(at - T0) / DAY_MS, attacks])).toEqual([
      [0, 24],
      [1, 24],
      [2, 24],
    ]);
    // From the middle of a day that is one figure: the whole day, and the answer says so.
    expect(ask({ ...period, since: T0 + 5 * HOUR_MS })).toMatchObject({ from: T0, totals: { attacks: 72 } });
    while (t.store.prune(T0 + 400 * DAY_MS).statistics > 0) expect(++calls).toBeLessThan(20);
    expect(ask(period).totals.attacks).toBe(0);
  });

  test('a late report of a day that is folded already is added to it', () => {
    t.store.applyReports([attack('a', 5)]);
    const now = T0 + DAY_MS + HOURS_KEPT_MS;
    t.store.prune(now);
    t.store.applyReports([attack('late', 5)]);
    expect(ask().totals.attacks).toBe(2);
    t.store.prune(now);
    expect(ask().totals).toEqual({ attacks: 2, messages: 10, dropped: 0 });
  });
});

test('a store from before there were statistics gets them from its incidents', () => {
  t.store.close();
  const folder = join(t.dir, 'migrations');
  mkdirSync(folder);
  for (const name of readdirSync(MIGRATIONS)) if (name < '003') cpSync(join(MIGRATIONS, name), join(folder, name));
  const path = join(t.dir, 'old', DATABASE_FILE);
  const old = () => openStore(join(t.dir, 'old'), { now: T0, migrations: folder });
  // This program's statements do not fit the old schema: the file is made, and filled by hand.
  expect(old).toThrow();
  const db = new DatabaseSync(path);
  const insert = db.prepare(
    `INSERT INTO incidents (id, source, kind, victim, first, last, count, dropped, source_port, victim_port, transport, users_total,
       users, files, action, reason, finding, country) VALUES (?, ?, 'flood', '192.0.2.1', ?, ?, 10, 3, 1, 1, 'udp', 1, '["100"]', '[]', 'block', '', '', 'NL')`,
  );
  for (let i = 0; i < 30; i++) insert.run(`i${i}`, `203.0.113.${i % 3}`, T0 + i * HOUR_MS, T0 + i * HOUR_MS);
  db.close();
  const store = openStore(join(t.dir, 'old'), { now: T0 });
  const { totals, top } = store.statistics({ since: T0, until: T0 + 2 * DAY_MS, step: HOUR_MS });
  store.close();
  expect(totals).toEqual({ attacks: 30, messages: 300, dropped: 90 });
  expect(top.sources).toHaveLength(3);
  expect(top.countries).toMatchObject([{ key: 'NL', attacks: 30, dropped: 90 }]);
  expect(top.users).toMatchObject([{ key: '100', attacks: 30 }]);
});
