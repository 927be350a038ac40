/** While somebody has deleted the table our account is what counts: the next tick makes the table anew from it. */
import type { KernelError } from '../ffi/kernel-error.ts';

/** Null: the table, or the set, is not there. */
export function unlessMissing<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if ((error as KernelError).code !== 'kernel-table-missing') throw error;
    return null;
  }
}
