/** The policy: shown, compared, changed and rolled back. A bad value changes nothing. */
import { packRanges, union } from '../core/base/packed-ranges.ts';
import type { Policy } from '../core/base/policy.ts';
import { compilePolicy } from '../policy/compile.ts';
import { withConsolePort } from '../policy/console-port.ts';
import { diffPolicies } from '../policy/diff.ts';
import { editText } from '../policy/edit.ts';
import { getAt, setAt } from '../policy/paths.ts';
import { formatPolicyError, type PolicyError } from '../policy/policy-error.ts';
import { renderPolicy } from '../policy/render.ts';
import { defaultDocument } from '../policy/default-document.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import { parsePolicy } from '../policy/yaml-file.ts';
import type { PolicyVersion } from '../store/store.ts';
import type { PolicyAnswer, PolicyChangeAnswer, PolicyDiffAnswer, PolicyVersionAnswer } from './answers.ts';
import { caller, changeByCaller } from './caller.ts';
import { bringIntoForce, inStore, type OperationsContext } from './context.ts';
import { checkInput, policyPath, policyVersion } from './inputs.ts';
import { contactsOf, lockedOut, requireConfirmation, type Outlook } from './lock-out.ts';
import { OperationError } from './operation-error.ts';
import { refuseOwnFiles } from './own-files.ts';
import { applyInput, diffInput, rollbackInput, setInput } from './policy-inputs.ts';
import { withheld } from './withheld.ts';

/** Versions looked through; the store keeps fewer. */
const VERSIONS_MAX = 10_000;

/** Reading a policy takes 15 ms, and `explain` alone asks for the one in force four times. */
let lastRead: { text: string; document: PolicyDocument } | null = null;

/**
 * The same object for the same text, so it must not be changed. Invariant: the store holds valid policies only, so a text of it always
 * parses.
 */
