/** Via (RFC 3261 §20.42): the topmost value's sent-by host and branch, and the number of values. */
import { addAnomaly } from './anomalies.ts';
import { ascii, skipWhite, TOKEN } from './ascii.ts';
import type { SipMessage } from './message.ts';
import { endOfValue, findParam } from './params.ts';
import { wordAt, wordOf } from './scan.ts';
import type { Span } from './uri.ts';

const BRACKET_CLOSE = 0x5d;
const BRACKET_OPEN = 0x5b;
const COLON = 0x3a;
const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const SLASH = 0x2f;
const SP = 0x20;

const BRANCH = ascii('branch');
/** RFC 3261 §8.1.1.7: a branch that begins so is unique; matched in any case, as the common stacks do. */
const COOKIE = ascii('z9hg4bk');

const SIP_SLASH = wordOf('SIP/');
const TWO_SLASH = wordOf('2.0/');

const branch: Span = { start: -1, end: -1 };

/** Reads one Via header field, which may hold several values. */
export function readVia(bytes: Uint8Array, start: number, end: number, message: SipMessage): void {
  let i = start;
  let invalid = start === end ? start : -1;
  while (i < end) {
    i = skipWhite(bytes, i, end);
    const first = i < end ? bytes[i] : COMMA;
    if (first === COMMA || first === SEMICOLON) {
      if (invalid < 0) invalid = Math.min(i, end - 1);
      i = endOfValue(bytes, i, end) + 1;
      continue;
    }
    const top = message.viaCount === 0;
    message.viaCount++;
    i = (top ? readTop(bytes, i, end, message) : endOfValue(bytes, i, end)) + 1;
    // A comma with nothing after it.
    if (i === end && invalid < 0) invalid = end - 1;
  }
  if (invalid >= 0) addAnomaly(message, 'via-invalid', invalid);
}

/** `SIP / 2.0 / UDP host:port;branch=…`, white space around each slash; returns where the value ends. */
function readTop(bytes: Uint8Array, start: number, end: number, message: SipMessage): number {
  let i = start;
  const usual = end - start > 12 && isUsual(bytes, start);
  if (usual) i += 12;
  for (let part = usual ? 3 : 0; part < 3; part++) {
    const partStart = i;
    while (i < end && TOKEN[bytes[i]] === 1) i++;
    const empty = i === partStart;
    const afterPart = i;
    i = skipWhite(bytes, i, end);
    const slash = i < end && bytes[i] === SLASH;
    if (empty || (part < 2 ? !slash : i === afterPart)) {
      addAnomaly(message, 'via-invalid', Math.min(i, end - 1));
      return endOfValue(bytes, i, end);
    }
    if (part < 2) i = skipWhite(bytes, i + 1, end);
  }
  const hostStart = i;
  if (i < end && bytes[i] === BRACKET_OPEN) {
    while (i < end && bytes[i] !== BRACKET_CLOSE && bytes[i] > SP) i++;
    if (i < end && bytes[i] === BRACKET_CLOSE) i++;
  } else {
    let c = 0;
    while (i < end && ((c = bytes[i]) > SEMICOLON || (c > SP && c !== COLON && c !== SEMICOLON && c !== COMMA))) i++;
  }
  if (i === hostStart) {
    addAnomaly(message, 'via-invalid', Math.min(i, end - 1));
  } else {
    message.viaHostStart = hostStart;
    message.viaHostEnd = i;
  }
  i = findParam(bytes, i, end, BRANCH, message, branch);
  readBranch(bytes, start, message);
  return i;
}

/** `SIP/2.0/UDP ` and the same with three other letters: what nearly every Via begins with. */
function isUsual(bytes: Uint8Array, i: number): boolean {
  if (wordAt(i) !== SIP_SLASH || wordAt(i + 4) !== TWO_SLASH || bytes[i + 11] !== SP || bytes[i + 12] <= SP)
    return false;
  return TOKEN[bytes[i + 8]] === 1 && TOKEN[bytes[i + 9]] === 1 && TOKEN[bytes[i + 10]] === 1;
}

function readBranch(bytes: Uint8Array, viaStart: number, message: SipMessage): void {
  message.branchStart = branch.start;
  message.branchEnd = branch.end;
  if (branch.start < 0) {
    addAnomaly(message, 'branch-missing', viaStart);
    return;
  }
  const length = branch.end - branch.start;
  let k = 0;
  while (k < COOKIE.length && k < length && (bytes[branch.start + k] | 0x20) === COOKIE[k]) k++;
  if (length === 0 || (k === COOKIE.length && length === k)) addAnomaly(message, 'branch-empty', branch.start);
  else if (k < COOKIE.length) addAnomaly(message, 'branch-no-cookie', branch.start);
}
