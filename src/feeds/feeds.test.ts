/** Feeds against a real server and real files; the schedule's time is the test's own. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatRange, parseAddress } from '../core/base/address.ts';
import { unpackRanges } from '../core/base/packed-ranges.ts';
import type { FeedEvent } from './feed.ts';
import { Feeds, type FeedEntry } from './feeds.ts';
import { httpFetch } from './fetch-feed.ts';
import { serving, startListServer, type ListServer } from './testing/list-server.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LIST = '198.51.100.7\n2001:db8:bad::/48\n';

let server: ListServer;
let directory: string;
let clock: VirtualClock;
let events: FeedEvent[];
let changes: number;
let feeds: Feeds;

beforeEach(async () => {
  server = await startListServer();
  directory = mkdtempSync(join(tmpdir(), 'ringfence-feeds-'));
  clock = new VirtualClock();
  feeds = start();
});
afterEach(async () => {
  await feeds.close();
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

function start(): Feeds {
  events = [];
  changes = 0;
  return new Feeds({
    dataDirectory: directory,
    clock,
    random: () => 0.5,
    fetch: httpFetch({ silenceMs: 500, totalMs: 1500 }),
    own: () => [parseAddress('203.0.113.1')!],
    changed: () => changes++,
    report: (event) => events.push(event),
  });
}

async function restart(): Promise<void> {
  await feeds.close();
  feeds = start();
}

const feed = (given: Partial<FeedEntry> = {}): FeedEntry => ({
  name: 'test',
  url: given.file ? '' : `${server.url}/list.txt`,
  file: '',
  every: '1h',
  action: 'block',
  bytesMax: 100_000,
  ...given,
});
const inForce = (name = 'test') => {
  const found = feeds.ranges().find((one) => one.name === name);
  return found ? [...unpackRanges(found.ranges)].map(formatRange) : null;
};
const status = () => feeds.status()[0];
const codes = () => events.map(({ code }) => code);
const problem = () => status().problem?.code ?? null;
/** Each attempt plans the next one when it is over. */
const settled = () =>
  vi.waitFor(
    () => expect(feeds.status().every(({ nextAt, refreshing }) => nextAt !== null && !refreshing)).toBe(true),
    {
      timeout: 10_000,
    },
  );

async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  await settled();
}

/** A feed with a good list in force, and a server that does something else from now on. */
async function after(good: string, next: Parameters<ListServer['behave']>[0]): Promise<void> {
  server.behave(serving(good));
  feeds.use([feed()]);
  await pass(0);
  expect(problem()).toBeNull();
  server.behave(next);
  await pass(HOUR);
}

describe('what a list may be', () => {
  const rows: [what: string, text: string | Buffer, ranges: string[]][] = [
    [
      'plain, with remarks',
      '# bad ones\n198.51.100.7 # sip\n\n2001:db8:bad::/48\r\n',
      ['198.51.100.7', '2001:db8:bad::/48'],
    ],
    ['FireHOL netset', '#\n# firehol_level2\n#\n198.51.100.0/25\n198.51.100.128/25\n', ['198.51.100.0/24']],
    ['Spamhaus DROP', '; Spamhaus DROP List\n198.51.100.0/24 ; SBL1\n', ['198.51.100.0/24']],
    ['CSV', 'when,ip,reason\n2026-11-22,198.51.100.7,"sip, udp"\n', ['198.51.100.7']],
    ['ipset save', 'create bad hash:net family inet\nadd bad 198.51.100.0/24\n', ['198.51.100.0/24']],
    [
      'nft list set',
      'table inet f {\n set bad {\n type ipv4_addr\n elements = { 198.51.100.7, 198.51.100.9 }\n }\n}\n',
      ['198.51.100.7', '198.51.100.9'],
    ],
    ['gzip', gzipSync(LIST), ['198.51.100.7', '2001:db8:bad::/48']],
    ['first-last', '198.51.100.1-198.51.100.6\n', ['198.51.100.1-198.51.100.6']],
    ['some lines wrong', `${LIST}999.1.1.1\n`, ['198.51.100.7', '2001:db8:bad::/48']],
    // A remark says that somebody meant it to be empty.
    ['empty on purpose', '# nothing today\n', []],
    ['an ipset without elements', 'create bad hash:ip family inet\n', []],
  ];
  it.each(rows)('%s', async (_what, text, ranges) => {
    server.behave(serving(text));
    feeds.use([feed()]);
    await pass(0);
    expect(problem()).toBeNull();
    expect(inForce()).toEqual(ranges);
  });

  it('wrong lines are counted and the first ones named', async () => {
    server.behave(serving(`${LIST}198.51.100.8\n198.51.100.9\nexample.org\n010.0.0.1\n`));
    feeds.use([feed()]);
    await pass(0);
    expect(status()).toMatchObject({ entries: 4, ranges: 2, format: 'plain', bad: { total: 2 } });
    expect(status().bad.first).toEqual([
      { line: 5, value: 'example.org', why: expect.stringContaining('host name') },
      { line: 6, value: '010.0.0.1', why: expect.stringContaining('leading zeros') },
    ]);
  });
});

