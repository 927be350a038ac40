/**
 * HEP to real sockets. What comes is read by a reader that was written from the specification alone, beside the writer: chunk by chunk, with its own
 * tables. (Debian's tshark has no dissector for it; `kamailio.kernel.test.ts` shows a real capture server what is sent.)
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GuardReport } from '../channel/protocol.ts';
import type { EvidenceItem } from '../core/base/evidence.ts';
import type { Incident } from '../core/judge/incident.ts';
import { certificateFor } from '../notify/testing/certificate.ts';
import { HepOutput, type HepPolicy } from './hep-output.ts';

const AT = Date.UTC(2026, 10, 21, 14, 3, 22, 123);
const REGISTER = 'REGISTER sip:192.0.2.10 SIP/2.0\r\nCall-ID: abc\r\n\r\n';

const closing: (() => unknown)[] = [];
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringfence-hep-'));
  closing.push(() => rmSync(directory, { recursive: true }));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function evidence(over: Partial<EvidenceItem> = {}): EvidenceItem {
  const bytes = Buffer.from(REGISTER);
  return {
    ...{ at: AT, side: 'in', transport: 'udp', from: '203.0.113.66', fromPort: 5071, to: '192.0.2.10', toPort: 5060 },
    ...{ bytes, length: bytes.length, ...over },
  } as EvidenceItem;
}

function reports(items: EvidenceItem[], kind = 'register-bruteforce'): GuardReport[] {
  const incident = { id: 'mb2k9xq0-1f', kind } as Incident;
  return [{ type: 'incidents', changes: [{ incident, evidence: items }] }];
}

async function output(over: Partial<HepPolicy>, events: string[] = []): Promise<HepOutput> {
  const hep = new HepOutput({ report: ({ code, text }) => void events.push(`${code}: ${text}`), retryMs: 20 });
  closing.push(() => hep.close());
  await hep.use({
    ...{ host: '127.0.0.1', port: 1, transport: 'udp', verify: true, caFile: '', captureId: 2001, keyFile: '' },
    ...over,
  });
  return hep;
}

/** Vendor and type of each chunk, in the order of the packet, with its value as the specification types it. */
function read(packet: Buffer): Record<string, unknown> {
  expect(packet.toString('latin1', 0, 4)).toBe('HEP3');
  expect(packet.readUInt16BE(4)).toBe(packet.length);
  const found: Record<string, unknown> = {};
  const text = (value: Buffer) => value.toString();
  const number = (value: Buffer) => value.readUIntBE(0, value.length);
  const v4 = (value: Buffer) => [...value].join('.');
  const v6 = (value: Buffer) => value.toString('hex').replace(/(?<=^(?:.{4})+)(?!$)/g, ':');
  const types: Record<number, [string, number | null, (value: Buffer) => unknown]> = {
    1: ['family', 1, number],
    2: ['protocol', 1, number],
    3: ['from', 4, v4],
    4: ['to', 4, v4],
    5: ['from', 16, v6],
    6: ['to', 16, v6],
    7: ['fromPort', 2, number],
    8: ['toPort', 2, number],
    9: ['seconds', 4, number],
    10: ['microseconds', 4, number],
    11: ['payloadType', 1, number],
    12: ['captureId', 4, number],
    14: ['key', null, text],
    15: ['payload', null, text],
    17: ['correlation', null, text],
  };
  for (let at = 6; at < packet.length;) {
    const [vendor, type, length] = [packet.readUInt16BE(at), packet.readUInt16BE(at + 2), packet.readUInt16BE(at + 4)];
    const value = packet.subarray(at + 6, at + length);
    const [name, size, as] = types[type];
    expect([vendor, value.length]).toEqual([0, size ?? value.length]);
    expect(found).not.toHaveProperty(name);
    found[name] = as(value);
    at += length;
  }
  return found;
}

async function udpServer(): Promise<{ port: number; packets: (count: number) => Promise<Buffer[]> }> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  closing.push(() => socket.close());
  const got: Buffer[] = [];
  socket.on('message', (packet) => got.push(packet));
  const packets = async (count: number) => {
    while (got.length < count) await once(socket, 'message');
    return got;
  };
  return { port: socket.address().port, packets };
}

/** HEP packets of a stream, by the length that each one names. */
function unframed(stream: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  for (let at = 0; at + 6 <= stream.length;) {
    const end = at + stream.readUInt16BE(at + 4);
    if (end > stream.length) break;
    packets.push(stream.subarray(at, end));
    at = end;
  }
  return packets;
}

