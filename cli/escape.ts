/** Bytes and messages of strangers as text for a terminal; text is `src/core/base/escape.ts`. */
import { escapeText, SHOWN_MAX } from '../src/core/base/escape.ts';
import { utf8Length } from '../src/core/base/utf8.ts';

export { escapeDecoded, escapeJson, escapeLines, escapeText, SHOWN_MAX } from '../src/core/base/escape.ts';

/** Bytes as one safe line: valid UTF-8 as text, every other byte as `\xNN`. */
export function escapeBytes(bytes: Uint8Array, max: number = SHOWN_MAX): string {
  let out = '';
  let at = 0;
  while (at < bytes.length && out.length < max) {
    const size = utf8Length(bytes, at);
    if (size === 0) {
      out += `\\x${bytes[at].toString(16).padStart(2, '0')}`;
      at++;
    } else {
      out += escapeText(decoder.decode(bytes.subarray(at, at + size)));
      at += size;
    }
  }
  return at < bytes.length ? `${out}…` : out;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Most lines of one message that are shown. */
export const MESSAGE_LINES_MAX = 200;

/** A message as safe lines, broken where it breaks its own lines (CRLF or LF); binary junk stays on its line. */
export function escapeMessage(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  let start = 0;
  while (start < bytes.length && lines.length < MESSAGE_LINES_MAX) {
    const lf = bytes.indexOf(10, start);
    const next = lf < 0 ? bytes.length : lf + 1;
    let end = lf < 0 ? bytes.length : lf;
    if (lf > start && bytes[lf - 1] === 13) end--;
    lines.push(escapeBytes(bytes.subarray(start, end)));
    start = next;
  }
  if (start < bytes.length) lines.push('…');
  return lines;
}
