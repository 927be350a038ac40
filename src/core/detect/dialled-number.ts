/**
 * The number in the user part of a Request-URI (RFC 3261 §19.1.6, RFC 3966), and whether it lies abroad or costs extra. Read byte by
 * byte into one buffer, so that a flood of calls allocates nothing.
 */
import type { TollFraudPolicy } from '../base/policy.ts';
import { classOf } from '../decode/sip/ascii.ts';
import { hashSpan, hexValue } from '../decode/sip/text.ts';

const PLUS = 0x2b;
const PERCENT = 0x25;
const SEMICOLON = 0x3b;
const HASH = 0x23;
const STAR = 0x2a;
const ZERO = 0x30;
const NINE = 0x39;
const LETTER_A = 0x61;
const LETTER_Z = 0x7a;
/** `visual-separator` of RFC 3966 §3. */
const SKIPPED = classOf('-.()');
/** Evasion: a letter in front, which some dial plans drop. Longer words are names. */
const LETTERS_MAX = 3;

/** E.164 allows 15 digits; what dials out and the international prefix come on top. */
const DIGITS_MAX = 32;
/** Extensions are shorter. */
const DIGITS_MIN = 7;
/**
 * Behind an international prefix: country code and number. Tolerance: 0113 4960000 is Leeds and 810 5550100 is Michigan; with nine
 * digits behind them `011` and `810` lead abroad. Behind `+` nothing else is possible.
 */
const ABROAD_DIGITS_MIN = 9;
/** What remains of a number when the prefixes in front of it vary. */
const TAIL_DIGITS = 8;

export class DialledNumber {
  /** Digits and plus signs as ASCII. */
  private readonly digits = new Uint8Array(DIGITS_MAX);
  private length = 0;
  /** Digits up to the last `*` or `#`: a feature code, or the prefix by which a carrier tells its customers. */
  private code = 0;
  private readonly international: Uint8Array[];
  private readonly dialOut: Uint8Array[];
  private readonly premium: Uint8Array[];
  private readonly home: Uint8Array[];
  private readonly seed: number;

  constructor(policy: Pick<TollFraudPolicy, 'international' | 'dialOut' | 'premium' | 'home'>, seed: number) {
    const bytes = (list: readonly string[]) => list.map((text) => Uint8Array.from(text, (c) => c.charCodeAt(0)));
    this.international = bytes(policy.international);
    this.dialOut = bytes(policy.dialOut);
    this.premium = bytes(policy.premium);
    this.home = bytes(policy.home);
    this.seed = seed >>> 0;
  }

  /** Takes the number of a user part; false when it is a name, or as short as an extension. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.length = 0;
    this.code = 0;
    if (start < 0) return false;
    for (let i = start; i < end; i++) {
      let c = bytes[i];
      if (c === SEMICOLON) break;
      // Evasion: `%2B` is a plus sign, `%23` the hash key (RFC 3261 §19.1.4).
      const escaped = c === PERCENT && i + 2 < end ? (hexValue(bytes[i + 1]) << 4) | hexValue(bytes[i + 2]) : -1;
      if (escaped >= 0) {
        c = escaped;
        i += 2;
      }
      if (SKIPPED[c] === 1) continue;
      if (c === STAR || c === HASH) {
        this.code = this.length;
        continue;
      }
      if (this.length === 0 && i - start < LETTERS_MAX && (c | 0x20) >= LETTER_A && (c | 0x20) <= LETTER_Z) continue;
      if ((c < ZERO || c > NINE) && c !== PLUS) return false;
      if (this.length === DIGITS_MAX) break;
      this.digits[this.length++] = c;
    }
    return this.length >= DIGITS_MIN;
  }

  /** Whether the number leads abroad, or to a premium service; with or without a prefix that dials out. */
  get costly(): boolean {
    if (this.costlyFrom(0) || (this.code > 0 && this.costlyFrom(this.code))) return true;
    for (const prefix of this.dialOut) if (this.begins(prefix, 0) && this.costlyFrom(prefix.length)) return true;
    return false;
  }

  /** The number as dialled, never 0. */
  get whole(): number {
    return hashSpan(this.digits, 0, this.length, this.seed) || 1;
  }

  /** What stays the same when somebody tries prefix after prefix, never 0. */
  get tail(): number {
    return hashSpan(this.digits, Math.max(0, this.length - TAIL_DIGITS), this.length, this.seed ^ 0x7461696c) || 1;
  }

  private costlyFrom(at: number): boolean {
    for (const prefix of this.premium) if (this.begins(prefix, at)) return true;
    for (const prefix of this.international) {
      if (!this.begins(prefix, at)) continue;
      const country = at + prefix.length;
      const least = prefix[prefix.length - 1] === PLUS ? DIGITS_MIN : ABROAD_DIGITS_MIN;
      if (this.length - country >= least && !this.isHome(country)) return true;
    }
    return false;
  }

  private isHome(at: number): boolean {
    for (const code of this.home) if (this.begins(code, at)) return true;
    return false;
  }

  private begins(prefix: Uint8Array, at: number): boolean {
    if (this.length - at < prefix.length) return false;
    for (let i = 0; i < prefix.length; i++) if (this.digits[at + i] !== prefix[i]) return false;
    return true;
  }
}
