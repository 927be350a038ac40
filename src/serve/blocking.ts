/** Blocks by hand, and who is blocked. */
import type { BlockRecord } from '../channel/protocol.ts';
import type { ListEntry } from '../store/store.ts';
import { inRange, parseAddress, parseRange } from '../core/base/address.ts';
import { compilePolicy } from '../policy/compile.ts';
import { inStore, type OperationsContext } from './context.ts';
import { explainRefusal } from './guard-refusals.ts';
import { address as addressInput, blockInput, checkInput } from './inputs.ts';
import { OperationError } from './operation-error.ts';
import { documentOf } from './policy.ts';

/** The reason of a block that was given none. */
export const BY_HAND = 'by hand';

/** The newest first. */
export function blocked(context: OperationsContext): BlockRecord[] {
  const now = context.now();
  const inForce = inStore(() => context.store.blocks()).filter((one) => one.until === null || one.until > now);
  return inForce.sort((a, b) => b.since - a.since);
}

/** The block as the kernel has it. It replaces an earlier one of the same address. */
export function block(context: OperationsContext, input: unknown): Promise<BlockRecord> {
  const { address, durationMs, reason } = checkInput(blockInput, input);
  return context.turns.take(async () => {
    const entry = entryOf(context.store.list('allow'), address);
    if (entry) {
      throw new OperationError(
        'refused',
        'allowlisted',
        `${address} is on the allowlist (${entry.range}): it is never blocked.`,
        `Take it off first: ringfence allow remove ${entry.range}`,
      );
    }
    const policy = compilePolicy(documentOf(context.store.policyCurrent().text));
    if (policy.mode === 'monitor') {
      throw new OperationError(
        'refused',
        'monitor-only',
        'The policy says monitor: nothing is blocked, by hand neither.',
        'Switch it: ringfence policy set mode protect',
      );
    }
    const length = durationMs === undefined ? policy.block.durationMs : durationMs;
    const text = reason === '' ? BY_HAND : reason;
    const made = (await context.guard
      .ask({ ask: 'block', address, durationMs: length, reason: text })
      .catch((error: unknown) => {
        throw explainRefusal(error, address);
      })) as BlockRecord;
    // The guard reports it as well; the same block twice is one.
    try {
      inStore(() => context.store.applyReports([{ type: 'blocked', block: made }]));
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      const text = `${address} is blocked in the kernel, but the block is not on disk yet: ${error.message}`;
      throw new OperationError(error.outcome, error.code, text, error.hint);
    }
    return made;
  });
}

export function unblock(context: OperationsContext, input: unknown): Promise<{ address: string; lifted: true }> {
  const address = checkInput(addressInput, input);
  return context.turns.take(async () => {
    const known = blocked(context).some((one) => one.address === address);
    const lifted = await lift(context, address);
    if (lifted || known) return { address, lifted: true };
    const entry = entryOf(context.store.list('deny'), address);
    const hint = entry
      ? `It is on the denylist (${entry.range}): ringfence deny remove ${entry.range}`
      : 'See who is: ringfence blocked';
    throw new OperationError('no', 'not-blocked', `${address} is not blocked.`, hint);
  });
}

/** True: the kernel had a block and has it no more. */
export async function lift(context: OperationsContext, address: string): Promise<boolean> {
  const { lifted } = (await context.guard.ask({ ask: 'unblock', address }).catch((error: unknown) => {
    throw explainRefusal(error, address);
  })) as { lifted: boolean };
  inStore(() => context.store.applyReports([{ type: 'unblocked', address, at: context.now(), how: 'lifted' }]));
  return lifted;
}

/** The narrowest thing to say about an address: the first entry that holds it. */
export function entryOf(entries: ListEntry[], text: string): ListEntry | null {
  const address = parseAddress(text);
  if (!address) return null;
  return (
    entries.find((entry) => {
      const range = parseRange(entry.range);
      return range !== null && inRange(address, range);
    }) ?? null
  );
}
