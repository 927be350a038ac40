/** Attacks over time and by whom. */
import { z } from 'zod';
import { DAY_MS, HOUR_MS, TOP_MAX, type Statistics } from '../store/statistics.ts';
import { inStore, type OperationsContext } from './context.ts';
import { checkInput } from './inputs.ts';

const moment = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Nothing said: the last 24 hours, by the hour. */
export const statisticsInput = z.strictObject({
  since: moment.optional(),
  until: moment.optional(),
  /** Milliseconds of one point of the series; longer where there would be too many. */
  step: z.coerce
    .number()
    .int()
    .min(HOUR_MS)
    .max(366 * DAY_MS)
    .default(HOUR_MS),
  top: z.coerce.number().int().min(1).max(TOP_MAX).optional(),
  order: z.enum(['attacks', 'packets']).optional(),
});

export function statistics(context: OperationsContext, input: unknown): Statistics {
  const { since, until = context.now(), ...more } = checkInput(statisticsInput, input);
  return inStore(() => context.store.statistics({ since: since ?? Math.max(0, until - DAY_MS), until, ...more }));
}
