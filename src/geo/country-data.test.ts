/**
 * Country data in use: loaded at the start, replaced when new ones are complete and plausible, kept in every other case. A real server, real
 * files, real processes that compile; only the clock is the test's.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { createTar } from 'nanotar';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseAddress } from '../core/base/address.ts';
import { httpFetch } from '../feeds/fetch-feed.ts';
import type { Clock } from '../feeds/clock.ts';
import { CountryData } from './country-data.ts';
import type { GeoEvent } from './country-status.ts';
import { content, DataServer, status, type Answer } from './testing/data-server.ts';
import { writeMmdb } from './testing/mmdb-writer.ts';
import { ORIGINS, type CountryDataSettings } from './sources.ts';

const START = Date.UTC(2026, 5, 20);
const HOUR = 3_600_000;

/** Time stands still until a test moves it; what was due then runs. */
class TestClock implements Clock {
  at = START;
  private waiting: { due: number; run: () => void }[] = [];

  now(): number {
    return this.at;
  }

  after(ms: number, run: () => void): () => void {
    const one = { due: this.at + ms, run };
    this.waiting.push(one);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== one);
    };
  }

  forward(ms: number): void {
    this.at += ms;
    const due = this.waiting.filter((one) => one.due <= this.at);
    this.waiting = this.waiting.filter((one) => one.due > this.at);
    for (const one of due) one.run();
  }
}

const SETTINGS: CountryDataSettings = {
  provider: 'embedded',
  url: '',
  file: '',
  accountId: '',
  licenceKeyFile: '',
  every: '1d',
  shrinkMax: 0.2,
};

/** `count` networks of 256 addresses each in IPv4, and as many in IPv6, of one country. */
function csv(country: string, count: number, { v6 = true } = {}): string {
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    lines.push(`5.${i}.0.0/24,${country}`);
    if (v6) lines.push(`2a00:${(2 * i).toString(16)}::/32,${country}`);
  }
  return `${lines.join('\n')}\n`;
}

let server: DataServer;
let directory: string;
let clock: TestClock;
let events: GeoEvent[];
let data: CountryData;

beforeAll(async () => {
  server = await DataServer.start();
});
afterAll(() => server.close());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringfence-geo-'));
  clock = new TestClock();
  events = [];
  data = open();
});
afterEach(async () => {
  await data.close();
  rmSync(directory, { recursive: true, force: true });
});

function open(): CountryData {
  const origins = { ...ORIGINS, maxmind: server.origin, dbip: server.origin };
  const fetch = httpFetch({ silenceMs: 300, totalMs: 1500 });
  return new CountryData({ directory, clock, fetch, origins, report: (event) => events.push(event) });
}

const country = (text: string) => data.lookup(parseAddress(text)!).country;
const custom = (path: string): CountryDataSettings => ({
  ...SETTINGS,
  provider: 'custom',
  url: `${server.origin}${path}`,
});
const file = (name: string, text: string | Uint8Array) => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};
/** What is on disk besides what is meant to stay. */
const leftOver = () => {
  const wanted = /^(countries|networks)(-[\d.-]+)?\.tables$|^source\.json$/;
  return (existsSync(join(directory, 'geo')) ? readdirSync(join(directory, 'geo')) : []).filter(
    (name) => !wanted.test(name),
  );
};
/** Everything that was begun has ended. */
const settled = () => data.update().catch(() => {});

