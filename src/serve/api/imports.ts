/** Imports into a list, a chunk of entries to a request: all of it, or nothing. */
import { z } from 'zod';
import { importBeginInput, importChunkInput, importEndInput } from '../lists-inputs.ts';
import { endpoint, type Group } from './endpoint.ts';
import { listEntry } from './list-shapes.ts';
import { addressText, count, rangeText } from './shapes.ts';

export const importAnswer = z
  .strictObject({
    added: count,
    changed: count,
    same: count,
    total: count.describe('Entries of the list afterwards; of a dry run: as it is.'),
    allowlisted: z
      .array(rangeText)
      .describe('Ranges that the allowlist covers too: they have no effect on the denylist. The first ones.'),
    allowlistedCount: count,
    shutOut: z.array(z.string()).describe('Whom the import shuts out that gets in today, a sentence each.'),
    lifted: z.array(addressText).describe('Blocks that the import lifted. The first ones.'),
    liftedCount: count,
  })
  .meta({ id: 'ImportOutcome' });

const at = z.int().describe('Which entry of the request, from 0.');

export const importsGroup: Group = {
  name: 'Imports',
  description:
    'Long lists, chunk by chunk over one connection. An import belongs to its connection: when that ends, the list is as it was.',
  endpoints: [
    endpoint({
      method: 'POST',
      path: '/lists/{list}/imports',
      id: 'beginImport',
      summary: 'Begin an import; one at a time.',
      scope: 'act',
      body: importBeginInput,
      answer: z.strictObject({ id: z.int() }),
      run: (operations, { params, body }) => operations.listImportBegin(params.list, body),
    }),
    endpoint({
      method: 'POST',
      path: '/imports/{id}/entries',
      id: 'addImportEntries',
      summary: 'Give an import more entries; nothing counts before its end.',
      scope: 'act',
      body: importChunkInput,
      answer: z
        .strictObject({
          steps: z
            .array(
              z.discriminatedUnion('what', [
                z.strictObject({ at, what: z.literal('added'), after: listEntry }),
                z.strictObject({ at, what: z.literal('changed'), before: listEntry, after: listEntry }),
              ]),
            )
            .describe('The first `show` additions and changes.'),
        })
        .meta({ id: 'ImportChunk' }),
      run: (operations, { params, body }) => operations.listImportStage(params.id, body),
    }),
    endpoint({
      method: 'POST',
      path: '/imports/{id}/end',
      id: 'endImport',
      summary: 'Bring an import into force, or with `dryRun` say what that would do.',
      scope: 'act',
      body: importEndInput,
      answer: importAnswer,
      run: (operations, { params, body }) => operations.listImportEnd(params.id, body),
    }),
    endpoint({
      method: 'DELETE',
      path: '/imports/{id}',
      id: 'abortImport',
      summary: 'Give an import up: the list is as it was.',
      scope: 'act',
      answer: z.strictObject({ aborted: z.literal(true) }),
      run: (operations, { params }) => operations.listImportAbort(params.id),
    }),
  ],
};
