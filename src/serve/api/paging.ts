/** Pages of lists that are short by their nature (countries, feeds, versions of the policy): they are in memory anyway. */
import { z } from 'zod';
import { checkInput } from '../inputs.ts';

const PAGE_MAX = 1000;
const TEXT_MAX = 200;

export const shortPageInput = z.strictObject({
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_MAX),
  text: z.string().max(TEXT_MAX).default('').describe('Only items with this text in one of their values, in any case.'),
  cursor: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).describe('`next` of the page before.'),
});

export function shortPage<Item extends object>(
  all: readonly Item[],
  input: unknown,
): { items: Item[]; next: string | null } {
  const { limit, text, cursor } = checkInput(shortPageInput, input);
  const fitting = text === '' ? all : all.filter((item) => holdsText(item, text.toLowerCase()));
  const end = cursor + limit;
  return { items: fitting.slice(cursor, end), next: end < fitting.length ? String(end) : null };
}

/** Texts and numbers are looked at, those in lists too; what is nested deeper is not. */
function holdsText(item: object, wanted: string): boolean {
  const values = Object.values(item).flat() as unknown[];
  return values.some(
    (value) => ['string', 'number'].includes(typeof value) && String(value).toLowerCase().includes(wanted),
  );
}
