/** The empty message: how it is made, and how it is emptied again. */
import { HEADER_COLUMNS, HEADERS_MAX, KIND_NONE, type SipMessage } from './message.ts';

const NO_BYTES = new Uint8Array(0);

/** One is enough for a process: `decodeSip` empties and fills it again. */
export function createSipMessage(): SipMessage {
  const message: SipMessage = {
    bytes: NO_BYTES,
    start: 0,
    end: 0,
    kind: KIND_NONE,
    method: '',
    status: 0,
    uriStart: -1,
    uriEnd: -1,
    uriUserStart: -1,
    uriUserEnd: -1,
    branchStart: -1,
    branchEnd: -1,
    viaHostStart: -1,
    viaHostEnd: -1,
    viaCount: 0,
    callIdStart: -1,
    callIdEnd: -1,
    cseq: -1,
    cseqMethod: '',
    fromUserStart: -1,
    fromUserEnd: -1,
    fromTagStart: -1,
    fromTagEnd: -1,
    fromDisplayStart: -1,
    fromDisplayEnd: -1,
    toUserStart: -1,
    toUserEnd: -1,
    toTagStart: -1,
    toTagEnd: -1,
    contactUserStart: -1,
    contactUserEnd: -1,
    contactCount: 0,
    userAgentStart: -1,
    userAgentEnd: -1,
    userAgentCount: 0,
    hasCredentials: false,
    authUserStart: -1,
    authUserEnd: -1,
    authRealmStart: -1,
    authRealmEnd: -1,
    authNonceStart: -1,
    authNonceEnd: -1,
    authResponseStart: -1,
    authResponseEnd: -1,
    authCounted: false,
    hasChallenge: false,
    challengeStale: false,
    challengeNonceStart: -1,
    challengeNonceEnd: -1,
    expires: -1,
    contactExpires: -1,
    contentLength: -1,
    bodyStart: 0,
    headerCount: 0,
    headers: new Int32Array(HEADERS_MAX * HEADER_COLUMNS),
    anomalies: [],
  };
  return message;
}

export function resetSipMessage(message: SipMessage, bytes: Uint8Array, start: number, end: number): void {
  message.bytes = bytes;
  message.start = start;
  message.end = end;
  message.kind = KIND_NONE;
  message.method = '';
  message.status = 0;
  message.uriStart = message.uriEnd = message.uriUserStart = message.uriUserEnd = -1;
  message.branchStart = message.branchEnd = message.viaHostStart = message.viaHostEnd = -1;
  message.viaCount = 0;
  message.callIdStart = message.callIdEnd = -1;
  message.cseq = -1;
  message.cseqMethod = '';
  message.fromUserStart = message.fromUserEnd = message.fromTagStart = message.fromTagEnd = -1;
  message.fromDisplayStart = message.fromDisplayEnd = -1;
  message.toUserStart = message.toUserEnd = message.toTagStart = message.toTagEnd = -1;
  message.contactUserStart = message.contactUserEnd = -1;
  message.contactCount = 0;
  message.userAgentStart = message.userAgentEnd = -1;
  message.userAgentCount = 0;
  message.hasCredentials = false;
  message.authUserStart = message.authUserEnd = message.authRealmStart = message.authRealmEnd = -1;
  message.authNonceStart = message.authNonceEnd = message.authResponseStart = message.authResponseEnd = -1;
  message.authCounted = false;
  message.hasChallenge = false;
  message.challengeStale = false;
  message.challengeNonceStart = message.challengeNonceEnd = -1;
  message.expires = -1;
  message.contactExpires = -1;
  message.contentLength = -1;
  message.bodyStart = end;
  message.headerCount = 0;
  if (message.anomalies.length > 0) message.anomalies = [];
}
