/** Length of the well-formed UTF-8 sequence that begins at `at` and ends before `end` (RFC 3629 §4), 0 when there is none. */
export function utf8Length(bytes: Uint8Array, at: number, end = bytes.length): number {
  const first = bytes[at];
  if (first < 0x80) return 1;
  const size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (size === 0 || at + size > end) return 0;
  for (let i = 1; i < size; i++) if ((bytes[at + i] & 0xc0) !== 0x80) return 0;
  // Overlong forms, surrogates and code points above U+10FFFF show in the second byte.
  const second = bytes[at + 1];
  if ((first === 0xe0 && second < 0xa0) || (first === 0xed && second > 0x9f)) return 0;
  if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 0;
  return size;
}
