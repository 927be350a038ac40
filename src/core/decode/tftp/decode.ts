/**
 * TFTP packets (RFC 1350, options RFC 2347-2349 and RFC 7440), as numbers and offsets into the buffer.
 * Invariant: never throws; work is linear in the packet; every offset lies inside it or is -1.
 */
import type { Anomaly } from '../../base/anomaly.ts';
import { addTftpAnomaly } from './anomalies.ts';

export const TFTP_NONE = 0;
export const TFTP_RRQ = 1;
export const TFTP_WRQ = 2;
export const TFTP_DATA = 3;
export const TFTP_ACK = 4;
export const TFTP_ERROR = 5;
export const TFTP_OACK = 6;

/** Options read of one packet; more are counted as an anomaly and left. */
export const OPTIONS_MAX = 16;

/** One decoded packet, reused. Offsets index `bytes`; -1 where the packet has no such part. */
export interface TftpMessage {
  bytes: Uint8Array;
  start: number;
  end: number;
  /** `TFTP_RRQ` … `TFTP_OACK`; `TFTP_NONE` when it is no TFTP. */
  opcode: number;
  /** RRQ, WRQ: file name and transfer mode, without the NUL that ends them. */
  fileStart: number;
  fileEnd: number;
  modeStart: number;
  modeEnd: number;
  /** RRQ, WRQ, OACK: number of options, and the values of the usual ones; -1 when absent or unreadable. */
  optionCount: number;
  /** Bytes (RFC 2348). */
  blockSize: number;
  /** Bytes (RFC 2349). */
  transferSize: number;
  /** Seconds (RFC 2349). */
  timeout: number;
  /** Blocks (RFC 7440). */
  windowSize: number;
  /** DATA, ACK: block number, 0 … 65535; -1 otherwise. */
  block: number;
  /** DATA: the data is `bytes[dataStart, end)`. */
  dataStart: number;
  /** ERROR: code 0 … 65535, -1 otherwise, and its text. */
  errorCode: number;
  textStart: number;
  textEnd: number;
  anomalies: Anomaly[];
}

export function createTftpMessage(): TftpMessage {
  return {
    ...{ bytes: new Uint8Array(0), start: 0, end: 0, opcode: TFTP_NONE },
    ...{ fileStart: -1, fileEnd: -1, modeStart: -1, modeEnd: -1 },
    ...{ optionCount: 0, blockSize: -1, transferSize: -1, timeout: -1, windowSize: -1 },
    ...{ block: -1, dataStart: -1, errorCode: -1, textStart: -1, textEnd: -1, anomalies: [] },
  };
}

const HEADER_BYTES = 4;
/** RFC 1350 §5 defines 0 … 7, RFC 2347 adds 8. */
const ERROR_CODE_MAX = 8;
const NUMBER_MAX = 9_007_199_254_740_991;

/** Decodes `bytes[start, end)`, one UDP payload, into `message`. */
export function decodeTftp(bytes: Uint8Array, start: number, end: number, message: TftpMessage): void {
  const from = Math.min(Math.max(0, start), bytes.length);
  const to = Math.min(Math.max(from, end), bytes.length);
  reset(message, bytes, from, to);
  const opcode = to - from >= 2 ? (bytes[from] << 8) | bytes[from + 1] : TFTP_NONE;
  if (opcode < TFTP_RRQ || opcode > TFTP_OACK) {
    addTftpAnomaly(message, 'not-tftp', from);
    return;
  }
  message.opcode = opcode;
  if (opcode === TFTP_RRQ || opcode === TFTP_WRQ) readRequest(bytes, from + 2, to, message);
  else if (opcode === TFTP_OACK) readOptions(bytes, from + 2, to, message);
  else if (to - from < HEADER_BYTES) addTftpAnomaly(message, 'tftp-truncated', to);
  else readNumbered(bytes, from, to, message);
}

