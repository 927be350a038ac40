import { expect, test } from 'vitest';
import { visible, visibleParts } from './escape.ts';

test.each([
  ['nothing to do', 'sipsak 0.9.8', 'sipsak 0.9.8'],
  ['other scripts and emoji stay', 'Пётр 电话 שלום 📞', 'Пётр 电话 שלום 📞'],
  ['control characters', 'a\x00b\x1b[31mc\x7f', 'a\\0b\\x1b[31mc\\x7f'],
  ['line ends, tabs', 'a\r\n\tb', 'a\\r\\n\\tb'],
  ['C1 controls', '\u009b31m', '\\x9b31m'],
  ['right-to-left override', 'agent\u202egpj.exe', 'agent\\u202egpj.exe'],
  ['isolates', '\u2066a\u2069', '\\u2066a\\u2069'],
  ['zero width', 'ad\u200bmin\u2060\ufeff', 'ad\\u200bmin\\u2060\\ufeff'],
  ['line separators', 'a\u2028b', 'a\\u2028b'],
  ['fillers that look like nothing', '\u3164\u115f', '\\u3164\\u115f'],
  ['tags', 'x\u{e0041}', 'x\\u{e0041}'],
  ['half a character', 'x\ud83d', 'x\\ud83d'],
  ['markup is text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
])('%s', (_, text, expected) => expect(visible(text)).toBe(expected));

test('escapes are told apart from the same text', () => {
  expect(visibleParts('\\x00\x00\x01z')).toEqual([
    { text: '\\x00', escaped: false },
    { text: '\\0\\x01', escaped: true },
    { text: 'z', escaped: false },
  ]);
});
