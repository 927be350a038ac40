/** `decodeTftp`: never throws, offsets inside the packet, and the same result wherever in a buffer the packet lies. */
import { TFTP_ANOMALIES } from '../../src/core/decode/tftp/anomalies.ts';
import { createTftpMessage, decodeTftp, TFTP_OACK, type TftpMessage } from '../../src/core/decode/tftp/decode.ts';
import { specInputs } from '../run.ts';
import { promise, type Target } from '../target.ts';

const message = createTftpMessage();
const elsewhere = createTftpMessage();
type NumberField = Exclude<keyof TftpMessage, 'bytes' | 'anomalies'>;
const SPANS: [NumberField, NumberField][] = [
  ['fileStart', 'fileEnd'],
  ['modeStart', 'modeEnd'],
  ['textStart', 'textEnd'],
];
const PLAIN: NumberField[] = [
  ...(['opcode', 'optionCount', 'blockSize', 'transferSize', 'timeout', 'windowSize', 'block', 'errorCode'] as const),
];

export const target: Target = {
  name: 'tftp',
  weight: 2,
  seeds: () => specInputs('tftp', ['tftp']),
  check(input, vary) {
    decodeTftp(input, 0, input.length, message);
    promise(message.opcode >= 0 && message.opcode <= TFTP_OACK, `opcode ${message.opcode}`);
    for (const [from, to] of SPANS) {
      const absent = message[from] === -1 && message[to] === -1;
      const inside = message[from] >= 0 && message[from] <= message[to] && message[to] <= input.length;
      promise(absent || inside, `${from} ${message[from]} … ${message[to]}`);
    }
    promise(message.dataStart <= input.length, `dataStart ${message.dataStart}`);
    for (const { code, offset } of message.anomalies) {
      promise(code in TFTP_ANOMALIES && offset >= 0 && offset <= input.length, `anomaly ${code} at ${offset}`);
    }

    const shift = 1 + (vary % 61);
    const buffer = new Uint8Array(shift + input.length + 8).fill([0x00, 0x6f, 0x31, 0xff][vary & 3]);
    buffer.set(input, shift);
    decodeTftp(buffer, shift, shift + input.length, elsewhere);
    for (const name of PLAIN) promise(message[name] === elsewhere[name], `${name} at another place`);
    for (const name of [...SPANS.flat(), 'dataStart' as const]) {
      promise(elsewhere[name] === (message[name] < 0 ? -1 : message[name] + shift), `${name} at another place`);
    }
    promise(message.anomalies.length === elsewhere.anomalies.length, 'as many anomalies at another place');
  },
};