describe('a user’s URL', () => {
  beforeEach(async () => {
    server.serve({ '/c.csv': content(csv('DE', 20), '"1"') });
    await data.start(custom('/c.csv'));
    await data.update();
  });

  it('replaces the embedded data, and says so', () => {
    expect([country('5.3.0.1'), country('8.8.8.8')]).toEqual(['DE', null]);
    expect(data.status()).toMatchObject({
      inUse: { provider: 'custom', source: 'c.csv', rangesV4: 20 },
      problem: null,
    });
    expect(data.status().inUse!.made).toBe(Date.UTC(2026, 5, 16, 8));
    expect(events.map((event) => event.code)).toEqual(['geo-updated']);
  });

  it('is asked whether it has changed, and not fetched again when it has not', async () => {
    clock.at += HOUR;
    expect(await data.update()).toBe(false);
    expect(server.headers.at(-1)).toMatchObject({ 'if-none-match': '"1"' });
    expect(data.status()).toMatchObject({ checkedAt: START + HOUR, nextAt: START + 25 * HOUR });
  });

  it('may hold a key, which is shown nowhere and not on disk', async () => {
    const secret = '/k3y0f4cust0mer0000000000000';
    server.serve({ [`${secret}?token=t0ken`]: content(csv('FR', 20), '"1"') });
    await data.use(custom(`${secret}?token=t0ken`));
    expect(country('5.3.0.1')).toBe('FR');
    const disk = readdirSync(join(directory, 'geo')).map((name) =>
      readFileSync(join(directory, 'geo', name), 'latin1'),
    );
    expect(JSON.stringify([data.status(), events, disk])).not.toMatch(/k3y0f|t0ken/);
  });

  it('is there again after a restart, without network', async () => {
    await data.close();
    server.serve({});
    data = open();
    await data.start(custom('/c.csv'));
    expect(country('5.3.0.1')).toBe('DE');
    expect(server.asked).toEqual([]);
    expect(data.status().nextAt).toBe(START + 24 * HOUR);
  });

  it('is looked at again when its time has come, and listeners hear of new data', async () => {
    let changes = 0;
    data.onChange(() => changes++);
    server.serve({ '/c.csv': content(csv('FR', 20), '"2"') });
    clock.forward(23 * HOUR);
    expect(server.asked).toEqual([]);
    clock.forward(HOUR);
    await settled();
    expect([country('5.3.0.1'), changes]).toEqual(['FR', 1]);
  });

  const failures: [what: string, answer: Answer, code: string, says: RegExp][] = [
    ['500', status(500), 'geo-http-status', /c\.csv could not be fetched: the server answered 500/],
    ['403', status(403), 'geo-unauthorised', /answered 403/],
    [
      'a redirect loop',
      (_, response) => void response.writeHead(302, { location: '/c.csv' }).end(),
      'geo-redirect',
      /redirects/,
    ],
    [
      'a body that stops in the middle',
      (_, response) => void response.writeHead(200, { 'content-length': 9999 }).write('5.0', () => response.destroy()),
      'geo-truncated',
      /before the answer was complete/,
    ],
    ['a server that says nothing', () => {}, 'geo-timeout', /silent for 0\.3 s/],
    [
      'too much',
      (_, response) => void response.writeHead(200, { 'content-length': 10 ** 9 }).end(),
      'geo-too-large',
      /1000000000 bytes/,
    ],
    [
      'a page for people',
      content('<html><body>Please log in</body></html>', '"x"'),
      'geo-unknown-format',
      /c\.csv begins with "<html>/,
    ],
    [
      'half of the ranges',
      content(csv('DE', 10), '"x"'),
      'geo-shrunk',
      /10 IPv4 ranges, those in use 20: 50\.0 % fewer/,
    ],
    ['no IPv6', content(csv('DE', 20, { v6: false }), '"x"'), 'geo-family-lost', /nothing about IPv6/],
    [
      'as many ranges, but smaller',
      content(csv('DE', 20).replaceAll('/24', '/28'), '"x"'),
      'geo-shrunk',
      /320 IPv4 addresses, those in use 5120: 93\.8 % fewer/,
    ],
    ['an unknown country', content(csv('QQ', 20), '"x"'), 'geo-bad-lines', /"QQ" is no country code/],
  ];
  it.each(failures)(
    '%s: the data in use stay, the event says why, nothing is left on disk',
    async (_what, answer, code, says) => {
      server.serve({ '/c.csv': answer });
      await expect(data.update()).rejects.toMatchObject({ code });
      expect(country('5.3.0.1')).toBe('DE');
      expect(data.status().problem).toMatchObject({ code, at: START, since: START });
      expect(data.status().problem!.text).toMatch(says);
      expect(events.at(-1)).toMatchObject({ level: 'warning', code });
      expect(leftOver()).toEqual([]);
      // The next start has them too.
      await data.close();
      data = open();
      await data.start(custom('/c.csv'));
      expect(country('5.3.0.1')).toBe('DE');
    },
  );

  it('failures are tried again after 1, 2, 4 … minutes, are one event, and are over when it works', async () => {
    server.serve({ '/c.csv': status(500) });
    await settled();
    const waits: number[] = [];
    for (let i = 0; i < 5; i++) {
      const wait = data.status().nextAt! - clock.at;
      waits.push(wait / 60_000);
      const asked = server.asked.length;
      clock.forward(wait);
      // The retry is in hand; the next turn begins when it has ended.
      await data.use(custom('/c.csv'));
      expect(server.asked.length).toBe(asked + 1);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16]);
    expect(events.filter((event) => event.code === 'geo-http-status')).toHaveLength(1);
    server.serve({ '/c.csv': content(csv('FR', 20), '"2"') });
    expect(await data.update()).toBe(true);
    expect(data.status()).toMatchObject({ problem: null, nextAt: clock.at + 24 * HOUR });
  });

  it('smaller data are taken when the loss is meant', async () => {
    server.serve({ '/c.csv': content(csv('FR', 2), '"2"') });
    expect(await data.update({ acceptLoss: true })).toBe(true);
    expect([country('5.1.0.1'), country('5.3.0.1')]).toEqual(['FR', null]);
  });

  it('a damaged copy on disk is not used: the embedded data are', async () => {
    await data.close();
    const path = join(directory, 'geo', 'countries.tables');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(path, bytes);
    data = open();
    await data.start(custom('/nowhere.csv'));
    expect(country('5.9.0.1')).toBe('DE');
    expect(data.status().inUse!.provider).toBe('embedded');
  });
});

