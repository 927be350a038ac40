import { expect, test } from 'vitest';
import { hashSpan, spanText, userHash, userText } from './text.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const shown = (...values: number[]) => spanText(Uint8Array.from(values), 0, values.length);

test.each([
  // An absent span is no text; an empty one neither.
  ['absent', spanText(bytes('abc'), -1, -1), ''],
  ['empty', spanText(bytes('abc'), 1, 1), ''],
  // Text is cut where people stop reading.
  ['cut', spanText(bytes('abcdef'), 0, 6, 3), 'abc…'],
  ['as long as allowed', spanText(bytes('abc'), 0, 3, 3), 'abc'],
  // A fold is one space, whatever it was made of.
  ['fold', spanText(bytes('a \r\n\t b'), 0, 7), 'a b'],
  // UTF-8 in its shortest form only (RFC 3629 §3): overlong forms, surrogates, and what is beyond Unicode are bytes.
  ['UTF-8', shown(0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x93, 0x9e), 'é€📞'],
  ['overlong slash', shown(0xc0, 0xaf), '\\xc0\\xaf'],
  ['overlong NUL', shown(0xe0, 0x80, 0x80), '\\xe0\\x80\\x80'],
  ['surrogate', shown(0xed, 0xa0, 0x80), '\\xed\\xa0\\x80'],
  ['beyond Unicode', shown(0xf4, 0x90, 0x80, 0x80), '\\xf4\\x90\\x80\\x80'],
  ['cut sequence', shown(0x61, 0xe2, 0x82), 'a\\xe2\\x82'],
  // Nothing that moves a cursor, colours a terminal, hides or turns round text.
  ['escape', shown(0x1b, 0x5b, 0x33, 0x31, 0x6d, 0x07, 0x7f), '\\x1b[31m\\x07\\x7f'],
  ['C1 control', shown(0xc2, 0x9b), '\\u{9b}'],
  ['right to left', shown(0xe2, 0x80, 0xae), '\\u{202e}'],
  ['zero width', shown(0xe2, 0x80, 0x8b, 0xef, 0xbb, 0xbf), '\\u{200b}\\u{feff}'],
])('spanText: %s', (_, actual, expected) => expect(actual).toBe(expected));

test.each([
  // One user, many spellings (RFC 3261 §19.1.4).
  ['100', '%31%30%30'],
  ['100', '1%300'],
  ['jörg', 'j%C3%b6rg'],
  ['a b', 'a%20b'],
])('userText and userHash: %s is %s', (plain, spelled) => {
  expect(userText(bytes(spelled), 0, bytes(spelled).length)).toBe(plain);
  const hash = userHash(bytes(spelled), 0, bytes(spelled).length, 42);
  expect(hash).toBe(hashSpan(bytes(plain), 0, bytes(plain).length, 42));
});

test.each([
  // Escapes are undone once, and only where two hexadecimal digits follow.
  ['%2531', '%31'],
  ['%', '%'],
  ['%3', '%3'],
  ['%zz1', '%zz1'],
  ['%00', '\\x00'],
])('userText: %s shows %s', (raw, expected) => expect(userText(bytes(raw), 0, bytes(raw).length)).toBe(expected));

test('hashSpan is HalfSipHash-1-3: the same for the same bytes, another for another seed or length', () => {
  const text = bytes('xx781326354875643728143765xx');
  const hash = hashSpan(text, 2, text.length - 2, 1);
  expect(hashSpan(bytes('781326354875643728143765'), 0, 24, 1)).toBe(hash);
  expect(hashSpan(text, 2, text.length - 2, 2)).not.toBe(hash);
  const zeros = new Uint8Array(9);
  expect(new Set(Array.from(zeros, (_, length) => hashSpan(zeros, 0, length, 1))).size).toBe(9);
});

test('hashSpan spreads neighbouring users evenly over the buckets of a table, under any seed', () => {
  const BUCKETS = 256;
  const PER_BUCKET = 40;
  for (const seed of [0, 1, 0xffffffff, 123456789]) {
    const counts = new Uint32Array(BUCKETS);
    for (let n = 0; n < BUCKETS * PER_BUCKET; n++) {
      const user = bytes(String(n));
      counts[hashSpan(user, 0, user.length, seed) & (BUCKETS - 1)]++;
    }
    // A fair spread has a standard deviation of 6.3 around 40; seven of them never happen by chance.
    expect(Math.max(...counts)).toBeLessThan(PER_BUCKET + 45);
    expect(Math.min(...counts)).toBeGreaterThan(0);
  }
});
