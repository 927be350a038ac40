/** Country codes as data files write them; the list and the names are the policy's. */
import { COUNTRIES, FORMER_CODES } from '../policy/country-codes.ts';

/** What data files write for "no country", for several countries or for no place: Europe, Asia/Pacific, proxies, satellites, Tor. */
const NO_COUNTRY = new Set(['', '-', '--', '?', '??', 'ZZ', 'XX', 'EU', 'AP', 'A1', 'A2', 'A3', 'O1', 'T1', 'XZ']);

const CODES = new Set(COUNTRIES);

/** The ISO code for a data file's; null: no country; undefined: nothing that is known. */
export function countryOf(text: string): string | null | undefined {
  const code = text.toUpperCase();
  if (CODES.has(code)) return code;
  if (NO_COUNTRY.has(code)) return null;
  return FORMER_CODES[code];
}

/** Two letters as the number that segments carry. */
export function numberOfCode(code: string): number {
  return (code.charCodeAt(0) << 8) | code.charCodeAt(1);
}

export function codeOfNumber(value: number): string {
  return String.fromCharCode(value >>> 8, value & 255);
}
