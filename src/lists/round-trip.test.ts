/** What is exported comes back as it was, whatever a comment holds, and no spreadsheet runs it. */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatRange, parseRange } from '../core/base/address.ts';
import { BYTE_ORDER_MARK, csvOf, inAddressOrder, type WritableEntry } from './csv-writer.ts';
import { ENCODINGS, LIST_FORMATS } from './entry.ts';
import { guarded, unguarded } from './formula.ts';
import { ImportPlan } from './import-plan.ts';
import { ListReader, readList } from './list-reader.ts';
import { RowSplitter } from './rows.ts';
import { LineSplitter } from './lines.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const bytes = (text: string) => new TextEncoder().encode(text);
const allow = { list: 'allow', now: NOW, allowWide: true } as const;

const word = fc.integer({ min: 0, max: 0xffffffff });
const v4 = fc
  .tuple(word, fc.nat(32))
  .map(([w3, bits]) =>
    formatRange(parseRange(`${w3 >>> 24}.${(w3 >>> 16) & 255}.${(w3 >>> 8) & 255}.${w3 & 255}/${bits}`)!),
  );
const v6 = fc
  .tuple(fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 }), fc.nat(128))
  .map(([groups, bits]) =>
    formatRange(parseRange(`${groups.map((g) => g.toString(16)).join(':')}/${bits}`) ?? parseRange('::1')!),
  );
