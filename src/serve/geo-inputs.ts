/** The shapes of what the operations of countries take. */
import { z } from 'zod';
import { countryProblem } from '../policy/country-codes.ts';
import { address } from './inputs.ts';

const LOOKUPS_MAX = 1000;
const COUNTRIES_MAX = 300;
const PATH_MAX = 4096;

const country = z.string().superRefine((text, context) => {
  const problem = countryProblem(text);
  if (problem === null) return;
  context.addIssue({ code: 'custom', message: `"${text.slice(0, 40)}" is no country code: ${problem}` });
});

export const geoLookupInput = z.strictObject({ addresses: z.array(address).min(1).max(LOOKUPS_MAX) });

export const geoUpdateInput = z.strictObject({
  /** Read by the daemon. */
  file: z
    .string()
    .max(PATH_MAX)
    .refine((path) => path.startsWith('/'), 'a path from / on is expected')
    .optional(),
  acceptLoss: z.boolean().default(false),
});

/** What is left out stays as the policy has it. */
export const geoPreviewInput = z.strictObject({
  mode: z.enum(['off', 'block', 'allow']).optional(),
  list: z.array(country).max(COUNTRIES_MAX).optional(),
  unknown: z.enum(['pass', 'block']).optional(),
  since: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
});
