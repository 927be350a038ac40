/** Every defect the TFTP decoder can name. */
import type { AnomalyDescription } from '../../base/anomaly.ts';
import type { TftpMessage } from './decode.ts';

const described = {
  'not-tftp': {
    severity: 'severe',
    rfc: 'RFC 1350 §5',
    text: 'The payload does not begin with an opcode from 1 to 6.',
  },
  'tftp-truncated': { severity: 'severe', rfc: 'RFC 1350 §5', text: 'The packet ends inside its fixed fields.' },
  'tftp-unterminated': { severity: 'defect', rfc: 'RFC 1350 §5', text: 'A text is not ended by a NUL byte.' },
  'tftp-file-empty': { severity: 'severe', rfc: 'RFC 1350 §5', text: 'The request names no file.' },
  'tftp-mode-unknown': {
    severity: 'defect',
    rfc: 'RFC 1350 §1',
    text: 'The mode is none of netascii, octet and mail.',
  },
  'tftp-option-invalid': { severity: 'defect', rfc: 'RFC 2347 §2', text: 'The value of an option is not a number.' },
  'tftp-options-too-many': {
    severity: 'severe',
    rfc: 'RFC 2347 §2',
    text: 'More than 16 options; the rest was not read.',
  },
  'tftp-error-unknown': { severity: 'defect', rfc: 'RFC 1350 §5', text: 'The error code is none of 0 to 8.' },
  'tftp-trailing-bytes': { severity: 'note', rfc: 'RFC 1350 §5', text: 'Bytes follow the last field.' },
} satisfies Record<string, AnomalyDescription>;

export const TFTP_ANOMALIES: Record<string, AnomalyDescription> = described;

/** More cannot arise: at most one for each text of a packet. */
export const TFTP_ANOMALIES_MAX = 32;

/** Records a defect at `bytes[at]`. */
export function addTftpAnomaly(message: TftpMessage, code: keyof typeof described, at: number): void {
  if (message.anomalies.length < TFTP_ANOMALIES_MAX) message.anomalies.push({ code, offset: at - message.start });
}
