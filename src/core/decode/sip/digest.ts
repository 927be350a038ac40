/** Digest credentials and challenges (RFC 3261 §22, RFC 7616, RFC 8760). */
import { addAnomaly } from './anomalies.ts';
import { ascii, equalsLower, skipWhite, TOKEN } from './ascii.ts';
import type { SipMessage } from './message.ts';
import { closingQuote, endOfWord } from './scan.ts';

const COMMA = 0x2c;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const SP = 0x20;

const DIGEST = ascii('digest');
const USERNAME = ascii('username');
const REALM = ascii('realm');
const NONCE = ascii('nonce');
const RESPONSE = ascii('response');
const COUNT = ascii('nc');
const STALE = ascii('stale');
const TRUE = ascii('true');

/** Values of the header being read; -1 when absent. One object for all, so that reading allocates nothing. */
const found = {
  userStart: -1,
  userEnd: -1,
  realmStart: -1,
  realmEnd: -1,
  nonceStart: -1,
  nonceEnd: -1,
  responseStart: -1,
  responseEnd: -1,
  counted: false,
  stale: false,
};

/**
 * Authorization, Proxy-Authorization. Only a header with a response that is not empty counts as credentials: a phone of an
 * IMS network sends `response=""` with its first REGISTER, before any challenge (3GPP TS 24.229 §5.1.1.2.2).
 */
export function readCredentials(bytes: Uint8Array, start: number, end: number, message: SipMessage): void {
  if (!readDigest(bytes, start, end, message)) return;
  if (found.userStart < 0) addAnomaly(message, 'digest-invalid', start);
  const answered = found.responseEnd > found.responseStart;
  // Evasion: a decoy without a response in front of the real credentials; the first that answers a challenge wins.
  if (message.hasCredentials || (!answered && message.authUserStart >= 0)) return;
  message.hasCredentials = answered;
  message.authUserStart = found.userStart;
  message.authUserEnd = found.userEnd;
  message.authRealmStart = found.realmStart;
  message.authRealmEnd = found.realmEnd;
  message.authNonceStart = found.nonceStart;
  message.authNonceEnd = found.nonceEnd;
  message.authResponseStart = found.responseStart;
  message.authResponseEnd = found.responseEnd;
  message.authCounted = found.counted;
}

/** WWW-Authenticate, Proxy-Authenticate. */
export function readChallenge(bytes: Uint8Array, start: number, end: number, message: SipMessage): void {
  if (!readDigest(bytes, start, end, message)) return;
  if (found.stale) message.challengeStale = true;
  if (message.hasChallenge) return;
  message.hasChallenge = true;
  message.challengeNonceStart = found.nonceStart;
  message.challengeNonceEnd = found.nonceEnd;
}

/** Fills `found`; false when the scheme is not Digest. */
function readDigest(bytes: Uint8Array, start: number, end: number, message: SipMessage): boolean {
  let i = start;
  while (i < end && TOKEN[bytes[i]] === 1) i++;
  if (!equalsLower(bytes, start, i, DIGEST)) {
    addAnomaly(message, 'auth-scheme-unknown', start);
    return false;
  }
  found.userStart = found.userEnd = found.realmStart = found.realmEnd = -1;
  found.nonceStart = found.nonceEnd = found.responseStart = found.responseEnd = -1;
  found.counted = false;
  found.stale = false;
  while (i < end) {
    const c = bytes[i];
    if (c <= SP || c === COMMA) {
      i++;
      continue;
    }
    const nameStart = i;
    i = endOfWord(bytes, i, end);
    const nameEnd = i;
    i = skipWhite(bytes, i, end);
    if (i === end || bytes[i] !== EQUALS) {
      if (i === nameStart) i++;
      continue;
    }
    i = skipWhite(bytes, i + 1, end);
    let valueStart = i;
    let valueEnd: number;
    if (i < end && bytes[i] === QUOTE) {
      valueStart++;
      valueEnd = closingQuote(bytes, i, end);
      if (valueEnd < 0) {
        addAnomaly(message, 'digest-invalid', i);
        valueEnd = end;
      }
      i = Math.min(valueEnd + 1, end);
    } else {
      // Tolerance: unquoted values where the grammar wants quotes; they hold `=` in base64 nonces.
      while (i < end && bytes[i] > SP && bytes[i] !== COMMA) i++;
      valueEnd = i;
    }
    keep(bytes, nameStart, nameEnd, valueStart, valueEnd);
  }
  return true;
}

/** The first of each name counts. */
function keep(bytes: Uint8Array, nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): void {
  switch (nameEnd - nameStart) {
    case 2:
      if (equalsLower(bytes, nameStart, nameEnd, COUNT)) found.counted = valueEnd > valueStart;
      break;
    case 5:
      if (found.realmStart < 0 && equalsLower(bytes, nameStart, nameEnd, REALM)) {
        found.realmStart = valueStart;
        found.realmEnd = valueEnd;
      } else if (found.nonceStart < 0 && equalsLower(bytes, nameStart, nameEnd, NONCE)) {
        found.nonceStart = valueStart;
        found.nonceEnd = valueEnd;
      } else if (equalsLower(bytes, nameStart, nameEnd, STALE)) {
        found.stale = found.stale || equalsLower(bytes, valueStart, valueEnd, TRUE);
      }
      break;
    case 8:
      if (found.userStart < 0 && equalsLower(bytes, nameStart, nameEnd, USERNAME)) {
        found.userStart = valueStart;
        found.userEnd = valueEnd;
      } else if (found.responseStart < 0 && equalsLower(bytes, nameStart, nameEnd, RESPONSE)) {
        found.responseStart = valueStart;
        found.responseEnd = valueEnd;
      }
      break;
  }
}
