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

  /** Every header field in order, at most `HEADERS_MAX`. */
  headerCount: number;
  headers: HeaderTable;

  anomalies: Anomaly[];
}

export const HEADERS_MAX = 128;

/** Columns, `headerCount` rows used. `id` is a constant of `header-names.ts`, 0 for a name that is not known. */
export interface HeaderTable {
  id: Uint8Array;
  nameStart: Int32Array;
  nameEnd: Int32Array;
  valueStart: Int32Array;
  valueEnd: Int32Array;
}
