/** Every form in which country data come, and what is no country data. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { createTar } from 'nanotar';
import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../core/base/address.ts';
import { compile } from '../compile.ts';
import { CountryTable } from '../country-table.ts';
import { NetworkTable } from '../network-table.ts';
import { writeMmdb, type Value } from '../testing/mmdb-writer.ts';
import { DataError } from './data-problem.ts';
import type { Member } from './unpack.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const file = (text: string | Uint8Array, name = 'data.csv'): Member => ({
  name,
  bytes: typeof text === 'string' ? bytes(text) : text,
});

/** `DE` or `-` for each address. */
function countries(files: Member[], ...addresses: string[]): string {
  const table = CountryTable.of(compile(files).countries!);
  return addresses.map((text) => table.country(parseAddress(text)!) ?? '-').join(' ');
}

function networks(files: Member[], ...addresses: string[]): string {
  const { segments, names } = compile(files).networks!;
  const table = new NetworkTable(segments, names);
  return addresses
    .map((text) => {
      const asn = table.asn(parseAddress(text)!);
      return asn === null ? '-' : `${asn} ${table.name(asn) ?? ''}`.trim();
    })
    .join(' | ');
}

describe('countries as text', () => {
  const cases: [what: string, text: string][] = [
    ['start, end, code (DB-IP, ip-location-db)', '1.0.0.0,1.0.0.255,AU\n2001:db8::,2001:db8::ffff,DE\n'],
    ['numbers (tor-geoipdb)', '# a comment\n16777216,16777471,AU\n2001:db8::,2001:db8::ffff,DE\n'],
    [
      'quoted numbers and names (IP2Location)',
      '"16777216","16777471","AU","Australia"\n"42540766411282592856903984951653826560","42540766411282592856903984951653892095","DE","Germany"\n',
    ],
    ['networks', '1.0.0.0/24,AU\n2001:db8::/112,DE\n'],
    ['code first', 'AU,1.0.0.0/24\nDE,2001:db8::/112\n'],
    ['ranges in one field', '1.0.0.0-1.0.0.255;AU\n2001:db8:: - 2001:db8::ffff;DE\n'],
    ['a header in any order', 'country_code,as_name,network\nAU,x,1.0.0.0/24\nDE,y,2001:db8::/112\n'],
    [
      'names beside codes (ipinfo)',
      'start_ip,end_ip,country,country_name\n1.0.0.0,1.0.0.255,AU,Australia\n2001:db8::,2001:db8::ffff,DE,Germany\n',
    ],
    ['small letters, CRLF, BOM, blank lines', '\ufeffnetwork,country\r\n\r\n1.0.0.0/24,au\r\n2001:db8::/112,de\r\n'],
    ['tabs', '1.0.0.0\t1.0.0.255\tAU\n2001:db8::\t2001:db8::ffff\tDE'],
    ['blanks', '1.0.0.0/24 AU\n2001:db8::/112 DE\n'],
    ['quotes with separators and line breaks inside', '"1.0.0.0/24","AU","a, ""b""\nc"\n"2001:db8::/112","DE","d"\n'],
  ];
  it.each(cases)('%s', (_what, text) => {
    expect(countries([file(text)], '1.0.0.0', '1.0.0.255', '1.0.1.0', '2001:db8::ffff', '2001:db8::1:0')).toBe(
      'AU AU - DE -',
    );
  });

  const codes: [written: string, country: string][] = [
    ['UK', 'GB'],
    ['AN', 'CW'],
    ['XK', 'XK'],
    ['EU', '-'],
    ['ZZ', '-'],
    ['??', '-'],
    ['', '-'],
  ];
  it.each(codes)('the code %s is %s', (written, country) => {
    expect(countries([file(`1.0.0.0,1.0.0.255,${written}\n1.0.1.0,1.0.1.255,DE\n`)], '1.0.0.1', '1.0.1.1')).toBe(
      `${country} DE`,
    );
  });

  it('of nested ranges the inner one counts, in whatever order they stand', () => {
    const text = '1.1.1.0/24,DE\n1.0.0.0/8,US\n1.1.0.0/16,FR\n';
    expect(countries([file(text)], '1.0.0.1', '1.1.0.1', '1.1.1.1', '1.1.2.1', '1.2.0.0')).toBe('US FR DE FR US');
  });

  it('the same bytes compile to the same tables', () => {
    const text = '5.0.0.0/8,DE\n1.0.0.0/8,US\n2001:db8::/32,FR\n';
    expect(compile([file(text)])).toEqual(compile([file(text)]));
  });
});

