/**
 * What who may not configure does not get to see: the address of a feed or a webhook often is the secret (a customer's key in its path, a password
 * before its host). Feeds hide it in their own answers; a policy and what is said of its changes has it as it was written.
 */
import { shownUrl } from '../feeds/shown-source.ts';
import { caller } from './caller.ts';

const URL = /https?:\/\/[^\s"'`<>,\]}]+/gi;

/** The answer itself, for those who may configure. */
export function withheld<T>(answer: T): T {
  const { visitor } = caller();
  return visitor === undefined || visitor.scopes.includes('configure') ? answer : (hidden(answer) as T);
}

function hidden(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(URL, shownUrl);
  if (Array.isArray(value)) return value.map(hidden);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, hidden(one)]));
}
