/** The schedule of feeds and changes of the policy, against a real server; time is the test's own. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Feeds } from './feeds.ts';
import { feedsFixture, HOUR, LIST, LIST_RANGES, MINUTE } from './testing/feeds-fixture.ts';
import { serving } from './testing/list-server.ts';

const f = feedsFixture();

describe('the schedule', () => {
  it('304: nothing changes, and the copy counts as fresh', async () => {
    await f.after(LIST, serving(LIST));
    expect(f.server.requests).toHaveLength(2);
    expect(f.changes).toBe(1);
    expect(f.status).toMatchObject({ confirmedAt: f.clock.now(), changedAt: f.clock.now() - HOUR, problem: null });
  });

  it('the same list under another ETag is no change of what is in force', async () => {
    await f.after(LIST, serving(LIST, '"2"'));
    expect(f.status.changedAt).toBe(f.clock.now());
    expect(f.changes).toBe(1);
  });

  it('failures are tried again after 1, 2, 4 … minutes, at least every period, and reported once', async () => {
    f.server.behave((_, response) => response.writeHead(500).end());
    f.use();
    await f.pass(0);
    const pauses: number[] = [];
    for (let i = 0; i < 8; i++) {
      expect(f.status.nextAt).toBe(Math.round(f.status.nextAt!));
      const pauseMs = f.status.nextAt! - f.clock.now();
      pauses.push(pauseMs / MINUTE);
      await f.pass(pauseMs);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(f.codes).toEqual(['feed-http-status']);
    expect(f.status.problem).toMatchObject({ text: 'the server answered 500', at: f.clock.now() });
  });

  it('a server that asks for patience gets it', async () => {
    f.server.behave((_, response) => response.writeHead(503, { 'retry-after': '1800' }).end());
    f.use();
    await f.pass(0);
    expect(f.status.nextAt).toBe(f.clock.now() + 1_800_000);
  });

  it('after three periods without a confirmation the feed is stale, which is reported once; it stays in force', async () => {
    await f.after(LIST, (_, response) => response.writeHead(500).end());
    while (f.status.state === 'current') await f.pass(f.status.nextAt! - f.clock.now());
    expect(f.clock.now() - f.status.confirmedAt!).toBeGreaterThan(3 * HOUR);
    await f.pass(HOUR);
    expect(f.codes).toEqual(['feed-http-status', 'feed-stale']);
    expect(f.inForce()).toEqual(LIST_RANGES);
  });

  it('a tenth of jitter either way', async () => {
    for (const [random, pauseMs] of [
      [0, 0.9 * HOUR],
      [1, 1.1 * HOUR],
    ]) {
      const some = new Feeds({
        ...{ dataDirectory: f.directory, clock: f.clock, random: () => random, own: () => [] },
        ...{ changed: () => {}, report: () => {} },
      });
      f.server.behave(serving(LIST));
      some.use([f.entry()]);
      f.clock.advance(0);
      await some.refresh('test');
      expect(some.status()[0].nextAt! - f.clock.now()).toBeCloseTo(pauseMs, 0);
      await some.close();
    }
  });

  it('by hand: now, once, however many ask; and no feed of another name', async () => {
    await f.after(LIST, serving(LIST));
    const before = f.server.requests.length;
    const [one, two] = await Promise.all([f.feeds.refresh('test'), f.feeds.refresh('test')]);
    expect(one).toEqual(two);
    expect(f.server.requests.length).toBe(before + 1);
    expect(await f.feeds.refresh('other')).toBeNull();
  });

  it('nothing runs after close, not even a fetch that had begun', async () => {
    f.server.behave(() => {});
    f.use();
    f.clock.advance(0);
    await expect.poll(() => f.server.requests.length).toBe(1);
    await f.feeds.close();
    expect(f.clock.timers).toBe(0);
    expect(f.events).toEqual([]);
  });
});

describe('when the policy changes', () => {
  beforeEach(async () => {
    f.server.behave(serving(LIST));
    f.use();
    await f.pass(0);
  });

  it('a feed that is taken out is out of force, and its copy is gone', async () => {
    f.feeds.use([]);
    expect(f.feeds.ranges()).toEqual([]);
    expect(f.changes).toBe(2);
    await expect.poll(() => readdirSync(join(f.directory, 'feeds'))).toEqual([]);
  });

  it('another action or period: what is in force stays, and nothing is fetched', async () => {
    f.use({ action: 'watch', every: '2h' });
    expect(f.inForce()).toEqual(LIST_RANGES);
    expect(f.status).toMatchObject({ action: 'watch', everyMs: 2 * HOUR, nextAt: f.clock.now() + 2 * HOUR });
    expect(f.server.requests).toHaveLength(1);
    expect(f.changes).toBe(1);
  });

  it('another source of the same name is another feed: nothing of the old one stays', async () => {
    f.server.behave(serving('192.0.2.5\n', '"9"'));
    f.use({ url: `${f.server.url}/other.txt` });
    expect(f.inForce()).toEqual([]);
    await f.pass(0);
    expect(f.server.requests.at(-1)!.headers['if-none-match']).toBeUndefined();
    expect(f.inForce()).toEqual(['192.0.2.5']);
  });

  it('another source while the daemon was away: the same', async () => {
    await f.restart();
    f.use({ url: `${f.server.url}/other.txt` });
    expect(f.inForce()).toEqual([]);
    expect(f.status).toMatchObject({ state: 'waiting', entries: 0 });
  });

  it('another password of the same source: what is in force stays, and it is asked at once', async () => {
    f.use({ url: `${f.server.url.replace('//', '//user:new@')}/list.txt` });
    expect(f.inForce()).toEqual(LIST_RANGES);
    await f.pass(0);
    expect(f.server.requests).toHaveLength(2);
  });
});

it('a password in a URL is in no status, event or file', async () => {
  const secret = 's3cretPa55word';
  const url = `${f.server.url.replace('//', `//user:${secret}@`)}/keys/${secret}0123456789/list?key=${secret}`;
  f.server.behave((_, response) => response.writeHead(401).end());
  f.use({ url });
  await f.pass(0);
  f.server.behave(serving(LIST));
  await f.pass(MINUTE);
  expect(f.inForce()).not.toBeNull();
  expect(f.status.from).toBe(`${f.server.url.replace('//', '//***@')}/keys/***/list?key=***`);
  expect(JSON.stringify([f.feeds.status(), f.events])).not.toContain(secret);
  expect(readFileSync(join(f.directory, 'feeds', 'test.feed')).includes(secret)).toBe(false);
});
