/**
 * One decoded SIP message: what detection needs, as numbers and offsets into the buffer it was decoded from. Reused for every
 * message, so that a flood allocates nothing; text is made only when somebody asks for it.
 *
 * Offsets named `…Start`/`…End` index `bytes`; both are -1 when the part is absent. Values exclude surrounding white space and,
 * where the grammar has them, the quotes or angle brackets. A folded value still holds its line break: read it with `spanText`.
 */
import type { Anomaly } from '../../base/anomaly.ts';

export const KIND_NONE = 0;
export const KIND_REQUEST = 1;
export const KIND_RESPONSE = 2;
/** Keep-alive: CRLF, CRLF CRLF, a lone NUL and the like: healthy traffic that is no message. */
export const KIND_KEEPALIVE = 3;

export interface SipMessage {
  bytes: Uint8Array;
  start: number;
  end: number;
  kind: number;

  /** Request: upper-case name of a known method (a shared constant), an unknown one as it was written, at most 32 characters. */
  method: string;
  /** Response: 100 … 699; 0 in a request or when it is unreadable. */
  status: number;
  /** Request-URI, and the user part inside it. */
  uriStart: number;
  uriEnd: number;
  uriUserStart: number;
  uriUserEnd: number;

  /** Topmost Via: the branch parameter's value and the sent-by host. */
  branchStart: number;
  branchEnd: number;
  viaHostStart: number;
  viaHostEnd: number;
  viaCount: number;

  callIdStart: number;
  callIdEnd: number;
  /** -1 when absent or unreadable. */
  cseq: number;
  /** As `method`; empty when absent. */
  cseqMethod: string;

  fromUserStart: number;
  fromUserEnd: number;
  fromTagStart: number;
  fromTagEnd: number;
  fromDisplayStart: number;
  fromDisplayEnd: number;
  toUserStart: number;
  toUserEnd: number;
  toTagStart: number;
  toTagEnd: number;

  /** First Contact's user part; `contactCount` counts header fields. */
  contactUserStart: number;
  contactUserEnd: number;
  contactCount: number;

  /** First User-Agent; `userAgentCount` counts header fields, all of them listed in `headers`. */
  userAgentStart: number;
  userAgentEnd: number;
  userAgentCount: number;

  /** Authorization or Proxy-Authorization: the first of either with digest credentials. */
  hasCredentials: boolean;
  authUserStart: number;
  authUserEnd: number;
  authRealmStart: number;
  authRealmEnd: number;
  authNonceStart: number;
  authNonceEnd: number;
  authResponseStart: number;
  authResponseEnd: number;
  /** They say how often their nonce was used (`nc`, RFC 7616 §3.4), so that no two requests have the same response. */
  authCounted: boolean;

  /** WWW-Authenticate or Proxy-Authenticate: `stale` is true when any of them says stale=true (RFC 7616 §3.3). */
  hasChallenge: boolean;
  challengeStale: boolean;
  challengeNonceStart: number;
  challengeNonceEnd: number;

  /** Seconds, -1 when absent: the Expires header, and the first Contact's expires parameter. */
  expires: number;
  contactExpires: number;
  /** As written; -1 when absent or unreadable. */
  contentLength: number;
  /** First byte of the body, or `end` when the header never ended. */
  bodyStart: number;

  /**
   * Every header field in order, at most `HEADERS_MAX`: `HEADER_COLUMNS` numbers each. The first is a constant of `header-names.ts`, 0 for
   * a name that is not known; the others are offsets.
   */
  headerCount: number;
  headers: Int32Array;

  anomalies: Anomaly[];
}

export const HEADERS_MAX = 128;
export const HEADER_COLUMNS = 5;
export const NAME_START = 1;
export const NAME_END = 2;
export const VALUE_START = 3;
export const VALUE_END = 4;

/** One column of one header field; column 0 is the name's number. */
export function headerField(message: SipMessage, row: number, column: number): number {
  return message.headers[row * HEADER_COLUMNS + column];
}
