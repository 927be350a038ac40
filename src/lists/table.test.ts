/** Lists as people keep them: spreadsheets, and one address a line. */
import { describe, expect, test } from 'vitest';
import type { ReadOptions } from './entry.ts';
import { ListReader, readList } from './list-reader.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string | Uint8Array, options: Partial<ReadOptions> = {}) =>
  readList(typeof text === 'string' ? bytes(text) : text, { list: 'deny', now: NOW, ...options });
/** Entries as `line address comment until`; what the file does not say is left out. */
const brief = (text: string | Uint8Array, options: Partial<ReadOptions> = {}) =>
  read(text, options).entries.map(({ line, address, comment, until }) => {
    const end = until === undefined ? [] : [until === null ? 'no end' : new Date(until).toISOString()];
    return [line, address, ...(comment === undefined ? [] : [comment]), ...end].join(' · ');
  });
const utf16 = (text: string, bigEndian: boolean) => {
  const le = Buffer.from(`\ufeff${text}`, 'utf16le');
  return bigEndian ? le.swap16() : le;
};

describe('what a spreadsheet makes of a list', () => {
  test.each<[what: string, file: string | Uint8Array, entries: string[]]>([
    ['a header row', 'address,comment\n192.0.2.1,office\n', ['2 · 192.0.2.1 · office']],
    ['columns in any order, titles in any case', 'Note, IP \nx,192.0.2.1\n', ['2 · 192.0.2.1 · x']],
    [
      'titles by other names',
      'Reason,CIDR,Expires\nx,192.0.2.0/24,2027-01-01\n',
      ['2 · 192.0.2.0/24 · x · 2027-01-01T00:00:00.000Z'],
    ],
    ['quoted titles', '"address","comment"\n"192.0.2.1","a, b"\n', ['2 · 192.0.2.1 · a, b']],
    ['semicolons', 'ip;comment\n192.0.2.1;a, b\n', ['2 · 192.0.2.1 · a, b']],
    ['tabs', 'ip\tcomment\n192.0.2.1\ta, b; c\n', ['2 · 192.0.2.1 · a, b; c']],
    ['a sep= line', 'sep=;\r\nip;comment\r\n192.0.2.1;x\r\n', ['3 · 192.0.2.1 · x']],
    ['only one column', 'address\n192.0.2.1\n', ['2 · 192.0.2.1']],
    ['a column that means nothing', 'ip,score,comment\n192.0.2.1,97,x\n', ['2 · 192.0.2.1 · x']],
    ['rows shorter than the header', 'ip,comment,until\n192.0.2.1\n', ['2 · 192.0.2.1 ·  · no end']],
    ['rows of empty cells', 'ip,comment\n,\n192.0.2.1,x\n,,,\n', ['3 · 192.0.2.1 · x']],
    ['empty cells behind the last column', 'ip,comment\n192.0.2.1,x,,,\n', ['2 · 192.0.2.1 · x']],
    ['remarks', '# ours\nip,comment\n# more\n192.0.2.1,x\n', ['4 · 192.0.2.1 · x']],
    ['remarks with semicolons', '; ours, all\nip,comment\n192.0.2.1,x\n', ['3 · 192.0.2.1 · x']],
    ['a first column without a title', ';ip;comment\n1;192.0.2.1;x\n', ['2 · 192.0.2.1 · x']],
    ['a number sign that is no remark', 'comment,ip\n#12,192.0.2.1\n', ['2 · 192.0.2.1 · #12']],
    ['quotes inside quotes', 'ip,comment\n192.0.2.1,"the ""bad"" one"\n', ['2 · 192.0.2.1 · the "bad" one']],
    ['a quotation mark inside an unquoted cell', 'ip,comment\n192.0.2.1,5" disk\n', ['2 · 192.0.2.1 · 5" disk']],
    [
      'a comment of several lines',
      'ip,comment\n192.0.2.1,"a\r\nb\nc"\n192.0.2.2,x\n',
      ['2 · 192.0.2.1 · a\r\nb\nc', '5 · 192.0.2.2 · x'],
    ],
    ['spaces around cells; inside quotes they stay', 'ip,comment\n 192.0.2.1 , " x " \n', ['2 · 192.0.2.1 ·  x ']],
    [
      'no end, in words',
      'ip,until\n192.0.2.1,never\n192.0.2.2,-\n',
      ['2 · 192.0.2.1 · no end', '3 · 192.0.2.2 · no end'],
    ],
    ['a byte order mark', '\ufeffip,comment\n192.0.2.1,ü\n', ['2 · 192.0.2.1 · ü']],
    ['UTF-16, little endian', utf16('ip,comment\r\n192.0.2.1,ü😀\r\n', false), ['2 · 192.0.2.1 · ü😀']],
    ['UTF-16, big endian', utf16('ip;comment\r\n192.0.2.1;ü😀\r\n', true), ['2 · 192.0.2.1 · ü😀']],
  ])('%s', (_, file, entries) => {
    expect(brief(file)).toEqual(entries);
    expect(read(file)).toMatchObject({ format: 'csv', problems: [], fatal: null });
  });

  test('Windows-1252, when it is said', () => {
    const file = Uint8Array.from([...bytes('ip,comment\n192.0.2.1,M'), 0xfc, ...bytes('ller\n')]);
    expect(brief(file, { encoding: 'windows-1252' })).toEqual(['2 · 192.0.2.1 · Müller']);
  });

  test('who added an entry and when is taken over; a time that is none is not worth an entry', () => {
    const file = 'address,addedBy,added at\n192.0.2.1,root,2026-01-02T03:04:05.678Z\n192.0.2.2,,22.11.26\n';
    const { entries, notes } = read(file);
    expect(entries.map(({ addedBy, addedAt }) => [addedBy, addedAt])).toEqual([
      ['root', Date.UTC(2026, 0, 2, 3, 4, 5, 678)],
      [undefined, undefined],
    ]);
    expect(notes.map(({ line, code }) => [line, code])).toEqual([[3, 'added-at-ignored']]);
  });

  test('a time without a zone is meant as the clock on the wall shows it', () => {
    const wallClock: ReadOptions['wallClock'] = (year, month, ...rest) =>
      Date.UTC(year, month - 1, ...rest) - 3_600_000;
    expect(brief('ip,until\n192.0.2.1,2027-06-01 12:00\n', { wallClock })).toEqual([
      '2 · 192.0.2.1 · 2027-06-01T11:00:00.000Z',
    ]);
  });
});

