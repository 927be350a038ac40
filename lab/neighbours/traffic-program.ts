/**
 * `serve ADDRESS`: echoes UDP on the ports of RTP and DNS and TCP on SSH's, says "ready".
 * `call ADDRESS`: for each line on standard input one round against it, answered with a `Round` as JSON.
 */
import { createSocket } from 'node:dgram';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Round } from './traffic.ts';

const UDP_PORTS = { rtp: 10_002, dns: 53 };
const SSH_PORT = 22;
const DATAGRAMS = 100;
/** A voice stream's pace, five times as fast. */
const EVERY_MS = 4;
/** After the last datagram; on these links an answer takes less than a millisecond. */
const LATE_MS = 200;
const CONNECT_MS = 1500;

const [role, address] = process.argv.slice(2);
await (role === 'serve' ? serve() : call());

async function serve(): Promise<void> {
  const waiting = Object.values(UDP_PORTS).map((port) => {
    const socket = createSocket('udp4');
    socket.on('message', (bytes, from) => socket.send(bytes, from.port, from.address));
    return new Promise<void>((resolve) => socket.bind(port, address, resolve));
  });
  const ssh = createServer((socket) => socket.on('error', () => {}).pipe(socket));
  waiting.push(new Promise((resolve) => ssh.listen(SSH_PORT, address, resolve)));
  await Promise.all(waiting);
  console.log('ready');
}

async function call(): Promise<void> {
  // It stays: no change of anybody's rules may break it.
  const kept = await open();
  for await (const _ of createInterface({ input: process.stdin })) {
    const round: Round = {
      rtp: await echoed(UDP_PORTS.rtp),
      dns: await echoed(UDP_PORTS.dns),
      keptConnection: kept !== null && (await answers(kept)),
      newConnection: await fresh(),
    };
    console.log(JSON.stringify(round));
  }
}

async function echoed(port: number): Promise<number> {
  const socket = createSocket('udp4');
  let count = 0;
  socket.on('message', () => count++).on('error', () => {});
  for (let i = 0; i < DATAGRAMS; i++) {
    socket.send(`${i}`, port, address);
    await pause(EVERY_MS);
  }
  await pause(LATE_MS);
  socket.close();
  return count;
}

function open(): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(SSH_PORT, address, () => resolve(socket));
    socket.on('error', () => resolve(null)).setTimeout(CONNECT_MS, () => resolve(null));
  });
}

function answers(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    socket.setTimeout(CONNECT_MS, () => resolve(false));
    socket.once('data', () => resolve(true)).write('still there?');
  });
}

async function fresh(): Promise<boolean> {
  const socket = await open();
  const works = socket !== null && (await answers(socket));
  socket?.destroy();
  return works;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
