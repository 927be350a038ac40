import { describe, expect, it } from 'vitest';
import type { GuardReport } from '../../channel/protocol.ts';
import { DETECTORS } from '../../core/base/policy.ts';
import type { Incident } from '../../core/judge/incident.ts';
import { ACTIONS } from '../../core/judge/verdict.ts';
import { block, change, incident, verdict } from '../../store/sqlite/sample-reports.ts';
import { useStore } from '../../store/sqlite/testing/store-under-test.ts';
import type { Place } from '../../store/store.ts';
import { gatherReport } from './gather.ts';
import { localDay } from './local-day.ts';
import { lossText } from './sensor-day.ts';

const HOUR_MS = 3_600_000;
const test = useStore();

/** The same numbers in every run (a linear congruential generator, Numerical Recipes). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const PLACES: Place[] = [
  { country: 'ES', asn: 64500, network: 'Example Net, S.A.' },
  { country: 'IN', asn: 64501, network: null },
  { country: null, asn: null, network: null },
];

/** Attacks over some days around `middle`, in the order in which they are reported. */
function attacks(middle: number, days: number, count: number): Incident[] {
  const next = numbers(42);
  const begun = Array.from({ length: count }, () => middle + next(days * 24 * HOUR_MS) - (days * 24 * HOUR_MS) / 2);
  return begun
    .sort((a, b) => a - b)
    .map((first, i) => {
      const users = Array.from({ length: next(4) }, () => `user${next(30)}`);
      return incident(`i${i}`, {
        ...{ first, last: first + next(3 * HOUR_MS), count: next(500), kind: DETECTORS[next(DETECTORS.length)] },
        ...{ source: `203.0.113.${next(60)}`, victim: `192.0.2.${next(5)}`, action: ACTIONS[next(ACTIONS.length)] },
        ...{ users: [...new Set(users)], usersTotal: users.length },
      });
    });
}

function placeOf(address: string): Place {
  return PLACES[Number(address.split('.').at(-1)) % PLACES.length];
}

/** By the calendar on the wall: another way to the day than the report's. */
function byDay(all: readonly Incident[], timeZone: string): Map<string, Incident[]> {
  const calendar = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  return Map.groupBy(all, ({ first }) => calendar.format(first));
}

function most(counts: Map<string, number>): [string, number][] {
  return [...counts].sort(([, a], [, b]) => b - a).filter(([, count]) => count > 0);
}

