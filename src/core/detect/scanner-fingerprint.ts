/**
 * Scanners by the shape of what they send, which survives a changed or missing user agent and any spelling of the headers. A single
 * sign never suffices: working phones share one or the other. Facts about the tools: spec/attacks/README.md.
 *
 * - sipvicious (svmap also in its compact mode, svwar, svcrack and the many bots made from them): From tag is hexadecimal text that ends
 *   in `01` and the hexadecimal of a decimal number; branch is `z9hG4bK-` and a decimal number; Call-ID is a decimal number.
 * - sippts: branch without the magic cookie (RFC 3261 §8.1.1.7), very long and alphanumeric; Call-ID 32 hexadecimal digits; tag 8.
 * - nmap's version probe: constants everywhere.
 */
import { equalsLower } from '../decode/sip/ascii.ts';
import type { SipMessage } from '../decode/sip/message.ts';
import type { Detector, Findings, Tally } from './detector.ts';
import type { Sighting } from './sighting.ts';

const SLUG = 'scanner-fingerprint';

const text = (value: string) => Uint8Array.from(value, (c) => c.charCodeAt(0));
const COOKIE = text('z9hg4bk');
const COOKIE_DASH = text('z9hg4bk-');
const NMAP_BRANCH = text('foo');
const NMAP_TAG = text('root');
const NMAP_CALL = text('50000');
const NMAP_USER = text('nm');

export class ScannerFingerprint implements Detector {
  readonly slug = SLUG;

  request(s: Sighting, findings: Findings): void {
    const tool = toolOf(s.sip);
    if (tool !== null) findings.report(SLUG, `${SLUG}.${tool}`, 1, 1, 0, s);
  }

  tally(): Tally[] {
    return [];
  }
}

function toolOf(m: SipMessage): 'sipvicious' | 'sippts' | 'nmap' | null {
  if (m.branchStart < 0) return null;
  if (isSipvicious(m)) return 'sipvicious';
  if (isSippts(m)) return 'sippts';
  return isNmap(m) ? 'nmap' : null;
}

/** Three of four points; the tag counts two, for no phone makes one like it. */
function isSipvicious(m: SipMessage): boolean {
  const { bytes } = m;
  let points = 0;
  if (startsWith(m, COOKIE_DASH) && allDigits(bytes, m.branchStart + COOKIE_DASH.length, m.branchEnd, 1, 10)) points++;
  if (allDigits(bytes, m.callIdStart, m.callIdEnd, 1, 25)) points++;
  if (points === 0) return false;
  if (isHexOfNumber(bytes, m.fromTagStart, m.fromTagEnd)) points += 2;
  return points >= 3;
}

/** No cookie, and two of three. */
function isSippts(m: SipMessage): boolean {
  if (startsWith(m, COOKIE)) return false;
  const { bytes } = m;
  let points = 0;
  if (m.branchEnd - m.branchStart >= 60 && allAlphanumeric(bytes, m.branchStart, m.branchEnd)) points++;
  if (allHex(bytes, m.callIdStart, m.callIdEnd, 32)) points++;
  if (allHex(bytes, m.fromTagStart, m.fromTagEnd, 8)) points++;
  return points >= 2;
}

function isNmap(m: SipMessage): boolean {
  const { bytes } = m;
  if (!equalsLower(bytes, m.branchStart, m.branchEnd, NMAP_BRANCH)) return false;
  let points = 0;
  if (m.fromTagStart >= 0 && equalsLower(bytes, m.fromTagStart, m.fromTagEnd, NMAP_TAG)) points++;
  if (m.callIdStart >= 0 && equalsLower(bytes, m.callIdStart, m.callIdEnd, NMAP_CALL)) points++;
  if (m.fromUserStart >= 0 && equalsLower(bytes, m.fromUserStart, m.fromUserEnd, NMAP_USER)) points++;
  return points >= 2;
}

function startsWith(m: SipMessage, lower: Uint8Array): boolean {
  const end = m.branchStart + lower.length;
  return end <= m.branchEnd && equalsLower(m.bytes, m.branchStart, end, lower);
}

function allDigits(bytes: Uint8Array, start: number, end: number, least: number, most: number): boolean {
  if (start < 0 || end - start < least || end - start > most) return false;
  for (let i = start; i < end; i++) if (bytes[i] < 0x30 || bytes[i] > 0x39) return false;
  return true;
}

function allHex(bytes: Uint8Array, start: number, end: number, length: number): boolean {
  if (start < 0 || end - start !== length) return false;
  for (let i = start; i < end; i++) if (!isHex(bytes[i])) return false;
  return true;
}

function allAlphanumeric(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const lower = bytes[i] | 0x20;
    if ((bytes[i] < 0x30 || bytes[i] > 0x39) && (lower < 0x61 || lower > 0x7a)) return false;
  }
  return true;
}

/** Hexadecimal text of "… 0x01 <up to ten decimal digits>": read from its end, two characters a byte. */
function isHexOfNumber(bytes: Uint8Array, start: number, end: number): boolean {
  if (start < 0 || (end - start) % 2 !== 0 || end - start < 6) return false;
  let at = end - 2;
  let digits = 0;
  while (at > start && digits < 11 && bytes[at] === 0x33 && bytes[at + 1] >= 0x30 && bytes[at + 1] <= 0x39) {
    digits++;
    at -= 2;
  }
  if (digits === 0 || digits > 10 || bytes[at] !== 0x30 || bytes[at + 1] !== 0x31) return false;
  for (let i = start; i < at; i++) if (!isHex(bytes[i])) return false;
  return true;
}

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}
