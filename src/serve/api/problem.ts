/** Errors as every transport tells them: problem details (RFC 9457), `application/problem+json`. */
import { STATUS_CODES } from 'node:http';
import type { FastifyError } from 'fastify';
import { z } from 'zod';
import { OperationError, type Outcome } from '../operation-error.ts';

export const PROBLEM_TYPE = 'application/problem+json';

const STATUS: Record<Outcome, number> = {
  no: 404,
  usage: 400,
  refused: 409,
  failed: 503,
  unauthenticated: 401,
  forbidden: 403,
  'too-many': 429,
};

/** `type` is always `about:blank`: what kind of problem it is says `code`, which is stable. */
export const problem = z
  .strictObject({
    type: z.literal('about:blank'),
    title: z.string().describe('The status in words.'),
    status: z.int(),
    code: z.string().describe('Stable, for programs: `needs-confirmation`, `bad-input`, `store-disk-full` …'),
    detail: z.string().describe('What is wrong, for people; one or more lines. May hold text of strangers.'),
    hint: z.string().nullable().describe('What can be done about it.'),
    outcome: z.enum(Object.keys(STATUS) as [Outcome, ...Outcome[]]),
  })
  .meta({ id: 'Problem', description: 'Problem details, RFC 9457.' });

export type Problem = z.output<typeof problem>;

export function problemOf(error: OperationError): Problem {
  const status = STATUS[error.outcome];
  const { code, hint, outcome, message } = error;
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code, detail: message, hint, outcome };
}

/** What fastify found wrong with a request, or an exception that nobody expected. */
export function asOperationError(error: FastifyError | OperationError): OperationError {
  if (error instanceof OperationError) return error;
  if (error.statusCode === 429) return new OperationError('too-many', 'too-many-requests', error.message);
  if ((error.statusCode ?? 500) < 500) return new OperationError('usage', 'bad-request', error.message);
  return new OperationError('failed', error.code ?? 'internal', error.message, 'See the log of the daemon.');
}