describe('entries that no list of attackers can mean are left out and named', () => {
  const rows: [entry: string, reason: string, why: RegExp][] = [
    ['0.0.0.0/0', 'too-wide', /wider than \/8/],
    ['198.0.0.0/7', 'too-wide', /wider than \/8/],
    ['198.0.0.0-199.0.0.0', 'too-wide', /wider than \/8/],
    ['::/0', 'too-wide', /wider than \/16/],
    ['2000::/15', 'too-wide', /wider than \/16/],
    ['10.1.2.3', 'private-space', /10\.0\.0\.0\/8 \(private\)/],
    ['100.64.0.0/16', 'private-space', /100\.64\.0\.0\/10/],
    // Evasion: the private network hides in the middle.
    ['172.0.0.0/8', 'private-space', /172\.16\.0\.0\/12/],
    ['192.168.1.255-192.169.0.4', 'private-space', /192\.168\.0\.0\/16/],
    ['127.0.0.1', 'private-space', /loopback/],
    ['224.0.0.0/4', 'too-wide', /wider/],
    ['239.1.1.1', 'private-space', /multicast/],
    ['fe80::1', 'private-space', /link-local/],
    ['fc00::/8', 'too-wide', /wider/],
    ['fd00:1::/32', 'private-space', /private/],
    ['::1', 'private-space', /loopback/],
    ['203.0.113.1', 'own-address', /this machine/],
    ['203.0.113.0/24', 'own-address', /this machine/],
  ];
  it.each(rows)('%s: %s', async (entry, reason, why) => {
    server.behave(serving(`198.51.100.7\n${entry}\n`));
    feeds.use([feed()]);
    await pass(0);
    expect(inForce()).toEqual(['198.51.100.7']);
    expect(status().refused).toEqual({
      total: 1,
      first: [{ line: 2, address: expect.any(String), reason, why: expect.stringMatching(why) }],
    });
  });

  it.each(['198.0.0.0/8', '2001::/16', '203.0.113.2', '192.167.255.255', '192.0.2.0/24'])(
    '%s is taken',
    async (entry) => {
      server.behave(serving(`${entry}\n`));
      feeds.use([feed()]);
      await pass(0);
      expect(inForce()).toEqual([entry]);
    },
  );
});

describe('lists that are refused: the last good one stays, and the next good one is taken', () => {
  const html = '<!DOCTYPE html>\n<html><body>Not found: 198.51.100.9</body></html>';
  const halves = Array.from({ length: 128 }, (_, i) => `${i + 11}.0.0.0/8`).filter((text) => !/^1(00|27)\./.test(text));
  const rows: [what: string, text: string | Buffer, code: string][] = [
    ['an error page with status 200', html, 'feed-not-a-list'],
    ['a log-in without a doctype', '\n <html lang="en"><form>', 'feed-not-a-list'],
    ['prose', 'Service temporarily unavailable\nTry again later\n198.51.100.9\n', 'feed-mostly-bad'],
    ['JSON of something else', '{"error": "quota exceeded"}\n', 'feed-mostly-bad'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'feed-mostly-bad'],
    ['host names', 'a.example.org\nb.example.org\n198.51.100.9\n', 'feed-mostly-bad'],
    ['nothing', '', 'feed-empty'],
    ['blank lines', '\n\n  \r\n', 'feed-empty'],
    ['a settings file', 'monit_period = 60\nhit_count = 5\n', 'feed-not-a-list'],
    // Each entry alone would be taken.
    ['half of the Internet in pieces', `${halves.join('\n')}\n`, 'feed-too-wide'],
    ['more than bytesMax', '198.51.100.1\n'.repeat(10_000), 'feed-too-large'],
    ['a gzip bomb', gzipSync(Buffer.alloc(50_000_000, '198.51.100.1\n')), 'feed-too-large'],
  ];
  it.each(rows)('%s: %s', async (_what, text, code) => {
    await after(LIST, serving(text, '"2"'));
    expect(problem()).toBe(code);
    expect(inForce()).toEqual(['198.51.100.7', '2001:db8:bad::/48']);
    expect(changes).toBe(1);
    server.behave(serving('198.51.100.99\n', '"3"'));
    await pass(HOUR);
    expect(problem()).toBeNull();
    expect(inForce()).toEqual(['198.51.100.99']);
    expect(codes()).toEqual([code, 'feed-recovered']);
  });

  it('a connection that ends in the middle', async () => {
    await after(LIST, (_, response) => {
      response.writeHead(200, { 'content-length': 5000 });
      response.write('198.51.100.1\n', () => response.destroy());
    });
    expect(problem()).toBe('feed-truncated');
    expect(inForce()).toEqual(['198.51.100.7', '2001:db8:bad::/48']);
  });

  it('a list that has never been good is not an empty list: it is not in force at all', async () => {
    server.behave(serving(html));
    feeds.use([feed()]);
    await pass(0);
    expect(inForce()).toBeNull();
    expect(status()).toMatchObject({ state: 'waiting', confirmedAt: null });
  });
});

