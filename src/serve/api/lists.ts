/** Allowlist and denylist. */
import { z } from 'zod';
import { timeCell } from '../../lists/csv-writer.ts';
import { listAddInput, listPageInput } from '../lists-inputs.ts';
import { endpoint, type Group } from './endpoint.ts';
import { listedEntry, listEntry, overlap } from './list-shapes.ts';
import { addressText, count, page, rangeText } from './shapes.ts';

export const listPage = page(listedEntry, { total: count.describe('Entries of the whole list.') });

export const listAddition = z
  .strictObject({
    entry: listEntry,
    added: z.boolean().describe('False: it was on the list already.'),
    changed: z.boolean().describe('It was there with another comment or end.'),
    overlaps: z.array(overlap),
    lifted: z.array(addressText).describe('Blocks that the new allowlist entry lifted.'),
  })
  .meta({ id: 'ListAddition' });

export const listsGroup: Group = {
  name: 'Lists',
  description:
    'Who is on the allowlist is never blocked, whatever else is said; who is on the denylist always. A change is in the kernel when it is answered.',
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/lists/{list}',
      id: 'listEntries',
      summary: 'Entries of a list, in the order in which they were added.',
      description: 'The first page of the denylist ends with the blocks that became permanent by themselves.',
      scope: 'read',
      query: listPageInput,
      answer: listPage,
      // As `ringfence allow export` writes them, so that an import takes them back unchanged.
      csv: {
        exact: true,
        query: { overlaps: 'false' },
        // Blocks that became permanent by themselves are no entries: imported somewhere they would become some.
        where: ({ automatic }) => !automatic,
        columns: {
          address: ({ range }) => range,
          comment: ({ comment }) => comment,
          until: ({ until }) => timeCell(until),
          addedBy: ({ addedBy }) => addedBy,
          addedAt: ({ addedAt }) => timeCell(addedAt),
        },
      },
      run: (operations, { params, query }) => operations.listEntries(params.list, query),
    }),
    endpoint({
      method: 'POST',
      path: '/lists/{list}',
      id: 'addListEntry',
      summary: 'Put an address, CIDR or range on a list; on the allowlist also a host name.',
      description: 'What would shut out an administrator or a registered phone wants `yes`: 409 `needs-confirmation`.',
      scope: 'act',
      body: listAddInput('allow'),
      answer: listAddition,
      run: (operations, { params, body }) => operations.listAdd(params.list, body),
    }),
    endpoint({
      method: 'DELETE',
      path: '/lists/{list}/{range}',
      id: 'removeListEntry',
      summary: 'Take an entry off a list.',
      scope: 'act',
      answer: z.strictObject({ range: rangeText }),
      run: (operations, { params }) => operations.listRemove(params.list, params.range),
    }),
  ],
};
