/** The settings of a `sipprot.conf` as one change of the policy; each says how it was understood. */
import { readSipprot } from '../lists/sipprot.ts';
import type { PolicyImportAnswer } from './answers.ts';
import type { OperationsContext } from './context.ts';
import { checkInput } from './inputs.ts';
import { OperationError } from './operation-error.ts';
import { policyEdit } from './policy-edit.ts';
import { importInput } from './policy-inputs.ts';

/** Errors: `OperationError` `settings-invalid` with every bad line, `settings-missing` when there is nothing to change; as `policyEdit`. */
export async function policyImport(context: OperationsContext, input: unknown): Promise<PolicyImportAnswer> {
  const { name, text, comment, dryRun, yes } = checkInput(importInput, input);
  const { changes, problems, unknown, allow, deny } = readSipprot(Buffer.from(text), { now: context.now() });
  if (problems.length > 0) {
    const bad = problems.map(
      ({ line, value, why, expected }) => `line ${line}: ${value}: ${why}; expected ${expected}`,
    );
    throw new OperationError('usage', 'settings-invalid', bad.join('\n'), 'The policy is as it was.');
  }
  if (changes.length === 0) {
    const known = 'monit_period, hit_count, block_time, block_threshold';
    const told = `${name} has none of the settings that a sipprot.conf has (${known}).`;
    throw new OperationError('usage', 'settings-missing', told, 'The policy is as it was.');
  }
  const answer = await policyEdit(context, {
    changes: changes.map(({ path, value }) => ({ path, value })),
    comment: comment === '' ? `imported from ${name}` : comment,
    ...{ dryRun, yes },
  });
  const steps = answer.steps.map((step, i) => ({ ...step, line: changes[i].line, why: changes[i].why }));
  const addresses = (entries: { address: string }[]) => entries.map(({ address }) => address);
  return { ...answer, steps, unknown, allow: addresses(allow), deny: addresses(deny) };
}