describe('the schedule', () => {
  it('304: nothing changes, and the copy counts as fresh', async () => {
    await after(LIST, serving(LIST));
    expect(server.requests).toHaveLength(2);
    expect(changes).toBe(1);
    expect(status()).toMatchObject({ confirmedAt: clock.now(), changedAt: clock.now() - HOUR, problem: null });
  });

  it('the same list under another ETag is no change of what is in force', async () => {
    await after(LIST, serving(LIST, '"2"'));
    expect(status().changedAt).toBe(clock.now());
    expect(changes).toBe(1);
  });

  it('failures are tried again after 1, 2, 4 … minutes, at least every period, and reported once', async () => {
    server.behave((_, response) => response.writeHead(500).end());
    feeds.use([feed()]);
    await pass(0);
    const pauses: number[] = [];
    for (let i = 0; i < 8; i++) {
      const pauseMs = status().nextAt! - clock.now();
      pauses.push(pauseMs / MINUTE);
      await pass(pauseMs);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(codes()).toEqual(['feed-http-status']);
    expect(status().problem).toMatchObject({ text: 'the server answered 500', at: clock.now() });
  });

  it('a server that asks for patience gets it', async () => {
    server.behave((_, response) => response.writeHead(503, { 'retry-after': '1800' }).end());
    feeds.use([feed()]);
    await pass(0);
    expect(status().nextAt).toBe(clock.now() + 1_800_000);
  });

  it('after three periods without a confirmation the feed is stale, which is reported once; it stays in force', async () => {
    await after(LIST, (_, response) => response.writeHead(500).end());
    while (status().state === 'current') await pass(status().nextAt! - clock.now());
    expect(clock.now() - status().confirmedAt!).toBeGreaterThan(3 * HOUR);
    await pass(HOUR);
    expect(codes()).toEqual(['feed-http-status', 'feed-stale']);
    expect(inForce()).toEqual(['198.51.100.7', '2001:db8:bad::/48']);
  });

  it('a tenth of jitter either way', async () => {
    for (const [random, pauseMs] of [
      [0, 0.9 * HOUR],
      [1, 1.1 * HOUR],
    ]) {
      const some = new Feeds({
        ...{ dataDirectory: directory, clock, random: () => random, own: () => [] },
        ...{ changed: () => {}, report: () => {} },
      });
      server.behave(serving(LIST));
      some.use([feed()]);
      clock.advance(0);
      await some.refresh('test');
      expect(some.status()[0].nextAt! - clock.now()).toBeCloseTo(pauseMs, 0);
      await some.close();
    }
  });

  it('by hand: now, once, however many ask; and no feed of another name', async () => {
    await after(LIST, serving(LIST));
    const before = server.requests.length;
    const [one, two] = await Promise.all([feeds.refresh('test'), feeds.refresh('test')]);
    expect(one).toEqual(two);
    expect(server.requests.length).toBe(before + 1);
    expect(await feeds.refresh('other')).toBeNull();
  });

  it('nothing runs after close, not even a fetch that had begun', async () => {
    server.behave(() => {});
    feeds.use([feed()]);
    clock.advance(0);
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    await feeds.close();
    expect(clock.timers).toBe(0);
    expect(events).toEqual([]);
  });
});

describe('the last good copy', () => {
  it('is in force at once after a restart, and is confirmed with its validators when it is due', async () => {
    server.behave(serving(LIST));
    feeds.use([feed()]);
    await pass(0);
    const { confirmedAt } = status();
    await restart();
    clock.advance(10 * MINUTE);
    feeds.use([feed()]);
    expect(inForce()).toEqual(['198.51.100.7', '2001:db8:bad::/48']);
    expect(changes).toBe(1);
    expect(status()).toMatchObject({ confirmedAt, nextAt: confirmedAt! + HOUR, entries: 2 });
    await pass(50 * MINUTE);
    expect(server.requests.at(-1)!.headers['if-none-match']).toBe('"1"');
    expect(status().confirmedAt).toBe(confirmedAt! + HOUR);
  });

  it('is in force while the server is away, and its age is known', async () => {
    server.behave(serving(LIST));
    feeds.use([feed()]);
    await pass(0);
    await restart();
    clock.advance(4 * HOUR);
    server.behave((request) => request.destroy());
    feeds.use([feed()]);
    await pass(0);
    expect(inForce()).toEqual(['198.51.100.7', '2001:db8:bad::/48']);
    expect(status().state).toBe('stale');
    expect(codes()).toEqual(['feed-truncated', 'feed-stale']);
  });

  it.each([
    ['half of it', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['one bit', (bytes: Buffer) => bytes.fill(bytes[bytes.length - 8] ^ 1, bytes.length - 8, bytes.length - 7)],
    ['none of it', () => Buffer.alloc(0)],
    ['something else', () => Buffer.from('RFFEED01 no, not really'.repeat(10))],
  ])('when it is damaged (%s) it is named and fetched again', async (_what, damage) => {
    server.behave(serving(LIST));
    feeds.use([feed()]);
    await pass(0);
    await restart();
    const path = join(directory, 'feeds', 'test.feed');
    writeFileSync(path, damage(readFileSync(path)));
    feeds.use([feed()]);
    expect(inForce()).toBeNull();
    expect(codes()).toEqual(['feed-copy-damaged']);
    await pass(0);
    expect(inForce()).toEqual(['198.51.100.7', '2001:db8:bad::/48']);
  });

  it('a process that is killed while it replaces the copy leaves the old one or the new one', () => {
    const program = join(import.meta.dirname, 'testing', 'endless-refresh.ts');
    for (let i = 0; i < 8; i++) {
      // Killed by itself after a time that differs: in the middle of a write sooner or later.
      const args = ['--disable-warning=ExperimentalWarning', program, directory, String(20 + 17 * i)];
      expect(spawnSync(process.execPath, args).signal).toBe('SIGKILL');
      const some = start();
      some.use([feed({ url: 'http://127.0.0.1:1/list.txt' })]);
      expect(codes()).toEqual([]);
      const sizes = some.ranges().map(({ ranges }) => ranges.v4.length / 2);
      expect(sizes).toHaveLength(1);
      expect([20_000, 30_000]).toContain(sizes[0]);
      void some.close();
    }
  });

  it('a disk that cannot be written to: the list is in force, and the trouble is told', async () => {
    mkdirSync(join(directory, 'feeds'));
    mkdirSync(join(directory, 'feeds', 'test.feed.new'));
    server.behave(serving(LIST));
    feeds.use([feed()]);
    await pass(0);
    expect(inForce()).toEqual(['198.51.100.7', '2001:db8:bad::/48']);
    expect(codes()).toEqual(['feed-not-saved']);
  });

  it('only its owner may read it', async () => {
    server.behave(serving(LIST));
    feeds.use([feed()]);
    await pass(0);
    expect(statSync(join(directory, 'feeds')).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'feeds', 'test.feed')).mode & 0o777).toBe(0o600);
  });
});

