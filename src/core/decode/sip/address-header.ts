/** From, To and Contact: `name-addr` or `addr-spec` with parameters (RFC 3261 §20.10, §20.20, §20.39). */
import { addAnomaly } from './anomalies.ts';
import { ascii, readDigits, skipWhite, TOKEN, trimEnd } from './ascii.ts';
import type { SipMessage } from './message.ts';
import { closingQuote } from './scan.ts';
import { findParam } from './params.ts';
import { readUri, type Span, URI_BARE, URI_BRACKETED } from './uri.ts';

const COLON = 0x3a;
const COMMA = 0x2c;
const LESS = 0x3c;
const QUESTION = 0x3f;
const QUOTE = 0x22;
const SEMICOLON = 0x3b;
const SP = 0x20;

const TAG = ascii('tag');
const EXPIRES = ascii('expires');
/** Delta-seconds have 32 bits (RFC 3261 §20.19). */
export const DELTA_SECONDS_MAX = 4_294_967_295;

const display: Span = { start: -1, end: -1 };
const user: Span = { start: -1, end: -1 };
const param: Span = { start: -1, end: -1 };

export function readFrom(bytes: Uint8Array, start: number, end: number, message: SipMessage): void {
  const rest = readAddress(bytes, start, end, message);
  message.fromDisplayStart = display.start;
  message.fromDisplayEnd = display.end;
  message.fromUserStart = user.start;
  message.fromUserEnd = user.end;
  findParam(bytes, rest, end, TAG, message, param);
  message.fromTagStart = param.start;
  message.fromTagEnd = param.end;
  if (param.start < 0) addAnomaly(message, 'from-tag-missing', start);
}

export function readTo(bytes: Uint8Array, start: number, end: number, message: SipMessage): void {
  const rest = readAddress(bytes, start, end, message);
  message.toUserStart = user.start;
  message.toUserEnd = user.end;
  findParam(bytes, rest, end, TAG, message, param);
  message.toTagStart = param.start;
  message.toTagEnd = param.end;
}

/** The first value of the first Contact; `*` (RFC 3261 §10.2.2) has no user. */
export function readContact(bytes: Uint8Array, start: number, end: number, message: SipMessage): void {
  if (end - start === 1 && bytes[start] === 0x2a) return;
  const rest = readAddress(bytes, start, end, message);
  message.contactUserStart = user.start;
  message.contactUserEnd = user.end;
  findParam(bytes, rest, end, EXPIRES, message, param);
  if (param.start >= 0) message.contactExpires = readSeconds(bytes, param.start, param.end, message);
}

/** Delta-seconds, cut at `DELTA_SECONDS_MAX`; -1 when it is no number. */
export function readSeconds(bytes: Uint8Array, start: number, end: number, message: SipMessage): number {
  const seconds = readDigits(bytes, start, end);
  if (seconds >= 0 && seconds <= DELTA_SECONDS_MAX) return seconds;
  addAnomaly(message, 'expires-invalid', start);
  return Math.min(seconds, DELTA_SECONDS_MAX);
}

/** Fills `display` and `user`; returns where the header's own parameters begin. */
function readAddress(bytes: Uint8Array, start: number, end: number, message: SipMessage): number {
  display.start = display.end = user.start = user.end = -1;
  if (start === end) {
    addAnomaly(message, 'address-empty', start);
    return end;
  }
  let open = -1;
  if (bytes[start] === QUOTE) {
    const close = closingQuote(bytes, start, end);
    // Tolerance: `"Mr. User <sip:…>` (RFC 4475 §3.1.2.6): the bracket ends the name.
    if (close < 0) addAnomaly(message, 'quote-unbalanced', start);
    open = findByte(bytes, close < 0 ? start : close, end, LESS);
    display.start = start + 1;
    display.end = close >= 0 ? close : open >= 0 ? trimEnd(bytes, start + 1, open) : end;
  } else {
    open = findBracket(bytes, start, end);
    const nameEnd = trimEnd(bytes, start, open);
    if (open > start && nameEnd > start) {
      display.start = start;
      display.end = nameEnd;
      checkTokens(bytes, start, nameEnd, message);
    }
  }
  return open >= 0 ? readBracketed(bytes, open, end, message) : readBare(bytes, start, end, message);
}

/**
 * The `<` of a name-addr that does not begin with a quote, or -1 for an addr-spec.
 * Evasion: `a: <sip:100@pbx>`: a colon alone makes no addr-spec, since proxies take what stands in the brackets.
 */
function findBracket(bytes: Uint8Array, start: number, end: number): number {
  let colon = false;
  for (let i = start; i < end; i++) {
    const c = bytes[i];
    if (c === LESS) return i;
    if (c === COLON) colon = true;
    else if (colon && (c === SEMICOLON || c === COMMA)) return -1;
    else if (c === QUOTE) {
      const close = closingQuote(bytes, i, end);
      if (close < 0) return -1;
      i = close;
    }
  }
  return -1;
}

function readBracketed(bytes: Uint8Array, open: number, end: number, message: SipMessage): number {
  const uriStart = skipWhite(bytes, open + 1, end);
  const close = readUri(bytes, uriStart, end, URI_BRACKETED, message, user);
  if (close === end) addAnomaly(message, 'angle-unclosed', open);
  if (close === uriStart) addAnomaly(message, 'address-empty', open);
  else if (uriStart > open + 1 || bytes[close - 1] <= SP) addAnomaly(message, 'uri-white-space', open + 1);
  return Math.min(close + 1, end);
}

/** `sip:a@b;tag=x`: without brackets every parameter belongs to the header (RFC 3261 §20.10). */
function readBare(bytes: Uint8Array, start: number, end: number, message: SipMessage): number {
  let i = readUri(bytes, start, end, URI_BARE, message, user);
  if (i < end && bytes[i] === QUESTION) {
    addAnomaly(message, 'uri-unbracketed', i);
    while (i < end && bytes[i] !== SEMICOLON && bytes[i] !== COMMA) i++;
  }
  return i;
}

function checkTokens(bytes: Uint8Array, start: number, end: number, message: SipMessage): void {
  for (let i = start; i < end; i++) {
    const c = bytes[i];
    // Tolerance: bytes over 127 are common in names without quotes and hurt nobody.
    if (c > SP && c < 0x80 && TOKEN[c] === 0) {
      addAnomaly(message, 'display-name-invalid', i);
      return;
    }
  }
}

function findByte(bytes: Uint8Array, start: number, end: number, wanted: number): number {
  for (let i = start; i < end; i++) if (bytes[i] === wanted) return i;
  return -1;
}
