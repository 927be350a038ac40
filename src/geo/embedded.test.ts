/** The data that Ringfence brings, and Debian's: whole files, as they are. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAddress } from '../core/base/address.ts';
import { countRanges, holds } from '../core/base/packed-ranges.ts';
import { compile } from './compile.ts';
import { CountryData } from './country-data.ts';
import { CountryTable } from './country-table.ts';
import { IPFIRE_FILES, ORIGINS } from './sources.ts';
import { encodeTable, readTable } from './table-file.ts';
import { EmbeddedData } from './embedded.ts';

const directory = mkdtempSync(join(tmpdir(), 'ringfence-geo-'));
const data = new CountryData({ directory });
beforeAll(() => data.start());
afterAll(async () => {
  await data.close();
  rmSync(directory, { recursive: true, force: true });
});

describe('the embedded data', () => {
  /** Networks of one holder for decades; no data set disagrees about them. */
  const known: [address: string, country: string | null, asn: number | null, network: RegExp | null][] = [
    ['8.8.8.8', 'US', 15169, /Google/],
    ['5.9.0.1', 'DE', 24940, /Hetzner/],
    ['202.112.0.36', 'CN', 4538, null],
    ['5.255.255.70', 'RU', 13238, /Y(andex|ANDEX)/],
    ['2001:4860:4860::8888', 'US', 15169, /Google/],
    ['2a02:6b8::2:242', 'RU', 13238, /Y(andex|ANDEX)/],
    ['10.1.2.3', null, null, null],
    ['fe80::1', null, null, null],
    // The registry counts this one to Australia; it is nobody's.
    ['203.0.113.7', null, null, null],
    ['2001:db8::1', null, null, null],
  ];
  it.each(known)('%s is in %s', async (text, country, asn, network) => {
    // Networks are compiled behind the countries at a very first start.
    await data.update();
    const place = data.lookup(parseAddress(text)!);
    expect(place.country).toBe(country);
    expect(place.asn).toBe(asn);
    if (network) expect(place.network).toMatch(network);
  });

  it('know every country in both families, in the memory that is promised', () => {
    const { inUse, problem } = data.status();
    expect(problem).toBeNull();
    expect(inUse!.countries).toBeGreaterThan(240);
    expect(inUse!.rangesV4).toBeGreaterThan(300_000);
    expect(inUse!.rangesV6).toBeGreaterThan(200_000);
    expect(inUse!.bytes).toBeLessThan(20_000_000);
  });

  it('an allow-only rule for one country leaves it open, and special addresses, and nothing else', () => {
    const blocked = data.blocked({ mode: 'allow', list: ['DE'], unknown: 'block' });
    const isBlocked = (text: string) => holds(blocked, parseAddress(text)!);
    expect(['5.9.0.1', '10.0.0.1', 'fe80::1', '::1'].map(isBlocked)).toEqual([false, false, false, false]);
    expect(['8.8.8.8', '203.0.113.7', '2a02:6b8::2:242', '2001:db8::1'].map(isBlocked)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    // Aggregated: far fewer than the half million rows of the file.
    expect(countRanges(blocked)).toBeLessThan(60_000);
  });

  it('compile to the same bytes each time, and the file that is kept holds them', async () => {
    const folder = dirname(
      createRequire(import.meta.url).resolve('@ip-location-db/geo-whois-asn-country/package.json'),
    );
    const files = [4, 6].map((family) => {
      const name = `geo-whois-asn-country-ipv${family}.csv`;
      return { name, bytes: readFileSync(join(folder, name)) };
    });
    const [once, again] = [1, 2].map(() => {
      const { countries, rows } = compile(files);
      const provenance = { provider: 'x', source: 'x', identity: 'x', made: null, loaded: 0, rows };
      return Buffer.concat(encodeTable({ provenance, segments: countries!, names: null }));
    });
    expect(once.equals(again)).toBe(true);
    const kept = await new EmbeddedData(directory).countries();
    expect(Buffer.concat(encodeTable(kept)).length).toBeGreaterThan(5_000_000);
    const version = /"version": "([^"]+)"/.exec(readFileSync(join(folder, 'package.json'), 'utf8'))![1];
    const path = join(folder, '..', '..', '.cache', 'ringfence', `countries-${version}-1.tables`);
    const file = existsSync(path) ? path : join(directory, 'geo', `countries-${version}-1.tables`);
    expect(Buffer.concat(encodeTable(readTable(file)!)).equals(readFileSync(file))).toBe(true);
  });
});

describe('IPFire’s location data, as Debian’s tor-geoipdb installs them', () => {
  // Unpacked by scripts/fetch-tor-geoipdb.sh, unless the package itself is installed.
  const unpacked = join(import.meta.dirname, '../../node_modules/.cache/ringfence/tor-geoipdb', ORIGINS.ipfire);
  const folder = [ORIGINS.ipfire, unpacked].find((one) => existsSync(join(one, 'geoip6'))) ?? unpacked;
  const missing = IPFIRE_FILES.filter((name) => !existsSync(join(folder, name)));
  it('are on this machine: scripts/fetch-tor-geoipdb.sh', () => expect(missing).toEqual([]));

  it.skipIf(missing.length > 0)('agree with the embedded ones about nearly all addresses', async () => {
    const files = IPFIRE_FILES.map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
    const table = CountryTable.of(compile(files).countries!);
    expect(table.sizes.length).toBeGreaterThan(240);
    let [same, both] = [0, 0];
    // Every 65,537th IPv4 address: all of the space, never twice the same end.
    for (let w3 = 0; w3 < 2 ** 32; w3 += 65_537) {
      const address = { w0: 0, w1: 0, w2: 0xffff, w3 };
      const [a, b] = [table.country(address), data.lookup(address).country];
      if (a === null || b === null) continue;
      both++;
      if (a === b) same++;
    }
    expect(both).toBeGreaterThan(50_000);
    expect(same / both).toBeGreaterThan(0.95);
  });

  it.skipIf(missing.length > 0)('are a provider like the others', async () => {
    const ipfire = new CountryData({
      directory: mkdtempSync(join(directory, 'ipfire-')),
      origins: { ...ORIGINS, ipfire: folder },
    });
    const settings = { url: '', file: '', accountId: '', licenceKeyFile: '', every: '7d', shrinkMax: 0.2 };
    await ipfire.start({ provider: 'ipfire', ...settings });
    await ipfire.update();
    expect(ipfire.status()).toMatchObject({ inUse: { provider: 'ipfire' }, problem: null });
    expect(ipfire.lookup(parseAddress('5.9.0.1')!)).toMatchObject({ country: 'DE', asn: 24940 });
    await ipfire.close();
  });
});
