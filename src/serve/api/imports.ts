/** Imports into a list, as a file or a chunk of entries to a request: all of it, or nothing. */
import { z } from 'zod';
import { LIST_FORMATS } from '../../lists/entry.ts';
import { importBeginInput, importChunkInput, importEndInput, importFileInput } from '../lists-inputs.ts';
import { endpoint, type Group } from './endpoint.ts';
import { listEntry } from './list-shapes.ts';
import { addressText, count, rangeText } from './shapes.ts';
import { trouble } from './status.ts';

const outcomeFields = {
  added: count,
  changed: count,
  same: count,
  total: count.describe('Entries of the list afterwards; of a dry run: as it is.'),
  allowlisted: z
    .array(rangeText)
    .describe('Ranges that the allowlist covers too: they have no effect on the denylist. The first ones.'),
  allowlistedCount: count,
  exempt: z
    .array(rangeText)
    .describe(
      'Ranges of this machine, of its default gateways and of no source at all: they have no effect either. The first ones.',
    ),
  exemptCount: count,
  shutOut: z.array(z.string()).describe('Whom the import shuts out that gets in today, a sentence each.'),
  lifted: z.array(addressText).describe('Blocks that the import lifted. The first ones.'),
  liftedCount: count,
};

export const importOutcome = z.strictObject(outcomeFields).meta({ id: 'ImportOutcome' });

const line = z.int().describe('Line of the file, from 1; 0: the whole file.');
const planned = z.int().describe('Line of the file, from 1.');

export const fileImport = z
  .strictObject({
    ...outcomeFields,
    applied: z.boolean().describe('The list is now as the file wants it.'),
    dryRun: z.boolean(),
    stopped: trouble
      .nullable()
      .describe(
        'Why nothing was changed, or with `dryRun` would not be: `bad-lines`, `several-sets`, `header-without-address` …',
      ),
    format: z.enum(LIST_FORMATS).nullable().describe('As what the file was read; null: it is empty.'),
    duplicates: count.describe('Lines with an address that an earlier line has.'),
    over: count.describe('Lines whose end has passed.'),
    refused: count.describe('Lines that are no entry.'),
    problems: z
      .array(z.strictObject({ line, code: z.string(), value: z.string(), why: z.string(), expected: z.string() }))
      .describe('What was refused; the first 100. `value` is escaped and cut.'),
    notes: z
      .array(z.strictObject({ line, code: z.string(), value: z.string(), text: z.string() }))
      .describe('What was understood in another way than it was written; the first 100.'),
    sets: z
      .array(z.strictObject({ name: z.string(), records: count }))
      .describe('Sets of the file: with several of them say which are meant.'),
    plan: z
      .strictObject({
        added: z.array(z.strictObject({ line: planned, after: listEntry })),
        changed: z.array(z.strictObject({ line: planned, before: listEntry, after: listEntry })),
      })
      .describe('The first 200 of each.'),
  })
  .meta({ id: 'FileImport' });

const at = z.int().describe('Which entry of the request, from 0.');

export const importChunk = z
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
  .meta({ id: 'ImportChunk' });

export const importsGroup: Group = {
  name: 'Imports',
  description:
    'Long lists: a file as it is, or chunk by chunk over one connection. An import belongs to its connection: when that ends, the list is as it was.',
  endpoints: [
    endpoint({
      method: 'POST',
      path: '/lists/{list}/import',
      id: 'importFile',
      summary: 'Put the entries of a file on a list: all of them, or none.',
      description:
        'The body is the file, up to 64 MB: CSV, one address a line, or what `ipset save`, `nft list` and `fail2ban-client` print. A file with errors changes nothing (`stopped`) unless `skipBad`. What would shut somebody out wants `yes`: 409 `needs-confirmation`.',
      scope: 'act',
      query: importFileInput,
      upload: ['text/csv', 'text/plain', 'application/octet-stream'],
      answer: fileImport,
      run: (operations, { params, query, body }) => operations.listImportFile(params.list, query, body),
    }),
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
      answer: importChunk,
      run: (operations, { params, body }) => operations.listImportStage(params.id, body),
    }),
    endpoint({
      method: 'POST',
      path: '/imports/{id}/end',
      id: 'endImport',
      summary: 'Bring an import into force, or with `dryRun` say what that would do.',
      scope: 'act',
      body: importEndInput,
      answer: importOutcome,
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
