/** The evidence of an attack as people read it: who sent what to whom, one line and the whole text of each message. */
import type { EvidenceItem } from '../core/base/evidence.ts';
import { createSipMessage, decodeSip } from '../core/decode/sip/decode.ts';
import { KIND_KEEPALIVE, KIND_REQUEST, KIND_RESPONSE } from '../core/decode/sip/message.ts';
import { spanText } from '../core/decode/sip/text.ts';
import { createTftpMessage, decodeTftp, TFTP_ACK, TFTP_DATA, TFTP_ERROR } from '../core/decode/tftp/decode.ts';
import { TFTP_NONE, TFTP_OACK, TFTP_RRQ, TFTP_WRQ } from '../core/decode/tftp/decode.ts';
import type { AttackMessageAnswer } from './answers.ts';

/** Of the text of one message; what is beyond it is in the pcap. */
const TEXT_BYTES_MAX = 16_384;
const LINE_CHARS_MAX = 2000;
const LF = 0x0a;
const CR = 0x0d;

const sip = createSipMessage();
const tftp = createTftpMessage();

type Told = Pick<AttackMessageAnswer, 'summary' | 'method' | 'status' | 'callId' | 'cseq'>;

export function messageOf(item: EvidenceItem, kind: string): AttackMessageAnswer {
  const { bytes, length, ...ends } = item;
  // A TFTP packet begins with a byte that no SIP message begins with (RFC 1350 §5).
  const overTftp = kind === 'tftp-bruteforce' || (kind === 'injection' && bytes[0] === 0);
  const told = overTftp ? tftpTold(bytes) : sipTold(bytes);
  const text = textOf(bytes.subarray(0, TEXT_BYTES_MAX));
  const truncated = length > Math.min(bytes.length, TEXT_BYTES_MAX);
  return { ...ends, ...told, text, length, truncated };
}

function sipTold(bytes: Uint8Array): Told {
  decodeSip(bytes, 0, bytes.length, sip);
  const { kind, method, status, callIdStart, callIdEnd, cseq } = sip;
  const known = {
    method: method === '' ? null : spanOf(method),
    status: status === 0 ? null : status,
    callId: callIdStart < 0 ? null : spanText(bytes, callIdStart, callIdEnd),
    cseq: cseq < 0 ? null : cseq,
  };
  if (kind === KIND_REQUEST) {
    const uri = spanText(bytes, sip.uriStart, sip.uriEnd);
    return { summary: `${known.method ?? firstLine(bytes)} ${uri}`.trim(), ...known };
  }
  const first = firstLine(bytes);
  if (kind === KIND_RESPONSE) return { summary: first.replace(/^sip\/\S+\s+/i, ''), ...known };
  if (kind === KIND_KEEPALIVE) return { summary: 'Keep-alive', ...known };
  return { summary: first === '' ? 'Not SIP' : `Not SIP: ${first}`, ...known };
}

/** RFC 1350 §5. */
const OPERATIONS: Record<number, string> = {
  [TFTP_RRQ]: 'RRQ',
  [TFTP_WRQ]: 'WRQ',
  [TFTP_DATA]: 'DATA',
  [TFTP_ACK]: 'ACK',
  [TFTP_ERROR]: 'ERROR',
  [TFTP_OACK]: 'OACK',
};

function tftpTold(bytes: Uint8Array): Told {
  decodeTftp(bytes, 0, bytes.length, tftp);
  const none = { status: null, callId: null, cseq: null };
  if (tftp.opcode === TFTP_NONE) return { summary: 'Not TFTP', method: null, ...none };
  const method = OPERATIONS[tftp.opcode];
  const what = {
    file: spanText(bytes, tftp.fileStart, tftp.fileEnd),
    block: tftp.block < 0 ? '' : String(tftp.block),
    error: tftp.errorCode < 0 ? '' : `${tftp.errorCode} ${spanText(bytes, tftp.textStart, tftp.textEnd)}`,
  };
  return { summary: `${method} ${what.file}${what.block}${what.error}`.trim(), method, ...none };
}

function spanOf(text: string): string {
  const bytes = Buffer.from(text, 'latin1');
  return spanText(bytes, 0, bytes.length);
}

function firstLine(bytes: Uint8Array): string {
  const start = bytes.findIndex((byte) => byte !== CR && byte !== LF);
  if (start < 0) return '';
  const end = bytes.findIndex((byte, i) => i > start && (byte === CR || byte === LF));
  return spanText(bytes, start, end < 0 ? bytes.length : end);
}

/** Line by line (CRLF or LF); control characters, and characters that hide or reorder text, as `\xNN`. */
function textOf(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length;) {
    const lf = bytes.indexOf(LF, start);
    const next = lf < 0 ? bytes.length : lf + 1;
    const bare = lf < 0 ? bytes.length : lf;
    const end = bare > start && bytes[bare - 1] === CR ? bare - 1 : bare;
    lines.push(spanText(bytes, start, end, LINE_CHARS_MAX));
    start = next;
  }
  return lines.join('\n');
}