describe('when the policy changes', () => {
  beforeEach(async () => {
    server.behave(serving(LIST));
    feeds.use([feed()]);
    await pass(0);
  });

  it('a feed that is taken out is out of force, and its copy is gone', async () => {
    feeds.use([]);
    expect(feeds.ranges()).toEqual([]);
    expect(changes).toBe(2);
    await vi.waitFor(() => expect(readdirSync(join(directory, 'feeds'))).toEqual([]));
  });

  it('another action or period: what is in force stays, and nothing is fetched', async () => {
    feeds.use([feed({ action: 'watch', every: '2h' })]);
    expect(inForce()).toEqual(['198.51.100.7', '2001:db8:bad::/48']);
    expect(status()).toMatchObject({ action: 'watch', everyMs: 2 * HOUR, nextAt: clock.now() + 2 * HOUR });
    expect(server.requests).toHaveLength(1);
    expect(changes).toBe(1);
  });

  it('another source of the same name is another feed: nothing of the old one stays', async () => {
    server.behave(serving('192.0.2.5\n', '"9"'));
    feeds.use([feed({ url: `${server.url}/other.txt` })]);
    expect(inForce()).toBeNull();
    await pass(0);
    expect(server.requests.at(-1)!.headers['if-none-match']).toBeUndefined();
    expect(inForce()).toEqual(['192.0.2.5']);
  });

  it('another password of the same source: what is in force stays, and it is asked at once', async () => {
    feeds.use([feed({ url: `${server.url.replace('//', '//user:new@')}/list.txt` })]);
    expect(inForce()).toEqual(['198.51.100.7', '2001:db8:bad::/48']);
    await pass(0);
    expect(server.requests).toHaveLength(2);
  });
});

