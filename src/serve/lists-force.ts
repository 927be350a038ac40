/** Brings a changed list into the kernel. */
import type { RangesAnswer } from '../channel/protocol.ts';
import type { ListName } from '../store/store.ts';
import type { OperationsContext } from './context.ts';
import { GuardRefusal } from './guard-link.ts';
import { explainRefusal } from './guard-refusals.ts';
import { OperationError } from './operation-error.ts';

/**
 * Resolves when the kernel holds the list as the store has it. When the guard says no, `undo` takes the change out of the store
 * again and the error says why.
 */
export async function bringListIntoForce(
  context: OperationsContext,
  list: ListName,
  what: string,
  undo: () => void,
): Promise<RangesAnswer> {
  try {
    return await context.ranges.bringIntoForce(list);
  } catch (error) {
    undo();
    throw explainRefusal(error, what);
  }
}

/** Waits for what comes into force without anybody's change of the store: it is there, only the kernel does not hold it yet. */
export async function awaitForce(what: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof GuardRefusal)) throw error;
    const text = `${what} is here, but not in force yet: ${error.message}`;
    throw new OperationError('failed', error.code, text, 'It is tried again by itself. See ringfence status');
  }
}
