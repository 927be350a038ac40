/** Listeners of the live feed, with the time as an argument: what each is told, in which order, and what it costs when it is slow. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GuardReport } from '../../channel/protocol.ts';
import type { StoredIncident } from '../../store/store.ts';
import type { StatusAnswer } from '../answers.ts';
import { blockRecord, health } from '../testing/guard-stand-in.ts';
import { sampleIncident } from '../testing/samples.ts';
import { LIVE_CHANGES_MAX } from './changes.ts';
import { BLOCKS_PER_SECOND, INCIDENTS_PER_SECOND, STALLED_MS } from './live-client.ts';
import { LIVE_CLIENTS_MAX, LiveFeed, STATUS_EVERY_MS } from './live-feed.ts';

const START = 1_800_000_000_000;
const NOWHERE = { country: null, asn: null, network: null };

let stored: Map<string, StoredIncident>;
let status: StatusAnswer;
let feed: LiveFeed;

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  stored = new Map();
  status = { state: 'protecting', problems: [], store: {}, policy: {} } as unknown as StatusAnswer;
  feed = new LiveFeed({ store: { incident: (id) => stored.get(id) ?? null }, status: () => status, now: Date.now });
});
afterEach(() => {
  feed.close();
  vi.useRealTimers();
});

interface Event {
  event: string;
  id: string | null;
  data: Record<string, unknown>;
}

/** A listener whose socket is full when `full` says so. */
class Ear {
  text = '';
  ended = false;
  full = false;
  readonly listener;

  constructor(lastEventId: string | null = null) {
    const write = (text: string) => {
      this.text += text;
      return !this.full;
    };
    this.listener = feed.join(write, () => (this.ended = true), lastEventId);
    this.listener.writable();
  }

  /** What has come since the last call, without the signs of life. */
  heard(): Event[] {
    const events = this.all().filter(({ event }) => event !== 'status' && event !== 'rates');
    this.text = '';
    return events;
  }

  all(): Event[] {
    return this.text
      .split('\n\n')
      .filter((block) => block !== '')
      .map((block) => {
        const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2)));
        return { event: fields.event, id: fields.id ?? null, data: JSON.parse(fields.data) as Event['data'] };
      });
  }
}

function incident(id: string, count = 1): GuardReport {
  const incident = sampleIncident(START, { id, count });
  stored.set(id, { ...incident, ...NOWHERE });
  return { type: 'incidents', changes: [{ incident, evidence: [] }] };
}

const blocked = (address: string): GuardReport => ({ type: 'blocked', block: blockRecord({ address }) });
const many = (count: number) => Array.from({ length: count }, (_, i) => blocked(`198.51.${i >> 8}.${i & 255}`));
const names = (events: Event[]) => events.map(({ event }) => event);

describe('a listener hears', () => {
  it('the status first, then blocks, their end and incidents as they are in the store', () => {
    const ear = new Ear();
    expect(ear.all()).toMatchObject([{ event: 'status', data: { state: 'protecting' } }]);
    ear.text = '';
    const report = blocked('203.0.113.66');
    feed.committed([incident('a', 5), report]);
    feed.committed([{ type: 'unblocked', target: '203.0.113.66:5062/udp', at: START, how: 'lifted' }]);
    const events = ear.heard();
    expect(names(events)).toEqual(['block', 'incident', 'unblock']);
    expect(events[0].data).toEqual((report as Extract<GuardReport, { type: 'blocked' }>).block);
    expect(events[1].data).toEqual(stored.get('a'));
    expect(events[2].data).toEqual({
      ...{ target: '203.0.113.66:5062/udp', address: '203.0.113.66', at: START, how: 'lifted' },
    });
  });

  it('text of strangers cannot break out of its line', () => {
    const ear = new Ear();
    const hostile = sampleIncident(START, { id: 'a', userAgent: 'x\n\nevent: block\ndata: {}\r\n\r\n\u2028' });
    stored.set('a', { ...hostile, ...NOWHERE });
    feed.committed([{ type: 'incidents', changes: [{ incident: hostile, evidence: [] }] }]);
    expect(ear.heard()).toMatchObject([{ event: 'incident', data: { userAgent: hostile.userAgent } }]);
  });

  it('a change of the status within a second, and otherwise a sign of life', () => {
    const ear = new Ear();
    vi.advanceTimersByTime(1000);
    ear.text = '';
    status = { ...status, state: 'down' };
    vi.advanceTimersByTime(1000);
    expect(ear.all()).toMatchObject([{ event: 'status', data: { state: 'down' } }]);
    ear.text = '';
    vi.advanceTimersByTime(STATUS_EVERY_MS - 1000);
    expect(ear.all()).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(names(ear.all())).toEqual(['status']);
  });

  it('how fast requests and drops come', () => {
    const ear = new Ear();
    const at = (seconds: number, requests: number, dropped: number) =>
      feed.health(
        health({ at: START + seconds * 1000, dropped, sip: { messages: 0, requests, responses: 0, anomalies: 0 } }),
      );
    at(0, 100, 0);
    expect(names(ear.all())).toEqual(['status']);
    ear.text = '';
    at(1, 150, 0);
    at(2, 150, 2000);
    expect(ear.all().map(({ data }) => [data.requestsPerSecond, data.dropsPerSecond])).toEqual([
      [50, 0],
      [0, 1000],
    ]);
    ear.text = '';
    at(3, 10, 0);
    expect(ear.all()).toEqual([]);
    at(4, 20, 0);
    expect(ear.all()).toMatchObject([{ data: { requestsPerSecond: 10, dropsPerSecond: 0 } }]);
  });
});

