/** What a stranger sent, as people read it. */
import { describe, expect, it } from 'vitest';
import type { EvidenceItem } from '../core/base/evidence.ts';
import { messageOf } from './attack-messages.ts';

function item(bytes: Uint8Array | string, more: Partial<EvidenceItem> = {}): EvidenceItem {
  const body = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  const ends = { from: '198.51.100.7', fromPort: 5071, to: '192.0.2.1', toPort: 5060 };
  return { at: 1, side: 'in', transport: 'udp', ...ends, bytes: body, length: body.length, ...more };
}

const HEADERS = 'Via: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bK1\r\nCall-ID: abc@x\r\nCSeq: 7 REGISTER\r\n';
const said = (text: string, kind = 'register-bruteforce') => messageOf(item(text), kind);

describe('one line for each message', () => {
  it.each([
    ['REGISTER sip:100@192.0.2.1 SIP/2.0', 'REGISTER sip:100@192.0.2.1', 'REGISTER', null],
    ['SIP/2.0 401 Unauthorized', '401 Unauthorized', null, 401],
    ['sip/2.0 200 OK', '200 OK', null, 200],
    ['HACK sip:x SIP/2.0', 'HACK sip:x', 'HACK', null],
  ])('%s', (start, summary, method, status) => {
    const told = said(`${start}\r\n${HEADERS}\r\n`);
    expect(told).toMatchObject({ summary, method, status, callId: 'abc@x', cseq: 7 });
  });

  it.each([
    ['a request for a file', '\0\x01SEP001122.cnf.xml\0octet\0', 'RRQ SEP001122.cnf.xml', 'RRQ'],
    ['a refusal', '\0\x05\0\x01File not found\0', 'ERROR 1 File not found', 'ERROR'],
    ['a piece of a file', '\0\x03\0\x07data', 'DATA 7', 'DATA'],
    ['something else', 'GET /', 'Not TFTP', null],
  ])('TFTP: %s', (_name, bytes, summary, method) => {
    expect(said(bytes, 'tftp-bruteforce')).toMatchObject({ summary, method, status: null, callId: null });
  });

  it.each([
    ['junk', 'xyzzy\x1b]0;owned\x07', 'Not SIP: xyzzy\\x1b]0;owned\\x07'],
    ['keep-alive', '\r\n\r\n', 'Keep-alive'],
    ['nothing', '', 'Keep-alive'],
  ])('%s', (_name, bytes, summary) => expect(said(bytes).summary).toBe(summary));
});

describe('its text', () => {
  it('keeps its lines; what breaks, hides or reorders text is spelled out', () => {
    const { text } = said(`OPTIONS sip:x SIP/2.0\r\nUser-Agent: a\x1b[2Jb\u202ec\u200b\nX: \xff\0\r\n\r\nbody`);
    expect(text.split('\n')).toEqual([
      'OPTIONS sip:x SIP/2.0',
      'User-Agent: a\\x1b[2Jb\\u{202e}c\\u{200b}',
      'X: ÿ\\x00',
      '',
      'body',
    ]);
  });

  it('bytes that are no UTF-8', () => {
    expect(messageOf(item(Uint8Array.of(0x41, 0xff, 0xc3, 0x28)), 'malformed').text).toBe('A\\xff\\xc3(');
  });

  it('a carriage return alone starts no line of its own', () => {
    expect(said('A: 1\rB: 2\r\n').text).toBe('A: 1 B: 2');
  });

  it('is bounded, and says that it was cut', () => {
    const long = messageOf(item('x'.repeat(60_000)), 'malformed');
    expect(long.text.length).toBeLessThan(20_000);
    expect(long).toMatchObject({ truncated: true, length: 60_000 });
    const lines = messageOf(item('x\n'.repeat(30_000)), 'malformed');
    expect(lines.text.length).toBeLessThanOrEqual(16_384);
    expect(said('REGISTER sip:x SIP/2.0\r\n\r\n').truncated).toBe(false);
    expect(messageOf(item('REGISTER', { length: 900 }), 'flood').truncated).toBe(true);
  });
});
