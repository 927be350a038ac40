/** What can be done about entries of a list, for `usePerform`. */
import { ask } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';
import type { FileImport } from '../../api/upload.ts';
import type { Act, ListName } from '../../source/acts.ts';

export type Entry = components['schemas']['ListedEntry'];

/** A block that became permanent is shown with the denylist and lifted like a block. */
export function remove(list: ListName): Act<Entry> {
  return {
    nameOf: ({ range }) => range,
    run: ({ range, automatic }) =>
      automatic
        ? ask('delete', '/blocks/{address}', { path: { address: range } })
        : ask('delete', '/lists/{list}/{range}', { path: { list, range } }),
    back: (entry) => () => putBack(list, entry),
    told: (who, many) => `${who} ${many ? 'are' : 'is'} off the ${list}list.`,
    insist: 'Remove all the same',
  };
}

/**
 * How an import is taken back, entry by entry: new ones go, changed ones become what they were. Null: it was longer than what the
 * answer names.
 */
export function takeBack(list: ListName, { plan, added, changed }: FileImport): (() => Promise<void>) | null {
  if (plan.added.length < added || plan.changed.length < changed) return null;
  return async () => {
    for (const { after } of plan.added)
      await ask('delete', '/lists/{list}/{range}', { path: { list, range: after.range } });
    for (const { before } of plan.changed) await putBack(list, { ...before, automatic: false });
  };
}

/** As it was; only who added it is new. */
function putBack(
  list: ListName,
  { range, comment, until, automatic }: Pick<Entry, 'range' | 'comment' | 'until' | 'automatic'>,
): Promise<unknown> {
  if (automatic)
    return ask('post', '/blocks', { body: { address: range, durationMs: null, reason: comment, yes: true } });
  return ask('post', '/lists/{list}', { path: { list }, body: { range, comment, until, yes: true } });
}