async function streamServer(make: (take: (socket: Socket) => void) => ReturnType<typeof createServer>, port = 0) {
  const sockets: Socket[] = [];
  let got = Buffer.alloc(0);
  let heard = () => {};
  const server = make((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (data: Buffer) => {
      got = Buffer.concat([got, data]);
      heard();
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  closing.push(stop);
  const packets = async (count: number) => {
    while (unframed(got).length < count) await new Promise<void>((resolve) => (heard = resolve));
    return unframed(got);
  };
  return { port: (server.address() as AddressInfo).port, packets, stop };
}

describe('a packet', () => {
  it('has who, whom, when, what, and which attack', async () => {
    const { port, packets } = await udpServer();
    const keyFile = join(directory, 'key');
    writeFileSync(keyFile, 'myHep\n');
    const hep = await output({ port, captureId: 4_000_000_000, keyFile });
    hep.committed(reports([evidence()]));
    expect(read((await packets(1))[0])).toEqual({
      ...{ family: 2, protocol: 17, from: '203.0.113.66', to: '192.0.2.10', fromPort: 5071, toPort: 5060 },
      ...{ seconds: Math.floor(AT / 1000), microseconds: 123_000, payloadType: 1, captureId: 4_000_000_000 },
      ...{ key: 'myHep', correlation: 'mb2k9xq0-1f', payload: REGISTER },
    });
  });

  it('of IPv6 and TCP, an answer, without a key', async () => {
    const { port, packets } = await udpServer();
    const hep = await output({ port });
    hep.committed(reports([evidence({ from: '2001:db8::1', to: '2001:db8::ffff:2', transport: 'tcp', side: 'out' })]));
    const packet = read((await packets(1))[0]);
    expect(packet).toMatchObject({
      ...{ family: 10, protocol: 6 },
      from: '2001:0db8:0000:0000:0000:0000:0000:0001',
      to: '2001:0db8:0000:0000:0000:0000:ffff:0002',
    });
    expect(packet).not.toHaveProperty('key');
  });

  it('is made of SIP alone: Homer knows no TFTP', async () => {
    const { port, packets } = await udpServer();
    const hep = await output({ port });
    hep.committed(reports([evidence()], 'tftp-bruteforce'));
    hep.committed(reports([evidence({ fromPort: 1 })]));
    expect(read((await packets(1))[0])).toMatchObject({ fromPort: 1 });
  });

  it('has whatever bytes the message had', async () => {
    const { port, packets } = await udpServer();
    const hep = await output({ port });
    const bytes = Uint8Array.from({ length: 4096 }, (_, i) => i);
    hep.committed(reports([evidence({ bytes })]));
    const [packet] = await packets(1);
    expect(packet.subarray(-4096)).toEqual(Buffer.from(bytes));
  });
});

describe('the way', () => {
  const ports = [1, 2, 3];
  const three = () => reports(ports.map((fromPort) => evidence({ fromPort })));
  const fromPorts = (packets: Buffer[]) => packets.map((packet) => read(packet).fromPort);

  it('TCP: one packet after the other', async () => {
    const { port, packets } = await streamServer((take) => createServer(take));
    (await output({ port, transport: 'tcp' })).committed(three());
    expect(fromPorts(await packets(3))).toEqual(ports);
  });

  it('TLS, to the server that its certificate names', async () => {
    const { key, cert, authority } = await certificateFor('localhost');
    const caFile = join(directory, 'ca.pem');
    writeFileSync(caFile, authority);
    const { port, packets } = await streamServer((take) => createTlsServer({ key, cert }, take));
    const events: string[] = [];
    const strict = await output({ host: 'localhost', port, transport: 'tls' }, events);
    strict.committed(three());
    while (events.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(events[0]).toMatch(/^hep-unreachable: HEP: localhost port \d+: nobody vouches/);
    (await output({ host: 'localhost', port, transport: 'tls', caFile })).committed(three());
    expect(fromPorts(await packets(3))).toEqual(ports);
  });

  it('a server that comes back gets what waited, and that is told once each', async () => {
    const events: string[] = [];
    const first = await streamServer((take) => createServer(take));
    const hep = await output({ port: first.port, transport: 'tcp' }, events);
    hep.committed(reports([evidence({ fromPort: 1 })]));
    await first.packets(1);
    await first.stop();
    while (events.length === 0) await new Promise((resolve) => setImmediate(resolve));
    hep.committed(reports([evidence({ fromPort: 2 }), evidence({ fromPort: 3 })]));
    const second = await streamServer((take) => createServer(take), first.port);
    expect(fromPorts(await second.packets(2))).toEqual([2, 3]);
    expect(events).toEqual([
      expect.stringMatching(/^hep-unreachable: /),
      expect.stringMatching(/^hep-works: .* takes messages again\.$/),
    ]);
  });

  it('a key that cannot be read: said, and nothing is sent without it', async () => {
    const { port, packets } = await udpServer();
    const events: string[] = [];
    const hep = await output({ port, keyFile: join(directory, 'nothing') }, events);
    hep.committed(three());
    expect(events).toEqual([expect.stringMatching(/^hep-key-unreadable: .*ENOENT/)]);
    await hep.use({ host: '127.0.0.1', port, transport: 'udp', verify: true, caFile: '', captureId: 1, keyFile: '' });
    hep.committed(reports([evidence({ fromPort: 9 })]));
    expect(fromPorts(await packets(1))).toEqual([9]);
  });

  it('switched off: nothing', async () => {
    const { port, packets } = await udpServer();
    const off = await output({ host: '', port });
    off.committed(three());
    (await output({ port })).committed(reports([evidence({ fromPort: 9 })]));
    expect(fromPorts(await packets(1))).toEqual([9]);
  });
});