const host = fc.constantFrom('sip.example.org', 'trunk-1.example.net');
// Everything that means something to a reader of CSV or to a spreadsheet, often.
const piece = fc.oneof(
  fc.constantFrom(
    '=',
    '+',
    '-',
    '@',
    '\t',
    '\r',
    '\n',
    '\r\n',
    "'",
    '"',
    ',',
    ';',
    '|',
    ' ',
    '#',
    '\ufffd',
    '＝',
    '\ufeff',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const text = fc
  .array(piece, { maxLength: 30 })
  .map((pieces) => pieces.join('').replaceAll('\0', '').slice(0, 500))
  .filter((t) => t.isWellFormed());
const entry: fc.Arbitrary<WritableEntry> = fc.record({
  address: fc.oneof(v4, v6, host),
  comment: text,
  until: fc.option(fc.integer({ min: NOW + 1, max: NOW + 3e12 })),
  addedBy: text.filter((t) => t !== ''),
  addedAt: fc.integer({ min: 0, max: NOW }),
});
const list = fc.uniqueArray(entry, { selector: (e) => e.address, maxLength: 40 });

describe('export, then import', () => {
  test('gives back every entry, with or without a byte order mark', () => {
    fc.assert(
      fc.property(list, fc.boolean(), (entries, bom) => {
        const { entries: read, problems, notes } = readList(bytes([...csvOf(entries, { bom })].join('')), allow);
        expect(problems).toEqual([]);
        expect(notes.filter(({ code }) => code !== 'no-entries')).toEqual([]);
        const back = read.map(({ address, comment, until, addedBy, addedAt }) => ({
          address,
          comment,
          until,
          addedBy,
          addedAt,
        }));
        expect(back).toEqual(entries);
      }),
      { numRuns: 600 },
    );
  });

  test('changes nothing', () => {
    fc.assert(
      fc.property(list, (entries) => {
        const listed = new Map(entries.map((e) => [e.address, e]));
        const plan = new ImportPlan((address) => listed.get(address));
        const reader = new ListReader(allow, (e) => plan.step(e));
        reader.push(bytes([...csvOf(entries)].join('')));
        const counts = plan.counts(reader.end().counts);
        expect(counts).toEqual({ added: 0, changed: 0, same: entries.length, duplicates: 0, over: 0, refused: 0 });
      }),
      { numRuns: 200 },
    );
  });

  test('a million entries go out piece by piece', () => {
    function* many() {
      for (let i = 0; i < 50_000; i++)
        yield {
          address: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
          comment: 'x',
          until: null,
          addedBy: 'root',
          addedAt: NOW,
        };
    }
    let longest = 0;
    let pieces = 0;
    for (const text of csvOf(many())) [longest, pieces] = [Math.max(longest, text.length), pieces + 1];
    expect(longest).toBeLessThan(70_000);
    expect(pieces).toBeGreaterThan(20);
  });

  test('the same list makes the same file, whatever order it comes in', () => {
    const addresses = [
      'sip.example.org',
      '2001:db8::/32',
      '10.0.0.0/8',
      '10.0.0.0/24',
      '9.0.0.1',
      '2001:db8::1',
      'a.example',
    ];
    const sorted = inAddressOrder(addresses.map((address) => ({ address }))).map(({ address }) => address);
    expect(sorted).toEqual([
      '9.0.0.1',
      '10.0.0.0/8',
      '10.0.0.0/24',
      '2001:db8::/32',
      '2001:db8::1',
      'a.example',
      'sip.example.org',
    ]);
  });

  test('an empty list is a header', () => {
    expect([...csvOf([], { bom: true })]).toEqual([`${BYTE_ORDER_MARK}address,comment,until,addedBy,addedAt\n`]);
  });
});

describe('no spreadsheet runs an export', () => {
  test.each<[comment: string, cell: string]>([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t'=1"],
    ['\r=1', "'\r'=1"],
    [' =1', " '=1"],
    ['＝1', "'＝1"],
    // An apostrophe that is there already must not be taken for ours.
    ["'=1", "''=1"],
    // Where semicolons separate, the cell begins after one.
    ['x;=1', "x;'=1"],
    ['x";=1', `x";'=1`],
    ['x\n=1', "x\n'=1"],
    // Nothing to run.
    ['a - b', 'a - b'],
    ['a=b', 'a=b'],
    ["it's -5", "it's -5"],
    ['', ''],
  ])('%j', (comment, cell) => {
    expect(guarded(comment)).toBe(cell);
    expect(unguarded(cell)).toBe(comment);
  });

  test('no cell begins with a formula, split at commas or at semicolons', () => {
    const beginsFormula = /^ *[=+\-@＝＋－＠]/;
    fc.assert(
      fc.property(text, text, (comment, addedBy) => {
        const row = [...csvOf([{ address: '192.0.2.1', comment, until: null, addedBy, addedAt: NOW }])].join('');
        const cells = [
          ...parse(row, { record_delimiter: '\n' }).flat(),
          // What a reader for semicolons makes of it: our quotation marks are inside its cells.
          ...row.split(/[;\n\r\t|]/).map((part) => part.replace(/^"+|"+$/g, '')),
        ];
        expect(cells.filter((cell: string) => beginsFormula.test(cell))).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  test('unguarded undoes guarded, for every text', () => {
    fc.assert(
      fc.property(text, (t) => unguarded(guarded(t)) === t),
      { numRuns: 5000 },
    );
  });
});

describe('whatever comes', () => {
  const junk = fc.array(
    fc.oneof(
      fc.constantFrom(
        '\n',
        '\r',
        '\0',
        '"',
        "'",
        ',',
        ';',
        '\t',
        '{',
        '}',
        '[',
        ']',
        'address',
        'comment',
        '192.0.2.1',
        '2001:db8::/32',
        'add s ',
        'create s hash:ip',
        'table inet t {',
        '{"nftables": [{"set": {"name": "s", "type": "ipv4_addr", "elem": [',
        '{"elem": {"val": "192.0.2.9", "timeout": 60}}',
        '"192.0.2.8"',
        ']}}]}',
        '\\',
        'set s {',
        'type ipv4_addr',
        'elements = {',
        '{"nftables": [',
        'Status for the jail: x\n|-',
        ' ',
        ' + 600 = ',
        '2026-11-22 19:12:14',
        '\ufeff',
        'sep=;',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { maxLength: 60 },
  );
  const file = fc.oneof(
    junk.map((parts) => bytes(parts.join(''))),
    fc.uint8Array({ maxLength: 400 }),
  );

  test('nothing throws, the counts add up, and where the chunks end does not matter', () => {
    const options = fc.record({
      list: fc.constantFrom('allow', 'deny', 'feed'),
      now: fc.constant(NOW),
      format: fc.option(fc.constantFrom(...LIST_FORMATS), { nil: undefined }),
      encoding: fc.option(fc.constantFrom(...ENCODINGS), { nil: undefined }),
      stopAtFirst: fc.boolean(),
    });
    fc.assert(
      fc.property(file, options, fc.integer({ min: 1, max: 9 }), (content, options, size) => {
        const whole = readList(content, options);
        const { records, entries, duplicates, over, refused } = whole.counts;
        expect(entries + duplicates + over + refused).toBe(records);
        expect(new Set(whole.entries.map(({ address }) => address)).size).toBe(entries);
        for (const { comment = '', addedBy = '' } of whole.entries)
          expect(`${comment}${addedBy}`).toSatisfy((text: string) => text.isWellFormed() && !text.includes('\0'));
        expect(whole.problems).toHaveLength(Math.min(refused, 100));
        const pieces: unknown[] = [];
        const reader = new ListReader(options, (e) => pieces.push(e));
        for (let i = 0; i < content.length; i += size) reader.push(content.subarray(i, i + size));
        const { entries: wholeEntries, ...rest } = whole;
        expect(reader.end()).toEqual(rest);
        expect(pieces).toEqual(wholeEntries);
      }),
      { numRuns: 4000 },
    );
  });

  test('what is shown of it is one safe line', () => {
    fc.assert(
      fc.property(file, (content) => {
        const { problems, notes, fatal } = readList(content, { list: 'deny', now: NOW });
        for (const { value } of [...problems, ...notes, ...(fatal ? [fatal] : [])])
          expect(value).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]{0,600}$/u);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('well-formed CSV is read as csv-parse reads it', () => {
  const cell = fc
    .array(fc.oneof(fc.constantFrom('"', ',', '\n', '\r\n', ' ', 'a', 'ü'), fc.string({ maxLength: 3 })), {
      maxLength: 6,
    })
    .map((parts) => parts.join('').replaceAll('\r', '').replaceAll('\0', ''));
  const quoted = (cells: string[]) => cells.map((c) => `"${c.replaceAll('"', '""')}"`).join(',');

  test('quoted cells', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { maxLength: 8 }), (rows) => {
        const csv = rows.map((cells) => `${quoted(cells)}\n`).join('');
        const found: string[][] = [];
        const splitter = new RowSplitter(
          { row: (cells) => found.push(cells), badRow: (code) => expect.fail(code) },
          ',',
        );
        const lines = new LineSplitter({
          line: (text, n, end) => splitter.line(text, n, end),
          longLine: () => expect.fail('long'),
        });
        lines.push(csv);
        lines.end();
        splitter.end();
        expect(found).toEqual(parse(csv, { record_delimiter: '\n', relax_column_count: true }));
        expect(found).toEqual(rows);
      }),
      { numRuns: 2000 },
    );
  });
});
