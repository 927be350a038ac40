/**
 * Evasion: a comment such as `=HYPERLINK("http://…")` or `=cmd|'/C …'!A1` is run by the spreadsheet in which somebody opens an export. A cell that begins
 * with `= + - @`, tab or carriage return (or the full-width forms, which spreadsheets fold) gets an apostrophe before it: text.
 *
 * A spreadsheet that splits at semicolons (Excel in Europe) cuts our cells at places of its own, so what follows a separator or a
 * quotation mark inside a text counts as a beginning, too.
 *
 * Invariant: `unguarded(guarded(text)) === text` for every text. One apostrophe is added where such a beginning is, and apostrophes before
 * it do not change that it is one; so one is taken away at exactly the same places.
 */
const BEGINNING = '(?<=(?:^|[;,|"\\t\\r\\n]) *\'*)';
const FORMULA = '(?=[=+\\-@\\t\\r\uff1d\uff0b\uff0d\uff20])';
const ADD = new RegExp(BEGINNING + FORMULA, 'g');
const TAKE = new RegExp(`${BEGINNING}'${FORMULA}`, 'g');
const SUSPECT = /[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

export function guarded(text: string): string {
  return SUSPECT.test(text) ? text.replace(ADD, "'") : text;
}

export function unguarded(text: string): string {
  return text.includes("'") && SUSPECT.test(text) ? text.replace(TAKE, '') : text;
}