describe('files', () => {
  it('of the policy are read, and read again only when they have changed', async () => {
    const path = file('c.csv', csv('DE', 20));
    await data.start({ ...SETTINGS, provider: 'custom', file: path });
    expect(await data.update()).toBe(true);
    expect(await data.update()).toBe(false);
    writeFileSync(path, csv('FR', 21));
    expect([await data.update(), country('5.3.0.1')]).toEqual([true, 'FR']);
  });

  it('given by hand are compared with the data in use, whatever provider those are of', async () => {
    await data.start(SETTINGS);
    const path = file('c.csv', csv('DE', 20));
    await expect(data.update({ file: path })).rejects.toMatchObject({ code: 'geo-shrunk' });
    // A refused file says nothing about the provider.
    expect(data.status().problem).toBeNull();
    expect(await data.update({ file: path, acceptLoss: true })).toBe(true);
    expect([country('5.3.0.1'), country('8.8.8.8')]).toEqual(['DE', null]);
    expect(await data.update()).toBe(true);
    expect([country('8.8.8.8'), data.status().inUse!.provider]).toEqual(['US', 'embedded']);
  });

  it('that are not there or are directories', async () => {
    await data.start(SETTINGS);
    await expect(data.update({ file: '/nowhere.csv' })).rejects.toMatchObject({ code: 'geo-file-missing' });
    await expect(data.update({ file: '/' })).rejects.toMatchObject({ code: 'geo-file-missing' });
  });

  it('that cannot be kept on disk are in use all the same, and that is said', async () => {
    await data.start(SETTINGS);
    mkdirSync(join(directory, 'geo', 'countries.tables'), { recursive: true });
    expect(await data.update({ file: file('c.csv', csv('DE', 20)), acceptLoss: true })).toBe(true);
    expect(country('5.3.0.1')).toBe('DE');
    expect(events.map((event) => event.code)).toEqual(['geo-not-saved', 'geo-updated']);
  });
});

