/** What is wrong with a policy document, as plain data that travels over sockets, and its form for terminals. */

export interface PolicyError {
  /** File name as the caller gave it, or the command that a value was typed into. */
  file: string;
  /** From 1; the place in `file`. */
  line: number;
  column: number;
  /** Dotted path of the field, e.g. `detect.flood.threshold`; empty when the error is of the whole file. */
  path: string;
  found: string;
  expected: string;
  /** What to do about it, e.g. the nearest valid name. */
  hint: string | null;
  /** The line (a window of it when it is long) and where in it the error begins, from 0. */
  source: string;
  caret: number;
}

/** Errors reported for one document; a file with more is not a policy. */
export const POLICY_ERRORS_MAX = 100;

export const FOUND_MAX = 80;
const WINDOW_BEFORE = 60;
const WINDOW_MAX = 110;

/** The part of `line` to show for an error at `column` (from 1): at most `WINDOW_MAX` characters around it. */
export function sourceWindow(line: string, column: number): { source: string; caret: number } {
  const at = Math.max(0, Math.min(column - 1, line.length));
  if (line.length <= WINDOW_MAX) return { source: line, caret: at };
  const from = Math.max(0, at - WINDOW_BEFORE);
  return { source: line.slice(from, from + WINDOW_MAX), caret: at - from };
}

/**
 * Three or four lines:
 *
 *     policy.yaml:12:16: detect.flood.threshold: found "many", expected a whole number from 1 to 1000000
 *        12 |     threshold: many
 *           |                ^
 *        hint: …
 */
export function formatPolicyError(error: PolicyError): string {
  const at = error.path === '' ? '' : ` ${escapeControls(error.path)}:`;
  const head = `${escapeControls(error.file)}:${error.line}:${error.column}:${at} found ${escapeControls(error.found)}, expected ${escapeControls(error.expected)}`;
  if (error.source === '') return error.hint === null ? head : `${head}\n      hint: ${escapeControls(error.hint)}`;
  const number = String(error.line).padStart(5);
  const before = escapeControls(error.source.slice(0, error.caret));
  const lines = [
    head,
    `${number} | ${before}${escapeControls(error.source.slice(error.caret))}`,
    `      | ${' '.repeat(before.length)}^`,
  ];
  if (error.hint !== null) lines.push(`      hint: ${escapeControls(error.hint)}`);
  return lines.join('\n');
}

/**
 * Evasion: control characters and bidirectional marks in a file would move the cursor, hide text or reorder the line on the
 * administrator's terminal; they are shown by their code.
 */
export function escapeControls(text: string): string {
  const hidden = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;
  return text.replace(hidden, (c) => {
    if (c === '\t') return '\\t';
    const code = c.codePointAt(0)!;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}