function readNumbered(bytes: Uint8Array, from: number, to: number, message: TftpMessage): void {
  const number = (bytes[from + 2] << 8) | bytes[from + 3];
  const rest = from + HEADER_BYTES;
  if (message.opcode === TFTP_ERROR) {
    message.errorCode = number;
    if (number > ERROR_CODE_MAX) addTftpAnomaly(message, 'tftp-error-unknown', from + 2);
    message.textStart = rest;
    message.textEnd = endOfText(bytes, rest, to, message);
    if (message.textEnd + 1 < to) addTftpAnomaly(message, 'tftp-trailing-bytes', message.textEnd + 1);
    return;
  }
  message.block = number;
  if (message.opcode === TFTP_DATA) message.dataStart = rest;
  else if (rest < to) addTftpAnomaly(message, 'tftp-trailing-bytes', rest);
}

function readRequest(bytes: Uint8Array, from: number, to: number, message: TftpMessage): void {
  message.fileStart = from;
  message.fileEnd = endOfText(bytes, from, to, message);
  if (message.fileEnd === from) addTftpAnomaly(message, 'tftp-file-empty', from);
  if (message.fileEnd === to) return;
  message.modeStart = message.fileEnd + 1;
  message.modeEnd = endOfText(bytes, message.modeStart, to, message);
  if (!isMode(bytes, message.modeStart, message.modeEnd))
    addTftpAnomaly(message, 'tftp-mode-unknown', message.modeStart);
  readOptions(bytes, Math.min(message.modeEnd + 1, to), to, message);
}

/** Pairs of texts, each ended by a NUL (RFC 2347). */
function readOptions(bytes: Uint8Array, from: number, to: number, message: TftpMessage): void {
  let i = from;
  while (i < to) {
    if (message.optionCount === OPTIONS_MAX) {
      addTftpAnomaly(message, 'tftp-options-too-many', i);
      return;
    }
    // Tolerance: some boot ROMs pad their requests with NULs.
    if (bytes[i] === 0) {
      addTftpAnomaly(message, 'tftp-trailing-bytes', i);
      return;
    }
    const nameStart = i;
    const nameEnd = endOfText(bytes, i, to, message);
    if (nameEnd === to) return;
    const valueStart = nameEnd + 1;
    const valueEnd = endOfText(bytes, valueStart, to, message);
    message.optionCount++;
    keepOption(bytes, nameStart, nameEnd, readNumber(bytes, valueStart, valueEnd), message);
    i = valueEnd + 1;
  }
}

function keepOption(bytes: Uint8Array, start: number, end: number, value: number, message: TftpMessage): void {
  let known = true;
  if (matches(bytes, start, end, 'blksize')) message.blockSize = value;
  else if (matches(bytes, start, end, 'tsize')) message.transferSize = value;
  else if (matches(bytes, start, end, 'timeout')) message.timeout = value;
  else if (matches(bytes, start, end, 'windowsize')) message.windowSize = value;
  else known = false;
  if (known && value < 0) addTftpAnomaly(message, 'tftp-option-invalid', start);
}

/** Position of the NUL that ends the text at `start`; `end`, with an anomaly, when there is none. */
function endOfText(bytes: Uint8Array, start: number, end: number, message: TftpMessage): number {
  for (let i = start; i < end; i++) if (bytes[i] === 0) return i;
  addTftpAnomaly(message, 'tftp-unterminated', end);
  return end;
}

/** RFC 1350 §1: netascii, octet, mail, in any case. */
function isMode(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    matches(bytes, start, end, 'octet') || matches(bytes, start, end, 'netascii') || matches(bytes, start, end, 'mail')
  );
}

function matches(bytes: Uint8Array, start: number, end: number, lower: string): boolean {
  if (end - start !== lower.length) return false;
  for (let i = 0; i < lower.length; i++) if ((bytes[start + i] | 0x20) !== lower.charCodeAt(i)) return false;
  return true;
}

function readNumber(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = bytes[i] - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value > 900_000_000_000_000 ? NUMBER_MAX : value * 10 + digit;
  }
  return value;
}

function reset(message: TftpMessage, bytes: Uint8Array, start: number, end: number): void {
  message.bytes = bytes;
  message.start = start;
  message.end = end;
  message.opcode = TFTP_NONE;
  message.fileStart = message.fileEnd = message.modeStart = message.modeEnd = -1;
  message.optionCount = 0;
  message.blockSize = message.transferSize = message.timeout = message.windowSize = -1;
  message.block = message.dataStart = message.errorCode = message.textStart = message.textEnd = -1;
  if (message.anomalies.length > 0) message.anomalies = [];
}
