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

/** An exception that nobody expected: a mistake of ours. */
export const UNEXPECTED = 'internal';

/** Of an operation's error, of what fastify found wrong with a request, or of an exception that nobody expected. */
export function problemOf(error: FastifyError | OperationError): Problem {
  const { status, known } =
    error instanceof OperationError ? { status: STATUS[error.outcome], known: error } : outside(error);
  const { code, hint, outcome, message } = known;
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, code, detail: message, hint, outcome };
}

function outside({ statusCode: status = 500, code, message }: FastifyError): { status: number; known: OperationError } {
  if (status === 429) return { status, known: new OperationError('too-many', 'too-many-requests', message) };
  if (status < 500)
    return { status, known: new OperationError('usage', CODES[code] ?? 'bad-request', message.slice(0, TEXT_MAX)) };
  const text = 'Something went wrong inside Ringfence that should not.';
  return {
    status: 500,
    known: new OperationError('failed', UNEXPECTED, text, 'See the log of the daemon, and report it.'),
  };
}

/** Fastify repeats the whole address of a request, which is as long as somebody likes. */
const TEXT_MAX = 300;

const CODES: Record<string, string> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
};
