import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, it } from 'vitest';
import type { EvidenceItem } from '../core/base/evidence.ts';
import { createPacket, decodePacket } from '../core/decode/ip/decode.ts';
import { openCapture } from './pcap-file.ts';
import { DATAGRAM_BYTES_MAX, writePcap } from './recorder.ts';

const folder = mkdtempSync(`${tmpdir()}/ringfence-recorder-`);
const path = `${folder}/evidence.pcap`;
afterAll(() => rmSync(folder, { recursive: true }));

const AT = Date.UTC(2026, 2, 1, 12, 0, 0) + 0.125;

function message(method: string, transport: string, bodyBytes = 0): Uint8Array {
  return new TextEncoder().encode(
    [
      `${method} sip:100@198.51.100.1 SIP/2.0`,
      `Via: SIP/2.0/${transport} 192.0.2.7:5070;branch=z9hG4bK${method}`,
      'From: <sip:100@198.51.100.1>;tag=1',
      'To: <sip:100@198.51.100.1>',
      'Call-ID: c1',
      `CSeq: 1 ${method}`,
      ...(bodyBytes > 0 ? ['Content-Type: text/plain'] : []),
      `Content-Length: ${bodyBytes}`,
      `\r\n${'x'.repeat(bodyBytes)}`,
    ].join('\r\n'),
  );
}

function item(bytes: Uint8Array, fields: Partial<EvidenceItem> = {}): EvidenceItem {
  const ends = { from: '192.0.2.7', fromPort: 5070, to: '198.51.100.1', toPort: 5060 };
  return { at: AT, side: 'in', transport: 'udp', ...ends, bytes, length: bytes.length, ...fields };
}

const v6 = { from: '2001:db8::7', to: '2001:db8:1::1' };
const answer = { from: '198.51.100.1', fromPort: 5060, to: '192.0.2.7', toPort: 5070, side: 'out' } as const;

/** What tshark reads: one line of fields a frame. Checksums are verified. */
function tshark(items: EvidenceItem[], ...fields: string[]): string[][] {
  writeFileSync(path, writePcap(items));
  const options = ['udp.check_checksum', 'tcp.check_checksum', 'ip.check_checksum'].flatMap((o) => ['-o', `${o}:TRUE`]);
  const args = ['-r', path, ...options, '-T', 'fields', ...fields.flatMap((f) => ['-e', f])];
  try {
    const output = execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return output
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error('tshark is missing: apt-get install tshark', { cause: error });
  }
}

const GOOD = '1';

describe('tshark reads the evidence', () => {
  it('UDP, both families: addresses, ports, time, method, checksums', () => {
    const items = [
      item(message('REGISTER', 'UDP')),
      item(message('OPTIONS', 'UDP'), { at: AT + 1500, ...v6 }),
      // An odd number of bytes: the checksum's last half word.
      item(new TextEncoder().encode('ACK sip:a SIP/2.0\r\n\r\n '), { at: AT + 2000 }),
    ];
    const fields = [
      'frame.time_epoch',
      'ip.src',
      'ipv6.src',
      'udp.srcport',
      'udp.dstport',
      'sip.Method',
      'udp.checksum.status',
      'ip.checksum.status',
    ];
    expect(tshark(items, ...fields)).toEqual([
      ['1772366400.000125000', '192.0.2.7', '', '5070', '5060', 'REGISTER', GOOD, GOOD],
      ['1772366401.500125000', '', '2001:db8::7', '5070', '5060', 'OPTIONS', GOOD, ''],
      ['1772366402.000125000', '192.0.2.7', '', '5070', '5060', 'ACK', GOOD, GOOD],
    ]);
  });

  it('TCP: a message of several segments is put together, the directions keep their own numbers', () => {
    const items = [
      item(message('REGISTER', 'TCP'), { transport: 'tcp' }),
      item(new TextEncoder().encode('SIP/2.0 401 Unauthorized\r\nCSeq: 1 REGISTER\r\nContent-Length: 0\r\n\r\n'), {
        transport: 'tcp',
        ...answer,
      }),
      item(message('MESSAGE', 'TCP', 5000), { transport: 'tcp' }),
      item(message('OPTIONS', 'TCP'), { transport: 'tcp', ...v6 }),
    ];
    const rows = tshark(items, 'tcp.checksum.status', 'sip.Method', 'sip.Status-Code', 'tcp.analysis.flags');
    expect(rows.every(([status]) => status === GOOD)).toBe(true);
    expect(rows.map(([, method]) => method).filter(Boolean)).toEqual(['REGISTER', 'MESSAGE', 'OPTIONS']);
    expect(rows.map(([, , code]) => code).filter(Boolean)).toEqual(['401']);
    // Nothing lost, nothing repeated, nothing out of order.
    expect(rows.map((row) => row[3])).toEqual(rows.map(() => ''));
    expect(rows.length).toBe(3 + 4);
  });

  it('a message whose end was not kept: the whole length stands in the headers', () => {
    const whole = message('INVITE', 'UDP', 3000);
    const rows = tshark(
      [item(whole.subarray(0, 600), { length: whole.length })],
      'frame.len',
      'frame.cap_len',
      'udp.length',
      'sip.Method',
    );
    expect(rows).toEqual([[`${28 + whole.length}`, '628', `${8 + whole.length}`, 'INVITE']]);
  });

  it('a TCP message whose end was not kept: the next one is said to follow a gap', () => {
    const items = [
      item(message('MESSAGE', 'TCP', 3000).subarray(0, 600), { transport: 'tcp', length: 3300 }),
      item(message('OPTIONS', 'TCP'), { transport: 'tcp' }),
    ];
    expect(tshark(items, 'tcp.analysis.lost_segment').map(([lost]) => lost !== '')).toEqual([false, true]);
  });
});

describe('edges', () => {
  it('nothing: a capture without frames', () => {
    const bytes = writePcap([]);
    expect(bytes.length).toBe(24);
  });

  it('UDP never grows above what a datagram can hold; an empty message is a frame', () => {
    const large = new Uint8Array(70_000);
    writeFileSync(
      path,
      writePcap([item(large), item(new Uint8Array(0)), item(new Uint8Array(0), { transport: 'tcp' })]),
    );
    const reader = openCapture(path);
    const frame = reader.createFrame();
    const packet = createPacket();
    const lengths: number[] = [];
    while (reader.next(frame)) {
      expect(decodePacket(frame.bytes, frame.start, frame.end, packet)).toBeNull();
      expect(packet.truncated).toBe(false);
      lengths.push(packet.payloadEnd - packet.payloadStart);
    }
    expect(lengths).toEqual([DATAGRAM_BYTES_MAX, 0, 0]);
  });

  it('reads back what it wrote, to the microsecond', () => {
    const at = [AT, AT + 0.001, 1, 999.9996];
    writeFileSync(path, writePcap(at.map((t) => item(message('OPTIONS', 'UDP'), { at: t }))));
    const reader = openCapture(path);
    const frame = reader.createFrame();
    for (const expected of at) {
      expect(reader.next(frame)).toBe(true);
      expect(Math.abs(frame.at - expected)).toBeLessThanOrEqual(0.001);
    }
  });

  it('refuses addresses of two families: that is no evidence', () => {
    expect(() => writePcap([item(new Uint8Array(1), { from: '::1' })])).toThrow(/one family/);
  });
});
