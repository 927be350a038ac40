/** Settings, plans, and the parts that have rules of their own. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatRange, parseRange } from '../core/base/address.ts';
import { setAt } from '../policy/paths.ts';
import { defaultDocument } from '../policy/default-document.ts';
import type { FileEntry } from './entry.ts';
import { ImportPlan, type ListedEntry } from './import-plan.ts';
import { parseMoment } from './moment.ts';
import { PlainAddresses } from './plain-address.ts';
import { SeenAddresses } from './seen.ts';
import { readSipprot } from './sipprot.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

describe('sipprot.conf', () => {
  const read = (text: string) => readSipprot(new TextEncoder().encode(text), { now: NOW });

  test('its four settings become policy changes that the policy takes, each with its reason', () => {
    const { changes, problems } = read(
      '[sipprot]\nmonit_period = 60\nhit_count=30\nBLOCK_TIME: 3600 ; an hour\nblock_threshold 3\n',
    );
    expect(changes).toEqual([
      {
        line: 2,
        path: 'detect.register-bruteforce.window',
        value: '1m',
        why: 'monit_period = 60: bad registrations are counted over 1m (read as seconds)',
      },
      {
        line: 3,
        path: 'detect.register-bruteforce.threshold',
        value: '30',
        why: 'hit_count = 30: 30 bad registrations in that time block a source',
      },
      { line: 4, path: 'block.for', value: '1h', why: 'block_time = 3600: a block lasts 1h (read as seconds)' },
      {
        line: 5,
        path: 'block.permanentAfter',
        value: '3',
        why: 'block_threshold = 3: after 3 blocks the next one is permanent',
      },
    ]);
    expect(problems).toEqual([]);
    for (const { path, value } of changes) expect(setAt(defaultDocument, path, value)).not.toHaveProperty('errors');
  });

  test.each<[line: string, path: string, value: string]>([
    ['block_threshold = 0', 'block.permanentAfter', '0'],
    ['block_time = "2h"', 'block.for', '2h'],
    ['sip_ports = 5060:5062, 5080', 'ports.sip', '5060-5062,5080'],
    ['port=5060', 'ports.sip', '5060'],
    ['tcp-ports = 5060 5061', 'ports.sip.tcp', '5060,5061'],
    ['tftp_port = 69', 'ports.tftp', '69'],
  ])('%s', (line, path, value) => {
    const { changes } = read(`${line}\n`);
    expect(changes.map((c) => [c.path, c.value])).toEqual([[path, value]]);
    expect(setAt(defaultDocument, path, value)).not.toHaveProperty('errors');
  });

  test('block_threshold 0 says what it does', () => {
    expect(read('block_threshold=0\n').changes[0].why).toBe(
      'block_threshold = 0: no block becomes permanent by itself',
    );
  });

  test('addresses of its lists are entries', () => {
    const { allow, deny, problems } = read('whitelist = 192.0.2.1, 192.0.2.0/24\nblacklist = 198.51.100.1 0.0.0.0/0\n');
    expect(allow.map(({ address }) => address)).toEqual(['192.0.2.1', '192.0.2.0/24']);
    expect(deny.map(({ address }) => address)).toEqual(['198.51.100.1']);
    expect(problems).toMatchObject([{ line: 2, code: 'too-wide' }]);
  });

  test.each([
    ['hit_count = many', 'a whole number from 1 to 1000000'],
    ['hit_count = 0', 'a whole number from 1 to 1000000'],
    ['block_threshold = -1', 'a whole number from 0 to 1000'],
    ['monit_period = 0', 'seconds, or 90s, 5m, 1h, from 1s to 1d'],
    ['sip_ports = 70000', '5060,5062,5070:5080'],
  ])('%s is refused', (line, expected) => {
    const { changes, problems } = read(`# head\n${line}\n`);
    expect(changes).toEqual([]);
    expect(problems).toMatchObject([{ line: 2, code: 'setting-invalid', expected }]);
  });

  test('what is not known is named, the last of two counts', () => {
    const { changes, unknown } = read('hit_count=5\nlog_level = 3\nhit_count=6\n\x1b[2J = 1\n');
    expect(changes.map(({ line, value }) => [line, value])).toEqual([[3, '6']]);
    expect(unknown).toEqual([
      { line: 2, text: 'log_level = 3' },
      { line: 4, text: '\\x1b[2J = 1' },
    ]);
  });

  test('nothing throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (content) => void readSipprot(content, { now: NOW })));
  });
});

describe('what an import would change', () => {
  const entry = (says: Partial<FileEntry>): FileEntry => ({
    line: 1,
    address: '192.0.2.1',
    range: parseRange('192.0.2.1'),
    comment: undefined,
    until: undefined,
    addedBy: undefined,
    addedAt: undefined,
    ...says,
  });
  test.each<[what: string, listed: ListedEntry | undefined, says: Partial<FileEntry>, step: string]>([
    ['a new address', undefined, {}, 'add'],
    ['a bare address that is there', { comment: 'x', until: NOW }, {}, 'same'],
    ['the same remarks', { comment: 'x', until: null }, { comment: 'x', until: null }, 'same'],
    ['another comment', { comment: 'x', until: NOW }, { comment: 'y' }, `change y ${NOW}`],
    ['no comment any more', { comment: 'x', until: null }, { comment: '' }, 'change  null'],
    ['another end', { comment: 'x', until: null }, { until: NOW }, `change x ${NOW}`],
    ['no end any more', { comment: 'x', until: NOW }, { until: null }, 'change x null'],
  ])('%s', (_, listed, says, expected) => {
    const plan = new ImportPlan(() => listed);
    const step = plan.step(entry(says));
    expect(step.kind === 'change' ? `change ${step.comment} ${step.until}` : step.kind).toBe(expected);
    const counts = { added: 0, changed: 0, same: 0, duplicates: 1, over: 2, refused: 3 };
    const name = { add: 'added', change: 'changed', same: 'same' }[step.kind];
    expect(plan.counts({ duplicates: 1, over: 2, refused: 3 })).toEqual({ ...counts, [name]: 1 });
  });
});

describe('times', () => {
  test.each<[text: string, time: string | null | undefined]>([
    ['2027-01-31', '2027-01-31T00:00:00.000Z'],
    ['2027-01-31 23:59', '2027-01-31T23:59:00.000Z'],
    ['2027-01-31T23:59:58.7Z', '2027-01-31T23:59:58.700Z'],
    ['2027-01-31T23:59:58.123456Z', '2027-01-31T23:59:58.123Z'],
    ['2027-01-31 23:59:58 +02:00', '2027-01-31T21:59:58.000Z'],
    ['2027-01-31T23:59:58-0130', '2027-02-01T01:29:58.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['1798761600', '2027-01-01T00:00:00.000Z'],
    ['1798761600000', '2027-01-01T00:00:00.000Z'],
    ['', null],
    ['never', null],
    ['2027-02-29', undefined],
    ['2027-13-01', undefined],
    ['2027-00-10', undefined],
    ['2027-01-31 24:00', undefined],
    ['2027-01-31 12:60', undefined],
    ['01/02/2027', undefined],
    ['7d', undefined],
  ])('%j', (text, time) => {
    const found = parseMoment(text, undefined);
    expect(typeof found === 'number' ? new Date(found).toISOString() : found).toBe(time);
  });
});

describe('plain addresses', () => {
  const octet = fc.nat(255);
  const group = fc.oneof(
    fc.constant('0'),
    fc.nat(0xffff).map((n) => n.toString(16)),
    fc.constantFrom('ffff', '00', 'A'),
  );
  const address = fc.oneof(
    fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.')),
    fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
    fc
      .tuple(fc.array(group, { maxLength: 7 }), fc.array(group, { maxLength: 7 }))
      .map(([a, b]) => `${a.join(':')}::${b.join(':')}`),
    fc
      .array(fc.oneof(fc.constantFrom(':', '::', '.', '/', '0', '1', 'ffff'), group), { maxLength: 12 })
      .map((parts) => parts.join('')),
  );
  const text = fc.oneof(
    address,
    fc.tuple(address, fc.nat(130)).map(([a, bits]) => `${a}/${bits}`),
    address.map((a) => {
      const range = parseRange(a);
      return range ? formatRange(range) : a;
    }),
  );

  test('read in one pass are what parseRange and formatRange make of them, or left to these', () => {
    const plain = new PlainAddresses();
    let taken = 0;
    fc.assert(
      fc.property(text, (t) => {
        const range = parseRange(t);
        const canonical = range !== null && formatRange(range) === t && !t.includes('-');
        const found = plain.parse(t);
        expect(found).toEqual(canonical ? range : null);
        if (found) taken++;
      }),
      { numRuns: 10_000 },
    );
    expect(taken).toBeGreaterThan(1500);
  });
});

test('the first line of every range is remembered, of both families and of names', () => {
  const seen = new SeenAddresses();
  const known = new Map<string, number>();
  const ranges = fc.sample(
    fc.tuple(fc.constantFrom('10.0.0.', '2001:db8::'), fc.nat(200), fc.integer({ min: 24, max: 32 })),
    { numRuns: 20_000, seed: 1 },
  );
  ranges.forEach(([prefix, last, bits], i) => {
    const range = parseRange(`${prefix}${last}/${bits + (prefix.includes(':') ? 96 : 0)}`)!;
    const key = formatRange(range);
    const first = known.get(key) ?? 0;
    if (first === 0) known.set(key, i + 1);
    expect(seen.earlier(range, key, i + 1)).toBe(first);
  });
  expect(known.size).toBeGreaterThan(500);
  expect([seen.earlier(null, 'a.example', 5), seen.earlier(null, 'a.example', 6)]).toEqual([0, 5]);
});
