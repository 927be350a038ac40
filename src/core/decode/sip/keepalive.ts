/** Healthy payloads on a SIP port that are no messages. */

const CR = 0x0d;
const LF = 0x0a;
const NUL = 0x00;
const SP = 0x20;
const TAB = 0x09;

/**
 * No start line is shorter (`A b SIP/2` has 9 bytes), so nothing up to here can be an attack; phones and ATAs send such
 * snippets (`jaK`, `hello`, a few NULs) every some seconds to hold a NAT binding open.
 */
export const KEEPALIVE_BYTES_MAX = 8;

const STUN_HEADER_BYTES = 20;

/** First byte at or after `start` that is no blank: CR, LF, space, tab, NUL. */
export function skipBlank(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end) {
    const c = bytes[i];
    if (c !== CR && c !== LF && c !== SP && c !== TAB && c !== NUL) break;
    i++;
  }
  return i;
}

/** CRLF keep-alives (RFC 5626 §3.5.1, §4.4.1), blank runs, the empty datagram, short snippets, and STUN (RFC 8489 §5). */
export function isKeepAlive(bytes: Uint8Array, start: number, end: number, firstByte: number): boolean {
  if (firstByte === end || end - start <= KEEPALIVE_BYTES_MAX) return true;
  return end - start >= STUN_HEADER_BYTES && bytes[start] < 0x40 && isStun(bytes, start, end);
}

/** Evasion: the length field must cover the datagram exactly, so that a STUN header cannot hide a SIP message behind it. */
function isStun(bytes: Uint8Array, start: number, end: number): boolean {
  const cookie =
    bytes[start + 4] === 0x21 && bytes[start + 5] === 0x12 && bytes[start + 6] === 0xa4 && bytes[start + 7] === 0x42;
  const length = (bytes[start + 2] << 8) | bytes[start + 3];
  return cookie && (length & 3) === 0 && length + STUN_HEADER_BYTES === end - start;
}
