/** What telephone numbers begin with, as people write it: `+, 00, 011`. */

/** Every call is compared with each of them. */
const PREFIXES_MAX = 64;
const DIGITS_MAX = 15;

export function parsePrefixes(text: string): string[] {
  return text
    .split(',')
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
}

export function prefixesProblem(text: string): string | null {
  const pieces = parsePrefixes(text);
  if (pieces.length > PREFIXES_MAX) return `at most ${PREFIXES_MAX} prefixes`;
  const wrong = pieces.find((piece) => !/^[0-9]*[+]?[0-9]*$/.test(piece) || piece.length > DIGITS_MAX);
  return wrong === undefined ? null : 'a prefix is up to 15 digits, and perhaps a plus sign, e.g. 00';
}
