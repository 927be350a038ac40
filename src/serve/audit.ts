/** Who changed what. */
import type { AuditEntry } from '../store/store.ts';
import { inStore, type OperationsContext } from './context.ts';
import { checkInput } from './inputs.ts';
import { auditInput } from './lists-inputs.ts';

/** The latest first. */
export function audit(context: OperationsContext, input: unknown): AuditEntry[] {
  const { since, until, what, limit } = checkInput(auditInput, input);
  const query = {
    limit,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(what === undefined ? {} : { what }),
  };
  return inStore(() => context.store.audit(query));
}
