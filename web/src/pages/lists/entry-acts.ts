/** What can be done about entries of a list, for `usePerform`. */
import { ask } from '../../api/client.ts';
import type { components } from '../../api/schema.d.ts';
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

/** As it was; only who added it is new. */
function putBack(list: ListName, { range, comment, until, automatic }: Entry): Promise<unknown> {
  if (automatic)
    return ask('post', '/blocks', { body: { address: range, durationMs: null, reason: comment, yes: true } });
  return ask('post', '/lists/{list}', { path: { list }, body: { range, comment, until, yes: true } });
}
