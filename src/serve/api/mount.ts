/** The contract on a fastify server: each row becomes a route. Who asks, and whether they may, is for the door that the server is behind. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asCaller, type Caller } from '../caller.ts';
import { OperationError } from '../operation-error.ts';
import type { Operations } from '../operations.ts';
import { contract } from './contract.ts';
import { API_PREFIX, type Endpoint, type Scope } from './endpoint.ts';
import { asOperationError, problemOf, PROBLEM_TYPE } from './problem.ts';

/** Who asks. Errors: `OperationError` `unauthenticated` or `forbidden` when they may not do what needs this scope. */
export type Door = (request: FastifyRequest, scope: Scope) => Caller | Promise<Caller>;

export function mountApi(app: FastifyInstance, operations: Operations, door: Door): void {
  for (const { endpoints } of contract) for (const row of endpoints) addRoute(app, operations, door, row);
}

function addRoute(app: FastifyInstance, operations: Operations, door: Door, row: Endpoint): void {
  const url = API_PREFIX + row.path.replaceAll(/\{(\w+)\}/g, ':$1');
  app.route({
    method: row.method,
    url,
    handler: async (request) => {
      const caller = await door(request, row.scope);
      const { query, body } = request;
      return asCaller(caller, () =>
        row.run(operations, { params: request.params as Record<string, string>, query, body }),
      );
    },
  });
}

/** Errors and unknown places, told as problems. */
export function tellProblems(app: FastifyInstance): void {
  const tell = (reply: FastifyReply, error: OperationError) => {
    const problem = problemOf(error);
    return reply.status(problem.status).type(PROBLEM_TYPE).send(problem);
  };
  app.setErrorHandler((error: FastifyError | OperationError, _request, reply) => tell(reply, asOperationError(error)));
  app.setNotFoundHandler((request, reply) => {
    const text = `There is nothing at ${request.method} ${request.url}.`;
    const hint = 'Command line and daemon may be of different versions.';
    return tell(reply, new OperationError('no', 'no-such-route', text, hint));
  });
}
