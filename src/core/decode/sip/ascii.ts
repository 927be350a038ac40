/** Byte classes and comparisons of the SIP grammar (RFC 3261 §25.1), as tables, so that the hot loops are one look-up a byte. */
export const NUL = 0x00;
export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const QUOTE = 0x22;
export const PERCENT = 0x25;
export const COMMA = 0x2c;
export const SLASH = 0x2f;
export const ZERO = 0x30;
export const NINE = 0x39;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const LESS = 0x3c;
export const EQUALS = 0x3d;
export const GREATER = 0x3e;
export const QUESTION = 0x3f;
export const AT = 0x40;
export const BRACKET_OPEN = 0x5b;
export const BACKSLASH = 0x5c;
export const BRACKET_CLOSE = 0x5d;

function classOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (let i = 0; i < characters.length; i++) table[characters.charCodeAt(i)] = 1;
  return table;
}

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** `token`: header names, methods, parameter names. */
export const TOKEN = classOf(`${ALPHANUMERIC}-.!%*_+\`'~`);
/** Bytes of a URI scheme after its first letter (RFC 3986 §3.1). */
export const SCHEME = classOf(`${ALPHANUMERIC}+-.`);
/** Bytes that end a parameter's name or unquoted value: white space and controls, `;`, `,`, `=`. */
export const PARAM_END = classOf(';,=');
for (let c = 0; c <= SP; c++) PARAM_END[c] = 1;

/** First byte at or after `i` that is no white space. Tolerance: every control byte counts as white space between elements. */
export function skipWhite(bytes: Uint8Array, i: number, end: number): number {
  while (i < end && bytes[i] <= SP) i++;
  return i;
}

/** End of `bytes[start, end)` without trailing white space and line breaks. */
export function trimEnd(bytes: Uint8Array, start: number, end: number): number {
  while (end > start) {
    const c = bytes[end - 1];
    if (c !== SP && c !== TAB && c !== CR && c !== LF) break;
    end--;
  }
  return end;
}

/** Case-insensitive: `lower` holds lower-case letters, digits and `-` only. */
export function equalsLower(bytes: Uint8Array, start: number, end: number, lower: Uint8Array): boolean {
  const length = end - start;
  if (length !== lower.length) return false;
  for (let i = 0; i < length; i++) if ((bytes[start + i] | 0x20) !== lower[i]) return false;
  return true;
}

/** ASCII text as bytes. */
export function ascii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Position of the closing quote of the quoted string that opens at `open`, or -1 (RFC 3261 §25.1 quoted-string, quoted-pair). */
export function closingQuote(bytes: Uint8Array, open: number, end: number): number {
  for (let i = open + 1; i < end; i++) {
    const c = bytes[i];
    if (c === QUOTE) return i;
    if (c === BACKSLASH) i++;
  }
  return -1;
}

/** Numbers that would need more than this stay here: far over every limit of SIP, and still exact. */
export const NUMBER_MAX = 9_007_199_254_740_991;
export const NOT_A_NUMBER = -1;

/** `1*DIGIT` that fills `bytes[start, end)`, leading zeros allowed; saturates at `NUMBER_MAX`; `NOT_A_NUMBER` otherwise. */
export function readDigits(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return NOT_A_NUMBER;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i] - ZERO;
    if (digit < 0 || digit > 9) return NOT_A_NUMBER;
    // Evasion: a length of 4294967301 must not wrap round to 5.
    value = value > 900_000_000_000_000 ? NUMBER_MAX : value * 10 + digit;
  }
  return value;
}
