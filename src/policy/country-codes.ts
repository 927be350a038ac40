/** Countries as people name them: ISO 3166-1 alpha-2 codes, and what is wrong with one that was mistyped. */
import { nearest } from './nearest.ts';

/**
 * The 249 codes of ISO 3166-1. Tolerance: XK (Kosovo), a code of the user-assigned range that every provider of country data uses.
 */
export const COUNTRIES: readonly string[] = [
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ',
  'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR',
  'GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP',
  'KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT',
  'MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW',
  'SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ',
  'UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW',
].flatMap((line) => line.split(' '));

const KNOWN: ReadonlySet<string> = new Set(COUNTRIES);
/** Tolerance: codes that were withdrawn or are another's, as people and old data write them (CLDR's territory aliases). */
export const FORMER_CODES: Readonly<Record<string, string>> = {
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

let names: Map<string, string> | null = null;

/** English names by code. */
function countryNames(): Map<string, string> {
  if (names) return names;
  const english = new Intl.DisplayNames('en', { type: 'region' });
  return (names = new Map(COUNTRIES.map((code) => [code, english.of(code) ?? code])));
}

/** `Germany` for `DE`; the code itself when it is none of ours. */
export function countryName(code: string): string {
  return countryNames().get(code) ?? code;
}

/** Null when the text is a code, otherwise a sentence that names the nearest one. */
export function countryProblem(text: string): string | null {
  if (KNOWN.has(text)) return null;
  const upper = text.trim().toUpperCase();
  const meant = KNOWN.has(upper) ? upper : FORMER_CODES[upper];
  if (meant !== undefined) return `write ${meant} (${countryName(meant)})`;
  const byName = nearest(text, [...countryNames().values()]);
  for (const [code, name] of countryNames()) if (name === byName) return `write ${code} for ${name}`;
  if (upper.length === 3) return 'a code has two letters (ISO 3166-1 alpha-2), e.g. DE';
  return 'no country has this code: see ringfence geo countries';
}
