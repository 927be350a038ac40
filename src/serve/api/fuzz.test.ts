/**
 * Whatever is asked, the answer is what the contract says, or a problem that is the asker's: no mistake of ours (500), and no failure of
 * the world (503) while nothing has failed. A few seconds here; by hand longer: `RINGFENCE_FUZZ_RUNS=10000`.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { busyConsole, type BusyConsole } from '../testing/busy-console.ts';
import { hostileRequest, type OperationToAttack } from '../testing/hostile-requests.ts';
import { contract } from './contract.ts';
import { openApiDocument } from './openapi.ts';
import { problem, PROBLEM_TYPE } from './problem.ts';

/** Requests of each operation. */
const RUNS = Number(process.env.RINGFENCE_FUZZ_RUNS ?? 20);

let console: BusyConsole;
beforeAll(async () => {
  console = await busyConsole();
});
afterAll(() => console.end());

const document = openApiDocument();
const shapes = new Map(contract.flatMap(({ endpoints }) => endpoints.map((row) => [row.id, row.answer] as const)));

interface Described {
  operationId: string;
  parameters: OperationToAttack['parameters'];
  requestBody?: { content: Record<string, { schema?: Record<string, unknown> }> };
  responses: { 200: { content: Record<string, unknown> } };
}

const operations = Object.entries(document.paths as Record<string, Record<string, Described>>).flatMap(
  ([path, methods]) =>
    Object.entries(methods).flatMap(([method, { operationId, parameters, requestBody, responses }]) => {
      // A stream never ends: `serve/live` has tests of its own.
      if ('text/event-stream' in responses[200].content) return [];
      const content = Object.entries(requestBody?.content ?? {});
      const bodies = Object.fromEntries(content.map(([type, { schema = {} }]) => [type, schema]));
      return [{ id: operationId, method: method.toUpperCase(), path, parameters, ...(requestBody && { bodies }) }];
    }),
);

it.each(operations.map((operation) => [operation.id, operation] as const))(
  '%s',
  async (id, operation) => {
    const answered = async ({
      path,
      headers,
      body,
    }: {
      path: string;
      headers: Record<string, string>;
      body?: unknown;
    }) => {
      const { status, headers: told, text } = await console.api.call(operation.method, path, { headers, body });
      if (status >= 400) {
        expect(told['content-type']).toContain(PROBLEM_TYPE);
        expect(problem.parse(JSON.parse(text)).status).toBe(status);
        expect(status, text).toBeLessThan(500);
      } else if (told['content-type']?.includes('application/json')) shapes.get(id)?.parse(JSON.parse(text));
    };
    await fc.assert(fc.asyncProperty(hostileRequest(operation, document), answered), {
      numRuns: RUNS,
      includeErrorInReport: true,
    });
  },
  RUNS * 1000,
);

it('and afterwards it still answers', async () => {
  expect((await console.api.call('GET', '/status')).status).toBe(200);
});
