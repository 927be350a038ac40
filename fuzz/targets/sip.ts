/** `decodeSip`: never throws, offsets inside the message, and the same result wherever in a buffer the message lies. */
import { ANOMALIES, ANOMALIES_MAX, hasSevere } from '../../src/core/decode/sip/anomalies.ts';
import { createSipMessage, decodeSip } from '../../src/core/decode/sip/decode.ts';
import { headerField, HEADERS_MAX, NAME_END, NAME_START } from '../../src/core/decode/sip/message.ts';
import {
  KIND_KEEPALIVE,
  KIND_NONE,
  type SipMessage,
  VALUE_END,
  VALUE_START,
} from '../../src/core/decode/sip/message.ts';
import { hashSpan, spanText, TEXT_CHARS_MAX, userHash, userText } from '../../src/core/decode/sip/text.ts';
import { specInputs } from '../run.ts';
import { promise, type Target } from '../target.ts';

const message = createSipMessage();
const elsewhere = createSipMessage();

type NumberField = { [K in keyof SipMessage]: SipMessage[K] extends number ? K : never }[keyof SipMessage];
const fields = Object.keys(message) as (keyof SipMessage)[];
const SPANS = fields
  .filter((name) => name.endsWith('Start') && name !== 'bodyStart')
  .map((name) => [name, name.replace(/Start$/, 'End')] as [NumberField, NumberField]);
const PLAIN = fields.filter((name) => !/Start$|End$|^(bytes|start|end|headers|anomalies)$/.test(name));
const COLUMNS = [NAME_START, NAME_END, VALUE_START, VALUE_END];

export const target: Target = {
  name: 'sip',
  weight: 6,
  seeds: () => specInputs('sip', ['sip', 'stream']),
  check(input, vary) {
    decodeSip(input, 0, input.length, message);
    checkBounds(message, input);
    checkText(message);

    // Other bytes around it, at another place: nothing outside the message may be read, and no offset may be absolute.
    const shift = 1 + (vary % 61);
    const buffer = new Uint8Array(shift + input.length + 8).fill([0x0a, 0x20, 0x41, 0xff][vary & 3]);
    buffer.set(input, shift);
    decodeSip(buffer, shift, shift + input.length, elsewhere);
    checkSame(message, elsewhere, shift);
  },
};

function checkBounds(m: SipMessage, input: Uint8Array): void {
  promise(m.start === 0 && m.end <= input.length, 'the range of the message is kept');
  promise(m.kind >= KIND_NONE && m.kind <= KIND_KEEPALIVE, `kind ${m.kind}`);
  for (const [from, to] of SPANS) {
    const absent = m[from] === -1 && m[to] === -1;
    promise(absent || (m[from] >= m.start && m[from] <= m[to] && m[to] <= m.end), `${from} ${m[from]} … ${m[to]}`);
  }
  promise(m.bodyStart >= m.start && m.bodyStart <= m.end, `bodyStart ${m.bodyStart}`);
  promise(m.headerCount >= 0 && m.headerCount <= HEADERS_MAX, `headerCount ${m.headerCount}`);
  let at = m.start;
  for (let row = 0; row < m.headerCount; row++) {
    for (const column of COLUMNS) {
      const offset = headerField(m, row, column);
      promise(offset >= at && offset <= m.bodyStart, `header ${row} ${column} ${offset}`);
      at = offset;
    }
  }
  promise(m.anomalies.length <= ANOMALIES_MAX, `${m.anomalies.length} anomalies`);
  for (const { code, offset } of m.anomalies) {
    promise(code in ANOMALIES, `anomaly ${code} has no description`);
    promise(offset >= 0 && offset <= m.end - m.start, `anomaly ${code} at ${offset}`);
  }
  promise(m.kind !== KIND_NONE || hasSevere(m), 'what is not SIP is severe');
  promise(m.status === 0 || (m.status >= 100 && m.status <= 699), `status ${m.status}`);
  promise(m.contentLength >= -1 && Number.isSafeInteger(m.contentLength), `contentLength ${m.contentLength}`);
}

function checkText(m: SipMessage): void {
  const longest = TEXT_CHARS_MAX * 10 + 1;
  for (const [from, to] of [SPANS[0], SPANS[1], ...SPANS.slice(-1)]) {
    promise(spanText(m.bytes, m[from], m[to]).length <= longest, `${from}: text too long`);
    promise(userText(m.bytes, m[from], m[to]).length <= longest, `${from}: user text too long`);
    if (m[from] < 0) continue;
    const hash = hashSpan(m.bytes, m[from], m[to], 7);
    promise(hash >= 0 && hash <= 0xffffffff, `hash ${hash}`);
    promise(userHash(m.bytes, m[from], m[to], 7) >= 0, 'user hash');
  }
}

function checkSame(a: SipMessage, b: SipMessage, shift: number): void {
  for (const name of PLAIN) promise(a[name] === b[name], `${name}: ${String(a[name])} became ${String(b[name])}`);
  for (const pair of SPANS) {
    for (const name of pair) promise(b[name] === (a[name] < 0 ? -1 : a[name] + shift), `${name} at another place`);
  }
  promise(b.bodyStart === a.bodyStart + shift, 'bodyStart at another place');
  for (let row = 0; row < a.headerCount; row++) {
    promise(headerField(a, row, 0) === headerField(b, row, 0), `header ${row} at another place`);
    for (const column of COLUMNS) {
      promise(
        headerField(b, row, column) === headerField(a, row, column) + shift,
        `header ${row} ${column} at another place`,
      );
    }
  }
  promise(a.anomalies.length === b.anomalies.length, 'as many anomalies at another place');
  for (let i = 0; i < a.anomalies.length; i++) {
    const same = a.anomalies[i].code === b.anomalies[i].code && a.anomalies[i].offset === b.anomalies[i].offset;
    promise(same, `anomaly ${a.anomalies[i].code} at another place`);
  }
}
