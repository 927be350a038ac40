/** The policy: shown, changed and rolled back. A bad value changes nothing. */
import { getAt, setAt } from '../policy/paths.ts';
import { formatPolicyError, type PolicyError } from '../policy/policy-error.ts';
import { renderPolicy } from '../policy/render.ts';
import { defaultDocument } from '../policy/default-document.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import { parsePolicy } from '../policy/yaml-file.ts';
import type { PolicyVersion } from '../store/store.ts';
import type { PolicyAnswer, PolicyChangeAnswer, PolicyVersionAnswer } from './answers.ts';
import { bringIntoForce, BY_COMMAND, inStore, type OperationsContext } from './context.ts';
import { checkInput, policyPath, policySetInput, policyTextInput, policyVersion } from './inputs.ts';
import { OperationError } from './operation-error.ts';

/** Versions looked through; the store keeps fewer. */
const VERSIONS_MAX = 10_000;

/** Invariant: the store holds valid policies only, so a text of it always parses. */
export function documentOf(text: string): PolicyDocument {
  const parsed = parsePolicy(text, 'policy');
  if ('errors' in parsed) throw invalid(parsed.errors);
  return parsed.document;
}

const UNCHANGED = 'Nothing was changed: the previous policy is in force.';

function invalid(errors: PolicyError[], hint: string | null = UNCHANGED): OperationError {
  return new OperationError('usage', 'policy-invalid', errors.map(formatPolicyError).join('\n'), hint);
}

export function policyShow(context: OperationsContext, input?: unknown): PolicyAnswer {
  const wanted = input === undefined ? inStore(() => context.store.policyCurrent()) : findVersion(context, input);
  const { version, at, by, comment } = wanted;
  const document = documentOf(wanted.text);
  return { version, at, by, comment, document, text: renderPolicy(document) };
}

function findVersion(context: OperationsContext, input: unknown): PolicyVersion {
  const { version } = checkInput(policyVersion, input);
  if (version === 0)
    return { version, at: 0, by: 'Ringfence', comment: 'built-in default', text: renderPolicy(defaultDocument) };
  const found = inStore(() => context.store.policyHistory(VERSIONS_MAX)).find((one) => one.version === version);
  if (found) return found;
  throw new OperationError(
    'no',
    'version-unknown',
    `There is no policy version ${version}.`,
    'See ringfence policy history',
  );
}

export function policyHistory(context: OperationsContext): PolicyVersionAnswer[] {
  const current = inStore(() => context.store.policyCurrent());
  const stored = inStore(() => context.store.policyHistory(VERSIONS_MAX));
  const versions = stored.some((one) => one.version === current.version) ? stored : [current, ...stored];
  return versions.map(({ version, at, by, comment }) => ({
    version,
    at,
    by,
    comment,
    current: version === current.version,
  }));
}

export function policyGet(context: OperationsContext, input: unknown): { path: string; value: unknown } {
  const { path } = checkInput(policyPath, input);
  const found = getAt(documentOf(inStore(() => context.store.policyCurrent()).text), path);
  if ('errors' in found) throw invalid(found.errors, null);
  return { path, value: found.value };
}

export function policySet(context: OperationsContext, input: unknown): Promise<PolicyChangeAnswer> {
  const { path, value, comment } = checkInput(policySetInput, input);
  return context.turns.take(async () => {
    const before = documentOf(inStore(() => context.store.policyCurrent()).text);
    const changed = setAt(before, path, value);
    if ('errors' in changed) throw invalid(changed.errors);
    const answer = await replacePolicy(context, changed.document, comment === '' ? `${path} = ${value}` : comment);
    return { ...answer, value: valueAt(changed.document, path), before: valueAt(before, path) };
  });
}

function valueAt(document: PolicyDocument, path: string): unknown {
  const found = getAt(document, path);
  return 'value' in found ? found.value : undefined;
}

/** A whole document as text; `name` is the file that people see in its errors. */
export function policyApply(context: OperationsContext, input: unknown): Promise<PolicyChangeAnswer> {
  const { name, text, comment } = checkInput(policyTextInput, input);
  return context.turns.take(async () => {
    const parsed = parsePolicy(text, name);
    if ('errors' in parsed) throw invalid(parsed.errors);
    return replacePolicy(context, parsed.document, comment === '' ? `from ${name}` : comment, text);
  });
}

/** A version of the same content is no change. `text`: as the person wrote it, to keep their comments. */
async function replacePolicy(
  context: OperationsContext,
  document: PolicyDocument,
  comment: string,
  text: string = renderPolicy(document),
): Promise<PolicyChangeAnswer> {
  const file = context.policyFile?.path ?? null;
  const current = inStore(() => context.store.policyCurrent());
  if (renderPolicy(documentOf(current.text)) === renderPolicy(document)) {
    return { version: current.version, changed: false, file };
  }
  const { version } = inStore(() => context.store.policySet(text, { now: context.now(), by: BY_COMMAND, comment }));
  await bringIntoForce(context, 'the policy', () => undo(context, current.version));
  return { version, changed: true, file };
}

function undo(context: OperationsContext, version: number): void {
  const comment = `back to version ${version}: the guard could not bring the newer one into force`;
  context.store.policyRollback(version, { now: context.now(), by: 'Ringfence', comment });
}

export function policyRollback(context: OperationsContext, input: unknown): Promise<PolicyChangeAnswer> {
  const { version } = checkInput(policyVersion, input);
  return context.turns.take(async () => {
    const wanted = findVersion(context, { version });
    return replacePolicy(context, documentOf(wanted.text), `back to version ${version}`, wanted.text);
  });
}
