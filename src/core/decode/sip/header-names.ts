/**
 * The header fields that are known by number: all of RFC 3261 §20 and the extensions seen in practice (IANA "SIP Parameters").
 * Names match in any case (RFC 3261 §7.3.1) and in the compact form (§7.3.3).
 */
import { ascii, equalsLower } from './ascii.ts';

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
export const HEADER_NAMES: readonly string[] = ['', ...REGISTERED.map(([name]) => name)];

/** The number of the header field with this long name in any case; 0 when it is not known. */
export function headerNumber(name: string): number {
  const bytes = ascii(name);
  return lookUpHeader(bytes, 0, bytes.length);
}

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
