/** What other tools print: their real output (`fixtures/README.md`), and what it may be cut or turned into. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FileEntry, ListFormat, ReadOptions } from './entry.ts';
import { ListReader, readList } from './list-reader.ts';

const NOW = Date.UTC(2026, 10, 22, 19, 13);
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const read = (file: string | Uint8Array, options: Partial<ReadOptions> = {}) =>
  readList(typeof file === 'string' ? Buffer.from(file) : file, { list: 'deny', now: NOW, ...options });
/** `address · comment · how long it lasts`: seconds, `for good` or `not said`. */
const brief = (file: string | Uint8Array, options: Partial<ReadOptions> = {}) =>
  read(file, options).entries.map(({ address, comment, until }) => {
    const left = until === undefined ? 'not said' : until === null ? 'for good' : `${(until - NOW) / 1000} s`;
    return `${address} · ${comment} · ${left}`;
  });

const IPSET = [
  '192.0.2.2 · with \\backslash, comma · for good',
  '192.0.2.1 · sip scanner · 3599 s',
  '192.0.2.3 · ipset: blacklist · 86399 s',
  '198.51.100.0/24 · ipset: nets · not said',
  '203.0.113.7 · ipset: nets · not said',
  '2001:db8::/32 · docs · not said',
  '192.0.2.10 · ipset: span · not said',
  '192.0.2.11 · ipset: span · not said',
  '192.0.2.12 · ipset: span · not said',
];
const NFT = (ms: string) => [
  `192.0.2.1 · scanner, {odd} · 3599${ms} s`,
  '192.0.2.77 · nft: blackhole · not said',
  '198.51.100.0/24 · nft: blackhole · not said',
  `203.0.113.5-203.0.113.9 · nft: blackhole · 183844${ms} s`,
  ...[200, 201, 202, 203, 204].map((n) => `192.0.2.${n} · nft: plain · not said`),
  '192.0.2.6 · nft: six · not said',
  '2001:db8::/32 · nft: six · not said',
  '2001:db9::1-2001:db9::ff · nft: six · not said',
  `192.0.2.50 · nft: dyn · 599${ms === '' ? '' : '.932'} s`,
  '192.0.2.123 · nft: tof · not said',
];
const BANNED = (jail: string, end: string) =>
  ['192.0.2.1', '192.0.2.2', '198.51.100.0/24', '2001:db8::5'].map((address) => `${address} · ${jail} · ${end}`);

describe('recognised by content', () => {
  test.each<[name: string, format: ListFormat, entries: string[]]>([
    ['ipset-save.txt', 'ipset', IPSET],
    ['ipset-list.txt', 'ipset', IPSET],
    ['nft-ruleset.txt', 'nft', NFT('.928')],
    ['nft-ruleset-json.txt', 'nft-json', NFT('')],
    ['fail2ban-status.txt', 'fail2ban', BANNED('fail2ban: asterisk', 'not said')],
    [
      'fail2ban-banned.txt',
      'fail2ban',
      ['203.0.113.9 · fail2ban: sshd · not said', ...BANNED('fail2ban: asterisk', 'not said')],
    ],
    ['fail2ban-banip.txt', 'fail2ban', BANNED('fail2ban', 'not said')],
    ['fail2ban-banip-with-time.txt', 'fail2ban', [...BANNED('fail2ban', '554 s'), '203.0.113.9 · fail2ban · for good']],
  ])('%s', (name, format, entries) => {
    expect(read(fixture(name)).format).toBe(format);
    expect(brief(fixture(name))).toEqual(entries);
    expect(read(fixture(name)).fatal).toBeNull();
  });

  test.each<[what: string, file: string, format: ListFormat, addresses: string[]]>([
    [
      'ipset save without its create lines',
      'add bad 192.0.2.1\nadd bad 192.0.2.0/24 timeout 5\n',
      'ipset',
      ['192.0.2.1', '192.0.2.0/24'],
    ],
    [
      'a script for nft',
      '#!/usr/sbin/nft -f\nflush ruleset\nadd element inet t s { 192.0.2.1, 192.0.2.2 - 192.0.2.9 timeout 1h }\n',
      'nft',
      ['192.0.2.1', '192.0.2.2-192.0.2.9'],
    ],
    [
      'one set of nft',
      'table ip6 t {\n set s {\n  type ipv6_addr\n  elements = { 2001:db8::1 }\n }\n}\n',
      'nft',
      ['2001:db8::1'],
    ],
    ['a fail2ban with no bans', '[]\n', 'fail2ban', []],
    [
      'fail2ban: one jail with one ban',
      'Status for the jail: a\n`- Actions\n   `- Banned IP list:\t192.0.2.1\n',
      'fail2ban',
      ['192.0.2.1'],
    ],
    [
      'fail2ban: the last line alone',
      '   `- Banned IP list:\t192.0.2.1 192.0.2.2\n',
      'fail2ban',
      ['192.0.2.1', '192.0.2.2'],
    ],
    ['set names that are commands of nft', 'add table 192.0.2.1\n', 'ipset', ['192.0.2.1']],
  ])('%s', (_, file, format, addresses) => {
    const result = read(file);
    expect([result.format, result.entries.map(({ address }) => address)]).toEqual([format, addresses]);
    expect(result.problems).toEqual([]);
  });
});

