/** Providers with rules of their own: MaxMind, DB-IP, and whoever sends less than it has. */
import { createHash } from 'node:crypto';
import { zipSync } from 'fflate';
import { createTar } from 'nanotar';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../core/base/address.ts';
import { content, status, type Answer } from './testing/data-server.ts';
import { writeMmdb } from './testing/mmdb-writer.ts';
import type { CountryDataSettings } from './sources.ts';
import {
  country,
  SETTINGS,
  data,
  eachTest,
  events,
  file,
  leftOver,
  reopen,
  server,
  settled,
} from './testing/country-data-world.ts';

eachTest();

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
    reopen();
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