describe('MaxMind', () => {
  const header = 'network,geoname_id,registered_country_geoname_id\n';
  const zip = zipSync({
    'x/GeoLite2-Country-Blocks-IPv4.csv': Buffer.from(`${header}5.0.0.0/24,1,1\n`),
    'x/GeoLite2-Country-Blocks-IPv6.csv': Buffer.from(`${header}2a00::/32,1,1\n`),
    'x/GeoLite2-Country-Locations-en.csv': Buffer.from('geoname_id,locale_code,country_iso_code\n1,en,DE\n'),
  });
  const asn = zipSync({
    'y/GeoLite2-ASN-Blocks-IPv4.csv': Buffer.from(
      'network,autonomous_system_number,autonomous_system_organization\n5.0.0.0/24,64500,"Example, Inc."\n',
    ),
  });
  const sum = (bytes: Uint8Array) => `${createHash('sha256').update(bytes).digest('hex')}  GeoLite2.zip\n`;
  const base = '/geoip/databases/GeoLite2';
  const answers = (checksum = sum(zip)) => ({
    [`${base}-Country-CSV/download?suffix=zip`]: ((_, response) =>
      void response.writeHead(302, { location: '/elsewhere' }).end()) as Answer,
    '/elsewhere': content(zip, '"z"'),
    [`${base}-Country-CSV/download?suffix=zip.sha256`]: content(checksum, '"s"'),
    [`${base}-ASN-CSV/download?suffix=zip`]: content(asn, '"a"'),
    [`${base}-ASN-CSV/download?suffix=zip.sha256`]: content(sum(asn), '"t"'),
  });
  const settings = (): CountryDataSettings => ({
    ...SETTINGS,
    provider: 'maxmind',
    accountId: '42',
    licenceKeyFile: file('key', 'secret_key\n'),
  });

  it('countries and networks, with account and key, each file against its checksum', async () => {
    server.serve(answers());
    await data.start(settings());
    await settled();
    expect(data.status().problem).toBeNull();
    expect(data.lookup(parseAddress('5.0.0.7')!)).toEqual({ country: 'DE', asn: 64500, network: 'Example, Inc.' });
    expect(server.headers[0].authorization).toBe(`Basic ${Buffer.from('42:secret_key').toString('base64')}`);
    expect(data.status().attribution).toMatch(/GeoLite2 Data created by MaxMind/);
    // The networks too are there after a restart.
    await data.close();
    data = open();
    await data.start(settings());
    expect(data.lookup(parseAddress('5.0.0.7')!)).toMatchObject({ asn: 64500 });
  });

  it('a mmdb in tar.gz, when the URL says so', async () => {
    const mmdb = writeMmdb([
      ['5.0.0.0/24', { country: { iso_code: 'DE' } }],
      ['2a00::/32', { country: { iso_code: 'DE' } }],
    ]);
    const tar = gzipSync(createTar([{ name: 'x/GeoLite2-Country.mmdb', data: new Uint8Array(mmdb) }]));
    server.serve({
      [`${base}-Country/download?suffix=tar.gz`]: content(tar, '"m"'),
      [`${base}-Country/download?suffix=tar.gz.sha256`]: content(sum(tar), '"s"'),
    });
    await data.start({ ...settings(), url: `${server.origin}${base}-Country/download?suffix=tar.gz` });
    await settled();
    expect([data.status().problem, country('5.0.0.7'), data.status().inUse!.source]).toEqual([
      null,
      'DE',
      'GeoLite2-Country',
    ]);
  });

  it('a wrong checksum: nothing is taken', async () => {
    server.serve(answers(sum(asn)));
    await data.start(settings());
    await expect(data.update()).rejects.toMatchObject({ code: 'geo-checksum' });
    expect(data.status().inUse!.provider).toBe('embedded');
    expect(leftOver()).toEqual([]);
  });

  it('without a key nothing is asked; no message holds one', async () => {
    server.serve({});
    await data.start({ ...settings(), licenceKeyFile: '/nowhere/key' });
    await expect(data.update()).rejects.toMatchObject({ code: 'geo-key-missing' });
    expect(server.asked).toEqual([]);
    await data.use({ ...settings(), url: `${server.origin}/secret_key.zip?suffix=zip` });
    server.serve({ '/secret_key.zip?suffix=zip': status(401) });
    await settled();
    expect(data.status().problem).toMatchObject({ code: 'geo-unauthorised' });
    expect(JSON.stringify([events.filter((event) => /Basic|42:/.test(event.text)), data.status()])).not.toMatch(
      /42:secret|@127/,
    );
  });
});