describe('every figure is what the attacks say when they are counted one by one', () => {
  it.each([
    ['UTC', '2026-11-21', 24],
    ['Europe/Madrid', '2026-03-29', 23],
    ['Europe/Madrid', '2026-10-25', 25],
    ['America/New_York', '2026-11-01', 25],
    ['Asia/Kolkata', '2026-03-29', 24],
    ['Australia/Lord_Howe', '2026-10-04', 23.5],
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
  ])('%s %s', async (zone, name, hours) => {
    const day = localDay(name, zone)!;
    const all = attacks(day.from + 12 * HOUR_MS - 3 * 24 * HOUR_MS, 12, 1200);
    test.reopen({ locate: ({ w3 }) => PLACES[(w3 & 255) % PLACES.length] });
    test.store.applyReports(all.map((one) => change(one)));
    const options = { store: test.store, day, host: 'pbx', now: day.to + 1, permanentAfter: 3, registered: [] };
    const report = await gatherReport({ ...options, data: { countries: null, feeds: [] } });

    expect((report.to - report.from) / HOUR_MS).toBe(hours);
    const days = byDay(all, zone);
    const of = (daysBefore: number) => {
      const [year, month, date] = name.split('-').map(Number);
      const wanted = new Date(Date.UTC(year, month - 1, date - daysBefore)).toISOString().slice(0, 10);
      return days.get(wanted) ?? [];
    };
    const own = of(0);
    expect(own.length).toBeGreaterThan(70);
    const messages = (some: Incident[]) => some.reduce((sum, { count }) => sum + count, 0);
    const tally = (keys: (one: Incident) => string[]) => {
      const counts = new Map<string, number>();
      for (const one of own) for (const key of keys(one)) counts.set(key, (counts.get(key) ?? 0) + 1);
      return counts;
    };
    expect(report.totals).toMatchObject({ attacks: own.length, messages: messages(own), dropped: 0 });
    expect(report.totals.sources).toBe(new Set(own.map(({ source }) => source)).size);
    for (const action of ACTIONS) {
      expect(report.totals.actions[action]).toBe(own.filter((one) => one.action === action).length);
    }
    expect(report.dayBefore).toEqual({ attacks: of(1).length, messages: messages(of(1)), dropped: 0 });
    const week = [1, 2, 3, 4, 5, 6, 7].flatMap(of);
    expect(report.weekBefore.attacks).toBe(Math.round((week.length / 7) * 10) / 10);
    for (const { kind, attacks, dayBefore } of report.kinds) {
      expect(attacks).toBe(own.filter((one) => one.kind === kind).length);
      expect(dayBefore).toBe(of(1).filter((one) => one.kind === kind).length);
    }
    // Each attack in the hour of its first message.
    for (const hour of report.hours) {
      expect(hour.attacks).toBe(own.filter(({ first }) => first >= hour.from && first < hour.to).length);
    }
    expect(report.hours.reduce((sum, hour) => sum + hour.attacks, 0)).toBe(own.length);
    const rankings: [(one: Incident) => string[], { total: number }, [string, number][]][] = [
      [({ source }) => [source], report.sources, report.sources.rows.map((row) => [row.address, row.attacks])],
      [({ victim }) => [victim], report.victims, report.victims.rows.map((row) => [row.address, row.attacks])],
      [({ users }) => users, report.users, report.users.rows.map((row) => [row.user, row.attacks])],
      [
        ({ source }) => [placeOf(source).country ?? 'null'],
        report.countries,
        report.countries.rows.map((row) => [row.country ?? 'null', row.attacks]),
      ],
      [
        ({ source }) => [placeOf(source).asn ?? []].flat().map(String),
        report.networks,
        report.networks.rows.map((row) => [String(row.asn), row.attacks]),
      ],
    ];
    for (const [keys, { total }, rows] of rankings) {
      const expected = most(tally(keys));
      expect(total).toBe(expected.length);
      expect(rows.map(([, count]) => count)).toEqual(expected.slice(0, 10).map(([, count]) => count));
      for (const [key, count] of rows) expect(count).toBe(tally(keys).get(key));
    }
    // Plain data.
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

const day = localDay('2026-11-21', 'Europe/Madrid')!;
const noon = day.from + 12 * HOUR_MS;
const options = () => ({
  ...{ store: test.store, day, host: 'pbx', now: day.to, permanentAfter: 3, registered: [] as string[] },
  data: { countries: null, feeds: [] },
});

describe('what was dropped', () => {
  const drop = (address: string, packets: number): GuardReport => {
    return { type: 'drops', dropped: [{ target: address, packets, until: null }] };
  };

  it.each([
    // Zone, hours of UTC in which packets were dropped, and whether they count.
    ['Europe/Madrid', '2026-11-20T22:59Z', 0],
    ['Europe/Madrid', '2026-11-20T23:00Z', 7],
    ['Europe/Madrid', '2026-11-21T22:59Z', 7],
    ['Europe/Madrid', '2026-11-21T23:00Z', 0],
    // An hour of UTC that the day begins in counts when its middle is in the day: the whole hour from 18:00 on.
    ['Asia/Kolkata', '2026-11-20T17:59Z', 0],
    ['Asia/Kolkata', '2026-11-20T18:10Z', 7],
    ['Asia/Kolkata', '2026-11-21T17:59Z', 7],
    ['Asia/Kolkata', '2026-11-21T18:10Z', 0],
  ])('%s, %s: %i', async (zone, at, counts) => {
    const there = localDay('2026-11-21', zone)!;
    const time = Date.parse(at);
    test.store.applyReports([{ type: 'blocked', block: block('203.0.113.7', { since: time - 5, until: null }) }], time);
    test.store.applyReports([drop('203.0.113.7', 7)], time);
    const report = await gatherReport({ ...options(), day: there });
    expect(report.totals.dropped).toBe(counts);
    expect(report.hours.reduce((sum, { dropped }) => sum + dropped!, 0)).toBe(counts);
    expect(report.droppedBy).toBe('hours');
    expect(report.countries.rows.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(counts);
    // Only dropped packets are known of it on that day.
    expect(report.sources.rows.map(({ address, dropped }) => [address, dropped])).toEqual(
      counts ? [['203.0.113.7', 7]] : [],
    );
  });

  it('long ago by the day of UTC that lies in it the most', async () => {
    const since = Date.parse('2026-11-19T00:00Z');
    test.store.applyReports([{ type: 'blocked', block: block('203.0.113.7', { since, until: null }) }], since);
    for (const [time, packets] of [
      ['2026-11-20T12:00Z', 100],
      ['2026-11-21T12:00Z', 107],
      ['2026-11-22T12:00Z', 1000],
    ] as const)
      test.store.applyReports([drop('203.0.113.7', packets)], Date.parse(time));
    test.store.prune(day.to + 30 * 24 * HOUR_MS);
    const report = await gatherReport(options());
    expect(report.droppedBy).toBe('days');
    expect(report.totals.dropped).toBe(7);
    expect(report.dayBefore.dropped).toBe(100);
    expect(report.hours.every(({ dropped }) => dropped === null)).toBe(true);
  });
});

describe('sources that need a decision', () => {
  const at = noon;
  const blockedTimes = (address: string, times: number, how: 'expired' | 'lifted' = 'expired'): GuardReport[] =>
    Array.from({ length: times }, (_, i) => i).flatMap((i): GuardReport[] => {
      const since = at + i * 60_000;
      return [
        { type: 'verdict', verdict: verdict(since, { source: address, blocksBefore: i, incident: `${address} ${i}` }) },
        { type: 'blocked', block: block(address, { since, until: since + 1000 }) },
        { type: 'unblocked', target: address, at: since + 1000, how },
      ];
    });
  const seen = (address: string, more: Partial<Incident>) =>
    change(incident(address, { first: at, last: at, source: address, ...more }));

  // Reports, and the decision that follows: rule, or none.
  it.each<[title: string, reports: GuardReport[], rule: string | null]>([
    ['blocked once', blockedTimes('203.0.113.1', 1), null],
    ['blocked twice, the fourth is for good', blockedTimes('203.0.113.1', 2), 'near-permanent'],
    ['blocked three times', blockedTimes('203.0.113.1', 3), 'near-permanent'],
    ['… and lifted by hand', blockedTimes('203.0.113.1', 3, 'lifted'), null],
    [
      '… and then for good',
      [
        ...blockedTimes('203.0.113.1', 3),
        { type: 'verdict', verdict: verdict(at + HOUR_MS, { source: '203.0.113.1', action: 'deny' }) },
      ],
      null,
    ],
    ['passed', [seen('203.0.113.1', { action: 'pass', reason: 'allowlisted' })], 'exempt-attacker'],
    ['INVITEs, watched', [seen('203.0.113.1', { kind: 'invite-limit', action: 'watch' })], 'invite-limit'],
    ['INVITEs, blocked', [seen('203.0.113.1', { kind: 'invite-limit', action: 'block' })], null],
    ['registered, guesses', [seen('203.0.113.200', { kind: 'register-bruteforce' })], 'registered-attacker'],
    ['registered, floods', [seen('203.0.113.200', { kind: 'flood' })], null],
    ['the day before', [seen('203.0.113.200', { kind: 'register-bruteforce', first: day.from - 1 })], null],
  ])('%s', async (_title, reports, rule) => {
    test.store.applyReports(reports);
    const { decisions } = await gatherReport({ ...options(), registered: ['203.0.113.200'] });
    expect(decisions.rows.map((row) => row.rule)).toEqual(rule === null ? [] : [rule]);
    expect(decisions.total).toBe(rule === null ? 0 : 1);
  });

  it.each([
    [0, []],
    [1, ['blocked once: the next block is for good']],
    [2, ['blocked once: 1 more, and the one after is for good']],
    [3, []],
  ])('permanentAfter %i after one block', async (permanentAfter, texts) => {
    test.store.applyReports(blockedTimes('203.0.113.1', 1));
    const { decisions } = await gatherReport({ ...options(), permanentAfter });
    expect(decisions.rows.map(({ text }) => text)).toEqual(texts);
  });
});

it('blocks for good, by verdict and by hand, of the day and in force', async () => {
  test.store.applyReports([
    { type: 'blocked', block: block('203.0.113.1', { since: noon, until: null, reason: 'repeat-offender' }) },
    { type: 'blocked', block: block('203.0.113.2', { since: noon + 1, until: null, origin: 'manual' }) },
    { type: 'blocked', block: block('203.0.113.3', { since: noon, until: null }) },
    { type: 'unblocked', target: '203.0.113.3', at: noon + 5, how: 'lifted' },
    { type: 'blocked', block: block('203.0.113.4', { since: day.from - 1, until: null }) },
    { type: 'blocked', block: block('203.0.113.5', { since: day.to, until: null }) },
    { type: 'blocked', block: block('203.0.113.6', { since: noon, until: day.to + HOUR_MS }) },
  ]);
  const { permanent } = await gatherReport(options());
  expect(permanent.total).toBe(2);
  expect(permanent.rows.map(({ address, byHand }) => [address, byHand])).toEqual([
    ['203.0.113.2', true],
    ['203.0.113.1', false],
  ]);
});

it('the sensor’s day', async () => {
  const event = (code: string, level: 'info' | 'warning' | 'error', text = '', at = noon) =>
    test.store.noteEvent({ at, level, code, text });
  event('guard-started', 'info');
  event('guard-started', 'info', '', noon + 1);
  event('console-died', 'warning', 'The console ended');
  event('table-missing', 'warning', 'repaired');
  event('packets-lost', 'warning', lossText(120));
  event('packets-lost', 'warning', lossText(3000), noon + 2);
  event('kernel-failed', 'error', 'no memory');
  event('packets-lost', 'warning', lossText(9), day.to);
  const { sensor } = await gatherReport(options());
  expect(sensor).toMatchObject({ starts: 2, consoleRestarts: 1, kernelRepairs: 1, kernelFailures: 1 });
  expect(sensor).toMatchObject({ packetsLost: 3120, warnings: 4, errors: 1, sensorRestarts: 0 });
  expect(sensor.events[0]).toMatchObject({ code: 'kernel-failed', count: 1 });
  expect(sensor.events[1]).toMatchObject({ code: 'packets-lost', count: 2, last: noon + 2 });
});

it('a day of nothing, and one that is not over', async () => {
  const empty = await gatherReport({ ...options(), now: noon });
  expect(empty).toMatchObject({ complete: false, totals: { attacks: 0, messages: 0, dropped: 0, sources: 0 } });
  expect(empty.kinds).toEqual([]);
  expect(empty.sensor.packetsLost).toBeNull();
  expect(empty.hours).toHaveLength(24);
});
