/** An earlier version of the policy becomes the policy again, and everything that shows it is fetched anew. */
import type { QueryClient } from '@tanstack/react-query';
import { ask } from '../../api/client.ts';
import { touch } from '../../api/hooks.ts';

/** What shows the policy or follows it. */
export const POLICY_TOUCHES = ['/policy', '/policy/value', '/policy/versions', '/status', '/geo', '/feeds'] as const;

/** Errors: `ApiError`. */
export function rollBack(queries: QueryClient, version: number, yes: boolean) {
  return ask('post', '/policy/rollback', { body: { version, yes } }).finally(() => touch(queries, POLICY_TOUCHES));
}
