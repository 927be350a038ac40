/** The Unix socket of the command line. Who may open the file may do everything: its mode is 0600, so the daemon's user and root. */
import { chmodSync, lstatSync, unlinkSync } from 'node:fs';
import { connect } from 'node:net';
import fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { asCaller, callerOf } from './caller.ts';
import type { Operations } from './operations.ts';
import { OperationError, type Outcome } from './operation-error.ts';
import { addRoutes } from './routes.ts';
import { withinLimit } from './socket-path.ts';

/** A policy file of 1 MB as JSON, with room for escapes. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;
const REQUEST_TIMEOUT_MS = 60_000;
/** Somebody else's listener answers within this, or it is dead. */
const PROBE_MS = 2000;

const STATUS: Record<Outcome, number> = { no: 404, usage: 400, refused: 409, failed: 503 };

export class SocketInUse extends Error {
  readonly code = 'socket-in-use';
  readonly hint = 'Stop the other daemon, or give this one a directory of its own: --data DIR';
}

export interface SocketServer {
  close(): Promise<void>;
}

/** Errors: `SocketInUse` when a living daemon listens there; file system errors as they come. The socket of a dead one is replaced. */
export async function listenOnSocket(operations: Operations, path: string): Promise<SocketServer> {
  const { path: within, release } = withinLimit(path);
  try {
    await replaceStale(path, within);
    const app = buildServer(operations);
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

export function buildServer(operations: Operations): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    logger: false,
  });
  app.setErrorHandler((error: FastifyError | OperationError, _request, reply) => {
    const known = error instanceof OperationError ? error : describe(error);
    return reply.status(STATUS[known.outcome]).send({ error: known.toJSON() });
  });
  app.setNotFoundHandler((request, reply) => {
    const text = `There is nothing at ${request.method} ${request.url}.`;
    const error = new OperationError(
      'no',
      'no-such-route',
      text,
      'Command line and daemon may be of different versions.',
    );
    return reply.status(404).send({ error: error.toJSON() });
  });
  // After the body was read: what reading it sets off runs outside of this.
  app.addHook('preHandler', (request, _reply, done) => {
    const { socket, headers } = request.raw;
    asCaller(
      callerOf(headers, (listener) => void socket.once('close', listener)),
      done,
    );
  });
  addRoutes(app, operations);
  return app;
}

function describe(error: FastifyError): OperationError {
  const status = error.statusCode ?? 500;
  if (status < 500) return new OperationError('usage', 'bad-request', error.message);
  return new OperationError('failed', error.code ?? 'internal', error.message, 'See the log of the daemon.');
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
