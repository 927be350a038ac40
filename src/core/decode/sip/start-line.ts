/** Request line and status line (RFC 3261 §7.1, §7.2), whole or damaged. */
import { addAnomaly } from './anomalies.ts';
import { readDigits, TOKEN, trimEnd } from './ascii.ts';
import { KIND_REQUEST, KIND_RESPONSE, type SipMessage } from './message.ts';
import { exactMethodAt, knownMethod, spelledAs } from './methods.ts';
import { wordAt, wordOf } from './scan.ts';
import { spanText } from './text.ts';
import { readUri, type Span, URI_WHOLE } from './uri.ts';

const COLON = 0x3a;
const GREATER = 0x3e;
const LESS = 0x3c;
const NINE = 0x39;
const SLASH = 0x2f;
const TAB = 0x09;
const SP = 0x20;
const ZERO = 0x30;

/** Characters kept of a method that is not known. */
export const METHOD_CHARS_MAX = 32;

const STATUS_MIN = 100;
const STATUS_MAX = 699;

const user: Span = { start: -1, end: -1 };

/** `SIP/` and a digit, in any case (RFC 3261 §7.1 compares without case). */
function isVersion(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start > 4 &&
    (bytes[start] | 0x20) === 0x73 &&
    (bytes[start + 1] | 0x20) === 0x69 &&
    (bytes[start + 2] | 0x20) === 0x70 &&
    bytes[start + 3] === SLASH &&
    bytes[start + 4] >= ZERO &&
    bytes[start + 4] <= NINE
  );
}

/** Where the last word of the line begins. */
function lastWord(bytes: Uint8Array, start: number, end: number): number {
  let i = end;
  while (i > start && bytes[i - 1] !== SP && bytes[i - 1] !== TAB) i--;
  return i;
}

function endOfRun(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && bytes[i] !== SP && bytes[i] !== TAB) i++;
  return i;
}

function skipSpaces(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && (bytes[i] === SP || bytes[i] === TAB)) i++;
  return i;
}

function isToken(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (TOKEN[bytes[i]] === 0) return false;
  return end > start;
}

/** Whether the line `bytes[start, end)` can only be the start of a message: what a stream is searched for after a loss. */
export function isStartLine(bytes: Uint8Array, start: number, end: number): boolean {
  if (isVersion(bytes, start, end)) {
    const status = skipSpaces(bytes, endOfRun(bytes, start, end), end);
    return readDigits(bytes, status, endOfRun(bytes, status, end)) >= 0;
  }
  const lineEnd = trimEnd(bytes, start, end);
  const version = lastWord(bytes, start, lineEnd);
  const methodEnd = endOfRun(bytes, start, lineEnd);
  return methodEnd < version && isVersion(bytes, version, lineEnd) && isToken(bytes, start, methodEnd);
}

/** Reads a start line; false when it is neither, with nothing filled in. */
export function readStartLine(bytes: Uint8Array, start: number, end: number, message: SipMessage): boolean {
  if (isVersion(bytes, start, end)) {
    readStatusLine(bytes, start, end, message);
    return true;
  }
  if (readUsualLine(bytes, start, end, message)) return true;
  const lineEnd = trimEnd(bytes, start, end);
  const version = lastWord(bytes, start, lineEnd);
  if (version === start || !isVersion(bytes, version, lineEnd)) return false;
  message.kind = KIND_REQUEST;
  const methodEnd = endOfRun(bytes, start, version);
  readMethod(bytes, start, methodEnd, message);
  const uriStart = skipSpaces(bytes, methodEnd, version);
  const uriEnd = trimEnd(bytes, uriStart, version);
  const single = bytes[methodEnd] === SP && uriStart === methodEnd + 1 && uriEnd === version - 1;
  if (uriStart === version) addAnomaly(message, 'uri-missing', methodEnd);
  else {
    if (!single || lineEnd !== end) addAnomaly(message, 'start-line-white-space', single ? lineEnd : methodEnd);
    readRequestUri(bytes, uriStart, uriEnd, message);
  }
  checkVersion(bytes, version, lineEnd, message);
  return true;
}

const SIP_SLASH = wordOf('SIP/');
const SLASH_TWO = wordOf('/2.0');

