/** A change of the policy, with the values that it changed in the audit log. */
import type { Change, PolicyVersion } from '../store.ts';
import { changedValues } from './audit-table.ts';
import type { Tables } from './tables.ts';

export function auditedPolicy(
  { policy, audit }: Tables,
  change: Change,
  what: string,
  make: () => PolicyVersion,
): PolicyVersion {
  const before = policy.current();
  const documentBefore = policy.document().document;
  const after = make();
  if (after.version === before.version) return after;
  const values = changedValues(documentBefore, policy.document().document);
  const commented = { ...change, comment: after.comment };
  audit.note(commented, what, `version ${after.version}`, values.before, values.after);
  return after;
}
