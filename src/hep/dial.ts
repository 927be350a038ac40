/** Connections to a Homer server, over each transport. */
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';

export interface Connection {
  /** Calls back when the system has taken it. */
  write(packet: Buffer, done: () => void): void;
  close(): void;
}

export interface Server {
  host: string;
  port: number;
  transport: 'udp' | 'tcp' | 'tls';
  /** For `tls`; asked at each connection, so that a renewed file counts. */
  tls: () => Promise<ConnectionOptions>;
}

const CONNECT_MS = 10_000;

/** `broken` is called once, when an open connection fails. Rejects when there is none to be had. */
export async function dial(server: Server, broken: (error: Error) => void): Promise<Connection> {
  return server.transport === 'udp' ? dialUdp(server, broken) : dialStream(server, broken);
}

async function dialUdp({ host, port }: Server, broken: (error: Error) => void): Promise<Connection> {
  const { address, family } = await lookup(host);
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  // Only a connected socket hears that nobody listens (ICMP).
  socket.connect(port, address);
  await once(socket, 'connect');
  socket.once('error', broken);
  return {
    write: (packet, done) => socket.send(packet, (error) => (error ? broken(error) : done())),
    close: () => {
      socket.on('error', () => {});
      socket.close();
    },
  };
}

async function dialStream({ host, port, transport, tls }: Server, broken: (error: Error) => void): Promise<Connection> {
  const named = isIP(host) === 0 ? { servername: host } : {};
  const socket = transport === 'tls' ? connectTls({ ...(await tls()), host, port, ...named }) : connect({ host, port });
  try {
    const signal = AbortSignal.timeout(CONNECT_MS);
    await once(socket, transport === 'tls' ? 'secureConnect' : 'connect', { signal });
  } catch (error) {
    socket.on('error', () => {});
    socket.destroy();
    throw (error as Error).name === 'AbortError' ? new Error('no connection within 10 s') : error;
  }
  socket.setKeepAlive(true, 60_000);
  // Homer says nothing; what it says all the same is thrown away, or its end would never be seen.
  socket.resume();
  socket.once('error', broken);
  socket.once('close', () => broken(new Error('the server closed the connection')));
  return {
    write: (packet, done) => socket.write(packet, (error) => error ?? done()),
    close: () => {
      socket.removeAllListeners('close');
      socket.end();
      socket.destroySoon();
    },
  };
}