/** A known method, single spaces and `SIP/2.0`, as in nearly every request; anything else is left to the careful way. */
function readUsualLine(bytes: Uint8Array, start: number, end: number, message: SipMessage): boolean {
  const version = end - 7;
  const method = exactMethodAt(start, end);
  const uriStart = start + method.length + 1;
  if (method === '' || uriStart >= version - 1 || bytes[uriStart - 1] !== SP || bytes[version - 1] !== SP) return false;
  if (wordAt(version) !== SIP_SLASH || wordAt(version + 3) !== SLASH_TWO) return false;
  if (bytes[uriStart] <= SP || bytes[version - 2] <= SP) return false;
  message.kind = KIND_REQUEST;
  message.method = method;
  readRequestUri(bytes, uriStart, version - 1, message);
  return true;
}

/**
 * A first line that is no start line, on a payload that may still be SIP: takes what can be taken. A method, and a URI when the
 * version alone is missing.
 */
export function readDamagedStartLine(bytes: Uint8Array, start: number, end: number, message: SipMessage): void {
  const wordEnd = endOfRun(bytes, start, end);
  const isStatus =
    wordEnd - start >= 3 &&
    (bytes[start] | 0x20) === 0x73 &&
    (bytes[start + 1] | 0x20) === 0x69 &&
    (bytes[start + 2] | 0x20) === 0x70;
  message.kind = isStatus ? KIND_RESPONSE : KIND_REQUEST;
  if (isStatus || !isToken(bytes, start, wordEnd)) {
    addAnomaly(message, 'start-line-invalid', start);
    return;
  }
  readMethod(bytes, start, wordEnd, message);
  const uriStart = skipSpaces(bytes, wordEnd, end);
  const uriEnd = endOfRun(bytes, uriStart, end);
  if (uriStart < uriEnd && skipSpaces(bytes, uriEnd, end) === end) {
    addAnomaly(message, 'version-missing', uriEnd);
    readRequestUri(bytes, uriStart, uriEnd, message);
  } else {
    addAnomaly(message, 'start-line-invalid', start);
  }
}

/** Whether the line is a header field: a token, then a colon. */
export function isHeaderLine(bytes: Uint8Array, start: number, end: number): boolean {
  let i = start;
  while (i < end && TOKEN[bytes[i]] === 1) i++;
  const colon = skipSpaces(bytes, i, end);
  return i > start && colon < end && bytes[colon] === COLON;
}

function readMethod(bytes: Uint8Array, start: number, end: number, message: SipMessage): void {
  const known = knownMethod(bytes, start, end);
  if (known !== '') {
    message.method = known;
    if (!spelledAs(bytes, start, end, known)) addAnomaly(message, 'method-case', start);
    return;
  }
  message.method = spanText(bytes, start, Math.min(end, start + METHOD_CHARS_MAX), METHOD_CHARS_MAX);
  if (!isToken(bytes, start, end)) addAnomaly(message, 'method-invalid', start);
}

function readRequestUri(bytes: Uint8Array, start: number, end: number, message: SipMessage): void {
  let uriStart = start;
  let uriEnd = end;
  if (bytes[start] === LESS) {
    // Tolerance: RFC 4475 §3.1.2.7.
    addAnomaly(message, 'uri-brackets', start);
    uriStart++;
    if (uriEnd > uriStart && bytes[uriEnd - 1] === GREATER) uriEnd--;
  }
  message.uriStart = uriStart;
  message.uriEnd = uriEnd;
  readUri(bytes, uriStart, uriEnd, URI_WHOLE, message, user);
  message.uriUserStart = user.start;
  message.uriUserEnd = user.end;
}

function checkVersion(bytes: Uint8Array, start: number, end: number, message: SipMessage): void {
  const isTwo =
    end - start === 7 && bytes[start + 4] === 0x32 && bytes[start + 5] === 0x2e && bytes[start + 6] === ZERO;
  if (!isTwo) addAnomaly(message, 'version-unknown', start);
  else if (bytes[start] !== 0x53 || bytes[start + 1] !== 0x49 || bytes[start + 2] !== 0x50) {
    addAnomaly(message, 'version-case', start);
  }
}

function readStatusLine(bytes: Uint8Array, start: number, end: number, message: SipMessage): void {
  message.kind = KIND_RESPONSE;
  const versionEnd = endOfRun(bytes, start, end);
  checkVersion(bytes, start, versionEnd, message);
  const codeStart = skipSpaces(bytes, versionEnd, end);
  const codeEnd = endOfRun(bytes, codeStart, end);
  if (codeStart > versionEnd + 1 && codeStart < end) addAnomaly(message, 'start-line-white-space', versionEnd);
  const status = readDigits(bytes, codeStart, codeEnd);
  if (status >= STATUS_MIN && status <= STATUS_MAX && codeEnd - codeStart === 3) message.status = status;
  else addAnomaly(message, 'status-invalid', codeStart);
  if (codeEnd === end) addAnomaly(message, 'reason-missing', end);
}