describe('one address a line', () => {
  test.each<[what: string, file: string, entries: string[]]>([
    [
      'addresses, prefixes, ranges, both families',
      '192.0.2.1\n192.0.2.0/24\n192.0.2.1-192.0.2.9\n2001:DB8::1\n2001:db8::/32\n',
      ['1 · 192.0.2.1', '2 · 192.0.2.0/24', '3 · 192.0.2.1-192.0.2.9', '4 · 2001:db8::1', '5 · 2001:db8::/32'],
    ],
    [
      'remarks behind and between',
      '; head\n# head\n\n192.0.2.1 # scanner\n192.0.2.2;mine\n',
      ['4 · 192.0.2.1 · scanner', '5 · 192.0.2.2 · mine'],
    ],
    [
      'LF, CRLF and CR in one file, no last line end',
      '192.0.2.1\r\n192.0.2.2\r192.0.2.3\n192.0.2.4',
      ['1 · 192.0.2.1', '2 · 192.0.2.2', '3 · 192.0.2.3', '4 · 192.0.2.4'],
    ],
    [
      'cells without titles',
      '192.0.2.1,office\n192.0.2.2\toffice\n"192.0.2.3","a, b"\n192.0.2.4,"c, d"\n',
      ['1 · 192.0.2.1 · office', '2 · 192.0.2.2 · office', '3 · 192.0.2.3 · a, b', '4 · 192.0.2.4 · c, d'],
    ],
    ['a title among the cells is an accident', '192.0.2.1,note\n', ['1 · 192.0.2.1 · note']],
    ['a quotation mark in a remark', '192.0.2.1 # the "bad" one\n', ['1 · 192.0.2.1 · the "bad" one']],
    ['a range that is a prefix', '192.0.2.0-192.0.2.255\n', ['1 · 192.0.2.0/24']],
    ['host bits', '192.0.2.5/24\n', ['1 · 192.0.2.0/24']],
    ['IPv4-mapped', '::ffff:192.0.2.1\n::ffff:198.51.100.0/120\n', ['1 · 192.0.2.1', '2 · 198.51.100.0/24']],
    ['FireHOL', '#\n# blocklist\n#\n192.0.2.0/25\n', ['4 · 192.0.2.0/25']],
    ['Spamhaus DROP', '; Spamhaus DROP List\n192.0.2.0/24 ; SBL256894\n', ['2 · 192.0.2.0/24 · SBL256894']],
  ])('%s', (_, file, entries) => {
    expect(brief(file)).toEqual(entries);
    expect(read(file)).toMatchObject({ format: 'plain', problems: [], fatal: null });
  });

  test('host names, on the allowlist', () => {
    expect(brief('SIP.Example.org.\nsip.example.org,trunk\n192.0.2.1\n', { list: 'allow' })).toEqual([
      '1 · sip.example.org',
      '3 · 192.0.2.1',
    ]);
  });
});

