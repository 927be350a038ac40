/** Real UDP and TCP endpoints in namespaces, for tests that ask "does this packet arrive?". */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, connect, type Server, type Socket as TcpSocket } from 'node:net';

import koffi from 'koffi';

import { parseAddress } from '../src/core/base/address.ts';
import type { Namespace } from './netns.ts';

/** How long silence on a TCP connection is listened to; an answer comes within a millisecond and is waited for much longer, for the machine may be busy. */
const SILENCE_MS = 60;
const ARRIVAL_MS = 20_000;

/** A UDP socket that remembers what came. */
export class UdpEnd {
  readonly socket: UdpSocket;
  readonly port: number;
  readonly got: string[] = [];
  private waiting: (() => void) | null = null;

  private constructor(socket: UdpSocket) {
    this.socket = socket;
    this.port = socket.address().port;
    socket.on('message', (bytes) => {
      this.got.push(bytes.toString('latin1'));
      this.waiting?.();
    });
    // ICMP unreachable answers to what was sent to a closed port.
    socket.on('error', () => {});
  }

  static open(ns: Namespace, address: string, port = 0): Promise<UdpEnd> {
    return ns.inside(
      () =>
        new Promise<UdpEnd>((resolve, reject) => {
          const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
          socket.once('error', reject);
          socket.bind(port, address, () => resolve(new UdpEnd(socket)));
        }),
    );
  }

  send(bytes: string | Uint8Array, address: string, port: number): Promise<void> {
    const data = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
    return new Promise((resolve, reject) =>
      this.socket.send(data, port, address, (error) => (error ? reject(error) : resolve())),
    );
  }

  /** True as soon as `text` has come (since the socket was opened, at least `times` times). */
  async has(text: string, times = 1, waitMs = ARRIVAL_MS): Promise<boolean> {
    const until = Date.now() + waitMs;
    const count = () => this.got.filter((m) => m === text).length;
    while (count() < times && Date.now() < until) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, until - Date.now());
        this.waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.waiting = null;
    }
    return count() >= times;
  }

  close(): void {
    this.socket.close();
  }
}

let probes = 0;

/**
 * Sends one datagram from `from` to `to`, then one from `witness`, which nothing drops. Both take the same path one after the
 * other, so when the witness's has arrived the first one has, or never will: no guess at a time.
 */
export async function udpPasses(from: UdpEnd, to: UdpEnd, toAddress: string, witness: UdpEnd): Promise<boolean> {
  const text = `probe ${probes++}`;
  await from.send(text, toAddress, to.port);
  await witness.send(`${text} witness`, toAddress, to.port);
  if (!(await to.has(`${text} witness`))) throw new Error('the witness was dropped');
  return to.got.includes(text);
}

/** A TCP server that sends back what it gets. */
export async function tcpEcho(ns: Namespace, address: string, port: number): Promise<Server> {
  return ns.inside(
    () =>
      new Promise<Server>((resolve, reject) => {
        const server = createServer((socket) => {
          socket.on('error', () => {});
          socket.pipe(socket);
        });
        server.once('error', reject);
        server.listen(port, address, () => resolve(server));
      }),
  );
}

/** Null when the connection does not come about in time. */
export async function tcpConnect(
  ns: Namespace,
  from: string,
  to: string,
  port: number,
  waitMs = ARRIVAL_MS,
): Promise<TcpSocket | null> {
  return ns.inside(
    () =>
      new Promise<TcpSocket | null>((resolve) => {
        const socket = connect({ host: to, port, localAddress: from });
        const give = (result: TcpSocket | null) => {
          clearTimeout(timer);
          if (result === null) socket.destroy();
          resolve(result);
        };
        const timer = setTimeout(() => give(null), waitMs);
        socket.once('connect', () => give(socket));
        socket.once('error', () => give(null));
      }),
  );
}

/** Sends a line on an echo connection and says whether it comes back. */
export function tcpAnswers(socket: TcpSocket, expected: boolean): Promise<boolean> {
  const text = `probe ${probes++}\n`;
  return new Promise((resolve) => {
    let got = '';
    const onData = (bytes: Buffer) => {
      got += bytes.toString('latin1');
      if (got.includes(text)) done(true);
    };
    const done = (answer: boolean) => {
      clearTimeout(timer);
      socket.off('data', onData);
      resolve(answer);
    };
    const timer = setTimeout(() => done(false), expected ? ARRIVAL_MS : SILENCE_MS);
    socket.on('data', onData);
    socket.write(text);
  });
}

const AF_INET6 = 10;
const SOCK_RAW = 3;
const IPPROTO_ICMPV6 = 58;
/** `struct sockaddr_in6`, and where its address stands. */
const SOCKADDR_BYTES = 28;
const SOCKADDR_ADDRESS = 8;
const libc = koffi.load('libc.so.6');
const cSocket = libc.func('int socket(int domain, int type, int protocol)');
const cBind = libc.func('int bind(int fd, const void *address, uint32_t length)');
const cSendto = libc.func(
  'long sendto(int fd, const void *bytes, unsigned long length, int flags, const void *address, uint32_t addressLength)',
);
const cClose = libc.func('int close(int fd)');

/** One ICMPv6 message of this type, with the hop limit of ordinary packets (64). */
export function sendIcmpV6(ns: Namespace, from: string, to: string, type: number): Promise<void> {
  const place = (text: string) => {
    const { w0, w1, w2, w3 } = parseAddress(text)!;
    const bytes = Buffer.alloc(SOCKADDR_BYTES);
    bytes.writeUInt16LE(AF_INET6);
    [w0, w1, w2, w3].forEach((word, i) => bytes.writeUInt32BE(word, SOCKADDR_ADDRESS + 4 * i));
    return bytes;
  };
  // The kernel fills in the checksum (RFC 3542 section 3.1).
  const message = Buffer.alloc(24);
  message[0] = type;
  return ns.inside(() => {
    const fd: number = cSocket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);
    try {
      if (cBind(fd, place(from), SOCKADDR_BYTES) !== 0) throw new Error(`cannot bind ${from}: errno ${koffi.errno()}`);
      const sent: number = cSendto(fd, message, message.length, 0, place(to), SOCKADDR_BYTES);
      if (sent !== message.length) throw new Error(`cannot send to ${to}: errno ${koffi.errno()}`);
    } finally {
      cClose(fd);
    }
  });
}