describe('a flood', () => {
  it(`of incidents: ${INCIDENTS_PER_SECOND} a second, changes of one become one with the newest state`, () => {
    const ear = new Ear();
    ear.heard();
    const ids = Array.from({ length: INCIDENTS_PER_SECOND + 5 }, (_, i) => `attack-${i}`);
    feed.committed(ids.map((id) => incident(id, 1)));
    expect(ear.heard()).toHaveLength(INCIDENTS_PER_SECOND);
    for (let count = 2; count < 50; count++)
      feed.committed([incident('attack-0', count), incident('attack-22', count)]);
    vi.advanceTimersByTime(1000);
    const events = ear.heard();
    expect(events.map(({ data }) => data.id).sort()).toEqual(
      ['attack-0', 'attack-20', 'attack-21', 'attack-22', 'attack-23', 'attack-24'].sort(),
    );
    expect(events.find(({ data }) => data.id === 'attack-22')!.data.count).toBe(49);
  });

  it('of blocks: those above the speed wait, those above the queue become a gap', () => {
    const ear = new Ear();
    ear.heard();
    feed.committed(many(BLOCKS_PER_SECOND + 10));
    expect(ear.heard()).toHaveLength(BLOCKS_PER_SECOND);
    vi.advanceTimersByTime(1000);
    expect(ear.heard()).toHaveLength(10);
    feed.committed(many(LIVE_CHANGES_MAX * 3));
    vi.advanceTimersByTime(10_000);
    const events = ear.heard();
    const gaps = events.filter(({ event }) => event === 'gap').map(({ data }) => data.missed as number);
    const told = events.length - gaps.length;
    expect(gaps.reduce((sum, missed) => sum + missed) + told).toBe(LIVE_CHANGES_MAX * 3);
  });

  it('never makes a block wait behind incidents', () => {
    const ear = new Ear();
    ear.heard();
    feed.committed(Array.from({ length: 300 }, (_, i) => incident(`attack-${i}`)));
    ear.heard();
    feed.committed([blocked('203.0.113.66')]);
    expect(names(ear.heard())).toEqual(['block']);
  });
});

