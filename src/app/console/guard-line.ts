/** The console's end of the way to its guard: the one that forked it, or one that comes to its socket. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { MessageStream } from '../../channel/message-stream.ts';
import type { ToConsole, ToGuard } from '../../channel/protocol.ts';
import { withinLimit } from '../../serve/socket-path.ts';
import type { Begin } from '../console-process.ts';

export interface GuardLine {
  readonly connected: boolean;
  /** A guard that died between two messages is noticed by the disconnect, not by an error here. */
  send(message: ToGuard, sent?: () => void): void;
  /** From now on; messages that came before wait for it. */
  listen(onMessage: (message: ToConsole) => void, onDisconnect: () => void): void;
}

/** Null: nobody forked this process. */
export function forkedLine(): GuardLine | null {
  if (process.send === undefined) return null;
  return {
    get connected() {
      return process.connected;
    },
    send: (message, sent = () => {}) => void process.send!(message, undefined, {}, sent),
    listen: (onMessage, onDisconnect) => {
      process.on('disconnect', onDisconnect);
      process.on('message', onMessage);
    },
  };
}

/**
 * Waits for a guard; the first one that comes is the only one, and `args` is what it wants. Who may come is said by the directory: the
 * socket is open to the group (0660), which is that of the guard's unit.
 */
export async function separateLine(path: string): Promise<{ line: GuardLine; args: readonly string[] }> {
  const { path: within, release } = withinLimit(path);
  // Of a console that was killed. Two with one socket have one data directory, and its lock is what keeps them apart.
  rmSync(path, { force: true });
  const begun = Promise.withResolvers<readonly string[]>();
  const waiting: ToConsole[] = [];
  let connected = true;
  let onMessage: (message: ToConsole) => void = (message) => void waiting.push(message);
  let onDisconnect: () => void = () => begun.reject(new Error('the guard ended before it had begun'));
  let stream: MessageStream<ToGuard, ToConsole | Begin> | null = null;
  const server = createServer((socket) => {
    if (stream) return void socket.destroy();
    stream = new MessageStream(socket, {
      message: (message) => (message.kind === 'begin' ? begun.resolve(message.args) : onMessage(message)),
      closed: () => {
        connected = false;
        onDisconnect();
      },
    });
    server.close(release);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(within, resolve);
  });
  chmodSync(path, 0o660);
  const args = await begun.promise;
  const line: GuardLine = {
    get connected() {
      return connected;
    },
    send: (message, sent) => stream!.send(message, sent),
    listen: (heard, gone) => {
      onMessage = heard;
      onDisconnect = gone;
      for (const message of waiting.splice(0)) heard(message);
      if (!connected) gone();
    },
  };
  return { line, args };
}
