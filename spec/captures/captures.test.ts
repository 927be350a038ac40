/**
 * Every format that people bring captures in, read from the file system: the same conversation under each of them.
 * tshark is the oracle: it must agree about frames, times and addresses.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openCapture } from '../../src/capture/pcap-file.ts';
import { formatWords } from '../../src/core/base/address.ts';
import { createPacket, decodePacket } from '../../src/core/decode/ip/decode.ts';
import { Fragments } from '../../src/core/decode/ip/fragments.ts';
import { TcpStreams } from '../../src/core/decode/ip/tcp-streams.ts';
import { captures, CONVERSATION, REGISTER, UNAUTHORIZED } from './make.ts';

const { V4, V6, BOTH, START_MS, STEP_MS } = CONVERSATION;
/** A double of milliseconds since the epoch, and a binary fraction of a second, are exact to this. */
const PRECISION_MS = 0.001;

const path = (name: string) => (name.startsWith('/') ? name : `${import.meta.dirname}/${name}`);

interface Row {
  at: number;
  /** The IP packet's bytes; empty when the frame holds none. */
  ip: Uint8Array;
  wireLength: number;
}

function readAll(name: string): { frames: Row[]; warnings: string[] } {
  const reader = openCapture(path(name));
  const frame = reader.createFrame();
  const frames: Row[] = [];
  while (reader.next(frame)) {
    frames.push({ at: frame.at, ip: frame.bytes.slice(frame.start, frame.end), wireLength: frame.wireLength });
  }
  expect(reader.position).toBe(reader.size);
  reader.close();
  return { frames, warnings: reader.warnings };
}

it('the files are what their generator makes', () => {
  const made = captures();
  const kept = readdirSync(import.meta.dirname).filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name));
  expect(kept.sort()).toEqual(Object.keys(made).sort());
  for (const [name, bytes] of Object.entries(made)) {
    // Another zlib may pack the same bytes differently.
    const open = (b: Uint8Array) => (name.endsWith('.gz') ? new Uint8Array(gunzipSync(b)) : b);
    expect(Buffer.compare(open(bytes), open(new Uint8Array(readFileSync(path(name))))), name).toBe(0);
  }
});

describe('frames, times and IP packets', () => {
  const rows: [name: string, packets: Uint8Array[], what: string][] = [
    ['ethernet.pcap', BOTH, 'Ethernet II'],
    ['ethernet-vlan.pcap', BOTH, '802.1Q, 802.1ad in 802.1Q, four tags'],
    ['ethernet-pppoe.pcap', BOTH, 'PPPoE session data'],
    ['cooked-v1.pcap', BOTH, 'tcpdump -i any'],
    ['cooked-v2.pcap', BOTH, 'tcpdump -i any since libpcap 1.10'],
    ['raw.pcap', BOTH, 'raw IP, both families'],
    ['raw-ipv4.pcap', V4, 'raw IPv4'],
    ['raw-ipv6.pcap', V6, 'raw IPv6'],
    ['null-little.pcap', BOTH, 'BSD loopback of a little-endian machine'],
    ['null-big.pcap', BOTH, 'BSD loopback of a big-endian machine'],
    ['loop.pcap', BOTH, 'OpenBSD loopback'],
    ['nflog.pcap', BOTH, 'tcpdump -i nflog'],
    ['big-endian.pcap', BOTH, 'pcap of a big-endian machine'],
    ['nanoseconds.pcap', BOTH, 'pcap with nanoseconds'],
    ['big-endian-nanoseconds.pcap', BOTH, 'both'],
    ['two-interfaces.pcapng', BOTH, 'resolutions and time offsets of their own'],
    ['two-sections.pcapng', BOTH, 'byte orders of their own, binary fractions of a second'],
    ['packed.pcap.gz', BOTH, 'gzip'],
    ['cut-off.pcap', BOTH.slice(0, 3), 'ends in the middle of a frame'],
    ['cut-off.pcapng', BOTH.slice(0, 3), 'ends in the middle of a block'],
  ];
  it.each(rows)('%s', (name, packets) => {
    const { frames, warnings } = readAll(name);
    expect(frames.map((f) => Buffer.from(f.ip).toString('hex'))).toEqual(
      packets.map((p) => Buffer.from(p).toString('hex')),
    );
    frames.forEach((f, i) => {
      expect(Math.abs(f.at - (START_MS + i * STEP_MS))).toBeLessThan(PRECISION_MS);
      expect(f.wireLength).toBe(packets[i].length);
    });
    expect(warnings.length).toBe(name.startsWith('cut-off') ? 1 : 0);
  });

  it('old-blocks.pcapng: a simple packet block has no time, the one before it stands in', () => {
    const { frames } = readAll('old-blocks.pcapng');
    expect(frames.map((f) => f.at)).toEqual([START_MS, START_MS]);
    expect(frames.map((f) => f.ip.length)).toEqual(V4.map((p) => p.length));
  });

  it('ethernet-other.pcap: what holds no IP packet is counted all the same', () => {
    const { frames, warnings } = readAll('ethernet-other.pcap');
    expect(frames.map((f) => f.ip.length > 0)).toEqual([false, true, false, true, false]);
    expect(warnings).toEqual([]);
  });

  it('snapped.pcap: what the capture cut is known', () => {
    const { frames } = readAll('snapped.pcap');
    expect(frames.map((f) => f.ip.length)).toEqual([120, 120, 120, 120]);
    expect(frames.map((f) => f.wireLength)).toEqual(BOTH.map((p) => p.length));
    const packet = createPacket();
    for (const { ip } of frames) {
      expect(decodePacket(ip, 0, ip.length, packet)).toBeNull();
      expect(packet.truncated).toBe(true);
    }
  });
});

