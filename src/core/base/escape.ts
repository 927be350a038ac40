/**
 * The one place where text from the wire becomes text for people: on a terminal, in a mail, in a chat. Everything a stranger chose (user
 * agent, user, file name, message) goes through here before it is shown.
 *
 * Evasion: control characters move the cursor or set the window title (ANSI, C1), bidirectional overrides and invisible
 * characters make one text look like another, stacked combining marks draw over neighbouring lines, line breaks forge rows.
 * What is shown is unambiguous: a backslash of the text's own is doubled.
 */
// \p{C}: control, format (bidi overrides, zero width), surrogate, private use, unassigned. \p{Zl} \p{Zp}: line separators.
// Spaces other than U+0020 look alike, so they are spelled out too. Of combining marks, two in a row are the most that
// written languages need.
const UNSAFE = /\\|[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}|(?<=\p{M}\p{M})\p{M}/gu;
const SAFE_ASCII = /^[ -[\]-~]*$/;

/** Characters shown before `…` when no width is given: a user agent of 64 kB must not fill the screen. */
export const SHOWN_MAX = 512;

/** One line, safe on any terminal: `\n`, `\x1b`, `\u{202e}` for what cannot be shown as it is. Longer text ends in `…`. */
export function escapeText(text: string, max: number = SHOWN_MAX): string {
  const cut = text.length > max;
  const shown = cut ? text.slice(0, max) : text;
  const escaped = SAFE_ASCII.test(shown) ? shown : shown.replace(UNSAFE, escapeCharacter);
  return cut ? `${escaped}…` : escaped;
}

/** As `escapeText`, for what the decoder has spelled out already (users, files, user agents): its backslashes stay single. */
export function escapeDecoded(text: string, max: number = SHOWN_MAX): string {
  return text.length > max
    ? `${escapeLines(text.slice(0, max)).replaceAll('\n', '\\n')}…`
    : escapeLines(text).replaceAll('\n', '\\n');
}

function escapeCharacter(character: string): string {
  if (character === '\\') return '\\\\';
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const code = character.codePointAt(0)!;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

/** Text of our own with parts of strangers: its line breaks stay, everything else unsafe is spelled out. Backslashes stay single. */
export function escapeLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(UNSAFE, (character) => (character === '\\' ? character : escapeCharacter(character))))
    .join('\n');
}

/**
 * JSON that is safe to print to a terminal and still parses to the same value: what JSON.stringify leaves raw (C1 controls,
 * bidirectional and other invisible characters) is written as `\uXXXX`.
 */
export function escapeJson(json: string): string {
  return json.replace(/[\x7f-\x9f\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, (character) => {
    let out = '';
    for (let i = 0; i < character.length; i++) out += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
    return out;
  });
}
