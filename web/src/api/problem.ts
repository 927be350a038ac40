/** What went wrong, as the API tells it (RFC 9457) or as the browser noticed it. */
import type { components } from './schema.d.ts';

export type Problem = components['schemas']['Problem'];

/** Every failed request ends as one of these: `message` for people, `hint` what to do, `code` for programs (`offline`: no answer at all). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | null;

  constructor({ status, code, detail, hint }: Pick<Problem, 'status' | 'code' | 'detail' | 'hint'>) {
    super(detail);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

export const OFFLINE = new ApiError({
  status: 0,
  code: 'offline',
  detail: 'The console does not answer.',
  hint: 'The firewall itself goes on working. Look at the network, or on the machine itself: `ringfence status`',
});

/** An answer that is not 2xx. A proxy in between may tell in words of its own. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  if (isProblem(body)) return new ApiError(body);
  return new ApiError({
    status: response.status,
    code: 'not-a-problem-document',
    detail: `The answer was ${response.status} ${response.statusText}, and not in the form of this API.`,
    hint: 'Something between browser and daemon may have answered, e.g. a proxy.',
  });
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}