describe('from frames to messages', () => {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

  it.each([
    ['fragments-ipv4.pcap', [REGISTER, UNAUTHORIZED]],
    ['fragments-ipv6.pcap', [UNAUTHORIZED, REGISTER]],
  ])('%s', (name, messages) => {
    const fragments = new Fragments(1);
    const packet = createPacket();
    const seen: string[] = [];
    for (const { ip, at } of readAll(name).frames) {
      expect(decodePacket(ip, 0, ip.length, packet)).toBeNull();
      expect(packet.fragmented).toBe(true);
      if (fragments.add(packet, at)) seen.push(text(packet.bytes.slice(packet.payloadStart, packet.payloadEnd)));
    }
    expect(seen).toEqual(messages.map(text));
  });

  it('tcp.pcap: out of order, repeated, across the wrap of the sequence numbers', () => {
    const seen: Record<string, string> = {};
    const streams = new TcpStreams<string>({
      open: (p) => formatWords(p.src0, p.src1, p.src2, p.src3),
      data: (who, bytes, start, end) => (seen[who] = (seen[who] ?? '') + text(bytes.slice(start, end))),
      gap: (who) => (seen[who] += '(gap)'),
      close: () => {},
    });
    const packet = createPacket();
    for (const { ip, at } of readAll('tcp.pcap').frames) {
      expect(decodePacket(ip, 0, ip.length, packet)).toBeNull();
      streams.add(packet, at);
    }
    streams.expire(Infinity);
    expect(seen).toEqual({
      '192.0.2.7': `${text(REGISTER)}\r\n\r\n${text(REGISTER)}`,
      '198.51.100.1': text(UNAUTHORIZED),
    });
  });
});

describe('tshark agrees', () => {
  // One run for all: starting tshark costs half a second. These mergecap cannot take: without times, cut off, or of two sections.
  const alone = ['old-blocks.pcapng', 'cut-off.pcap', 'cut-off.pcapng', 'two-sections.pcapng'];
  const together = Object.keys(captures()).filter((name) => !alone.includes(name));

  it('about the sources and times of all frames, in all files', async () => {
    const folder = mkdtempSync(`${tmpdir()}/ringfence-captures-`);
    try {
      const merged = `${folder}/all.pcapng`;
      await run('mergecap', ['-a', '-w', merged, ...together.map(path)]);
      const ours = together.flatMap((name) => readAll(name).frames);
      const theirs = await tshark(merged);
      expect(theirs.map((t) => t.source)).toEqual(ours.map((f) => source(f.ip)));
      expect(ours.length).toBeGreaterThan(together.length * 2);
      expectTimes(theirs, ours);
      expect(readAll(merged).frames.map((f) => f.ip)).toEqual(ours.map((f) => f.ip));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(alone)('about %s', async (name) => {
    const theirs = await tshark(path(name));
    const ours = readAll(name).frames;
    expect(theirs.map((t) => t.source)).toEqual(ours.map((f) => source(f.ip)));
    expectTimes(theirs, ours);
  });

  /** tshark says NaN for a frame without a time. */
  function expectTimes(theirs: { at: number }[], ours: Row[]): void {
    const wrong = theirs.filter(({ at }, i) => Math.abs(at - ours[i].at) >= PRECISION_MS);
    expect(wrong).toEqual([]);
    expect(theirs.filter(({ at }) => at > 0).length).toBeGreaterThan(0);
  }

  function source(ip: Uint8Array): string {
    const p = createPacket();
    const readable = ip.length > 0 && decodePacket(ip, 0, ip.length, p) === null;
    return readable ? formatWords(p.src0, p.src1, p.src2, p.src3) : '';
  }

  async function tshark(file: string): Promise<{ at: number; source: string }[]> {
    const fields = ['frame.time_epoch', 'ip.src', 'ipv6.src'].flatMap((field) => ['-e', field]);
    const output = await run('tshark', ['-r', file, '-T', 'fields', ...fields]);
    const lines = output.split('\n').filter((line) => line !== '');
    return lines.map((line) => {
      const [at, v4, v6] = line.split('\t');
      return { at: at === '' ? NaN : Number(at) * 1000, source: v4 || v6 };
    });
  }

  async function run(program: string, args: string[]): Promise<string> {
    try {
      return (await promisify(execFile)(program, args)).stdout;
    } catch (error) {
      const { code, stdout } = error as { code: unknown; stdout: string };
      if (code === 'ENOENT') throw new Error(`${program} is missing: apt-get install tshark`, { cause: error });
      // A capture that is cut off makes tshark end with 2, after it has told what it read.
      if (code === 2 && args.some((arg) => arg.includes('cut-off'))) return stdout;
      throw error;
    }
  }
});