describe('understood in another way than written, and said so', () => {
  test.each<[file: string, notes: string]>([
    ['192.0.2.5/24\n', '1 host-bits: taken as the network 192.0.2.0/24'],
    ['::ffff:192.0.2.1\n', '1 ipv4-mapped: taken as 192.0.2.1'],
    ['192.0.2.1\n\n192.0.2.1 # again\n', '3 duplicate: 192.0.2.1 is on line 1 already: that one counts'],
    ['192.0.2.0/24\n192.0.2.7/24\n', '2 duplicate: 192.0.2.0/24 is on line 1 already: that one counts'],
    ['2001:db8::1\n2001:DB8:0::1\n', '2 duplicate: 2001:db8::1 is on line 1 already: that one counts'],
    ['ip,until\n192.0.2.1,2026-11-22 11:59\n', '2 over: ended at 2026-11-22T11:59:00.000Z: not added'],
    ['ip,Score,Country\n192.0.2.1,9,DE\n', '1 columns-ignored: these columns mean nothing here'],
    ['', '0 no-entries: there are no entries in the file'],
    ['\n\n', '0 no-entries: there are no entries in the file'],
    ['address,comment\n', '0 no-entries: there are no entries in the file'],
  ])('%j', (file, note) => {
    const { notes, problems } = read(file);
    expect(notes.map(({ line, code, text }) => `${line} ${code}: ${text}`)).toEqual([note]);
    expect(problems).toEqual([]);
  });
});

