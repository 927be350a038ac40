/** From the dynamic denylist to a list of one's own. */
import type { PromoteAnswer } from './answers.ts';
import { lift, standing } from './blocking.ts';
import type { OperationsContext } from './context.ts';
import { checkInput } from './inputs.ts';
import { promoteInput } from './lists-inputs.ts';
import { addEntry } from './lists.ts';
import { OperationError } from './operation-error.ts';

/**
 * In one step. The entry is in force before the block goes, so that nothing comes through in
 * between; what was blocked stays blocked when a step fails.
 */
export function promote(context: OperationsContext, input: unknown): Promise<PromoteAnswer> {
  const { address, to, comment, yes } = checkInput(promoteInput, input);
  return context.turns.take(async () => {
    const before = standing(context, address);
    if (before === null) {
      const hint = `Put it there directly: ringfence ${to} add ${address}`;
      throw new OperationError('no', 'not-blocked', `${address} is not blocked.`, hint);
    }
    const { entry, added } = await addEntry(context, to, { range: address, comment: comment ?? before.reason }, yes);
    await lift(context, address);
    return { address, to, entry, added, wasBlocked: true };
  });
}
