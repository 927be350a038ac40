/**
 * How a program writes its requests, as 64 bits: the order and spelling of its headers, the shape of Call-ID, branch and From tag, its user
 * agent. Two requests of one program have the same; changing it means changing the program.
 */
import {
  HEADER_AUTHORIZATION,
  HEADER_CONTENT_TYPE,
  HEADER_PROXY_AUTHORIZATION,
} from '../../decode/sip/header-names.ts';
import { headerField, NAME_END, NAME_START, type SipMessage } from '../../decode/sip/message.ts';
import { hashSpan } from '../../decode/sip/text.ts';

/** Headers that one program writes into some requests and not into others. */
const VARYING: readonly number[] = [HEADER_AUTHORIZATION, HEADER_PROXY_AUTHORIZATION, HEADER_CONTENT_TYPE];

const DIGIT = 1;
const LOWER_HEX = 2;
const LOWER = 4;
const UPPER = 8;
const OTHER = 16;
const AT = 0x40;

export interface Fingerprint {
  high: number;
  low: number;
}

const mixed: Fingerprint = { high: 0, low: 0 };

/** The object is reused. */
export function fingerprint(m: SipMessage, seed: number): Fingerprint {
  mixed.high = seed >>> 0;
  mixed.low = ~seed >>> 0;
  for (let i = 0; i < m.headerCount; i++) {
    const name = headerField(m, i, 0);
    // The length tells `Via` from `v`, and unknown names from each other.
    if (!VARYING.includes(name)) mix(name * 64 + (headerField(m, i, NAME_END) - headerField(m, i, NAME_START)));
  }
  mixShape(m.bytes, m.callIdStart, m.callIdEnd);
  mixShape(m.bytes, m.branchStart, m.branchEnd);
  mixShape(m.bytes, m.fromTagStart, m.fromTagEnd);
  mix(m.userAgentStart < 0 ? 0 : hashSpan(m.bytes, m.userAgentStart, m.userAgentEnd, seed));
  return mixed;
}

/** Which characters a random text is made of, its punctuation, and its length unless it is a number; what follows `@` is a host. */
function mixShape(bytes: Uint8Array, start: number, end: number): void {
  if (start < 0) return mix(0);
  let classes = 0;
  let at = start;
  for (; at < end && bytes[at] !== AT; at++) {
    const c = bytes[at];
    if (c >= 0x30 && c <= 0x39) classes |= DIGIT;
    else if (c >= 0x61 && c <= 0x66) classes |= LOWER_HEX;
    else if (c >= 0x67 && c <= 0x7a) classes |= LOWER;
    else if (c >= 0x41 && c <= 0x5a) classes |= UPPER;
    else {
      classes |= OTHER;
      mix(c);
    }
  }
  // A text of letters may by chance hold none of `a` to `f`.
  if ((classes & LOWER) !== 0) classes |= LOWER_HEX;
  mix(classes * 1024 + (classes === DIGIT ? 0 : at - start) * 2 + (at < end ? 1 : 0));
}

function mix(n: number): void {
  mixed.high = Math.imul(mixed.high ^ n, 0x9e3779b1);
  mixed.high = (mixed.high ^ (mixed.high >>> 15)) >>> 0;
  mixed.low = Math.imul(mixed.low ^ (n + 0x7f4a7c15), 0x85ebca77);
  mixed.low = (mixed.low ^ (mixed.low >>> 13)) >>> 0;
}
