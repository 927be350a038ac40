/** Several values changed as one version of the policy, as another product's settings bring them. */
import { parseDuration } from '../policy/duration.ts';
import { editText } from '../policy/edit.ts';
import { setAt } from '../policy/paths.ts';
import { renderPolicy } from '../policy/render.ts';
import { inStore, type OperationsContext } from './context.ts';
import { checkInput } from './inputs.ts';
import { documentOf, invalid, replacePolicy, valueAt } from './policy.ts';
import type { PolicyEditAnswer } from './answers.ts';
import { editInput } from './policy-inputs.ts';

/** All of them or none. With `dryRun` the answer is what would be. Errors: as `policySet`. */
export function policyEdit(context: OperationsContext, input: unknown): Promise<PolicyEditAnswer> {
  const { changes, comment, yes, dryRun } = checkInput(editInput, input);
  return context.turns.take(async () => {
    const current = inStore(() => context.store.policyCurrent());
    const before = documentOf(current.text);
    let [document, text] = [before, current.text];
    for (const { path, value } of changes) {
      if (sameTime(valueAt(before, path), value)) continue;
      const changed = setAt(document, path, value);
      if ('errors' in changed) throw invalid(changed.errors);
      document = changed.document;
      text = editText(text, path, document) ?? renderPolicy(document);
    }
    const steps = changes.map(({ path }) => ({ path, before: valueAt(before, path), after: valueAt(document, path) }));
    if (dryRun) {
      const changed = renderPolicy(before) !== renderPolicy(document);
      return { version: current.version, changed, file: context.policyFile?.path ?? null, steps };
    }
    return { ...(await replacePolicy(context, { document, text, comment }, yes)), steps };
  });
}

/** 60s and 1m: what people have written stays. */
function sameTime(before: unknown, value: unknown): boolean {
  if (typeof before !== 'string' || typeof value !== 'string') return false;
  const [one, other] = [parseDuration(before), parseDuration(value)];
  return 'ms' in one && 'ms' in other && one.ms === other.ms;
}
