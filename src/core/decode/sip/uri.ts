/** The user part of a URI, and the defects of the URI around it (RFC 3261 §19.1, RFC 3966). */
import { addAnomaly } from './anomalies.ts';
import { ascii, classOf, equalsLower, SCHEME } from './ascii.ts';
import type { SipMessage } from './message.ts';
import { mayMark, viewOf, wordAt, wordOf } from './scan.ts';

const SP = 0x20;
const COLON = 0x3a;
const GREATER = 0x3e;
const QUESTION = 0x3f;
const AT = 0x40;

/** A part of the buffer; both -1 when absent. Reused, so that reading allocates nothing. */
export interface Span {
  start: number;
  end: number;
}

/** A Request-URI: fills its whole range. */
export const URI_WHOLE = 0;
/** `<…>`: ends at the closing bracket. */
export const URI_BRACKETED = 1;
/** Without brackets: ends at white space, `;`, `,` or `?` (RFC 3261 §20.10). */
export const URI_BARE = 2;
export type UriForm = typeof URI_WHOLE | typeof URI_BRACKETED | typeof URI_BARE;

const SIP_COLON = wordOf('sip:');
const SIP = ascii('sip');
const SIPS = ascii('sips');
const TEL = ascii('tel');

/** Bytes that may mean something in a URI; one look-up passes all others. */
const MARK = classOf(':@>;,?');
for (let c = 0; c <= SP; c++) MARK[c] = 1;
const TEL_END = classOf(';,?>');

/**
 * Reads the URI at `start` in one pass and puts its user part in `user`: without the password in sip and sips, the number in
 * tel, -1 where there is none. Returns where the URI ends. The user is everything before the first at sign, `;` and `?`
 * included (RFC 4475 §3.1.1.9).
 */
export function readUri(
  bytes: Uint8Array,
  start: number,
  end: number,
  form: UriForm,
  message: SipMessage,
  user: Span,
): number {
  user.start = -1;
  user.end = -1;
  let firstColon = -1;
  let secondColon = -1;
  let at = -1;
  let secondAt = -1;
  let white = -1;
  let question = -1;
  // `sip:` in any case; anything else takes the careful way below.
  const sip = start + 4 < end && (wordAt(start) | 0x202020) === SIP_COLON;
  if (sip) firstColon = start + 3;
  let i = (sip ? start + 4 : start) | 0;
  const last = end | 0;
  const view = viewOf(bytes);
  const mark = mayMark;
  const marks = MARK;
  scan: while (i < last) {
    if (i + 4 <= last && !mark(view.getInt32(i, true))) {
      i += 4;
      continue;
    }
    for (const stop = i + 4 < last ? i + 4 : last; i < stop; i++) {
      const c = bytes[i];
      if (marks[c] === 0) continue;
      if (c === COLON) {
        if (firstColon < 0) firstColon = i;
        else if (secondColon < 0) secondColon = i;
      } else if (c === AT) {
        if (at < 0) at = i;
        else if (secondAt < 0) secondAt = i;
      } else if (c === GREATER) {
        if (form === URI_BRACKETED) break scan;
      } else if (form === URI_BARE) {
        break scan;
      } else if (c <= SP) {
        if (white < 0) white = i;
      } else if (c === QUESTION) {
        question = i;
      }
    }
  }
  if (i === start) return i;

  if (form === URI_WHOLE) {
    if (white >= 0) addAnomaly(message, 'uri-white-space', white);
    // In the user part a question mark is a character; after it, it begins header fields.
    if (question > at) addAnomaly(message, 'uri-headers', question);
  }
  const hasScheme = sip || (isScheme(bytes, start, firstColon) && (at < 0 || firstColon < at));
  if (!sip && hasScheme && equalsLower(bytes, start, firstColon, TEL)) {
    user.start = firstColon + 1;
    user.end = firstColon + 1;
    while (user.end < i && bytes[user.end] > SP && TEL_END[bytes[user.end]] === 0) user.end++;
    return i;
  }
  if (!hasScheme) addAnomaly(message, 'uri-scheme-missing', start);
  else if (!sip && !equalsLower(bytes, start, firstColon, SIP) && !equalsLower(bytes, start, firstColon, SIPS)) {
    addAnomaly(message, 'uri-scheme-unknown', start);
  }
  if (at < 0) return i;
  user.start = hasScheme ? firstColon + 1 : start;
  const password = hasScheme ? secondColon : firstColon;
  user.end = password >= 0 && password < at ? password : at;
  if (user.end === user.start) addAnomaly(message, 'uri-user-empty', user.start);
  // Evasion: `sip:100@x@pbx`; the first at sign ends the user, as in the common proxies, and the defect is named.
  if (secondAt >= 0) addAnomaly(message, 'uri-second-at', secondAt);
  return i;
}

function isScheme(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (SCHEME[bytes[i]] === 0) return false;
  return end > start;
}