describe('MaxMind’s CSV: networks name places, places name countries', () => {
  const blocks =
    'network,geoname_id,registered_country_geoname_id,represented_country_geoname_id,is_anonymous_proxy,is_satellite_provider,is_anycast\n';
  const places =
    'geoname_id,locale_code,continent_code,continent_name,country_iso_code,country_name,is_in_european_union\n';
  const zip = zipSync({
    'GeoLite2-Country-CSV_20260616/COPYRIGHT.txt': bytes('Database and Contents Copyright (c)'),
    'GeoLite2-Country-CSV_20260616/GeoLite2-Country-Blocks-IPv4.csv': bytes(
      `${blocks}1.0.0.0/24,2077456,2077456,,0,0,\n1.0.1.0/24,,2921044,,0,0,\n1.0.2.0/24,6255148,6255148,,0,0,\n`,
    ),
    'GeoLite2-Country-CSV_20260616/GeoLite2-Country-Blocks-IPv6.csv': bytes(
      `${blocks}2001:db8::/112,2921044,2921044,,0,0,\n`,
    ),
    'GeoLite2-Country-CSV_20260616/GeoLite2-Country-Locations-de.csv': bytes(
      `${places}2921044,de,EU,Europa,XX,kaputt,1\n`,
    ),
    'GeoLite2-Country-CSV_20260616/GeoLite2-Country-Locations-en.csv': bytes(
      `${places}2921044,en,EU,Europe,DE,Germany,1\n2077456,en,OC,Oceania,AU,Australia,0\n6255148,en,EU,Europe,,,0\n`,
    ),
  });

  it('the place; without one, where it is registered; a continent is no country', () => {
    expect(countries([file(zip, 'x.zip')], '1.0.0.1', '1.0.1.1', '1.0.2.1', '2001:db8::1')).toBe('AU DE - DE');
  });

  it('together with the zip of networks', () => {
    const asn = zipSync({
      'GeoLite2-ASN-Blocks-IPv4.csv': bytes(
        'network,autonomous_system_number,autonomous_system_organization\n1.0.0.0/24,13335,"Cloudflare, ""Inc"""\n',
      ),
    });
    expect(networks([file(zip, 'x.zip'), file(asn, 'y.zip')], '1.0.0.1', '1.0.1.1')).toBe(
      '13335 Cloudflare, "Inc" | -',
    );
  });
});

describe('networks as text', () => {
  const cases: [what: string, text: string][] = [
    ['DB-IP, ip-location-db', '1.0.0.0,1.0.0.255,13335,"Cloudflare, Inc."\n'],
    ['with AS before the number', 'network,asn,as_name\n1.0.0.0/24,AS13335,"Cloudflare, Inc."\n'],
  ];
  it.each(cases)('%s', (_what, text) => {
    expect(networks([file(text)], '1.0.0.9', '1.0.1.0')).toBe('13335 Cloudflare, Inc. | -');
  });

  it('one file can say both (ipinfo)', () => {
    const text = 'network,country,country_code,asn,as_name\n1.0.0.0/24,Australia,AU,AS13335,Cloudflare\n';
    expect(countries([file(text)], '1.0.0.9')).toBe('AU');
    expect(networks([file(text)], '1.0.0.9')).toBe('13335 Cloudflare');
  });
});

