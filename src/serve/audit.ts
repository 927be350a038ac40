/** Who changed what. */
import type { AuditAnswer } from './answers.ts';
import { inStore, type OperationsContext } from './context.ts';
import { checkInput } from './inputs.ts';
import { auditInput } from './lists-inputs.ts';
import { withheld } from './withheld.ts';

/** One page, the latest first. */
export function audit(context: OperationsContext, input: unknown): AuditAnswer {
  const { entries, next } = inStore(() => context.store.auditPage(checkInput(auditInput, input)));
  return withheld({ items: entries, next });
}
