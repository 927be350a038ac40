/**
 * Text of strangers – user agents, user names, comments of feeds – cut into plain parts and escapes.
 * Evasion: a control character, an invisible one or one that turns the direction of reading makes a name look like another.
 */

export interface Part {
  text: string;
  /** `text` stands for a character that cannot be seen: `\u202e`. */
  escaped: boolean;
}

// Controls (C0, C1, DEL), soft hyphen, Arabic letter mark, Hangul and Khmer fillers, zero-width and direction marks, line separators,
// invisible operators, variation selectors, byte order mark, interlinear marks, tags, private use, lone surrogates.
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\ue000-\uf8ff\u{e0000}-\u{e0fff}\u{f0000}-\u{10ffff}\ud800-\udfff]/gu;

/** The parts in their order; neighbours of one kind are one part. */
export function visibleParts(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const match of text.matchAll(UNSEEN)) {
    if (match.index > at) parts.push({ text: text.slice(at, match.index), escaped: false });
    const last = parts.at(-1);
    const code = escapeOf(match[0]);
    if (last?.escaped) last.text += code;
    else parts.push({ text: code, escaped: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), escaped: false });
  return parts;
}

/** One string, for titles and labels. */
export function visible(text: string): string {
  return visibleParts(text)
    .map((part) => part.text)
    .join('');
}

function escapeOf(character: string): string {
  const known: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' };
  if (character in known) return known[character];
  const hex = character.codePointAt(0)!.toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}
