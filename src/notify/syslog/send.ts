/** One message to a syslog server: a datagram (RFC 5426), or a frame on a stream (RFC 6587 §3.4.1), which may be TLS (RFC 5425). */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

export interface Destination {
  host: string;
  port: number;
  timeoutMs: number;
}

/** How long a refusal (ICMP, port unreachable) is waited for: from the same machine or network it comes within this. */
const REFUSAL_MS = 100;
/** How long a server may take to close its side: nothing in the protocol says that it has read the message. */
const FAREWELL_MS = 1000;

export async function sendDatagram(message: Buffer, { host, port }: Destination): Promise<void> {
  const { address, family } = await lookup(host);
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      // Only a connected socket hears of the refusal.
      socket.connect(port, address, () => {
        socket.send(message, (error) => (error ? reject(error) : setTimeout(resolve, REFUSAL_MS)));
      });
    });
  } finally {
    socket.close();
  }
}

/** `tls` null: in the clear. */
export async function sendFrame(message: Buffer, to: Destination, tls: ConnectionOptions | null): Promise<void> {
  const signal = AbortSignal.timeout(to.timeoutMs);
  const { host, port } = to;
  const socket: Socket = tls ? connectTls({ ...tls, host, port, ...named(host) }) : connect({ host, port });
  const broken = new Promise<never>((_, reject) => socket.once('error', reject));
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`not sent within ${to.timeoutMs / 1000} s`)));
  });
  // Whatever loses the race below has nobody to tell.
  for (const loser of [broken, late]) loser.catch(() => {});
  try {
    await Promise.race([once(socket, tls ? 'secureConnect' : 'connect'), broken, late]);
    socket.resume();
    const closed = once(socket, 'close');
    socket.end(Buffer.concat([Buffer.from(`${message.length} `), message]));
    await Promise.race([once(socket, 'finish'), broken, late]);
    // A server that resets what it does not want does it now.
    await Promise.race([closed, broken, new Promise((resolve) => setTimeout(resolve, FAREWELL_MS))]);
  } finally {
    socket.destroy();
  }
}

/** RFC 6066 §3: an address is no server name. */
function named(host: string): { servername?: string } {
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host };
}
