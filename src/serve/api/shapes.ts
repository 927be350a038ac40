/** Shapes that many answers share. */
import { z } from 'zod';

export const moment = z.int().describe('Milliseconds since the epoch.');

/** One page of a list. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), next: cursor });
}

export const cursor = z.string().nullable().describe('`cursor` of the next page; null: that was the last one.');
