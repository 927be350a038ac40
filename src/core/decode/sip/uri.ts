/** The user part of a URI, and the defects of the URI around it (RFC 3261 §19.1, RFC 3966). */
import { addAnomaly } from './anomalies.ts';
import { ascii, AT, COLON, equalsLower, QUESTION, SCHEME, SEMICOLON } from './ascii.ts';
import type { SipMessage } from './message.ts';

/** A part of the buffer; both -1 when absent. Reused, so that reading allocates nothing. */
export interface Span {
  start: number;
  end: number;
}

const SIP = ascii('sip');
const SIPS = ascii('sips');
const TEL = ascii('tel');

/**
 * Finds the user part of the URI `bytes[start, end)`: without the password in sip and sips, the number in tel, -1 where there
 * is none. The user is everything before the first at sign, `;` and `?` included (RFC 4475 §3.1.1.9).
 */
export function readUser(bytes: Uint8Array, start: number, end: number, message: SipMessage, user: Span): void {
  user.start = -1;
  user.end = -1;
  let i = start;
  while (i < end && SCHEME[bytes[i]] === 1) i++;
  const hasScheme = i > start && i < end && bytes[i] === COLON;
  const from = hasScheme ? i + 1 : start;
  if (hasScheme && equalsLower(bytes, start, i, TEL)) {
    readNumber(bytes, from, end, user);
    return;
  }
  const isSip = hasScheme && (equalsLower(bytes, start, i, SIP) || equalsLower(bytes, start, i, SIPS));
  if (!isSip) addAnomaly(message, hasScheme ? 'uri-scheme-unknown' : 'uri-scheme-missing', start);
  let colon = -1;
  for (i = from; i < end; i++) {
    const c = bytes[i];
    if (c === COLON && colon < 0) colon = i;
    else if (c === AT) break;
  }
  if (i === end) return;
  user.start = from;
  user.end = colon < 0 ? i : colon;
  if (user.end === user.start) addAnomaly(message, 'uri-user-empty', from);
  // Evasion: `sip:100@x@pbx`; the first at sign ends the user, as in the common proxies, and the defect is named.
  for (let k = i + 1; k < end; k++) {
    if (bytes[k] !== AT) continue;
    addAnomaly(message, 'uri-second-at', k);
    return;
  }
}

function readNumber(bytes: Uint8Array, start: number, end: number, user: Span): void {
  let i = start;
  while (i < end && bytes[i] !== SEMICOLON && bytes[i] !== QUESTION) i++;
  user.start = start;
  user.end = i;
}
