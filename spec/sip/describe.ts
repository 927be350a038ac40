/** A decoded message as the lines of an expectation: every field that is present, and every anomaly. */
import { createSipMessage, decodeSip } from '../../src/core/decode/sip/decode.ts';
import { HEADER_NAMES } from '../../src/core/decode/sip/header-names.ts';
import {
  headerField,
  NAME_END,
  NAME_START,
  KIND_KEEPALIVE,
  KIND_NONE,
  KIND_REQUEST,
  KIND_RESPONSE,
  type SipMessage,
} from '../../src/core/decode/sip/message.ts';
import { SipFramer } from '../../src/core/decode/sip/framer.ts';
import { spanText, userText } from '../../src/core/decode/sip/text.ts';

const KINDS: Record<number, string> = {
  [KIND_NONE]: 'none',
  [KIND_REQUEST]: 'request',
  [KIND_RESPONSE]: 'response',
  [KIND_KEEPALIVE]: 'keepalive',
};

const message = createSipMessage();

/** Decodes with the shared message, whose content lasts until the next call. */
export function decode(bytes: Uint8Array): SipMessage {
  decodeSip(bytes, 0, bytes.length, message);
  return message;
}

export function describeMessage(m: SipMessage): string[] {
  const lines: string[] = [`kind: ${KINDS[m.kind]}`];
  const add = (name: string, value: string | number) => lines.push(`${name}: ${value}`.trimEnd());
  const text = (name: string, start: number, end: number) => {
    if (start >= 0) add(name, spanText(m.bytes, start, end));
  };
  const user = (name: string, start: number, end: number) => {
    if (start < 0) return;
    const raw = spanText(m.bytes, start, end);
    const plain = userText(m.bytes, start, end);
    add(name, raw === plain ? raw : `${raw} = ${plain}`);
  };
  if (m.kind === KIND_REQUEST) add('method', m.method);
  if (m.kind === KIND_RESPONSE) add('status', m.status);
  text('uri', m.uriStart, m.uriEnd);
  user('uriUser', m.uriUserStart, m.uriUserEnd);
  if (m.viaCount > 0) add('viaCount', m.viaCount);
  text('viaHost', m.viaHostStart, m.viaHostEnd);
  text('branch', m.branchStart, m.branchEnd);
  text('callId', m.callIdStart, m.callIdEnd);
  if (m.cseq >= 0) add('cseq', m.cseq);
  if (m.cseqMethod !== '') add('cseqMethod', m.cseqMethod);
  text('fromDisplay', m.fromDisplayStart, m.fromDisplayEnd);
  user('fromUser', m.fromUserStart, m.fromUserEnd);
  text('fromTag', m.fromTagStart, m.fromTagEnd);
  user('toUser', m.toUserStart, m.toUserEnd);
  text('toTag', m.toTagStart, m.toTagEnd);
  if (m.contactCount > 0) add('contactCount', m.contactCount);
  user('contactUser', m.contactUserStart, m.contactUserEnd);
  if (m.contactExpires >= 0) add('contactExpires', m.contactExpires);
  if (m.expires >= 0) add('expires', m.expires);
  if (m.userAgentCount > 1) add('userAgentCount', m.userAgentCount);
  text('userAgent', m.userAgentStart, m.userAgentEnd);
  if (m.hasCredentials) add('hasCredentials', 'yes');
  user('authUser', m.authUserStart, m.authUserEnd);
  text('authRealm', m.authRealmStart, m.authRealmEnd);
  text('authNonce', m.authNonceStart, m.authNonceEnd);
  text('authResponse', m.authResponseStart, m.authResponseEnd);
  if (m.hasChallenge) add('hasChallenge', m.challengeStale ? 'stale' : 'yes');
  text('challengeNonce', m.challengeNonceStart, m.challengeNonceEnd);
  if (m.contentLength >= 0) add('contentLength', m.contentLength);
  if (m.end > m.bodyStart) add('body', `${m.end - m.bodyStart} bytes`);
  if (m.headerCount > 0) add('headers', headerList(m));
  for (const anomaly of m.anomalies) add('anomaly', `${anomaly.code} @${anomaly.offset}`);
  return lines;
}

/** Names in order, known ones by their long name, unknown ones as written with a `?`; neighbours of one name with their count. */
function headerList(m: SipMessage): string {
  const names: { name: string; count: number }[] = [];
  for (let i = 0; i < m.headerCount; i++) {
    const id = headerField(m, i, 0);
    const name =
      id > 0
        ? HEADER_NAMES[id]
        : `?${spanText(m.bytes, headerField(m, i, NAME_START), headerField(m, i, NAME_END), 32)}`;
    if (names.at(-1)?.name === name) names.at(-1)!.count++;
    else names.push({ name, count: 1 });
  }
  return names.map(({ name, count }) => (count > 1 ? `${name}×${count}` : name)).join(', ');
}

/** Feeds parts (a gap between them) cut into chunks of `chunkBytes` and gives back copies of the messages, and the anomalies. */
export function frame(
  parts: readonly Uint8Array[],
  chunkBytes: number,
): { messages: Uint8Array[]; anomalies: string[] } {
  const framer = new SipFramer();
  const messages: Uint8Array[] = [];
  for (const [index, part] of parts.entries()) {
    if (index > 0) framer.reset();
    for (let i = 0; i < part.length; i += chunkBytes) {
      // Each chunk in a buffer of its own that is wiped afterwards, as a capture does: nothing may point into it.
      const chunk = part.slice(i, i + chunkBytes);
      framer.push(chunk, 0, chunk.length, (bytes, start, end) => messages.push(bytes.slice(start, end)));
      chunk.fill(0xff);
    }
  }
  return { messages, anomalies: framer.anomalies.map((a) => `anomaly: ${a.code} @${a.offset}`) };
}

export function describeStream(messages: readonly Uint8Array[], anomalies: readonly string[]): string[] {
  const lines = messages.map((bytes) => {
    const m = decode(bytes);
    const what = m.kind === KIND_REQUEST ? m.method : m.kind === KIND_RESPONSE ? String(m.status) : KINDS[m.kind];
    const callId = spanText(m.bytes, m.callIdStart, m.callIdEnd, 40);
    return `message: ${what}${callId === '' ? '' : ` ${callId}`}, ${bytes.length} bytes, body ${m.end - m.bodyStart}`;
  });
  return [...lines, ...anomalies];
}
