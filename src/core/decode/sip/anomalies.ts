/**
 * Every defect the SIP decoder and the stream framer can name. `severe` feeds the `malformed` detector, so nothing that a
 * working phone or PBX was ever seen to send may be severe: RFC 2543 habits, missing optional parts and sloppy text are not.
 */
import type { AnomalyDescription, Severity } from '../../base/anomaly.ts';
import type { SipMessage } from './message.ts';

/** Anomalies kept of one message; a severe one still finds a place when notes filled the list. */
export const ANOMALIES_MAX = 32;

const describe = (severity: Severity, rfc: string, text: string): AnomalyDescription => ({ severity, rfc, text });
const note = (rfc: string, text: string) => describe('note', rfc, text);
const defect = (rfc: string, text: string) => describe('defect', rfc, text);
const severe = (rfc: string, text: string) => describe('severe', rfc, text);

const described = {
  'not-sip': severe('RFC 3261 §7', 'The payload has neither a SIP start line nor the header fields of a SIP message.'),
  'message-too-long': severe('RFC 3261 §18.1.1', 'The message is longer than 65,535 bytes; the rest was not read.'),

  'leading-crlf': note('RFC 3261 §7.5', 'Empty lines stand before the start line.'),
  'leading-white-space': defect('RFC 3261 §7.1', 'White space or NUL bytes stand before the start line.'),
  'start-line-invalid': severe(
    'RFC 3261 §7.1',
    'The first line is neither a request line nor a status line, but SIP header fields follow.',
  ),
  'start-line-white-space': defect(
    'RFC 3261 §7.1',
    'More than single spaces separate the parts of the start line, or follow it.',
  ),
  'version-missing': severe('RFC 3261 §7.1', 'The request line has no SIP version.'),
  'version-case': note('RFC 3261 §7.1', 'The SIP version is not in capital letters.'),
  'version-unknown': severe('RFC 3261 §21.5.6', 'The SIP version is not 2.0.'),
  'method-case': defect('RFC 3261 §7.1', 'A known method is not in capital letters.'),
  'method-invalid': severe('RFC 3261 §25.1', 'The method holds bytes that no token may hold.'),
  'status-invalid': severe('RFC 3261 §7.2', 'The status code is not a number from 100 to 699.'),
  'reason-missing': note('RFC 3261 §7.2', 'No space and reason phrase follow the status code.'),

  'uri-missing': severe('RFC 3261 §7.1', 'The request line has no Request-URI.'),
  'uri-brackets': defect('RFC 3261 §7.1', 'The Request-URI stands in angle brackets.'),
  'uri-white-space': defect('RFC 3261 §25.1', 'White space stands inside a URI or between it and its angle brackets.'),
  'uri-headers': defect('RFC 3261 §19.1.5', 'The URI carries header fields where none are allowed.'),
  'uri-unbracketed': defect('RFC 3261 §20.10', 'A URI with a question mark stands without angle brackets.'),
  'uri-scheme-missing': defect('RFC 3261 §19.1.1', 'The URI has no scheme.'),
  'uri-scheme-unknown': note('RFC 3261 §8.2.2.1', 'The URI scheme is none of sip, sips and tel.'),
  'uri-user-empty': defect('RFC 3261 §19.1.1', 'The URI has an at sign but no user.'),
  'uri-second-at': defect('RFC 3261 §19.1.1', 'The URI has more than one at sign.'),

  'line-end-lf': note('RFC 3261 §7', 'Lines end with LF alone.'),
  'line-end-cr': defect('RFC 3261 §7', 'A line ends with CR alone.'),
  'nul-byte': defect('RFC 3261 §25.1', 'A NUL byte stands in the header.'),
  'header-unterminated': defect('RFC 3261 §7', 'No empty line ends the header.'),
  'header-name-invalid': defect(
    'RFC 3261 §7.3.1',
    'A header field name holds bytes that no token may hold, or is empty.',
  ),
  'header-colon-missing': defect('RFC 3261 §7.3.1', 'A header line has no colon.'),
  'header-indented': defect('RFC 3261 §7.3.1', 'The line after the start line begins with white space.'),
  'header-repeated': defect('RFC 3261 §7.3.1', 'A header field that may stand once stands again; the first counts.'),
  'header-repeated-mandatory': severe(
    'RFC 3261 §8.1.1',
    'From, To, Call-ID or CSeq stands more than once; the first counts.',
  ),
  'headers-too-many': severe('RFC 3261 §7.3', 'More than 128 header fields; the later ones are read but not listed.'),

  'via-missing': severe('RFC 3261 §8.1.1.7', 'There is no Via.'),
  'via-invalid': severe('RFC 3261 §20.42', 'A Via value has no protocol or no address.'),
  'branch-missing': note('RFC 3261 §8.1.1.7', 'The topmost Via has no branch (RFC 2543).'),
  'branch-no-cookie': note('RFC 3261 §8.1.1.7', 'The branch does not begin with z9hG4bK (RFC 2543).'),
  'branch-empty': defect('RFC 3261 §8.1.1.7', 'The branch is empty or nothing but z9hG4bK.'),
  'from-missing': severe('RFC 3261 §8.1.1.3', 'There is no From.'),
  'from-tag-missing': note('RFC 3261 §8.1.1.3', 'From has no tag (RFC 2543).'),
  'to-missing': severe('RFC 3261 §8.1.1.2', 'There is no To.'),
  'call-id-missing': severe('RFC 3261 §8.1.1.4', 'There is no Call-ID, or it is empty.'),
  'cseq-missing': severe('RFC 3261 §8.1.1.5', 'There is no CSeq.'),
  'cseq-invalid': severe('RFC 3261 §20.16', 'CSeq is not a number below 2^32 followed by a method.'),
  'cseq-range': defect('RFC 3261 §8.1.1.5', 'The CSeq number is 2^31 or more.'),
  'cseq-method-mismatch': severe('RFC 3261 §8.1.1.5', 'The method of CSeq is not that of the request line.'),
  'contact-missing': note('RFC 3261 §8.1.1.8', 'An INVITE has no Contact.'),
  'max-forwards-missing': note('RFC 3261 §8.1.1.6', 'The request has no Max-Forwards (RFC 2543).'),
  'max-forwards-invalid': defect('RFC 3261 §20.22', 'Max-Forwards is not a number from 0 to 255.'),
  'expires-invalid': defect('RFC 3261 §20.19', 'Expires, or the expires parameter, is not a number below 2^32.'),

  'address-empty': defect('RFC 3261 §20.10', 'An address header has no address.'),
  'quote-unbalanced': defect('RFC 3261 §25.1', 'A quoted string has no closing quote.'),
  'angle-unclosed': severe('RFC 3261 §20.10', 'An opening angle bracket is never closed.'),
  'display-name-invalid': defect(
    'RFC 3261 §20.10',
    'A display name without quotes holds bytes that no token may hold.',
  ),
  'param-repeated': defect('RFC 3261 §7.3.1', 'A parameter stands more than once; the first counts.'),

  'auth-scheme-unknown': note('RFC 3261 §22', 'Credentials or a challenge use another scheme than Digest.'),
  'digest-invalid': defect('RFC 7616 §3.4', 'Digest credentials without a username, or with an unclosed quote.'),

  'content-length-invalid': severe('RFC 3261 §20.14', 'Content-Length is not a number.'),
  'content-length-conflict': severe('RFC 3261 §20.14', 'Several Content-Length fields disagree; the first counts.'),
  'body-short': defect('RFC 3261 §18.3', 'The body is shorter than Content-Length says.'),
  'body-long': defect('RFC 3261 §18.3', 'Bytes follow the body that Content-Length describes.'),

  'stream-resync': note('RFC 3261 §18.3', 'Bytes of the stream were passed over until a start line.'),
  'stream-junk': defect('RFC 3261 §18.3', 'What follows a message on the stream is no SIP message.'),
  'stream-length-missing': defect(
    'RFC 3261 §20.14',
    'A message on a stream has no readable Content-Length; it ends with its header.',
  ),
  'stream-header-too-long': severe('RFC 3261 §18.3', 'A header on the stream is longer than 65,535 bytes.'),
  'stream-body-too-long': severe(
    'RFC 3261 §18.3',
    'Content-Length on the stream is over 65,535; the body is passed over.',
  ),
} satisfies Record<string, AnomalyDescription>;

export type SipAnomaly = keyof typeof described;
export const ANOMALIES: Record<string, AnomalyDescription> = described;

const severeCodes = new Set(Object.keys(described).filter((code) => ANOMALIES[code].severity === 'severe'));

/** Whether the message has at least one severe anomaly. */
export function hasSevere(message: SipMessage): boolean {
  const anomalies = message.anomalies;
  for (let i = 0; i < anomalies.length; i++) if (severeCodes.has(anomalies[i].code)) return true;
  return false;
}

/** Records a defect at `bytes[at]`. */
export function addAnomaly(message: SipMessage, code: SipAnomaly, at: number): void {
  const anomalies = message.anomalies;
  const offset = at - message.start;
  if (anomalies.length < ANOMALIES_MAX) anomalies.push({ code, offset });
  // Evasion: 32 harmless notes must not hide the one that counts.
  else if (severeCodes.has(code) && !hasSevere(message)) anomalies[ANOMALIES_MAX - 1] = { code, offset };
}