describe('what is no entry for all ports is refused, what holds no addresses is passed over', () => {
  test('ipset', () => {
    const { problems, notes } = read(fixture('ipset-save.txt'));
    expect(problems.map(({ line, code, value }) => `${line} ${code} ${value}`)).toEqual([
      '7 exception 198.51.100.128/25',
      '12 port-in-entry 192.0.2.9,udp:5060',
      '20 port-in-entry 192.0.2.0/24,eth0',
    ]);
    expect(notes.map(({ code, value }) => `${code} ${value}`)).toEqual(['set-skipped ports', 'set-skipped all']);
  });

  test.each(['nft-ruleset.txt', 'nft-ruleset-json.txt'])('%s: rules, maps and anonymous sets are not read', (name) => {
    const { problems, notes } = read(fixture(name));
    expect(problems).toEqual([]);
    expect(notes.map(({ code, value }) => `${code} ${value}`)).toEqual([
      'ipv4-mapped ::ffff:192.0.2.6',
      'set-skipped ports',
      'set-skipped pairs',
    ]);
  });

  test('combinations in a script', () => {
    const { problems } = read('add element inet t s { 192.0.2.1 . 5060, 192.0.2.2 }\n');
    expect(problems).toMatchObject([{ line: 1, code: 'port-in-entry', value: '192.0.2.1 . 5060' }]);
  });
});

test.each([
  'ipset-save.txt',
  'ipset-list.txt',
  'nft-ruleset.txt',
  'nft-ruleset-json.txt',
  'fail2ban-status.txt',
  'fail2ban-banned.txt',
  'fail2ban-banip-with-time.txt',
])('%s is the same in two pieces, wherever it is cut', (name) => {
  const file = fixture(name);
  const whole = read(file);
  for (let cut = 0; cut <= file.length; cut++) {
    const entries: FileEntry[] = [];
    const reader = new ListReader({ list: 'deny', now: NOW, format: whole.format! }, (entry) => entries.push(entry));
    reader.push(file.subarray(0, cut));
    reader.push(file.subarray(cut));
    expect({ ...reader.end(), entries }).toEqual(whole);
  }
});

test('the JSON of nft is read as JSON.parse reads it, whatever stands around and inside', () => {
  const address = fc.oneof(
    fc.ipV4(),
    fc.record({ prefix: fc.record({ addr: fc.constant('192.0.2.0'), len: fc.integer({ min: 24, max: 32 }) }) }),
  );
  const element = fc.oneof(
    address,
    fc.record({
      elem: fc.record({
        val: address,
        comment: fc.string({ unit: 'binary', maxLength: 8 }),
        counter: fc.object({ maxDepth: 2 }),
      }),
    }),
  );
  const noise = fc.record({ name: fc.string(), other: fc.jsonValue() });
  const set = fc
    .tuple(noise, fc.array(element, { maxLength: 5 }), noise)
    .map(([before, elem, after]) => ({ set: { before, name: 's', type: 'ipv4_addr', elem, after } }));
  const objects = fc.array(fc.oneof(set, noise), { maxLength: 5 });
  fc.assert(
    fc.property(objects, fc.nat(2), (nftables, indent) => {
      const { entries, counts, fatal, format } = read(JSON.stringify({ nftables }, null, indent), {
        allowWide: true,
        format: 'nft-json',
      });
      const all = nftables.flatMap((object) => ('set' in object ? object.set.elem : []));
      expect([fatal, format, counts.records]).toEqual([null, 'nft-json', all.length]);
      const comments = all.map((one) => (typeof one === 'object' && 'elem' in one ? one.elem.comment : 'nft: s'));
      for (const { line, comment } of entries) expect(comment).toBe(comments[line - 1]);
    }),
    { numRuns: 200 },
  );
});

describe('several sets in one output', () => {
  test('are counted by name, and one of them can be asked for', () => {
    const { sets } = read(fixture('nft-ruleset.txt'));
    expect(sets.map(({ name, records }) => `${name} ${records}`)).toEqual([
      'blackhole 4',
      'plain 5',
      'six 3',
      'dyn 1',
      'tof 1',
    ]);
    for (const name of ['nft-ruleset.txt', 'nft-ruleset-json.txt'])
      expect(read(fixture(name), { sets: ['dyn'] }).entries.map(({ address }) => address)).toEqual(['192.0.2.50']);
    expect(read(fixture('ipset-save.txt'), { sets: ['nets6'] }).entries.map(({ address }) => address)).toEqual([
      '2001:db8::/32',
    ]);
    expect(brief(fixture('fail2ban-banned.txt'), { sets: ['sshd'] })).toEqual([
      '203.0.113.9 · fail2ban: sshd · not said',
    ]);
  });
});

