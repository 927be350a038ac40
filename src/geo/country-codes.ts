/** Country codes: ISO 3166-1 alpha-2, what data files write instead, and names for people. */
import { nearest } from '../policy/nearest.ts';

/** The 249 assigned codes, and XK, which everybody uses for Kosovo (a user-assigned code). */
export const COUNTRY_CODES: readonly string[] = (
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH ' +
  'CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN ' +
  'GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI ' +
  'LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM ' +
  'PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD ' +
  'TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW'
).split(' ');

/** Tolerance: codes that were withdrawn or are reserved for another, as old data and people write them (CLDR's territory aliases). */
const ALIASES: Readonly<Record<string, string>> = {
  AN: 'CW',
  BU: 'MM',
  CS: 'RS',
  DD: 'DE',
  EL: 'GR',
  FX: 'FR',
  SU: 'RU',
  TP: 'TL',
  UK: 'GB',
  YU: 'RS',
  ZR: 'CD',
};

/** What data files write for "no country", for several countries or for no place: Europe, Asia/Pacific, proxies, satellites, Tor. */
const NO_COUNTRY = new Set(['', '-', '--', '??', 'ZZ', 'XX', 'EU', 'AP', 'A1', 'A2', 'A3', 'O1', 'T1', 'XZ']);

const CODES = new Set(COUNTRY_CODES);

/** The ISO code for a data file's; null: no country; undefined: nothing that is known. */
export function countryOf(text: string): string | null | undefined {
  const code = text.toUpperCase();
  if (CODES.has(code)) return code;
  if (NO_COUNTRY.has(code)) return null;
  return ALIASES[code];
}

const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'code' });

/** `Germany`; the code itself when there is no name. */
export function countryName(code: string): string {
  return names.of(code) ?? code;
}

/** What is wrong with a code that a person typed, with the nearest right one; null: nothing. */
export function countryProblem(text: string): string | null {
  if (CODES.has(text)) return null;
  const alias = ALIASES[text.toUpperCase()];
  const upper = CODES.has(text.toUpperCase()) ? text.toUpperCase() : undefined;
  const byName = nearest(text, COUNTRY_CODES.map(countryName));
  const named = byName === null ? undefined : COUNTRY_CODES.find((code) => countryName(code) === byName);
  const meant = upper ?? alias ?? named;
  const expected = `"${text.slice(0, 40)}" is no country code (ISO 3166-1, two capital letters, e.g. DE)`;
  return meant === undefined ? expected : `${expected}: did you mean ${meant} (${countryName(meant)})?`;
}

/** Two letters as the number that segments carry. */
export function numberOfCode(code: string): number {
  return (code.charCodeAt(0) << 8) | code.charCodeAt(1);
}

export function codeOfNumber(value: number): string {
  return String.fromCharCode(value >>> 8, value & 255);
}
