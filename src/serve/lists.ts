/** Allowlist and denylist. */
import type { ListEntry } from '../store/store.ts';
import { compareAddress, inRange, parseAddress, parseRange } from '../core/base/address.ts';
import type { Explanation } from '../core/judge/explain.ts';
import type { ListAddAnswer, ListEntryAnswer } from './answers.ts';
import { blocked, lift } from './blocking.ts';
import { bringIntoForce, BY_COMMAND, inStore, type OperationsContext } from './context.ts';
import { GuardRefusal } from './guard-link.ts';
import { explainRefusal } from './guard-refusals.ts';
import { checkInput, listEntryInput, listName, range as rangeInput } from './inputs.ts';
import { OperationError } from './operation-error.ts';

/** The denylist also shows the blocks that became permanent by themselves (product.md, D2). */
export function listEntries(context: OperationsContext, name: unknown): ListEntryAnswer[] {
  const list = checkInput(listName, name);
  const entries = inStore(() => context.store.list(list)).map((entry) => ({ ...entry, automatic: false }));
  if (list === 'allow') return entries;
  const permanent = blocked(context)
    .filter((block) => block.until === null && block.origin !== 'manual')
    .map((block) => ({
      range: block.address,
      comment: block.reason,
      addedBy: 'Ringfence',
      addedAt: block.since,
      until: null,
      automatic: true,
    }));
  return [...entries, ...permanent];
}

export function listAdd(context: OperationsContext, name: unknown, input: unknown): Promise<ListAddAnswer> {
  const list = checkInput(listName, name);
  const { range, comment } = checkInput(listEntryInput, input);
  return context.turns.take(async () => {
    if (list === 'deny') {
      refuseAllowlisted(context, range);
      await refuseExempt(context, range);
    }
    const change = { now: context.now(), by: BY_COMMAND };
    const { added, duplicates } = inStore(() => context.store.listAdd(list, [{ range, comment }], change));
    if (added.length === 0) return { entry: duplicates[0], added: false, lifted: [] };
    await bringIntoForce(context, range, () => context.store.listRemove(list, [range], { now: context.now(), by: BY_COMMAND }));
    return { entry: added[0], added: true, lifted: list === 'allow' ? await liftCovered(context, range) : [] };
  });
}

/** A denylist entry inside the allowlist would look like protection and be none: the allowlist wins. */
function refuseAllowlisted(context: OperationsContext, text: string): void {
  const range = parseRange(text)!;
  const covering = inStore(() => context.store.list('allow')).find((entry) => {
    const allowed = parseRange(entry.range);
    return allowed !== null && inRange(range.first, allowed) && inRange(range.last, allowed);
  });
  if (!covering) return;
  throw new OperationError(
    'refused',
    'allowlisted',
    `${text} is on the allowlist (${covering.range}): the entry would have no effect.`,
    `Take it off first: ringfence allow remove ${covering.range}`,
  );
}

/** This machine's own addresses and its gateway (product.md, Never): the engine knows them. */
async function refuseExempt(context: OperationsContext, text: string): Promise<void> {
  const { first, last } = parseRange(text)!;
  if (compareAddress(first, last) !== 0) return;
  const engine = (await context.guard.ask({ ask: 'explain', address: text }).catch((error: unknown) => {
    throw explainRefusal(error, text);
  })) as Explanation | null;
  if (engine?.exemption) throw explainRefusal(new GuardRefusal(engine.exemption, text), text);
}

/** An address that is never blocked is not blocked now either. */
async function liftCovered(context: OperationsContext, text: string): Promise<string[]> {
  const range = parseRange(text)!;
  const lifted: string[] = [];
  for (const block of blocked(context)) {
    const address = parseAddress(block.address);
    if (!address || !inRange(address, range)) continue;
    await lift(context, block.address);
    lifted.push(block.address);
  }
  return lifted;
}

export function listRemove(context: OperationsContext, name: unknown, input: unknown): Promise<{ range: string }> {
  const list = checkInput(listName, name);
  const range = checkInput(rangeInput, input);
  return context.turns.take(async () => {
    const before = inStore(() => context.store.list(list));
    const { removed } = inStore(() => context.store.listRemove(list, [range], { now: context.now(), by: BY_COMMAND }));
    if (removed.length > 0) {
      const { comment, addedBy, addedAt } = removed[0];
      const again = () => context.store.listAdd(list, [{ range, comment }], { now: addedAt, by: addedBy });
      await bringIntoForce(context, range, again);
      return { range };
    }
    const automatic = list === 'deny' && blocked(context).some((one) => one.address === range && one.until === null);
    if (automatic) {
      await lift(context, range);
      return { range };
    }
    throw new OperationError('no', 'not-listed', `${range} is not on the ${list}list.`, hintFor(list, range, before));
  });
}

/** Removing a part of an entry is not guessed at: the entry that holds it is named. */
function hintFor(list: 'allow' | 'deny', text: string, entries: ListEntry[]): string {
  const { first } = parseRange(text)!;
  const holder = entries.find((entry) => {
    const range = parseRange(entry.range);
    return range !== null && inRange(first, range);
  });
  return holder
    ? `It is part of the entry ${holder.range}: ringfence ${list} remove ${holder.range}`
    : `See what is: ringfence ${list} list`;
}