describe('refused, with the line and the reason; the lines around it are read', () => {
  test.each<[file: string, problem: string, why: RegExp]>([
    // Spellings that other tools read as another address.
    ['010.0.0.1', '1 address-invalid 010.0.0.1', /no leading zeros/],
    ['0x7f.1', '1 address-invalid 0x7f.1', /no address/],
    ['192.0.2.0/255.255.255.0', '1 address-invalid 192.0.2.0/255.255.255.0', /not a mask/],
    ['::ffff:192.0.2.1/24', '1 address-invalid ::ffff:192.0.2.1/24', /from 96 to 128/],
    ['fe80::1%eth0', '1 address-invalid fe80::1%eth0', /no zone/],
    ['192.0.2.300', '1 address-invalid 192.0.2.300', /octets go from 0 to 255/],
    ['192.0.2.9-192.0.2.1', '1 address-invalid 192.0.2.9-192.0.2.1', /backwards/],
    ['192.0.2.1-2001:db8::1', '1 address-invalid 192.0.2.1-2001:db8::1', /one family/],
    ['192.0.2.1 bad', '1 address-invalid 192.0.2.1 bad', /no address/],
    // What would block or exempt the Internet.
    ['0.0.0.0/0', '1 too-wide 0.0.0.0/0', /cut off your own phones/],
    ['::/0', '1 too-wide ::/0', /cut off your own phones/],
    ['0.0.0.0-255.255.255.255', '1 too-wide 0.0.0.0-255.255.255.255', /0\.0\.0\.0\/0/],
    ['sip.example.org', '1 host-name-not-here sip.example.org', /allowlist only/],
    // Cells.
    ['ip,until\n192.0.2.1,tomorrow', '2 time-invalid tomorrow', /no time/],
    ['ip,until\n192.0.2.1,2027-02-29', '2 time-invalid 2027-02-29', /no time/],
    ['ip,until\n192.0.2.1,11/12/2027', '2 time-invalid 11/12/2027', /no time/],
    ['ip,comment\n,office', '2 address-empty nothing', /no address/],
    ['ip,comment\n192.0.2.1,bad, very bad', '2 too-many-cells 192.0.2.1,bad, very bad', /3 cells, the header 2/],
    [`ip,comment\n192.0.2.1,${'x'.repeat(501)}`, `2 comment-too-long ${'x'.repeat(60)}…`, /501 characters/],
    ['ip,comment\n192.0.2.1,"a"b', '2 text-after-quote 192.0.2.1,"a"b', /after a closing/],
    ['ip,comment\n192.0.2.1,"a\nb', '2 quote-not-closed 192.0.2.1,"a', /never closed/],
    // Bytes.
    ['192.0.2\0.1', '1 nul-byte 192.0.2\\x00.1', /NUL/],
    ['192.0.2.1 # \x1b[31m\u202e', '', /./],
    ['192.\u202e0.2.1', '1 address-invalid 192.\\u{202e}0.2.1', /no address/],
  ])('%j', (file, problem, why) => {
    const result = read(`${file}\n198.51.100.1\n`);
    const shown = result.problems.map((p) => `${p.line} ${p.code} ${p.value === '' ? 'nothing' : p.value}`);
    expect(shown.slice(0, 1)).toEqual(problem === '' ? [] : [problem]);
    if (problem !== '') expect(result.problems[0].why).toMatch(why);
    expect(result.entries.at(-1)?.address).toBe('198.51.100.1');
    expect(result.fatal).toBeNull();
  });

  test('the width of an entry is a matter of the list, and of being told', () => {
    const wide = '0.0.0.0/0\n10.0.0.0/8\nfc00::/7\n224.0.0.0/3\n';
    expect(brief(wide)).toEqual(['2 · 10.0.0.0/8', '3 · fc00::/7']);
    expect(brief(wide, { list: 'allow' })).toEqual(['2 · 10.0.0.0/8', '3 · fc00::/7']);
    expect(brief(wide, { list: 'feed' })).toEqual(['2 · 10.0.0.0/8', '3 · fc00::/7', '4 · 224.0.0.0/3']);
    expect(brief(wide, { allowWide: true })).toHaveLength(4);
  });

  test.each([
    ['office', /with its domain/],
    ['müller.example', /xn--/],
    ['a..example.org', /letters, digits and hyphens/],
    [`${'a'.repeat(64)}.example.org`, /letters, digits and hyphens/],
  ])('no host name: %s', (name, why) => {
    const { problems } = read(`${name}\n`, { list: 'allow' });
    expect(problems).toMatchObject([{ line: 1, code: 'host-name-invalid', why: expect.stringMatching(why) as string }]);
  });
});

