/** The Unix socket of the command line. Who may open the file may do everything: its mode is 0600, so the daemon's user and root. */
import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { mountApi, SERVER_OPTIONS, tellProblems, type Door } from './api/mount.ts';
import { callerOf } from './caller.ts';
import { mountLive } from './live/stream.ts';
import type { LiveFeed } from './live/live-feed.ts';
import type { Operations } from './operations.ts';
import { withinLimit } from './socket-path.ts';

/** A policy file of 1 MB as JSON, with room for escapes. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 60_000;
/** Somebody else's listener answers within this, or it is dead. */
const PROBE_MS = 2000;

export class SocketInUse extends Error {
  readonly code = 'socket-in-use';
  readonly hint = 'Stop the other daemon, or give this one a directory of its own: --data DIR';
}

export interface SocketServer {
  close(): Promise<void>;
}

/** Errors: `SocketInUse` when a living daemon listens there; file system errors as they come. The socket of a dead one is replaced. */
export async function listenOnSocket(operations: Operations, live: LiveFeed, path: string): Promise<SocketServer> {
  const { path: within, release } = withinLimit(path);
  try {
    await replaceStale(path, within);
    const app = buildServer(operations, live);
    // The file must never be open to others, not even between bind and chmod.
    const mask = process.umask(0o177);
    try {
      await app.listen({ path: within });
    } finally {
      process.umask(mask);
    }
    chmodSync(path, 0o600);
    return {
      close: async () => {
        await app.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

export function buildServer(operations: Operations, live: LiveFeed): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    ...SERVER_OPTIONS,
    logger: false,
  });
  tellProblems(app);
  const door: Door = ({ raw }) => callerOf(raw.headers, (listener) => void raw.socket.once('close', listener));
  mountApi(app, operations, door);
  mountLive(app, live, door);
  return app;
}

async function replaceStale(path: string, within: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found) return;
  if (!found.isSocket()) throw new SocketInUse(`${path} is there and is no socket`);
  if (await answers(within)) throw new SocketInUse(`another daemon listens on ${path}`);
  unlinkSync(path);
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    const done = (alive: boolean) => {
      probe.destroy();
      resolve(alive);
    };
    probe.setTimeout(PROBE_MS, () => done(false));
    probe.on('connect', () => done(true));
    probe.on('error', () => done(false));
  });
}
