/** The contract on a fastify server: each row becomes a route. Who asks, and whether they may, is for the door that the server is behind. */
import { Readable } from 'node:stream';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asCaller, type Caller } from '../caller.ts';
import { OperationError } from '../operation-error.ts';
import type { Operations } from '../operations.ts';
import { contract } from './contract.ts';
import { csvFile, csvName, CSV_TYPE } from './csv.ts';
import { mountDocuments } from './documents.ts';
import { API_PREFIX, type Asked, type Endpoint, type FileAnswer, type Access } from './endpoint.ts';
import { problemOf, PROBLEM_TYPE, UNEXPECTED } from './problem.ts';

/** Who asks. Errors: `OperationError` `unauthenticated` or `forbidden` when they may not do what needs this scope. */
export type Door = (request: FastifyRequest, scope: Access) => Caller | Promise<Caller>;

/** What somebody who has not signed in may send: names, passwords, codes. */
const STRANGERS_BODY_BYTES_MAX = 16_384;

type Answer = (asked: Asked, request: FastifyRequest, reply: FastifyReply) => unknown;

function noSchema(): never {
  throw new Error('No route gives fastify a schema: what comes in is checked by zod.');
}

/** For the server that it is mounted on. */
export const SERVER_OPTIONS = {
  // fastify's own compilers of schemas would be loaded otherwise, a tenth of the time in which the console starts.
  schemaController: { compilersFactory: { buildValidator: () => noSchema, buildSerializer: () => noSchema } },
  // An IPv6 range in a path, percent-encoded, is longer than fastify's 100 characters.
  routerOptions: { maxParamLength: 500 },
  /** A path that is no UTF-8 reaches no route. */
  frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => tell(reply, error),
};

export function mountApi(app: FastifyInstance, operations: Operations, door: Door): void {
  for (const row of contract.flatMap(({ endpoints }) => endpoints)) {
    if (row.upload) addUpload(app, operations, door, row);
    else addRoute(app, door, row, row.path, answerOf(row, operations));
    if (row.csv) addRoute(app, door, row, `${row.path}.csv`, csvAnswer(row, operations));
  }
  mountDocuments(app, door);
}

function addRoute(app: FastifyInstance, door: Door, row: Endpoint, path: string, answer: Answer): void {
  const admitted = new WeakMap<FastifyRequest, Caller>();
  app.route({
    method: row.method,
    url: API_PREFIX + path.replaceAll(/\{(\w+)\}/g, ':$1'),
    ...(row.scope === 'none' ? { bodyLimit: STRANGERS_BODY_BYTES_MAX } : {}),
    // Before the body is read: strangers cannot make the console parse megabytes.
    onRequest: async (request) => {
      admitted.set(request, await door(request, row.scope));
    },
    handler: async (request, reply) => {
      const caller = admitted.get(request)!;
      const { query, body } = request;
      const asked = { params: request.params as Record<string, string>, query, body };
      return asCaller(caller, () => answer(asked, request, reply));
    },
  });
}

function answerOf(row: Endpoint, operations: Operations): Answer {
  const { file } = row;
  if (file === undefined) return (asked) => row.run(operations, asked);
  return async (asked, _request, reply) => {
    const { name, bytes } = (await row.run(operations, asked)) as FileAnswer;
    return attach(reply, file, name).send(bytes);
  };
}

function csvAnswer(row: Endpoint, operations: Operations): Answer {
  return async (asked, request, reply) => {
    const pieces = await csvFile(row, operations, asked);
    const name = csvName(request.url.split('.csv')[0], Date.now());
    return attach(reply, CSV_TYPE, name).send(Readable.from(pieces, { objectMode: false }));
  };
}

function attach(reply: FastifyReply, type: string, name: string): FastifyReply {
  return reply.type(type).header('content-disposition', `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`);
}

/** In a scope of its own: files come as a stream here, and nowhere else. */
function addUpload(app: FastifyInstance, operations: Operations, door: Door, row: Endpoint): void {
  app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser([...row.upload!], (_request, payload, taken) => taken(null, payload));
    addRoute(scope, door, row, row.path, answerOf(row, operations));
    done();
  });
}

/** What a stranger sent may be in the message of an exception: a log is read in a terminal. */
function escapeControls(text: string): string {
  return text.replace(/[^\n\P{C}]/gu, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
}

function tell(reply: FastifyReply, error: FastifyError | OperationError): FastifyReply {
  const problem = problemOf(error);
  if (problem.code === UNEXPECTED) process.stderr.write(`${escapeControls(error.stack ?? error.message)}\n`);
  if ('waitMs' in error && error.waitMs !== null) void reply.header('retry-after', Math.ceil(error.waitMs / 1000));
  return reply.status(problem.status).type(PROBLEM_TYPE).send(problem);
}

/** Errors and unknown places, told as problems. */
export function tellProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | OperationError, _request, reply) => tell(reply, error));
  app.setNotFoundHandler((request, reply) => {
    const text = `There is nothing at ${request.method} ${request.url}.`;
    const hint = 'Command line and daemon may be of different versions.';
    return tell(reply, new OperationError('no', 'no-such-route', text, hint));
  });
}
