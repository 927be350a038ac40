/** Pages of lists that are short by their nature (countries, feeds, versions of the policy): they are in memory anyway. */
import { z } from 'zod';
import { checkInput } from '../inputs.ts';

const PAGE_MAX = 1000;

export const shortPageInput = z.strictObject({
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_MAX),
  cursor: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).describe('`next` of the page before.'),
});

export function shortPage<Item>(all: readonly Item[], input: unknown): { items: Item[]; next: string | null } {
  const { limit, cursor } = checkInput(shortPageInput, input);
  const end = cursor + limit;
  return { items: all.slice(cursor, end), next: end < all.length ? String(end) : null };
}
