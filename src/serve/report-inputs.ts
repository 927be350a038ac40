/** What is asked of a report. */
import { z } from 'zod';
import { timeZoneProblem } from '../policy/notify-text.ts';

export const reportDay = z
  .string()
  .regex(
    /^(today|yesterday|20\d\d-\d\d-\d\d)$/,
    'a day from 2000-01-01 on, written as 2026-11-21, or today, or yesterday',
  )
  .describe('`2026-11-21`, `today`, `yesterday`.');

export const reportInput = z.strictObject({
  zone: z
    .string()
    .max(100)
    .superRefine((text, context) => {
      const message = timeZoneProblem(text);
      if (message !== null) context.addIssue({ code: 'custom', message });
    })
    .optional()
    .describe('Time zone of the day; left out: the policy’s `notify.timeZone`, or the machine’s.'),
});

export const reportPageInput = reportInput.extend({
  kept: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('`true`: the latest that was counted will do; `renewing` then says whether a newer one is on its way.'),
});

export const reportChartInput = reportInput.extend({
  chart: z.enum(['hours', 'countries']).default('hours').describe('Which one.'),
});
