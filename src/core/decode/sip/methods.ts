/** The methods of the IANA registry, by shared constant strings, so that a flood makes no text. */
import { ascii, equalsLower } from './ascii.ts';
import { wordAt, wordOf } from './scan.ts';

export const METHODS = [
  'INVITE',
  'ACK',
  'BYE',
  'CANCEL',
  'OPTIONS',
  'REGISTER',
  'PRACK',
  'SUBSCRIBE',
  'NOTIFY',
  'PUBLISH',
  'INFO',
  'REFER',
  'MESSAGE',
  'UPDATE',
] as const;

const LENGTH_MAX = 9;
/** Candidates by length; never more than four to compare. */
const byLength: { name: string; lower: Uint8Array }[][] = Array.from({ length: LENGTH_MAX + 1 }, () => []);
for (const name of METHODS) byLength[name.length].push({ name, lower: ascii(name.toLowerCase()) });

/**
 * The known method that `bytes[start, end)` spells in any case, or ''.
 * Evasion: methods are case-sensitive (RFC 3261 §7.1), yet common proxies take `register` for REGISTER; so does this.
 */
export function knownMethod(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start;
  if (length > LENGTH_MAX || length < 0) return '';
  const candidates = byLength[length];
  for (let i = 0; i < candidates.length; i++) {
    if (equalsLower(bytes, start, end, candidates[i].lower)) return candidates[i].name;
  }
  return '';
}

const exact: readonly string[] = METHODS.filter((name) => name.length >= 4);
const firstWord = Int32Array.from(exact, (name) => wordOf(name));
const lastWord = Int32Array.from(exact, (name) => wordOf(name.slice(-4)));

/**
 * The known method in capital letters that stands at `start`, or '': the quick way for nearly every message. `end` is the end of
 * the line; what follows the method is the caller's to check.
 */
export function exactMethodAt(start: number, end: number): string {
  if (start + 4 > end) return '';
  const word = wordAt(start);
  for (let k = 0; k < firstWord.length; k++) {
    if (firstWord[k] !== word) continue;
    const name = exact[k];
    return start + name.length <= end && wordAt(start + name.length - 4) === lastWord[k] ? name : '';
  }
  return '';
}

/** Whether `bytes[start, end)` spells `method` with its capital letters. */
export function spelledAs(bytes: Uint8Array, start: number, end: number, method: string): boolean {
  if (end - start !== method.length) return false;
  for (let i = 0; i < method.length; i++) if (bytes[start + i] !== method.charCodeAt(i)) return false;
  return true;
}
