/** Connections of administrators as the real kernel tells them: both families, and IPv4 clients of a socket that takes both. */
import type { Server, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assertNoLeaks, connect, missingForKernelTests, Namespace } from '../../test/netns.ts';
import { tcpAnswers, tcpConnect, tcpEcho } from '../../test/traffic.ts';
import { formatAddress } from '../core/base/address.ts';
import { establishedConnections } from './established.ts';

const MANAGEMENT = [
  { first: 22, last: 22 },
  { first: 2200, last: 2210 },
];

describe.skipIf(missingForKernelTests() !== null)('connections to the management ports', () => {
  let [host, net]: Namespace[] = [];
  const servers: Server[] = [];
  const sockets: Socket[] = [];

  const connectTo = async (from: string, to: string, port: number) => {
    const socket = (await tcpConnect(net, from, to, port))!;
    sockets.push(socket);
    // Both ends have it when an answer has come.
    expect(await tcpAnswers(socket, true)).toBe(true);
  };
  const found = async () => {
    const connections = await host.inside(() => establishedConnections(MANAGEMENT));
    return connections.map(({ remote, localPort }) => `${formatAddress(remote)} → ${localPort}`).sort();
  };

  beforeAll(async () => {
    [host, net] = ['host', 'net'].map((label) => new Namespace(label));
    connect(host, ['10.84.0.1/24', 'fd84::1/64'], net, ['10.84.0.2/24', 'fd84::2/64']);
    for (const [address, port] of [
      ['10.84.0.1', 22],
      ['fd84::1', 22],
      ['::', 2205],
      ['10.84.0.1', 5060],
    ] as const) {
      servers.push(await tcpEcho(host, address, port));
    }
  });

  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    for (const ns of [host, net]) await ns?.close();
    assertNoLeaks();
  });

  test('who is connected, and nobody else', async () => {
    expect(await found()).toEqual([]);
    await connectTo('10.84.0.2', '10.84.0.1', 22);
    await connectTo('fd84::2', 'fd84::1', 22);
    await connectTo('10.84.0.2', '10.84.0.1', 2205);
    await connectTo('10.84.0.2', '10.84.0.1', 5060);
    expect(await found()).toEqual(['10.84.0.2 → 22', '10.84.0.2 → 2205', 'fd84::2 → 22']);
  });
});