describe('a slow listener', () => {
  it('is written nothing while its socket is full, and then the rest; another one is not held up', () => {
    const [slow, quick] = [new Ear(), new Ear()];
    slow.heard();
    quick.heard();
    slow.full = true;
    feed.committed([blocked('203.0.113.1')]);
    feed.committed([blocked('203.0.113.2')]);
    expect(slow.heard()).toMatchObject([{ data: { address: '203.0.113.1' } }]);
    expect(quick.heard()).toHaveLength(2);
    slow.full = false;
    slow.listener.writable();
    expect(slow.heard()).toMatchObject([{ data: { address: '203.0.113.2' } }]);
  });

  it('that missed more than its queue holds is told of a gap', () => {
    const ear = new Ear();
    ear.full = true;
    feed.committed([blocked('203.0.113.1')]);
    feed.committed(many(LIVE_CHANGES_MAX + 1));
    ear.full = false;
    ear.heard();
    ear.listener.writable();
    expect(ear.heard()).toMatchObject([{ event: 'gap', data: { missed: LIVE_CHANGES_MAX + 1 } }]);
  });

  it('that takes nothing for a minute is sent away', () => {
    const ear = new Ear();
    ear.full = true;
    feed.committed([blocked('203.0.113.1')]);
    vi.advanceTimersByTime(STALLED_MS);
    expect(ear.ended).toBe(false);
    vi.advanceTimersByTime(2000);
    expect([ear.ended, feed.size]).toEqual([true, 0]);
  });
});

describe('a listener that comes back', () => {
  it('hears what came meanwhile, and nothing that it knows', () => {
    const ear = new Ear();
    feed.committed([blocked('203.0.113.1')]);
    const { id } = ear.heard().at(-1)!;
    ear.listener.leave();
    feed.committed([blocked('203.0.113.2'), incident('a')]);
    const again = new Ear(id).heard();
    expect(names(again)).toEqual(['block', 'incident']);
    expect(again[0].data.address).toBe('203.0.113.2');
    expect(new Ear(again.at(-1)!.id).heard()).toEqual([]);
  });

  it('misses no incident that waited for its turn when the connection broke', () => {
    const ear = new Ear();
    ear.heard();
    const ids = Array.from({ length: INCIDENTS_PER_SECOND * 2 }, (_, i) => `attack-${i}`);
    feed.committed(ids.map((id) => incident(id)));
    feed.committed([blocked('203.0.113.1')]);
    const before = ear.heard();
    expect(before.at(-1)!.event).toBe('block');
    ear.listener.leave();
    const again = new Ear(before.at(-1)!.id);
    vi.advanceTimersByTime(5000);
    const told = [...before, ...again.heard()].filter(({ event }) => event === 'incident').map(({ data }) => data.id);
    expect([...new Set(told)].sort()).toEqual(ids.sort());
  });

  it('that heard nothing but the status has an id to come back with', () => {
    const ear = new Ear();
    const { id } = ear.all()[0];
    ear.listener.leave();
    feed.committed([blocked('203.0.113.1')]);
    expect(new Ear(id).heard()).toMatchObject([{ data: { address: '203.0.113.1' } }]);
  });

  it('after too long is told how much it missed', () => {
    const ear = new Ear();
    feed.committed([blocked('203.0.113.1')]);
    const { id } = ear.heard().at(-1)!;
    ear.listener.leave();
    feed.committed(many(LIVE_CHANGES_MAX + 1));
    expect(new Ear(id).heard()).toMatchObject([{ event: 'gap', data: { missed: LIVE_CHANGES_MAX + 1 } }]);
  });

  it.each(['abc-1', '', '-', 'x'.repeat(1000), `${START.toString(36)}-999999`, '__proto__', '1-1e9'])(
    'with an id that is not of this console (%s) is told of a gap',
    (id) => {
      feed.committed([blocked('203.0.113.1')]);
      expect(new Ear(id).heard()).toMatchObject([{ event: 'gap', data: { missed: null } }]);
    },
  );
});

it(`client ${LIVE_CLIENTS_MAX + 1} is refused with a hint, and let in when one has left`, () => {
  const ears = Array.from({ length: LIVE_CLIENTS_MAX }, () => new Ear());
  expect(() => new Ear()).toThrow(expect.objectContaining({ code: 'live-full', outcome: 'failed' }));
  ears[7].listener.leave();
  new Ear();
});

it('a store in trouble ends nothing: what could not be read is a gap', () => {
  const fails = () => {
    throw new Error('disk I/O error');
  };
  feed = new LiveFeed({ store: { incident: fails }, status: fails, now: Date.now });
  const ear = new Ear();
  feed.committed([incident('a')]);
  vi.advanceTimersByTime(1000);
  expect(ear.heard()).toMatchObject([{ event: 'gap', data: { missed: 1 } }]);
});