describe('hostile and damaged files', () => {
  test('bytes that are no text cost their line; a replacement character that stands in the file does not', () => {
    const file = Uint8Array.from([
      ...bytes('ip,comment\n192.0.2.1,\ufffd\n192.0.2.2,'),
      0xe9,
      0xff,
      ...bytes('\n192.0.2.3,é\n'),
    ]);
    expect(brief(file)).toEqual(['2 · 192.0.2.1 · \ufffd', '4 · 192.0.2.3 · é']);
    expect(read(file).problems).toMatchObject([{ line: 3, code: 'encoding-invalid', value: '192.0.2.2,\\xe9\\xff' }]);
  });

  test('a title in the encoding of a country does not make the titles unreadable', () => {
    const file = Uint8Array.from([...bytes('ip;comment;L'), 0xe4, ...bytes('nge\n192.0.2.1;x;1\n')]);
    expect(brief(file)).toEqual(['2 · 192.0.2.1 · x']);
    expect(read(file).notes).toMatchObject([{ line: 1, code: 'columns-ignored', value: 'L\\xe4nge' }]);
  });

  test('UTF-16 with half a character and an odd byte at the end', () => {
    const file = Buffer.concat([utf16('192.0.2.1\n192.0.2.2 # \ud800\n192.0.2.3\n', false), Buffer.from([0x31])]);
    expect(brief(file)).toEqual(['1 · 192.0.2.1', '3 · 192.0.2.3']);
    expect(read(file).problems.map(({ line, code }) => [line, code])).toEqual([
      [2, 'encoding-invalid'],
      [4, 'encoding-invalid'],
    ]);
  });

  test('UTF-16 without a mark is not guessed', () => {
    const { problems } = read(Buffer.from('192.0.2.1\n', 'utf16le'));
    expect(problems[0]).toMatchObject({
      line: 1,
      code: 'nul-byte',
      expected: expect.stringContaining('UTF-16') as string,
    });
    expect(brief(Buffer.from('192.0.2.1\n', 'utf16le'), { encoding: 'utf-16le' })).toEqual(['1 · 192.0.2.1']);
  });

  test('a line of 100 MB: refused, the lines around it read, memory bounded', () => {
    const file = Buffer.alloc(100_000_000, 'x');
    file.write('192.0.2.1\n', 0);
    file.write('\n192.0.2.2\n', file.length - 11);
    const before = process.memoryUsage().heapUsed;
    const result = read(file);
    expect(result.entries.map(({ line, address }) => [line, address])).toEqual([
      [1, '192.0.2.1'],
      [3, '192.0.2.2'],
    ]);
    expect(result.problems).toMatchObject([{ line: 2, code: 'line-too-long', value: `${'x'.repeat(60)}…` }]);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(300_000_000);
  });

  test('a quotation mark that never closes costs its line, not the rest of the file', () => {
    const rows = Array.from({ length: 500 }, (_, i) => `10.0.${i >> 8}.${i & 255},x`).join('\n');
    const result = read(`ip,comment\n192.0.2.1,"open\n${rows}\n192.0.2.2,"open again\n`);
    expect(result.counts).toMatchObject({ lines: 503, records: 502, entries: 500, refused: 2 });
    expect(result.problems.map(({ line, code }) => [line, code])).toEqual([
      [2, 'quote-not-closed'],
      [503, 'quote-not-closed'],
    ]);
  });

  test('a row does not go on over a line that is no text', () => {
    const file = 'ip,comment\n192.0.2.1,"a\nb\0\nc"\n192.0.2.2,x\n';
    expect(brief(file)).toEqual(['5 · 192.0.2.2 · x']);
    expect(read(file).problems.map(({ line, code }) => [line, code])).toEqual([
      [2, 'quote-not-closed'],
      [3, 'nul-byte'],
      [4, 'address-invalid'],
    ]);
  });

  test('formulas are text', () => {
    expect(brief('ip,comment\n192.0.2.1,=1+1\n192.0.2.2,@SUM(A1)\n')).toEqual([
      '2 · 192.0.2.1 · =1+1',
      '3 · 192.0.2.2 · @SUM(A1)',
    ]);
    expect(read('=cmd|calc!A1\n').problems).toMatchObject([
      { line: 1, code: 'address-invalid', value: '=cmd|calc!A1' },
    ]);
  });

  test('a header without addresses ends it: nothing after can be meant', () => {
    const { fatal, entries, counts } = read('comment,until\n192.0.2.1,x\n192.0.2.2,y\n');
    expect(fatal).toMatchObject({ line: 1, code: 'header-without-address' });
    expect([entries, counts.records]).toEqual([[], 1]);
  });

  test('a million problems are counted, a hundred kept', () => {
    const { problems, counts, notes } = read('300.0.0.1\n192.0.2.1\n'.repeat(5000));
    expect(counts).toEqual({ lines: 10_000, records: 10_000, entries: 1, duplicates: 4999, over: 0, refused: 5000 });
    expect([problems.length, notes.length]).toEqual([100, 100]);
  });

  test('more entries than one file may have', () => {
    const { fatal, counts } = read('192.0.2.1\n192.0.2.2\n192.0.2.3\n192.0.2.4\n', { entriesMax: 2 });
    expect(fatal).toMatchObject({ line: 3, code: 'too-many-entries', expected: 'at most 2' });
    expect(counts).toMatchObject({ records: 3, entries: 2, refused: 1 });
  });

  test('stopping at the first problem, when asked', () => {
    const { fatal, counts, problems } = read('192.0.2.1\nbad\n192.0.2.2\nbad\n', { stopAtFirst: true });
    expect(fatal).toMatchObject({ line: 2, code: 'address-invalid' });
    expect([counts.records, problems.length]).toEqual([2, 1]);
  });
});

test('a device or pipe that never ends is not read for ever, whatever its lines are', () => {
  for (const endless of ['\0', '1.2.3.4\n', 'x\n', '# remark\n']) {
    const reader = new ListReader({ list: 'deny', now: 0, bytesMax: 1000 }, () => {});
    let pushed = 0;
    for (; !reader.stopped && pushed < 100; pushed++) reader.push(Buffer.from(endless.repeat(50)));
    expect(pushed).toBeLessThan(100);
    expect(reader.end().fatal).toMatchObject({ code: 'file-too-large', why: 'the file has more than 1000 bytes' });
  }
});