export function documentOf(text: string): PolicyDocument {
  if (lastRead?.text === text) return lastRead.document;
  const parsed = parsePolicy(text, 'policy');
  if ('errors' in parsed) throw invalid(parsed.errors);
  lastRead = { text, document: frozen(parsed.document) };
  return parsed.document;
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

/** What a person wrote. Errors: `OperationError` `policy-invalid` with every place. */
export function readPolicy(text: string, name: string): PolicyDocument {
  const parsed = parsePolicy(text, name);
  if ('errors' in parsed) throw invalid(parsed.errors, null);
  return parsed.document;
}

const UNCHANGED = 'Nothing was changed: the previous policy is in force.';

export function invalid(errors: PolicyError[], hint: string | null = UNCHANGED): OperationError {
  return new OperationError('usage', 'policy-invalid', errors.map(formatPolicyError).join('\n'), hint);
}

export function policyShow(context: OperationsContext, input?: unknown): PolicyAnswer {
  const wanted = input === undefined ? inStore(() => context.store.policyCurrent()) : findVersion(context, input);
  const { version, at, by, comment } = wanted;
  const document = documentOf(wanted.text);
  return withheld({ version, at, by, comment, document, text: renderPolicy(document), written: wanted.text });
}

/** Nothing said: the built-in default against the policy in force. */
export function policyDiff(context: OperationsContext, input: unknown): PolicyDiffAnswer {
  const { from, to, name, text } = checkInput(diffInput, input);
  const current = inStore(() => context.store.policyCurrent());
  const side = (version: number) => {
    const one = version === current.version ? current : findVersion(context, { version });
    const called = version === 0 ? 'the built-in default' : `version ${version}`;
    return { called: one === current ? `${called} (in force)` : called, document: documentOf(one.text) };
  };
  const before = side(from ?? (text === undefined ? 0 : current.version));
  const after = text === undefined ? side(to ?? current.version) : { called: name, document: readPolicy(text, name) };
  const changes = diffPolicies(before.document, after.document);
  return withheld({ from: before.called, to: after.called, changes });
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
  return withheld(
    versions.map(({ version, at, by, comment }) => ({
      ...{ version, at, by, comment },
      current: version === current.version,
    })),
  );
}

export function policyGet(context: OperationsContext, input: unknown): { path: string; value: unknown } {
  const { path } = checkInput(policyPath, input);
  const found = getAt(documentOf(inStore(() => context.store.policyCurrent()).text), path);
  if ('errors' in found) throw invalid(found.errors, null);
  return withheld({ path, value: found.value });
}

export function policySet(context: OperationsContext, input: unknown): Promise<PolicyChangeAnswer> {
  const { path, value, comment, yes } = checkInput(setInput, input);
  return policyChange(context, { path, change: () => value, comment, yes });
}

/** A change of one value that depends on what it is when its turn comes. */
export interface ValueChange {
  path: string;
  /** The new value as `policy set` takes it. */
  change: (document: PolicyDocument) => string;
  comment: string;
  yes: boolean;
}

/** Errors: those of `change`, and as `policySet`. */
export function policyChange(
  context: OperationsContext,
  { path, change, comment, yes }: ValueChange,
): Promise<PolicyChangeAnswer> {
  return context.turns.take(async () => {
    const current = inStore(() => context.store.policyCurrent());
    const before = documentOf(current.text);
    const value = change(before);
    const changed = setAt(before, path, value);
    if ('errors' in changed) throw invalid(changed.errors);
    const text = editText(current.text, path, changed.document) ?? renderPolicy(changed.document);
    const said = comment === '' ? `${path} = ${value}` : comment;
    const answer = await replacePolicy(context, { document: changed.document, text, comment: said }, yes);
    return { ...answer, value: valueAt(changed.document, path), before: valueAt(before, path) };
  });
}

export function valueAt(document: PolicyDocument, path: string): unknown {
  const found = getAt(document, path);
  return 'value' in found ? found.value : undefined;
}

/** A whole document as text; `name` is the file that people see in its errors. */
export function policyApply(context: OperationsContext, input: unknown): Promise<PolicyChangeAnswer> {
  const { name, text, comment, yes } = checkInput(applyInput, input);
  return context.turns.take(async () => {
    const parsed = parsePolicy(text, name);
    if ('errors' in parsed) throw invalid(parsed.errors);
    const said = comment === '' ? `from ${name}` : comment;
    return replacePolicy(context, { document: parsed.document, text, comment: said }, yes);
  });
}

interface NewPolicy {
  document: PolicyDocument;
  /** As the person wrote it, to keep their comments. */
  text: string;
  comment: string;
}

/** A version of the same content is no change. */
export async function replacePolicy(
  context: OperationsContext,
  { document, text, comment }: NewPolicy,
  yes: boolean,
): Promise<PolicyChangeAnswer> {
  const file = context.policyFile?.path ?? null;
  const current = inStore(() => context.store.policyCurrent());
  const before = documentOf(current.text);
  if (renderPolicy(before) === renderPolicy(document)) return { version: current.version, changed: false, file };
  refuseOwnFiles(context, before, document);
  if (!yes) await refuseLockOut(context, before, document);
  const { version } = inStore(() => context.store.policySet(text, changeByCaller(context, comment)));
  await bringIntoForce(context, 'the policy', () => undo(context, current.version));
  return { version, changed: true, file };
}

/** Errors: `OperationError` `needs-confirmation` when somebody who gets in today would not any more. */
async function refuseLockOut(context: OperationsContext, before: PolicyDocument, after: PolicyDocument): Promise<void> {
  const [today, then] = [outlookOf(context, before), outlookOf(context, after)];
  const contacts = await contactsOf(context, caller().sessions, today.policy.ports.management);
  requireConfirmation(lockedOut(contacts, today, then), false);
}

/** A policy as the guard goes by it on this machine. */
export function policyInForce({ web }: OperationsContext, document: PolicyDocument): Policy {
  return withConsolePort(compilePolicy(document), web?.managementPort ?? null);
}

/** Who would get in under a policy, by all lists as they are now. */
export function outlookOf(context: OperationsContext, document: PolicyDocument): Outlook {
  const { store, geo, feeds, hostNames } = context;
  const [listed, deny] = inStore(() => [store.packed('allow'), store.packed('deny')]);
  const named = [...hostNames.addresses().values()].flat().map((address) => ({ first: address, last: address }));
  const allow = union(listed, packRanges(named));
  const country = geo.blocked(document.countries);
  return { policy: policyInForce(context, document), ranges: { allow, deny, country, feeds: feeds.ranges() } };
}

function undo(context: OperationsContext, version: number): void {
  const comment = `back to version ${version}: the guard could not bring the newer one into force`;
  context.store.policyRollback(version, { now: context.now(), by: 'Ringfence', comment });
}

export function policyRollback(context: OperationsContext, input: unknown): Promise<PolicyChangeAnswer> {
  const { version, yes } = checkInput(rollbackInput, input);
  return context.turns.take(async () => {
    const { text } = findVersion(context, { version });
    return replacePolicy(context, { document: documentOf(text), text, comment: `back to version ${version}` }, yes);
  });
}
