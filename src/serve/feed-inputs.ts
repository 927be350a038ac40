/** The shapes of what the operations of feeds take. */
import { z } from 'zod';
import { parseDuration } from '../policy/duration.ts';
import { feedNameProblem, filePathProblem, urlProblem } from '../policy/place-text.ts';

/** A text for which `problem` has no objection. */
function checked(problem: (text: string) => string | null) {
  return z.string().superRefine((text, context) => {
    const message = problem(text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });
}

export const feedName = checked(feedNameProblem);
const every = checked((text) => {
  const parsed = parseDuration(text);
  return 'problem' in parsed ? parsed.problem : null;
});

export const feedInput = z
  .strictObject({
    name: feedName,
    url: checked(urlProblem).optional(),
    file: checked(filePathProblem).optional(),
    action: z.enum(['block', 'watch']).optional(),
    every: every.optional(),
    /** The change is meant although it shuts somebody out. */
    yes: z.boolean().default(false),
  })
  .refine(({ url, file }) => (url === undefined) !== (file === undefined), { message: 'either url or file' });
