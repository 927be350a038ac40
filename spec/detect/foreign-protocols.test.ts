/**
 * Other protocols on a SIP port over TCP. They need no empty line, so nothing ever ends their first "message"; a port that really speaks
 * TLS must not cost its phones anything.
 */
import { describe, expect, test } from 'vitest';
import { inbound, outbound, endpoint, START, type Traffic } from '../traffic/datagram.ts';
import { piecesOf, tcpFrames } from '../traffic/tcp.ts';
import { harmful, run } from './run.ts';

const pbx = endpoint('192.0.2.10', 5060);
const peer = (port: number) => endpoint('203.0.113.66', port);
const CONNECTIONS = 40;

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const clientHello = hex(`16 03 01 00 2d 01 00 00 29 03 03 ${'5a'.repeat(32)} 00 00 02 13 01 01 00`);
const serverHello = hex(`16 03 03 00 2c 02 00 00 28 03 03 ${'a5'.repeat(32)} 00 13 01 00`);

const ROWS: readonly [string, Uint8Array][] = [
  ['TLS to a port that does not speak it', clientHello],
  ['SMB, as a port scanner asks', hex('00 00 00 a4 ff 53 4d 42 72 00 00 00 00 08 01 40')],
  ['a remote desktop', hex('03 00 00 0b 06 e0 00 00 00 00 00')],
  ['bytes above ASCII', hex('fe ed fa ce de ad be ef')],
];

const connections = (first: Uint8Array, answer?: Uint8Array): Traffic =>
  Array.from({ length: CONNECTIONS }, (_, i) => {
    const at = START + i * 200;
    const asked = inbound(at, peer(20000 + i), pbx, first);
    return answer ? [asked, outbound(at + 5, pbx, peer(20000 + i), answer)] : [asked];
  }).flat();

describe('junk, one connection after the other', () => {
  test.each(ROWS)('%s', (_name, first) => {
    for (const pieces of [undefined, piecesOf(1)]) {
      const [verdict] = harmful(run(tcpFrames(connections(first), { pieces })).verdicts);
      expect(verdict).toMatchObject({ source: '203.0.113.66', kind: 'malformed', action: 'block', count: 20 });
    }
  });
});

test('phones at a port that answers in TLS', () => {
  expect(harmful(run(tcpFrames(connections(clientHello, serverHello))).verdicts)).toEqual([]);
});

test('a scanner behind binary junk is still seen', () => {
  const scan =
    'OPTIONS sip:100@192.0.2.10 SIP/2.0\r\nVia: SIP/2.0/TCP 203.0.113.66;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n' +
    'To: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nUser-Agent: friendly-scanner\r\nContent-Length: 0\r\n\r\n';
  const bytes = Buffer.concat([hex('16 03 01 00 00'), Buffer.from(`\r\n${scan}`)]);
  const traffic = [inbound(START, peer(20000), pbx, bytes)];
  const [verdict] = harmful(run(tcpFrames(traffic, { pieces: piecesOf(4) })).verdicts);
  expect(verdict).toMatchObject({ source: '203.0.113.66', kind: 'scanner-agent' });
});
