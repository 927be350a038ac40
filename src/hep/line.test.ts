/** What waits for a server is bounded. */
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { Line } from './line.ts';

it('what does not fit is left out and counted, and what is there goes first', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const received = once(server, 'connection').then(async ([socket]) => {
    const chunks: Buffer[] = [];
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      if (Buffer.concat(chunks).length >= 4) break;
    }
    return Buffer.concat(chunks).toString();
  });
  const to = { host: '127.0.0.1', port, transport: 'tcp' as const, tls: () => Promise.resolve({}) };
  const line = new Line({ server: to, onTrouble: () => {}, waitingBytesMax: 5 });
  for (const packet of ['ab', 'cd', 'ef', 'gh']) line.send(Buffer.from(packet));
  expect(await received).toBe('abcd');
  expect(line.lost).toBe(2);
  line.close();
  await new Promise((resolve) => server.close(resolve));
});
