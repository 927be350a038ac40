/** Brings a changed list into the kernel. */
import type { RangesAnswer } from '../channel/protocol.ts';
import type { ListName } from '../store/store.ts';
import type { OperationsContext } from './context.ts';
import { explainRefusal } from './guard-refusals.ts';

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
