/** Saved views: filters of the attack log that somebody gave a name. Each person has their own. */
import { z } from 'zod';
import type { SavedView } from '../store/store.ts';
import { caller } from './caller.ts';
import { inStore, type OperationsContext } from './context.ts';
import { attackFilter, checkInput } from './inputs.ts';
import { OperationError } from './operation-error.ts';

const NAME_MAX = 60;
const VALUE_MAX = 200;

const name = z.string().trim().min(1).max(NAME_MAX);
const value = z.string().max(VALUE_MAX);

/** As the attack log is asked, each value as text; `last` is a length before now (`24h`) in the place of `since`. */
const filter = z
  .partialRecord(z.enum([...attackFilter.omit({ limit: true, cursor: true }).keyof().options, 'last']), value)
  .superRefine(({ last: _, ...asked }, context) => {
    const { error } = attackFilter.safeParse(asked);
    for (const { path, message } of error?.issues ?? []) context.addIssue({ code: 'custom', path, message });
  });

export const viewInput = z.strictObject({ name, filter });
export const viewName = name;

/** Of the person who asks, by name. */
export function views(context: OperationsContext): { items: SavedView[]; next: null } {
  return { items: inStore(() => context.store.views(caller().name)), next: null };
}

/** A view of the same name is replaced. */
export function viewSave(context: OperationsContext, input: unknown): SavedView {
  const view = { ...checkInput(viewInput, input), savedAt: context.now() };
  inStore(() => context.store.viewSave(caller().name, view));
  return view;
}

export function viewRemove(context: OperationsContext, input: unknown): { name: string } {
  const wanted = checkInput(viewName, input);
  if (!inStore(() => context.store.viewRemove(caller().name, wanted)))
    throw new OperationError('no', 'view-unknown', `There is no saved view with the name ${wanted}.`);
  return { name: wanted };
}
