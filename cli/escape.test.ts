import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { escapeBytes, escapeDecoded, escapeJson, escapeMessage, escapeText, MESSAGE_LINES_MAX } from './escape.ts';

describe('text of strangers, on one line', () => {
  const rows: [why: string, text: string, shown: string][] = [
    ['plain text stays', 'friendly-scanner/1.0', 'friendly-scanner/1.0'],
    ['letters of all languages stay', 'Zoë 電話 Ђура', 'Zoë 電話 Ђура'],
    ['colours and cursor movement (ANSI)', '\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
    ['the window title (OSC)', '\x1b]0;owned\x07', '\\x1b]0;owned\\x07'],
    ['the one-byte CSI of C1', '\u009b31m', '\\x9b31m'],
    ['rows forged by line breaks', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
    ['bidirectional overrides', 'abc\u202egpj.exe', 'abc\\u{202e}gpj.exe'],
    ['isolates', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
    ['zero width and soft hyphen', 'ad\u200bmin\u00ad\ufeff', 'ad\\u{200b}min\\xad\\u{feff}'],
    ['look-alike spaces', 'a\u00a0b\u3000c', 'a\\xa0b\\u{3000}c'],
    ['invisible tags', 'x\u{e0041}', 'x\\u{e0041}'],
    ['a lone surrogate', 'a\ud800b', 'a\\u{d800}b'],
    ['a backslash of its own is doubled, so nothing can look escaped', '\\x1b', '\\\\x1b'],
    ['stacked marks: the third is spelled out', 'a\u0301\u0301\u0301', 'a\u0301\u0301\\u{301}'],
    ['NUL', '\0', '\\x00'],
  ];
  it.each(rows)('%s', (_why, text, shown) => expect(escapeText(text)).toBe(shown));

  it('what the decoder has spelled out is not spelled out again, and nothing unsafe comes through either', () => {
    expect(escapeDecoded('\\x1b[31m \x1b \n\u202e')).toBe('\\x1b[31m \\x1b \\n\\u{202e}');
    expect(escapeDecoded('abcdef', 3)).toBe('abc…');
  });

  it('cuts at the given length', () => expect(escapeText('abcdef', 3)).toBe('abc…'));

  it('never lets a control, format or separator character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeText(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe('bytes of strangers', () => {
  const rows: [why: string, bytes: number[], shown: string][] = [
    ['UTF-8 is text', [0xc3, 0xa9], 'é'],
    ['Latin-1 is not UTF-8', [0x61, 0xe9, 0x62], 'a\\xe9b'],
    ['overlong slash', [0xc0, 0xaf], '\\xc0\\xaf'],
    ['overlong in three bytes', [0xe0, 0x80, 0xaf], '\\xe0\\x80\\xaf'],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80], '\\xed\\xa0\\x80'],
    ['above U+10FFFF', [0xf4, 0x90, 0x80, 0x80], '\\xf4\\x90\\x80\\x80'],
    ['cut in the middle', [0x61, 0xe2, 0x82], 'a\\xe2\\x82'],
    ['an escape character inside', [0x1b, 0x5b, 0x48], '\\x1b[H'],
  ];
  it.each(rows)('%s', (_why, bytes, shown) => expect(escapeBytes(Uint8Array.from(bytes))).toBe(shown));

  it('agrees with escapeText on every valid text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), (text) => {
        const bytes = new TextEncoder().encode(text.replaceAll('\u0301', ''));
        expect(escapeBytes(bytes, 10_000)).toBe(
          [...new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)].map((c) => escapeText(c)).join(''),
        );
      }),
    );
  });

  it('shows a message line by line, however it ends its lines', () => {
    const bytes = new TextEncoder().encode('OPTIONS sip:a SIP/2.0\r\nVia: x\n\x1b[2J: y\r\n\r\nbody');
    expect(escapeMessage(bytes)).toEqual(['OPTIONS sip:a SIP/2.0', 'Via: x', '\\x1b[2J: y', '', 'body']);
  });

  it('shows a bounded number of lines', () => {
    expect(escapeMessage(new Uint8Array(10_000).fill(10))).toHaveLength(MESSAGE_LINES_MAX + 1);
  });
});

describe('JSON on a terminal', () => {
  it('holds no raw control or invisible character and parses to the same value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const json = escapeJson(JSON.stringify({ [text]: text }));
        expect(json).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(JSON.parse(json)).toEqual({ [text]: text });
      }),
    );
  });
});
