/**
 * Is `TcpStreams` right about Linux? The kernel that runs this test says: each case goes into a TUN interface, segment by segment,
 * and a listening program writes down what it could read.
 */
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import koffi from 'koffi';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assertNoLeaks, missingForKernelTests, Namespace } from '../../test/netns.ts';
import { parseAddress } from '../core/base/address.ts';
import { createPacket, decodePacket } from '../core/decode/ip/decode.ts';
import { LINUX_CASES, type LinuxCase } from '../core/decode/ip/linux-cases.ts';
import { tcpPacket } from './ip-packet.ts';

const CLONE_NEWNET = 0x40000000;
const TUNSETIFF = 0x400454ca;
const IFF_TUN = 1;
const IFF_NO_PI = 0x1000;
const DEADLINE_MS = 5000;
const ISN = 0x7ffffff0;
const SYN = 2;
const FIN = 1;
const ACK = 16;

const libc = koffi.load('libc.so.6');
const setns = libc.func('int setns(int fd, int kind)');
const ioctl = libc.func('int ioctl(int fd, unsigned long request, const void *argument)');

const missing = missingForKernelTests();
if (missing !== null) throw new Error(`the kernel tests need ${missing}`);

let namespace: Namespace;
let home: number;
let tun: number;
let server: Server;
const accepted = new Map<number, Socket>();

beforeAll(async () => {
  namespace = new Namespace('tun');
  home = openSync('/proc/thread-self/ns/net', 'r');
  const inside = openSync(`/run/netns/${namespace.name}`, 'r');
  expect(setns(inside, CLONE_NEWNET)).toBe(0);
  closeSync(inside);
  tun = openSync('/dev/net/tun', constants.O_RDWR | constants.O_NONBLOCK);
  // struct ifreq: 16 bytes of name, then the flags.
  const request = Buffer.alloc(40);
  request.write('tun0');
  request.writeUInt16LE(IFF_TUN | IFF_NO_PI, 16);
  expect(ioctl(tun, TUNSETIFF, request)).toBe(0);
  namespace.run('ip', 'address', 'add', '10.9.0.1/24', 'dev', 'tun0');
  namespace.run('ip', 'link', 'set', 'tun0', 'up');
  server = createServer((socket) => accepted.set(socket.remotePort!, socket.pause()));
  await new Promise<void>((resolve) => server.listen(5060, '10.9.0.1', resolve));
});

afterAll(async () => {
  for (const socket of accepted.values()) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
  closeSync(tun);
  expect(setns(home, CLONE_NEWNET)).toBe(0);
  closeSync(home);
  await namespace.close();
  assertNoLeaks();
});

it.each(LINUX_CASES.map((c, i) => [c.name, c, 20_000 + i] as const))('%s', async (_, testCase, port) => {
  expect(await whatLinuxReads(testCase, port)).toBe(testCase.reads);
});

async function whatLinuxReads({ segments, end }: LinuxCase, srcPort: number): Promise<string> {
  const ends = { src: parseAddress('10.9.0.2')!, srcPort, dst: parseAddress('10.9.0.1')!, dstPort: 5060 };
  let ack = 0;
  const send = (seq: number, data: string, flags: number, urgent = 0) => {
    const header = { seq: (ISN + seq - 99) >>> 0, ack, flags, urgent };
    writeSync(tun, tcpPacket(ends, header, new TextEncoder().encode(data)));
  };
  for (const [seq, data, flags = ACK, urgent] of segments) {
    send(seq, data, flags, urgent);
    if (ack !== 0) continue;
    ack = ((await synAck(srcPort)) + 1) >>> 0;
    send(100, '', ACK);
  }
  send(end, '', FIN | ACK);
  const socket = await waitFor(() => accepted.get(srcPort), 'the connection');
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString('latin1')));
  await new Promise((resolve, reject) => socket.on('end', resolve).on('error', reject).resume());
  return text;
}

/** The server's initial sequence number. */
async function synAck(port: number): Promise<number> {
  const buffer = new Uint8Array(2048);
  const packet = createPacket();
  return waitFor(() => {
    for (;;) {
      const length = readSome(buffer);
      if (length === 0) return undefined;
      if (decodePacket(buffer, 0, length, packet) !== null || packet.protocol !== 6) continue;
      if (packet.dstPort === port && packet.tcpFlags === (SYN | ACK)) return packet.tcpSeq;
    }
  }, 'SYN-ACK');
}

function readSome(buffer: Uint8Array): number {
  try {
    return readSync(tun, buffer);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}

async function waitFor<T>(look: () => T | undefined, what: string): Promise<T> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`no ${what} within ${DEADLINE_MS} ms`);
    await setImmediate();
  }
}
