/** Text of a file on its way to a person. */

const SHOWN_MAX = 60;

/** Backslash, everything invisible or controlling, separators other than the plain space; a lone surrogate is a byte that was no text. */
const UNSAFE = /\\|[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}|(?<=\p{M}\p{M})\p{M}/gu;
const NAMED: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * One line, cut, unambiguous.
 * Evasion: control characters of a list file move the cursor, bidirectional overrides make one address look like another.
 */
export function shown(text: string, max = SHOWN_MAX): string {
  const cut = text.length > max ? text.slice(0, max) : text;
  const escaped = cut.replace(UNSAFE, spelledOut);
  return cut.length < text.length ? `${escaped}…` : escaped;
}

function spelledOut(character: string): string {
  if (NAMED[character] !== undefined) return NAMED[character];
  const code = character.codePointAt(0)!;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