describe('MaxMind databases', () => {
  const records: [string, Value][] = [
    ['1.0.0.0/24', { country: { iso_code: 'AU', names: { en: 'Australia' } } }],
    ['1.0.1.0/24', { registered_country: { iso_code: 'DE' } }],
    [
      '2001:db8::/112',
      { country: { iso_code: 'DE' }, autonomous_system_number: 64500, autonomous_system_organization: 'Net' },
    ],
    ['2a00::/12', { country_code: 'FR' }],
    ['2b00::/16', { country: 'UK', asn: 'AS64501', as_name: 'Other' }],
  ];
  const addresses = ['1.0.0.255', '1.0.1.0', '1.0.2.0', '2001:db8::ffff', '2001:db8::1:0', '2a0f::1', '2b00::1'];

  it.each([24, 28, 32] as const)('records of %i bits', (recordSize) => {
    const mmdb = writeMmdb(records, { recordSize });
    expect(countries([file(mmdb, 'x.mmdb')], ...addresses)).toBe('AU DE - DE - FR GB');
    expect(networks([file(mmdb, 'x.mmdb')], '2001:db8::1', '2b00::1', '1.0.0.1')).toBe('64500 Net | 64501 Other | -');
  });

  it('a tree of IPv4 alone', () => {
    const mmdb = writeMmdb(records.slice(0, 2), { ipVersion: 4 });
    expect(countries([file(mmdb)], '1.0.0.255', '1.0.1.0', '1.0.2.0', '2001:db8::1')).toBe('AU DE - -');
  });

  it('aliases of IPv4 are not counted as IPv6', () => {
    const mmdb = writeMmdb(records, {
      aliases: [
        ['2002::/16', '::/96'],
        ['::ffff:0:0:0/96', '::/96'],
      ],
    });
    expect(countries([file(mmdb)], ...addresses)).toBe('AU DE - DE - FR GB');
    expect(countries([file(mmdb)], '2002:100::1')).toBe('-');
  });

  it('packed as MaxMind does: a directory in tar.gz', () => {
    const tar = createTar([
      { name: 'GeoLite2-Country_20260616/LICENSE.txt', data: 'a licence' },
      { name: 'GeoLite2-Country_20260616/GeoLite2-Country.mmdb', data: new Uint8Array(writeMmdb(records)) },
    ]);
    expect(countries([file(gzipSync(tar), 'x.tar.gz')], ...addresses)).toBe('AU DE - DE - FR GB');
  });

  it('packed as DB-IP does: gzip', () => {
    expect(countries([file(gzipSync(writeMmdb(records)), 'x.mmdb.gz')], ...addresses)).toBe('AU DE - DE - FR GB');
  });
});

