/** What the operations work with. */
import type { PackedRanges } from '../core/base/packed-ranges.ts';
import type { PolicyDocument } from '../policy/schema.ts';
import type { Store } from '../store/store.ts';
import { StoreError } from '../store/error.ts';
import type { GuardLink } from './guard-link.ts';
import { explainRefusal } from './guard-refusals.ts';
import { OperationError } from './operation-error.ts';
import type { Problem } from './answers.ts';
import type { Turns } from './turns.ts';

export interface OperationsContext {
  store: Store;
  guard: GuardLink;
  /** Milliseconds since the epoch. */
  now: () => number;
  turns: Turns;
  dataDirectory: string;
  version: string;
  /** The file that wins at every start, and what is wrong with it. */
  policyFile: { path: string; problem: Problem | null } | null;
  /** The reports of the guard on their way into the store. */
  intake: () => { trouble: Problem | null; waiting: number; lost: number };
  /** Country data, and the lists that others keep; absent where there is none (tests). */
  geo?: { blocked(rule: PolicyDocument['countries']): PackedRanges };
  feeds?: { ranges(): { name: string; ranges: PackedRanges }[] };
}

/** Who changes things over the socket: the file's mode lets nobody else in. */
export const BY_COMMAND = 'administrator';

/**
 * Sends the guard what the store says now and waits until the kernel has it. When the guard says no, `undo` takes the change out
 * of the store again. Errors: `OperationError`.
 */
export async function bringIntoForce(context: OperationsContext, what: string, undo: () => void): Promise<void> {
  try {
    await context.guard.ask({ ask: 'policy', policy: context.store.orders(context.now()).policy });
    await context.guard.ask({ ask: 'ranges', ranges: context.store.orders(context.now()).ranges });
  } catch (error) {
    undo();
    throw explainRefusal(error, what);
  }
}

/** Runs `change` on the store; its failures become `OperationError`s. */
export function inStore<T>(change: () => T): T {
  try {
    return change();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new OperationError(outcomeOf(error), error.code, error.message, error.hint);
  }
}

function outcomeOf(error: StoreError): 'usage' | 'no' | 'failed' {
  if (error.code === 'store-version-unknown') return 'no';
  const usage = ['store-range-invalid', 'store-policy-invalid', 'store-query-invalid'];
  return usage.includes(error.code) ? 'usage' : 'failed';
}
