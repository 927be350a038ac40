/** The shapes of what the operations of notifications take. */
import { z } from 'zod';
import { SECRET_CHARS_MAX } from '../notify/secrets.ts';
import { feedName } from './feed-inputs.ts';

/** As feeds: lower-case letters, digits and dashes. */
export const channelName = feedName;

export const deliveriesInput = z.strictObject({
  channel: channelName.optional(),
  state: z.enum(['waiting', 'delivered', 'refused', 'given-up']).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
  cursor: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional().describe('`next` of the page before.'),
});

export const secretInput = z.strictObject({
  secret: z
    .string()
    .min(1, { error: 'it is empty' })
    .max(SECRET_CHARS_MAX, { error: `at most ${SECRET_CHARS_MAX} characters` })
    // Of what was typed nothing may stand in an error.
    .refine((text) => !/[\u0000-\u001f\u007f]/.test(text), { error: 'no line breaks and no control characters' }),
});