describe('damaged output', () => {
  test.each<[what: string, file: string, problem: string]>([
    ['nft cut off inside a set', fixture('nft-ruleset.txt').toString().slice(0, 300), 'file-broken'],
    ['nft -j cut off', fixture('nft-ruleset-json.txt').toString().slice(0, 800), 'file-broken'],
    ['JSON of something else', '{"nftables": 5}', 'file-broken'],
    ['JSON with too many brackets', `{"nftables": ${'['.repeat(100_000)}`, 'file-broken'],
    [
      'an element of 10 MB',
      `{"nftables": [{"set": {"type": "ipv4_addr", "elem": ["${'1'.repeat(10_000_000)}"]}}]}`,
      'file-broken',
    ],
    ['a line that ipset does not print', 'create s hash:ip\nadd s 192.0.2.1\nhello\n', 'file-broken'],
    ['a ban with half a time', '192.0.2.1 \t2026-11-22 19:12:14 + 600 = 2026\n', 'time-invalid'],
    ['an address that is none', 'create s hash:ip\nadd s 192.0.2.300\n', 'address-invalid'],
    ['a comment of nft that is no text', 'add element inet t s { 192.0.2.1 comment "\0" }\n', 'encoding-invalid'],
    ['braces without end', `add element inet t s ${'{'.repeat(100_000)}`, 'file-broken'],
  ])('%s', (_, file, code) => {
    expect(read(file).problems.map((p) => p.code)).toContain(code);
  });

  test('a word of 10 MB is one bad address', () => {
    const { problems, entries } = read(`add element inet t s { 192.0.2.1, ${'9'.repeat(10_000_000)}, 192.0.2.2 }`);
    expect(entries.map(({ address }) => address)).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(problems).toMatchObject([{ code: 'address-invalid', value: `${'9'.repeat(60)}…` }]);
  });
});

test('a timeout that leads beyond every calendar is no end', () => {
  expect(brief('add element inet t s { 192.0.2.1 timeout 999999w }\n')).toEqual(['192.0.2.1 · nft: s · for good']);
});

describe('when the output was made', () => {
  test('remaining times count from there; what has ended since is not added', () => {
    const later = { now: NOW + 3_600_000, writtenAt: NOW };
    const { entries, notes } = read(fixture('ipset-save.txt'), later);
    expect(entries.some(({ address }) => address === '192.0.2.1')).toBe(false);
    expect(entries.find(({ address }) => address === '192.0.2.3')?.until).toBe(NOW + 86_399_000);
    expect(notes.filter(({ code }) => code === 'over').map(({ value }) => value)).toEqual(['192.0.2.1']);
  });

  test.each([
    ['ipset', 'create b hash:ip timeout 600\nadd b 192.0.2.1 timeout 300\n'],
    ['nft', 'table inet x {\n set s {\n type ipv4_addr\n elements = { 192.0.2.1 timeout 1h expires 5m }\n }\n}\n'],
  ])('file systems count in nanoseconds, entries in milliseconds: %s', (_format, text) => {
    expect(read(text, { now: NOW, writtenAt: NOW - 0.75 }).entries).toMatchObject([{ until: NOW + 299_999 }]);
  });

  test('fail2ban prints the clock on the wall', () => {
    const wallClock: ReadOptions['wallClock'] = (year, month, ...rest) =>
      Date.UTC(year, month - 1, ...rest) + 3_600_000;
    expect(brief(fixture('fail2ban-banip-with-time.txt'), { wallClock })[0]).toBe('192.0.2.1 · fail2ban · 4154 s');
  });
});

test('the same address twice on one line', () => {
  const { counts, notes } = read('192.0.2.1 192.0.2.1 192.0.2.2\n', { format: 'fail2ban' });
  expect(counts).toEqual({ lines: 1, records: 3, entries: 2, duplicates: 1, over: 0, refused: 0 });
  expect(notes).toMatchObject([{ line: 1, code: 'duplicate' }]);
});

test('settings are no list, and said to be settings', () => {
  const { format, fatal } = read('# sipprot\nmonit_period = 60\nhit_count = 5\n');
  expect([format, fatal?.code]).toEqual(['sipprot', 'settings-file']);
});

test('a format that was asked for is not guessed', () => {
  expect(brief('192.0.2.1 192.0.2.2\n', { format: 'fail2ban' })).toHaveLength(2);
  expect(read('192.0.2.1 192.0.2.2\n', { format: 'plain' })).toMatchObject({
    format: 'plain',
    counts: { entries: 0, refused: 1 },
  });
});
