/** The builder itself: what it calls a packet is one, by the engine's own decoder and by tshark where it is installed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createPacket, decodePacket } from '../../src/core/decode/ip/decode.ts';
import { svcrack } from './attacks.ts';
import { endpoint, START, type TimedFrame } from './datagram.ts';
import { DISGUISES } from './disguises.ts';
import { GOOD_CASES, PBX } from './good-cases.ts';
import { writeMixed } from './mixed.ts';
import { udpFrames } from './packets.ts';
import { writePcap } from './pcap.ts';
import { Registrar } from './registrar.ts';
import { PBXS, PHONES, TOOLS } from './shapes.ts';

const attack = () =>
  svcrack({
    source: endpoint('203.0.113.66', 5071),
    pbx: new Registrar({ endpoint: PBX }),
    user: '1001',
    count: 10,
    rate: 20,
  });
const folder = mkdtempSync(join(tmpdir(), 'rf-traffic-'));
const hasTshark = (() => {
  try {
    execFileSync('tshark', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** RFC 1071: a sum over a packet with its checksum in place is all ones. */
function ipv4ChecksumHolds({ frame: { bytes } }: TimedFrame): boolean {
  let sum = 0;
  for (let i = 0; i < 20; i += 2) sum += (bytes[i] << 8) | bytes[i + 1];
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}

test('the same parameters give the same bytes', () => {
  const bytes = () =>
    udpFrames(attack()).map(({ frame, at }) => `${at} ${Buffer.from(frame.bytes).toString('latin1')}`);
  expect(bytes()).toEqual(bytes());
});

test('plain UDP: addresses, ports and payload come back', () => {
  const traffic = attack();
  const packet = createPacket();
  udpFrames(traffic).forEach((timed, i) => {
    const { bytes, start, end } = timed.frame;
    expect(decodePacket(bytes, start, end, packet)).toBe(null);
    const d = traffic[i];
    expect([packet.srcPort, packet.dstPort, packet.src3]).toEqual([d.from.port, d.to.port, d.from.address.w3]);
    expect(Buffer.from(bytes.subarray(packet.payloadStart, packet.payloadEnd)).equals(Buffer.from(d.payload))).toBe(
      true,
    );
    expect(ipv4ChecksumHolds(timed)).toBe(true);
  });
});

test.each(Object.entries(DISGUISES))('%s: every packet decodes, time never runs backwards', (_name, disguise) => {
  const packet = createPacket();
  let now = START;
  for (const { frame, at } of disguise(attack())) {
    expect(decodePacket(frame.bytes, frame.start, frame.end, packet)).toBe(null);
    expect(at).toBeGreaterThanOrEqual(now);
    now = at;
  }
});

const ABSENT = hasTshark ? '' : ' (NOT INSTALLED: the packets are checked by our own decoder alone)';
describe.skipIf(!hasTshark)(`tshark${ABSENT}`, () => {
  /** The names of the samples in which tshark finds a packet to complain about: one file, one start of tshark. */
  function complaints(samples: [name: string, frames: TimedFrame[]][], filter: string): string[] {
    const path = join(folder, 'check.pcap');
    const names = samples.flatMap(([name, frames]) => frames.map(() => name));
    writePcap(
      path,
      samples.flatMap(([, frames]) => frames),
    );
    const prefer = ['ip', 'udp', 'tcp'].flatMap((p) => ['-o', `${p}.check_checksum:TRUE`]);
    const words = ['-r', path, ...prefer, '-Y', filter, '-T', 'fields', '-e', 'frame.number'];
    const out = execFileSync('tshark', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return [
      ...new Set(
        out
          .split('\n')
          .filter(Boolean)
          .map((n) => names[Number(n) - 1]),
      ),
    ];
  }
  const badChecksum = 'ip.checksum.status==0 || udp.checksum.status==0 || tcp.checksum.status==0';

  test('finds no bad checksum in any disguise', () => {
    const samples = Object.entries(DISGUISES).map(([name, disguise]): [string, TimedFrame[]] => [
      name,
      disguise(attack()),
    ]);
    expect(complaints(samples, badChecksum)).toEqual([]);
  });

  test('finds nothing wrong or malformed in the good cases', () => {
    const samples = Object.entries(GOOD_CASES).map(([name, { traffic }]): [string, TimedFrame[]] => {
      // Keep-alives of a byte or four are no messages; tshark calls them malformed.
      const messages = traffic().filter((d) => d.payload.length > 4);
      return [name, udpFrames(messages.slice(0, 300))];
    });
    expect(complaints(samples, `${badChecksum} || _ws.malformed`)).toEqual([]);
  });
});

test('a mixed capture holds what it says', () => {
  const path = join(folder, 'mixed.pcap');
  const truth = writeMixed({ path, messages: 20_000, sources: 3_000 });
  expect(truth.frames).toBe(20_000);
  const sum = (table: Record<string, number>) => Object.values(table).reduce((a, b) => a + b, 0);
  expect(sum(truth.requests) + sum(truth.responses)).toBe(20_000);
  expect(truth.sources).toBe(3_000);
  expect(statSync(path).size).toBeGreaterThan(20_000 * 200);
  rmSync(folder, { recursive: true });
});

test.each(Object.entries({ ...PHONES, ...PBXS, ...TOOLS }))('%s writes every header once', (_name, shape) => {
  const names = shape.order.map((header) => header.toLowerCase());
  expect(names).toEqual([...new Set(names)]);
});
