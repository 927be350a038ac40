/** What the executable specs (`spec/sip`) do not show. */
import { expect, test } from 'vitest';
import { hasSevere } from './anomalies.ts';
import { createSipMessage, decodeSip } from './decode.ts';
import * as headerNames from './header-names.ts';
import { KIND_KEEPALIVE, KIND_NONE, KIND_REQUEST } from './message.ts';
import { knownMethod, METHODS } from './methods.ts';
import { SipFramer } from './framer.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const OPTIONS = bytes(
  'OPTIONS sip:100@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n' +
    'Call-ID: 1\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nUser-Agent: x\r\nContent-Length: 0\r\n\r\n',
);

test('a message object that is used again holds nothing of the message before', () => {
  const used = createSipMessage();
  decodeSip(OPTIONS, 0, OPTIONS.length, used);
  decodeSip(bytes('\r\n\r\n'), 0, 4, used);
  const fresh = createSipMessage();
  decodeSip(bytes('\r\n\r\n'), 0, 4, fresh);
  expect({ ...used, headers: null }).toEqual({ ...fresh, headers: null });
  expect(used.kind).toBe(KIND_KEEPALIVE);
});

test('anomalies handed out earlier stay as they were', () => {
  const message = createSipMessage();
  const junk = bytes('junk that is no message');
  decodeSip(junk, 0, junk.length, message);
  const kept = message.anomalies;
  decodeSip(OPTIONS, 0, OPTIONS.length, message);
  expect(kept).toEqual([{ code: 'not-sip', offset: 0 }]);
});

test('a healthy message has no anomaly, junk is severe', () => {
  const message = createSipMessage();
  decodeSip(OPTIONS, 0, OPTIONS.length, message);
  expect([message.kind, message.anomalies, hasSevere(message)]).toEqual([KIND_REQUEST, [], false]);
  decodeSip(bytes('\x16\x03\x01 not a message'), 0, 18, message);
  expect([message.kind, hasSevere(message)]).toEqual([KIND_NONE, true]);
});

test('a range outside the buffer is cut, not believed', () => {
  const message = createSipMessage();
  decodeSip(OPTIONS, -5, OPTIONS.length + 100, message);
  expect([message.start, message.end, message.kind]).toEqual([0, OPTIONS.length, KIND_REQUEST]);
  decodeSip(OPTIONS, 10, 5, message);
  expect([message.start, message.end, message.kind]).toEqual([10, 10, KIND_KEEPALIVE]);
});

test('the constants of header-names.ts are the numbers of their names', () => {
  for (const [constant, number] of Object.entries(headerNames)) {
    if (!constant.startsWith('HEADER_') || typeof number !== 'number' || number === 0) continue;
    const name = constant.slice('HEADER_'.length).replaceAll('_', '-');
    expect(headerNames.HEADER_NAMES[number].toUpperCase(), constant).toBe(name);
  }
});

test.each(headerNames.HEADER_NAMES.slice(1))('%s is found in any case, by both ways of looking', (name) => {
  const number = headerNames.HEADER_NAMES.indexOf(name);
  const message = createSipMessage();
  for (const spelled of [name, name.toLowerCase(), name.toUpperCase(), `${name} `, `${name}\t`]) {
    const text = bytes(`OPTIONS sip:a@b SIP/2.0\r\n${spelled}: 1\r\n\r\n`);
    decodeSip(text, 0, text.length, message);
    expect(message.headers[0], spelled).toBe(number);
    expect(message.headerCount).toBe(1);
  }
  // Evasion: CR differs from the hyphen only in the bit that tells the case of letters apart.
  for (let i = 0; i < name.length; i++) {
    const text = bytes(`OPTIONS sip:a@b SIP/2.0\r\n${name}: 1\r\n\r\n`);
    if (/[a-z]/i.test(name[i])) continue;
    text[25 + i] ^= 0x20;
    decodeSip(text, 0, text.length, message);
    expect(message.headers[0], `byte ${i}`).not.toBe(number);
  }
});

test.each([...METHODS])('%s is a shared constant', (method) => {
  expect(knownMethod(bytes(method), 0, method.length)).toBe(method);
  expect(knownMethod(bytes(method.toLowerCase()), 0, method.length)).toBe(method);
  expect(knownMethod(bytes(`${method}X`), 0, method.length + 1)).toBe('');
});

test('one byte a segment costs no more than linear time: a 64 kB body in 65,535 pushes is one message', () => {
  const header = bytes('MESSAGE sip:a@b SIP/2.0\r\nVia: x\r\nCall-ID: 1\r\nContent-Length: 65000\r\n\r\n');
  const framer = new SipFramer();
  const lengths: number[] = [];
  const emit = (_: Uint8Array, start: number, end: number) => lengths.push(end - start);
  const one = new Uint8Array(1);
  for (const byte of [...header, ...new Uint8Array(65_000).fill(0x61)]) {
    one[0] = byte;
    framer.push(one, 0, 1, emit);
  }
  expect(lengths).toEqual([header.length + 65_000]);
  expect(framer.bufferedBytes).toBe(0);
});

test('a message that lies whole in the segment is given out without a copy', () => {
  const framer = new SipFramer();
  const segment = Uint8Array.from([...OPTIONS, ...OPTIONS]);
  const given: [boolean, number, number][] = [];
  framer.push(segment, 0, segment.length, (b, start, end) => given.push([b === segment, start, end]));
  expect(given).toEqual([
    [true, 0, OPTIONS.length],
    [true, OPTIONS.length, 2 * OPTIONS.length],
  ]);
});
