/**
 * Sockets for the generators: they send whole IP packets and wait for nothing, and belong to the network namespace they were made in.
 * FFI, because Node has no raw sockets and cannot move between namespaces.
 */
import { closeSync, openSync } from 'node:fs';
import koffi from 'koffi';

const libc = koffi.load('libc.so.6');
const cSocket = libc.func('int socket(int domain, int type, int protocol)');
const cBind = libc.func('int bind(int fd, const void *address, uint32_t length)');
const cConnect = libc.func('int connect(int fd, const void *address, uint32_t length)');
const cSetsockopt = libc.func('int setsockopt(int fd, int level, int name, const void *value, uint32_t length)');
const cSendto = libc.func(
  'long sendto(int fd, const void *bytes, unsigned long length, int flags, const void *address, uint32_t addressLength)',
);
const cRecv = libc.func('long recv(int fd, void *bytes, unsigned long length, int flags)');
const cClose = libc.func('int close(int fd)');
const setns = libc.func('int setns(int fd, int kind)');
const nanosleep = libc.func('int nanosleep(const void *time, void *left)');
const prctl = libc.func('int prctl(int option, unsigned long value)');

const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
/** raw(7): the packet brings its own IP header. */
const IPPROTO_RAW = 255;
const SOL_SOCKET = 1;
const SO_SNDBUFFORCE = 32;
const SO_RCVBUF = 8;
const MSG_DONTWAIT = 0x40;
const CLONE_NEWNET = 0x40000000;
const PR_SET_TIMERSLACK = 29;

const SEND_BUFFER_BYTES = 4 * 1024 * 1024;

/** Moves this thread (a generator's only one) for good: what it opens from now on belongs to the namespace. */
export function enterNamespace(name: string): void {
  const fd = openSync(`/run/netns/${name}`, 'r');
  if (setns(fd, CLONE_NEWNET) !== 0) fail(`enter the namespace ${name}`);
  closeSync(fd);
}

/** Sends IP packets exactly as given. */
export class RawSender {
  readonly #fd = open(SOCK_RAW, IPPROTO_RAW);
  readonly #fd6 = open(SOCK_RAW, IPPROTO_RAW, AF_INET6);
  readonly #to = socketAddress('0.0.0.0', 0);
  readonly #to6 = anySocketAddress6();
  /** Packets that the kernel refused (its queues were full). */
  refused = 0;

  constructor() {
    option(this.#fd, SO_SNDBUFFORCE, SEND_BUFFER_BYTES);
    option(this.#fd6, SO_SNDBUFFORCE, SEND_BUFFER_BYTES);
  }

  /** The destination is the one in the packet's header. */
  send(packet: Uint8Array): void {
    const v4 = packet[0] >>> 4 === 4;
    const [fd, to] = v4 ? [this.#fd, this.#to] : [this.#fd6, this.#to6];
    to.set(v4 ? packet.subarray(16, 20) : packet.subarray(24, 40), v4 ? 4 : 8);
    if (cSendto(fd, packet, packet.length, 0, to, to.length) !== packet.length) this.refused++;
  }
}

/** A UDP socket with a fixed other end. */
export class Datagrams {
  readonly #fd = open(SOCK_DGRAM, 0);

  constructor(from: string, fromPort: number, to: string, toPort: number) {
    const [here, there] = [socketAddress(from, fromPort), socketAddress(to, toPort)];
    if (cBind(this.#fd, here, here.length) !== 0) fail(`bind to ${from}:${fromPort}`);
    if (cConnect(this.#fd, there, there.length) !== 0) fail(`connect to ${to}:${toPort}`);
  }

  /** False when the kernel refused it, e.g. after an ICMP unreachable. */
  send(bytes: Uint8Array): boolean {
    return cSendto(this.#fd, bytes, bytes.length, 0, null, 0) === bytes.length;
  }

  /** Bytes of one datagram that is waiting; 0: none. */
  receive(into: Uint8Array): number {
    return Math.max(0, Number(cRecv(this.#fd, into, into.length, MSG_DONTWAIT)));
  }

  close(): void {
    cClose(this.#fd);
  }
}

/** A UDP port that takes what comes and never looks at it: the kernel answers nothing and keeps next to nothing. */
export function openSink(address: string, port: number): void {
  const fd = open(SOCK_DGRAM, 0);
  option(fd, SO_RCVBUF, 1);
  const here = socketAddress(address, port);
  if (cBind(fd, here, here.length) !== 0) fail(`bind to ${address}:${port}`);
}

/** Sleeps that end on time: the kernel may otherwise add 50 µs (prctl(2), timer slack). */
export class Sleep {
  readonly #time = new BigInt64Array(2);

  constructor() {
    if (prctl(PR_SET_TIMERSLACK, 1) !== 0) fail('set the timer slack');
  }

  microseconds(count: number): void {
    this.#time[1] = BigInt(Math.round(count * 1_000));
    nanosleep(this.#time, null);
  }
}

function open(type: number, protocol: number, family = AF_INET): number {
  const fd: number = cSocket(family, type, protocol);
  if (fd < 0) fail('open a socket');
  return fd;
}

function option(fd: number, name: number, value: number): void {
  if (cSetsockopt(fd, SOL_SOCKET, name, new Int32Array([value]), 4) !== 0) fail(`set socket option ${name}`);
}

/** struct sockaddr_in: family in the machine's order, port and address in the network's. */
function socketAddress(address: string, port: number): Uint8Array {
  const out = Buffer.alloc(16);
  out.writeUInt16LE(AF_INET, 0);
  out.writeUInt16BE(port, 2);
  address.split('.').forEach((part, i) => (out[4 + i] = Number(part)));
  return out;
}

/** struct sockaddr_in6; address from byte 8. */
function anySocketAddress6(): Uint8Array {
  const out = Buffer.alloc(28);
  out.writeUInt16LE(AF_INET6, 0);
  return out;
}

function fail(doing: string): never {
  throw new Error(`cannot ${doing}: errno ${koffi.errno()}`);
}
