/** Messages over a real socket, whole or in pieces, and what becomes of a side that does not keep to the rules. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MESSAGE_BYTES_MAX, MessageStream } from './message-stream.ts';

let directory: string;
let server: Server;
let near: Socket;
let far: Socket;
let heard: unknown[];
let closed: Promise<string>;
let awaited: { count: number; done: () => void } | null;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ringfence-stream-'));
  server = createServer();
  server.listen(join(directory, 'socket'));
  near = connect(join(directory, 'socket'));
  [far] = (await once(server, 'connection')) as [Socket];
  heard = [];
  awaited = null;
  const ended = Promise.withResolvers<string>();
  closed = ended.promise;
  new MessageStream(near, {
    message: (message) => {
      heard.push(message);
      if (awaited !== null && heard.length >= awaited.count) awaited.done();
    },
    closed: ended.resolve,
  });
});

afterEach(() => {
  near.destroy();
  far.destroy();
  server.close();
  rmSync(directory, { recursive: true });
});

const until = (count: number) => {
  if (heard.length >= count) return Promise.resolve();
  return new Promise<void>((done) => (awaited = { count, done }));
};

function framed(value: unknown): Buffer {
  const body = serialize(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

it('what is sent is what comes, in order, with its arrays of numbers', async () => {
  const sender = new MessageStream(far, { message: () => {}, closed: () => {} });
  const ranges = { v4: Uint32Array.from({ length: 300_000 }, (_, i) => i), v6: new Uint32Array(0) };
  const messages = [
    { kind: 'ack', seq: 1 },
    { kind: 'ready', ranges },
    { text: 'ü\u0000', none: undefined, null: null },
  ];
  for (const message of messages) sender.send(message);
  await until(3);
  expect(heard).toEqual(messages);
});

it('cut at every byte, and several in one piece, they are the same', async () => {
  const [first, second] = [{ seq: 1 }, { seq: 2, text: 'x'.repeat(50) }];
  far.setNoDelay();
  for (const byte of framed(first)) await new Promise((sent) => far.write(Uint8Array.of(byte), sent));
  far.write(Buffer.concat([framed(second), framed(first)]));
  await until(3);
  expect(heard).toEqual([first, second, first]);
});

it.each([
  [
    'more than anybody sends is announced',
    (length: Buffer) => void length.writeUInt32BE(MESSAGE_BYTES_MAX + 1),
    /bytes was announced/,
  ],
  ['what comes is no message', (length: Buffer) => void length.writeUInt32BE(3), /cannot be read/],
])('%s: the connection ends, and it says why', async (_what, write, why) => {
  const length = Buffer.alloc(4);
  write(length);
  far.write(Buffer.concat([length, Buffer.from('abc')]));
  expect(await closed).toMatch(why);
  expect(heard).toEqual([]);
});

it('the other side has ended in the middle of a message: half of it is nothing', async () => {
  far.end(framed({ seq: 1 }).subarray(0, 6));
  await closed;
  expect(heard).toEqual([]);
});