it('a password in a URL is in no status, event or file', async () => {
  const secret = 's3cretPa55word';
  const url = `${server.url.replace('//', `//user:${secret}@`)}/keys/${secret}0123456789/list?key=${secret}`;
  server.behave((_, response) => response.writeHead(401).end());
  feeds.use([feed({ url })]);
  await pass(0);
  server.behave(serving(LIST));
  await pass(MINUTE);
  expect(inForce()).not.toBeNull();
  expect(status().from).toBe(`${server.url.replace('//', '//***@')}/keys/***/list?key=***`);
  expect(JSON.stringify([feeds.status(), events])).not.toContain(secret);
  expect(readFileSync(join(directory, 'feeds', 'test.feed')).includes(secret)).toBe(false);
});

describe('files', () => {
  const path = () => join(directory, 'list.txt');
  const replaceFile = (text: string) => {
    writeFileSync(`${path()}.new`, text);
    renameSync(`${path()}.new`, path());
  };
  /** The clock looks at the file every second; the look itself is the file system's. */
  const untilInForce = (ranges: string[]) =>
    vi.waitFor(() => {
      clock.advance(1000);
      expect(inForce()).toEqual(ranges);
    });

  beforeEach(async () => {
    replaceFile('198.51.100.7\n');
    feeds.use([feed({ file: path() })]);
    await pass(0);
  });

  it('are read at the start and again soon after they changed', async () => {
    expect(inForce()).toEqual(['198.51.100.7']);
    replaceFile('198.51.100.8\n');
    await untilInForce(['198.51.100.8']);
    writeFileSync(path(), '198.51.100.9\n');
    await untilInForce(['198.51.100.9']);
  });

  it('that are gone or empty: the last good copy stays until they come back', async () => {
    rmSync(path());
    await pass(HOUR);
    expect(problem()).toBe('feed-file-missing');
    writeFileSync(path(), '');
    await vi.waitFor(() => {
      clock.advance(1000);
      expect(problem()).toBe('feed-empty');
    });
    expect(inForce()).toEqual(['198.51.100.7']);
    replaceFile('198.51.100.8\n');
    await untilInForce(['198.51.100.8']);
  });

  it('on schedule: unchanged counts as confirmed', async () => {
    await pass(HOUR);
    expect(status()).toMatchObject({ confirmedAt: clock.now(), changedAt: clock.now() - HOUR });
  });

  it.each([
    ['a directory', '/etc', 'feed-file-unreadable'],
    ['a device without an end', '/dev/zero', 'feed-file-unreadable'],
    ['a file on the way', '/etc/passwd/list', 'feed-file-missing'],
  ])('%s is refused', async (_what, file, code) => {
    feeds.use([feed({ file })]);
    await pass(0);
    expect(problem()).toBe(code);
  });

  it('a FIFO that nobody writes to does not wait for ever', async () => {
    execFileSync('mkfifo', [join(directory, 'fifo')]);
    feeds.use([feed({ file: join(directory, 'fifo') })]);
    await pass(0);
    expect(problem()).toBe('feed-file-unreadable');
  });
});
