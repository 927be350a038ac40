/** What a payload is, by its first bytes: enough to tell who serves. The decoder comes later and looks properly. */
import type { Packet } from '../core/decode/ip/packet.ts';

/** RFC 3261 §7.5 lets line breaks come before a message. */
const LEADING_MAX = 8;

function firstByte(p: Packet): number {
  let at = p.payloadStart;
  const end = Math.min(p.payloadEnd, at + LEADING_MAX);
  while (at < end && (p.bytes[at] === 13 || p.bytes[at] === 10)) at++;
  return at;
}

/** `text` is lower case: RFC 3261 §7.1 lets the version be written in any case. */
function startsWith(p: Packet, text: string): boolean {
  const at = firstByte(p);
  if (at + text.length > p.payloadEnd) return false;
  for (let i = 0; i < text.length; i++) {
    const byte = p.bytes[at + i];
    const lower = byte >= 65 && byte <= 90 ? byte + 32 : byte;
    if (lower !== text.charCodeAt(i)) return false;
  }
  return true;
}

/** `SIP/`: the start line of a response. */
export function isAnswer(p: Packet): boolean {
  return startsWith(p, 'sip/');
}

/** A method of one to thirty-two capital letters and a space: keep-alives, STUN and RTP are no requests. */
export function isRequest(p: Packet): boolean {
  let at = firstByte(p);
  const start = at;
  const end = Math.min(p.payloadEnd, start + 33);
  while (at < end && p.bytes[at] >= 65 && p.bytes[at] <= 90) at++;
  return at > start && at < end && p.bytes[at] === 32;
}

export function isRegister(p: Packet): boolean {
  return startsWith(p, 'register ');
}
