/**
 * Country data in use: loaded at the start, replaced when new ones are complete and plausible, kept in every other case. A real server, real
 * files, real processes that compile; only the clock is the test's.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { content, status, type Answer } from './testing/data-server.ts';

import {
  HOUR,
  SETTINGS,
  START,
  clock,
  country,
  csv,
  custom,
  data,
  directory,
  eachTest,
  events,
  file,
  leftOver,
  reopen,
  server,
  settled,
} from './testing/country-data-world.ts';

eachTest();

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
    reopen();
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
      reopen();
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
    reopen();
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
