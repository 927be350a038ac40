/** The shapes of what the policy's operations take, beside those that they share with others. */
import { z } from 'zod';
import { POLICY_BYTES_MAX } from '../policy/yaml-file.ts';
import { policySetInput, policyTextInput, policyVersion } from './inputs.ts';

/** Whoever is shut out by the change: it is meant. */
const meant = { yes: z.boolean().default(false) };
export const setInput = policySetInput.extend(meant);
export const applyInput = policyTextInput.extend(meant);
/** As `policy set` takes them, in their order. */
export const editInput = z.strictObject({
  changes: z.array(policySetInput.pick({ path: true, value: true })).max(1000),
  comment: policySetInput.shape.comment,
  dryRun: z.boolean().default(false),
  ...meant,
});
/** A file of another product's settings. */
export const importInput = z.strictObject({
  name: z.string().max(300).default('sipprot.conf'),
  text: z.string().max(POLICY_BYTES_MAX),
  comment: policySetInput.shape.comment,
  dryRun: z.boolean().default(false),
  ...meant,
});
export const rollbackInput = policyVersion.extend(meant);

const version = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** `from`, `to`: versions, 0 is the built-in default; left out: the one in force. `text`: a file in place of `to`. */
export const diffInput = z.strictObject({
  from: version.optional(),
  to: version.optional(),
  name: z.string().max(4096).default('file'),
  text: z.string().max(POLICY_BYTES_MAX).optional(),
});

/** The changed policy: a whole text, or what `policy set` would change. `since`: recorded attacks from then on; a week when left out. */
export const tryInput = z
  .strictObject({
    name: z.string().max(4096).default('file'),
    text: z.string().max(POLICY_BYTES_MAX).optional(),
    changes: editInput.shape.changes.optional(),
    since: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  })
  .refine(({ text, changes }) => (text === undefined) !== (changes === undefined), {
    message: 'either text or changes',
  });
