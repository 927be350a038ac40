/** `;name=value` lists, as in From, To, Contact and Via (RFC 3261 §25.1 generic-param). */
import { addAnomaly } from './anomalies.ts';
import { equalsLower, skipWhite } from './ascii.ts';
import type { SipMessage } from './message.ts';
import { closingQuote, endOfWord } from './scan.ts';
import type { Span } from './uri.ts';

const COMMA = 0x2c;
const EQUALS = 0x3d;
const QUOTE = 0x22;
const SEMICOLON = 0x3b;
const SP = 0x20;

/**
 * Reads parameters from `start` to the next comma outside quotes, or `end`, and puts the value of the one named `lowerName` in
 * `value`, without quotes; -1 when it is absent or has no value. Returns where it stopped.
 */
export function findParam(
  bytes: Uint8Array,
  start: number,
  end: number,
  lowerName: Uint8Array,
  message: SipMessage,
  value: Span,
): number {
  value.start = -1;
  value.end = -1;
  let i = start;
  while (i < end) {
    const c = bytes[i];
    if (c === COMMA) return i;
    if (c === SEMICOLON || c <= SP) {
      i++;
      continue;
    }
    const nameStart = i;
    i = endOfWord(bytes, i, end);
    const nameEnd = i;
    i = skipWhite(bytes, i, end);
    if (i === end || bytes[i] !== EQUALS) continue;
    i = skipWhite(bytes, i + 1, end);
    let valueStart = i;
    let valueEnd: number;
    if (i < end && bytes[i] === QUOTE) {
      valueStart++;
      valueEnd = closingQuote(bytes, i, end);
      if (valueEnd < 0) {
        addAnomaly(message, 'quote-unbalanced', i);
        valueEnd = end;
      }
      i = Math.min(valueEnd + 1, end);
    } else {
      i = endOfWord(bytes, i, end);
      // `a=b=c`: the rest belongs to the value.
      while (i < end && bytes[i] === EQUALS) i = endOfWord(bytes, i + 1, end);
      valueEnd = i;
    }
    if (!equalsLower(bytes, nameStart, nameEnd, lowerName)) continue;
    if (value.start >= 0) {
      addAnomaly(message, 'param-repeated', nameStart);
    } else {
      value.start = valueStart;
      value.end = valueEnd;
    }
  }
  return end;
}

/** Position of the next comma outside quotes, or `end`. */
export function endOfValue(bytes: Uint8Array, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    const c = bytes[i];
    if (c === COMMA) return i;
    if (c === QUOTE) {
      const close = closingQuote(bytes, i, end);
      if (close < 0) return end;
      i = close;
    }
  }
  return end;
}