describe('what is no country data is refused, with the file, the line and what was expected', () => {
  const mmdb = writeMmdb([['1.0.0.0/24', { country: { iso_code: 'AU' } }]]);
  const endless = Buffer.from(mmdb);
  // Both sides of the second node point back to the first.
  endless.fill(0, 6, 12);
  const good = Array.from({ length: 999 }, (_, i) => `1.${i >> 8}.${i & 255}.0/24,DE`).join('\n');
  const cases: [what: string, data: Member, code: string, says: RegExp][] = [
    [
      'a log-in page',
      file('<!DOCTYPE html>\n<html><body>Log in</body></html>\n'),
      'geo-unknown-format',
      /data\.csv begins with "<!DOCTYPE html>"; expected CSV/,
    ],
    ['an empty file', file(''), 'geo-unknown-format', /data\.csv is empty/],
    ['addresses alone', file('192.0.2.1\n192.0.2.2\n'), 'geo-unknown-format', /begins with "192\.0\.2\.1"/],
    ['UTF-16', file(Buffer.from('network,country\n1.0.0.0/24,DE\n', 'utf16le')), 'geo-unknown-format', /expected CSV/],
    [
      'a wrong line',
      file('1.0.0.0/24,DE\n1.0.1.0/33,DE\n'),
      'geo-bad-lines',
      /data\.csv: 1 of 2 lines are wrong; line 2: "1\.0\.1\.0\/33" is no address range/,
    ],
    [
      'a code that is none',
      file('network,country\n1.0.0.0/24,DE\n1.0.1.0/24,QQ\n'),
      'geo-bad-lines',
      /line 3: "QQ" is no country code/,
    ],
    [
      'a name for a code',
      file('network,country\n1.0.0.0/24,Germany\n'),
      'geo-bad-lines',
      /line 2: "Germany" is no country code/,
    ],
    [
      'a field of 100 kB',
      file(`1.0.0.0/24,DE\n${'x'.repeat(100_000)},DE\n`),
      'geo-bad-lines',
      /line 2: "x{60}…" is no address/,
    ],
    ['ranges without a country', file('1.0.0.0/24,??\n'), 'geo-empty', /data\.csv holds no range with a country/],
    ['a cut gzip', file(gzipSync(good).subarray(0, 60), 'x.gz'), 'geo-damaged', /x\.gz is a damaged archive/],
    [
      'a cut zip',
      file(zipSync({ 'a.csv': bytes(good) }).subarray(0, 60), 'x.zip'),
      'geo-damaged',
      /x\.zip is a damaged archive/,
    ],
    [
      'a zip of other things',
      file(zipSync({ README: bytes('hello') }), 'x.zip'),
      'geo-unknown-format',
      /x\.zip\/README begins with "hello"/,
    ],
    ['a cut mmdb', file(mmdb.subarray(300), 'x.mmdb'), 'geo-damaged', /x\.mmdb is a damaged MaxMind database/],
    ['a tree without end', file(endless, 'x.mmdb'), 'geo-damaged', /deeper than its addresses|no end/],
    [
      'a place that no file names',
      file('network,geoname_id\n1.0.0.0/24,12\n'),
      'geo-bad-lines',
      /the place "12" is in no file of locations/,
    ],
  ];
  it.each(cases)('%s', (_what, data, code, says) => {
    let error: unknown = null;
    try {
      compile([data]);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) as string });
  });

  it('one slip in a thousand lines is passed over', () => {
    expect(countries([file(`${good}\nnonsense,DE\n`)], '1.0.0.1', '1.3.1.1')).toBe('DE DE');
  });

  it('an archive that unpacks to more than the bound', () => {
    const bomb = gzipSync(Buffer.alloc(4_000_000, '#'));
    expect(() => compile([file(bomb, 'x.gz')], 1_000_000)).toThrow(/x\.gz unpacks to more than 1 MiB/);
    const zip = zipSync({ 'a.csv': Buffer.alloc(4_000_000, '#') });
    expect(() => compile([file(zip, 'x.zip')], 1_000_000)).toThrow(/x\.zip unpacks to more than 1 MiB/);
  });
});

describe('whatever became of a file on its way, it is data or refused: nothing else is thrown', () => {
  const rows = Array.from({ length: 30 }, (_, i) => `5.${i}.0.0/16,DE,"a ""b"", c"`).join('\n');
  const records = Array.from({ length: 30 }, (_, i): [string, Value] => [
    `5.${i}.0.0/16`,
    { country: { iso_code: 'DE', names: { en: 'x'.repeat(i) } }, asn: i + 1 },
  ]);
  const whole: Record<string, Uint8Array> = {
    csv: bytes(rows),
    mmdb: writeMmdb(records),
    zip: zipSync({ 'a.csv': bytes(rows), 'b/c.csv': bytes(rows) }),
    tar: createTar([{ name: 'x/a.csv', data: rows }]),
    gz: gzipSync(rows),
  };
  const change = fc.tuple(fc.nat(1_000_000), fc.nat(255));
  it.each(Object.keys(whole))('%s', (name) => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), fc.option(fc.nat(1_000_000)), (changes, cut) => {
        const damaged = Uint8Array.from(whole[name]);
        for (const [at, byte] of changes) damaged[at % damaged.length] = byte;
        const given = cut === null ? damaged : damaged.slice(0, cut % damaged.length);
        try {
          compile([file(given, name)]);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 200 },
    );
  });
});

it('the writer of the tests writes what MaxMind’s own library reads', async () => {
  const { Reader } = await import('mmdb-lib');
  const reader = new Reader<never>(writeMmdb([['1.0.0.0/24', { country: { iso_code: 'AU' } }]], { recordSize: 28 }));
  expect(reader.get('1.0.0.77')).toEqual({ country: { iso_code: 'AU' } });
  expect(reader.get('1.0.1.0')).toBeNull();
});