describe('DB-IP', () => {
  it('this month’s files; last month’s while there are none', async () => {
    const gz = (text: string) => gzipSync(text);
    server.serve({
      '/free/dbip-country-lite-2026-05.csv.gz': content(gz('5.0.0.0,5.0.0.255,DE\n2a00::,2a00::ffff,DE\n'), '"c"'),
      '/free/dbip-asn-lite-2026-06.csv.gz': content(gz('5.0.0.0,5.0.0.255,64500,"Example, Inc."\n'), '"a"'),
    });
    await data.start({ ...SETTINGS, provider: 'dbip' });
    await settled();
    expect(data.lookup(parseAddress('5.0.0.7')!)).toEqual({ country: 'DE', asn: 64500, network: 'Example, Inc.' });
    expect(server.asked.slice(0, 3)).toEqual([
      '/free/dbip-country-lite-2026-06.csv.gz',
      '/free/dbip-country-lite-2026-05.csv.gz',
      '/free/dbip-asn-lite-2026-06.csv.gz',
    ]);
  });
});

it('a provider that has both families and sends one is refused, from the first time on', async () => {
  server.serve({
    '/free/dbip-country-lite-2026-06.csv.gz': content(gzipSync('5.0.0.0,5.0.0.255,DE\n'), '"c"'),
    '/free/dbip-asn-lite-2026-06.csv.gz': content(gzipSync('5.0.0.0,5.0.0.255,64500,x\n'), '"a"'),
  });
  await data.start({ ...SETTINGS, provider: 'dbip' });
  await settled();
  expect(data.status()).toMatchObject({ inUse: { provider: 'embedded' }, problem: { code: 'geo-family-lost' } });
});

describe('other settings', () => {
  it('another provider brings its data at once; the old ones stay until they are here', async () => {
    server.serve({ '/a.csv': content(csv('DE', 20), '"a"'), '/b.csv': status(500) });
    await data.start(custom('/a.csv'));
    await settled();
    await data.use(custom('/b.csv'));
    expect([country('5.3.0.1'), data.status().problem?.code]).toEqual(['DE', 'geo-http-status']);
    // Data of another source are other data: they may be smaller.
    server.serve({ '/b.csv': content(csv('FR', 3), '"b"') });
    await settled();
    expect([country('5.2.0.1'), country('5.3.0.1')]).toEqual(['FR', null]);
    await data.use(SETTINGS);
    expect([country('8.8.8.8'), data.status().nextAt]).toEqual(['US', null]);
  });

  it('end a download that is in hand', async () => {
    server.serve({ '/slow.csv': () => {}, '/b.csv': content(csv('FR', 3), '"b"') });
    await data.start(custom('/slow.csv'));
    const refused = expect(data.update()).rejects.toBeDefined();
    await data.use(custom('/b.csv'));
    await refused;
    expect([country('5.2.0.1'), data.status().problem, leftOver()]).toEqual(['FR', null, []]);
  });

  it('closing in the middle of a download ends it, and leaves no timer and no file', async () => {
    server.serve({ '/slow.csv': (_, response) => void response.writeHead(200).write('5.0.0.0/24,DE\n') });
    await data.start(custom('/slow.csv'));
    const update = data.update();
    const refused = expect(update).rejects.toBeDefined();
    await data.close();
    await refused;
    expect(leftOver()).toEqual([]);
    expect(events).toEqual([]);
  });
});
