import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rangeProblem } from './address-text.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { nearest } from './nearest.ts';
import { formatPorts, mergePorts, parsePorts } from './ports.ts';

describe('durations', () => {
  test.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    ['2w', 1_209_600_000],
    ['1h30m', 5_400_000],
    ['1d12h', 129_600_000],
    ['0s', 0],
  ])('%s is %i ms', (text, ms) => expect(parseDuration(text)).toEqual({ ms }));

  // Each wrong text is answered with the right form, not with "invalid".
  test.each([
    ['', /empty: write 60s/],
    ['60', /60 has no unit: write 60s/],
    ['1.5h', /write 1h30m instead/],
    ['1h 30m', /no spaces/],
    ['-5m', /negative/],
    ['30m1h', /large to small/],
    ['5M', /lower case/],
    ['1y', /units are s, m, h, d and w/],
    ['soon', /units are/],
    ['9999999999999999999s', /100 years/],
    ['9'.repeat(100), /units are|no unit/],
  ])('%j is refused', (text, why) => expect(parseDuration(text)).toEqual({ problem: expect.stringMatching(why) }));

  test('what is formatted parses back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000_000_000 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds * 1000))).toEqual({ ms: seconds * 1000 });
      }),
    );
    expect(formatDuration(90 * 86_400_000)).toBe('90d');
  });
});

describe('port lists', () => {
  test.each([
    ['5060', '5060'],
    ['5060,5062,5070-5080', '5060,5062,5070-5080'],
    [' 5060 , 5070 - 5080 ', '5060,5070-5080'],
    ['1-65535', '1-65535'],
    // Compiled: sorted, overlapping and adjoining ranges made one, because the kernel's interval sets refuse overlaps.
    ['5070-5080,5060,5075-5090', '5060,5070-5090'],
    ['5060,5061,5062-5063', '5060-5063'],
    ['5060,5060', '5060'],
    ['1-65535,22', '1-65535'],
  ])('%j compiles to %s', (text, merged) => {
    const parsed = parsePorts(text);
    expect('ranges' in parsed && formatPorts(mergePorts(parsed.ranges))).toBe(merged);
  });

  // The bad piece is quoted and the right form shown.
  test.each([
    ['', /empty.*5060,5062,5070-5080/],
    ['5060-', /"5060-" has no last port: write 5060-5070 or 5060/],
    ['-5060', /"-5060" has no first port: write 1-5060 or 5060/],
    ['-', /"-" has no ports/],
    ['0', /"0": 0 is no port.*1 to 65535/],
    ['65536', /65536 is no port/],
    ['65535-', /write 65535-65535 or 65535/],
    ['5080-5070', /"5080-5070" runs backwards: write 5070-5080/],
    ['a', /"a" is no port/],
    ['5060,,5061', /between commas is empty/],
    ['5060;5061', /"5060;5061" is no port/],
    ['5060.5', /"5060.5" is no port/],
    ['5060-5070-5080', /is no port/],
    ['0x13c4', /is no port/],
    ['5060-,a,0', /"5060-".*"a".*"0"/],
    ['1,'.repeat(2000) + '1', /more than 1000 pieces/],
  ])('%j is refused', (text, why) => expect(parsePorts(text)).toEqual({ problem: expect.stringMatching(why) }));

  test('merging keeps exactly the same ports', () => {
    const port = fc.integer({ min: 1, max: 300 });
    const range = fc.tuple(port, port).map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 12 }), (ranges) => {
        const merged = mergePorts(ranges);
        const holds = (list: typeof ranges, p: number) => list.some((r) => r.first <= p && p <= r.last);
        for (let p = 0; p <= 301; p++) expect(holds(merged, p)).toBe(holds(ranges, p));
        for (let i = 1; i < merged.length; i++) expect(merged[i].first).toBeGreaterThan(merged[i - 1].last + 1);
      }),
    );
  });
});

describe('addresses', () => {
  test.each([
    '192.0.2.1',
    '192.0.2.0/24',
    '192.0.2.5/24',
    '192.0.2.1-192.0.2.9',
    '2001:db8::1',
    '2001:db8::/32',
    '0.0.0.0/0',
  ])('%s is fine', (text) => expect(rangeProblem(text)).toBeNull());

  test.each([
    ['300.1.1.1/40', /"300" is no octet: octets go from 0 to 255; an IPv4 prefix goes from 0 to 32, not "40"/],
    ['300.1.1.1', /"300" is no octet/],
    ['10.0.0.0/33', /IPv4 prefix goes from 0 to 32/],
    ['2001:db8::/129', /IPv6 prefix goes from 0 to 128/],
    ['10.0.0/8', /4 octets, not 3/],
    ['10.0.0.0.1', /4 octets, not 5/],
    ['010.0.0.1', /no leading zeros/],
    ['10..0.1', /an octet is empty/],
    ['10.0.0.0/255.0.0.0', /a length, not a mask/],
    ['10.0.0.0/', /prefix goes from 0 to 32, not ""/],
    ['10.0.0.9-10.0.0.1', /backwards: write 10.0.0.1-10.0.0.9/],
    ['10.0.0.1-2001:db8::1', /one family/],
    ['10.0.0.1-300.0.0.1', /"300" is no octet/],
    ['10.0.0.1-', /missing/],
    ['fe80::1%eth0', /no zone/],
    ['2001:db8:::1', /is no IPv6 address/],
    ['pbx.example.org', /names are not looked up/],
    ['', /empty/],
    [' 10.0.0.1', /no spaces/],
    ['/24', /missing/],
  ])('%j is refused', (text, why) => expect(rangeProblem(text)).toMatch(why));

  test('any text gives an answer', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => void rangeProblem(text)));
  });
});

test.each([
  ['treshold', 'threshold'],
  ['permanent_after', 'permanentAfter'],
  ['permanent-after', 'permanentAfter'],
  ['Mode', 'mode'],
  ['xyz', null],
  ['m'.repeat(10_000), null],
])('the nearest name to %j is %j', (name, expected) => {
  expect(nearest(name, ['mode', 'threshold', 'permanentAfter', 'for'])).toBe(expected);
});
