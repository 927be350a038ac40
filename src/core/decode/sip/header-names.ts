/**
 * The header fields that are known by number: all of RFC 3261 §20 and the extensions seen in practice (IANA "SIP Parameters").
 * Names match in any case (RFC 3261 §7.3.1) and in the compact form (§7.3.3).
 */
import { ascii, equalsLower } from './ascii.ts';
import { wordAt, wordOf } from './scan.ts';

const COLON = 0x3a;
const TO_WORD = 0x6f74;
const VIA_WORD = 0x616976;

/** Long name, compact form ('' when there is none); the position in this list plus one is the number. */
const REGISTERED: readonly (readonly [string, string])[] = [
  ['Via', 'v'],
  ['From', 'f'],
  ['To', 't'],
  ['Call-ID', 'i'],
  ['CSeq', ''],
  ['Contact', 'm'],
  ['Max-Forwards', ''],
  ['Content-Length', 'l'],
  ['Content-Type', 'c'],
  ['User-Agent', ''],
  ['Server', ''],
  ['Expires', ''],
  ['Authorization', ''],
  ['Proxy-Authorization', ''],
  ['WWW-Authenticate', ''],
  ['Proxy-Authenticate', ''],
  ['Authentication-Info', ''],
  ['Accept', ''],
  ['Accept-Contact', 'a'],
  ['Accept-Encoding', ''],
  ['Accept-Language', ''],
  ['Alert-Info', ''],
  ['Allow', ''],
  ['Allow-Events', 'u'],
  ['Call-Info', ''],
  ['Content-Disposition', ''],
  ['Content-Encoding', 'e'],
  ['Content-Language', ''],
  ['Date', ''],
  ['Diversion', ''],
  ['Error-Info', ''],
  ['Event', 'o'],
  ['History-Info', ''],
  ['Identity', 'y'],
  ['Identity-Info', 'n'],
  ['In-Reply-To', ''],
  ['MIME-Version', ''],
  ['Min-Expires', ''],
  ['Min-SE', ''],
  ['Organization', ''],
  ['P-Access-Network-Info', ''],
  ['P-Asserted-Identity', ''],
  ['P-Preferred-Identity', ''],
  ['Path', ''],
  ['Priority', ''],
  ['Privacy', ''],
  ['Proxy-Require', ''],
  ['RAck', ''],
  ['Reason', ''],
  ['Record-Route', ''],
  ['Refer-To', 'r'],
  ['Referred-By', 'b'],
  ['Reject-Contact', 'j'],
  ['Remote-Party-ID', ''],
  ['Replaces', ''],
  ['Reply-To', ''],
  ['Request-Disposition', 'd'],
  ['Require', ''],
  ['Retry-After', ''],
  ['Route', ''],
  ['RSeq', ''],
  ['Security-Client', ''],
  ['Security-Server', ''],
  ['Security-Verify', ''],
  ['Service-Route', ''],
  ['Session-Expires', 'x'],
  ['SIP-ETag', ''],
  ['SIP-If-Match', ''],
  ['Subject', 's'],
  ['Subscription-State', ''],
  ['Supported', 'k'],
  ['Timestamp', ''],
  ['Unsupported', ''],
  ['Warning', ''],
  ['X-Asterisk-HangupCause', ''],
  ['X-Asterisk-HangupCauseCode', ''],
];

export const HEADER_UNKNOWN = 0;
export const HEADER_VIA = 1;
export const HEADER_FROM = 2;
export const HEADER_TO = 3;
export const HEADER_CALL_ID = 4;
export const HEADER_CSEQ = 5;
export const HEADER_CONTACT = 6;
export const HEADER_MAX_FORWARDS = 7;
export const HEADER_CONTENT_LENGTH = 8;
export const HEADER_CONTENT_TYPE = 9;
export const HEADER_USER_AGENT = 10;
export const HEADER_SERVER = 11;
export const HEADER_EXPIRES = 12;
export const HEADER_AUTHORIZATION = 13;
export const HEADER_PROXY_AUTHORIZATION = 14;
export const HEADER_WWW_AUTHENTICATE = 15;
export const HEADER_PROXY_AUTHENTICATE = 16;

/** Long name by number; index 0 is ''. */
export const HEADER_P_ASSERTED_IDENTITY = numberOf('P-Asserted-Identity');
export const HEADER_SUBJECT = numberOf('Subject');

export const HEADER_NAMES: readonly string[] = ['', ...REGISTERED.map(([name]) => name)];

const LONGEST = Math.max(...REGISTERED.map(([name]) => name.length));
const COMPACT = new Uint8Array(256);
/** Open addressing, linear probing; 512 slots for under 80 names keep nearly every probe chain at one. */
const SLOTS = 512;
const slotNumber = new Uint8Array(SLOTS);
const slotName: Uint8Array[] = Array<Uint8Array>(SLOTS).fill(new Uint8Array(0));

function slotOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const first = bytes[start] | 0x20;
  const middle = bytes[start + (length >> 1)] | 0x20;
  const last = bytes[end - 1] | 0x20;
  return (length * 61 + first * 7 + middle * 31 + last * 17) & (SLOTS - 1);
}

for (const [index, [name, compact]] of REGISTERED.entries()) {
  const lower = ascii(name.toLowerCase());
  let slot = slotOf(lower, 0, lower.length);
  while (slotNumber[slot] !== 0) slot = (slot + 1) & (SLOTS - 1);
  slotNumber[slot] = index + 1;
  slotName[slot] = lower;
  if (compact !== '') {
    COMPACT[compact.charCodeAt(0)] = index + 1;
    COMPACT[compact.toUpperCase().charCodeAt(0)] = index + 1;
  }
}

/** Number of the header field named by `bytes[start, end)`, which holds token bytes only; 0 when it is not known. */
export function lookUpHeader(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length < 2) return length === 1 ? COMPACT[bytes[start]] : HEADER_UNKNOWN;
  if (length > LONGEST) return HEADER_UNKNOWN;
  let slot = slotOf(bytes, start, end);
  // Invariant: the table is never full, so the chain ends.
  while (slotNumber[slot] !== 0) {
    if (equalsLower(bytes, start, end, slotName[slot])) return slotNumber[slot];
    slot = (slot + 1) & (SLOTS - 1);
  }
  return HEADER_UNKNOWN;
}

/** Names of four letters and more, by their first four, for `headerAt`: slots of candidates, names as 32-bit words. */
const GUESS_SLOTS = 256;
const guesses: number[][] = Array.from({ length: GUESS_SLOTS }, () => []);
/** Words of each name at byte 0, 4, 8 …, the last one moved back so that it ends with the name; `fixed` has 0xdf for letters. */
const WORDS_MAX = 7;
const nameLength = new Uint8Array(HEADER_NAMES.length);
const lowerWord = new Int32Array(HEADER_NAMES.length * WORDS_MAX);
const fixedBits = new Int32Array(HEADER_NAMES.length * WORDS_MAX);

const guessSlot = (word: number): number => Math.imul(word | 0x20202020, 0x9e3779b1) >>> 24;

for (const [id, name] of HEADER_NAMES.entries()) {
  nameLength[id] = name.length;
  if (name.length < 4) continue;
  const lower = name.toLowerCase();
  guesses[guessSlot(wordOf(lower))].push(id);
  for (let k = 0; k * 4 < lower.length; k++) {
    const at = Math.min(k * 4, lower.length - 4);
    const text = lower.slice(at, at + 4);
    lowerWord[id * WORDS_MAX + k] = wordOf(text);
    fixedBits[id * WORDS_MAX + k] = wordOf(text.replace(/[a-z]/g, '\xdf').replace(/[^\xdf]/g, '\xff'));
  }
}

/**
 * The known header field whose name and colon stand at `i`, in any case: its number, plus 256 times the length of the name as it
 * stands there. 0 when there is none, and the slow way must look. Compares words: a name of 14 bytes costs 4 steps, not 28.
 */
export function headerAt(bytes: Uint8Array, i: number, end: number): number {
  if (i + 4 > end) return HEADER_UNKNOWN;
  if (bytes[i + 1] === COLON) return COMPACT[bytes[i]] | 0x100;
  const first = wordAt(i);
  if (bytes[i + 2] === COLON) return ((first | 0x2020) & 0xffff) === TO_WORD ? HEADER_TO | 0x200 : HEADER_UNKNOWN;
  if (bytes[i + 3] === COLON) return ((first | 0x202020) & 0xffffff) === VIA_WORD ? HEADER_VIA | 0x300 : HEADER_UNKNOWN;
  const candidates = guesses[guessSlot(first)];
  for (let k = 0; k < candidates.length; k++) {
    const id = candidates[k];
    const length = nameLength[id];
    if (i + length < end && bytes[i + length] === COLON && equalsName(i, id, length)) return id | (length << 8);
  }
  return HEADER_UNKNOWN;
}

function equalsName(i: number, id: number, length: number): boolean {
  const row = id * WORDS_MAX;
  const word = wordAt;
  const lower = lowerWord;
  const fixed = fixedBits;
  const last = length - 4;
  for (let k = 0, offset = 0; offset < length; k++, offset += 4) {
    const at = i + (offset < last ? offset : last);
    if (((word(at) ^ lower[row + k]) & fixed[row + k]) !== 0) return false;
  }
  return true;
}

function numberOf(name: string): number {
  return REGISTERED.findIndex(([long]) => long === name) + 1;
}
