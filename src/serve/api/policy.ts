/** The policy: shown, compared, changed and rolled back. */
import { z } from 'zod';
import { timeCell } from '../../lists/csv-writer.ts';
import { FIELD_KINDS } from '../../policy/fields.ts';
import { policySchema } from '../../policy/schema.ts';
import { policyPath } from '../inputs.ts';
import { applyInput, diffInput, editInput, importInput, rollbackInput, setInput, tryInput } from '../policy-inputs.ts';
import { endpoint, type Group } from './endpoint.ts';
import { shortPage, shortPageInput } from './paging.ts';
import { addressText, count, moment, page } from './shapes.ts';

const document = policySchema.meta({
  id: 'PolicyDocument',
  description: 'Defaults filled in; durations, ports and addresses as people write them.',
});

const versionFields = {
  version: count.describe('0: the built-in default.'),
  at: moment,
  by: z.string(),
  comment: z.string(),
};

export const policyText = z
  .strictObject({
    ...versionFields,
    document,
    text: z.string().describe('As people write it (YAML), with a comment on every field.'),
    written: z.string().describe('As it was written, with its own comments.'),
  })
  .meta({ id: 'Policy' });

export const policyVersion = z.strictObject({ ...versionFields, current: z.boolean() }).meta({ id: 'PolicyVersion' });

const changeFields = {
  version: count,
  changed: z.boolean().describe('False: the policy said so already.'),
  file: z.string().nullable().describe('The policy file that wins at the next start; null: there is none.'),
  value: z.unknown().optional(),
  before: z.unknown().optional(),
};

export const policyChange = z.strictObject(changeFields).meta({ id: 'PolicyChange' });

export const policyEdit = z
  .strictObject({
    ...changeFields,
    steps: z
      .array(z.strictObject({ path: z.string(), before: z.unknown(), after: z.unknown() }))
      .describe('The values that were named, in their order.'),
  })
  .meta({ id: 'PolicyEdit' });

const line = z.int().describe('Line of the file, from 1.');

export const policyImport = z
  .strictObject({
    ...changeFields,
    steps: z
      .array(
        z.strictObject({
          ...{ line, path: z.string(), before: z.unknown(), after: z.unknown() },
          why: z.string().describe('How it was understood.'),
        }),
      )
      .describe('The settings of the file, in its order.'),
    unknown: z
      .array(z.strictObject({ line, text: z.string() }))
      .describe('Lines that are no known setting: nothing was done about them.'),
    allow: z.array(z.string()).describe('Addresses that the file allows: they are not imported.'),
    deny: z.array(z.string()).describe('Addresses that the file denies: they are not imported.'),
  })
  .meta({ id: 'PolicyImport' });

export const policyDiff = z
  .strictObject({
    from: z.string().describe('`version 3`, `the built-in default`, a file’s name.'),
    to: z.string(),
    changes: z.array(
      z.strictObject({
        path: z.string(),
        before: z.unknown(),
        after: z.unknown(),
        removed: z.array(z.unknown()).optional().describe('Of lists: entries that only `before` has.'),
        added: z.array(z.unknown()).optional().describe('Of lists: entries that only `after` has.'),
      }),
    ),
  })
  .meta({ id: 'PolicyDiff' });

const fate = z
  .strictObject({
    outcome: z.enum(['blocked', 'open', 'unknown']).describe('`unknown`: what is recorded does not say.'),
    sure: z.boolean().describe('False: by the rate that was seen, not by what was counted.'),
    why: z.string(),
  })
  .meta({ id: 'Fate' });

const trials = z.array(
  z.strictObject({ source: addressText, present: fate, changed: fate }).meta({ id: 'SourceTrial' }),
);

export const policyTrial = z
  .strictObject({
    attacks: count.describe('Recorded attacks that were looked at.'),
    newlyBlocked: trials.describe('Sources that would be blocked, and are not today.'),
    noLongerBlocked: trials,
    cannotTell: trials,
    unchanged: count.describe('Sources that fare the same under both.'),
    limits: z.array(z.string()).describe('What this cannot know, one sentence each.'),
  })
  .meta({ id: 'PolicyTrial' });

const policyField = z
  .strictObject({
    path: z
      .string()
      .describe(
        '`detect.flood.threshold`; fields of list items as `feeds[].name`; the whole document is the empty path.',
      ),
    kind: z.enum(FIELD_KINDS),
    description: z.string(),
    unit: z.string().optional(),
    min: z.union([z.number(), z.string()]).optional().describe('Durations as text.'),
    max: z.union([z.number(), z.string()]).optional(),
    choices: z.array(z.string()).readonly().optional(),
    default: z.unknown().optional().describe('Absent: the field must be given.'),
    example: z.string(),
  })
  .meta({ id: 'PolicyField' });

export const policyGroup: Group = {
  name: 'Policy',
  description: 'What counts and what happens: one document with a version for every change.',
  endpoints: [
    endpoint({
      method: 'GET',
      path: '/policy',
      id: 'getPolicy',
      summary: 'The policy in force.',
      scope: 'read',
      answer: policyText,
      run: (operations) => operations.policyShow(),
    }),
    endpoint({
      method: 'PUT',
      path: '/policy',
      id: 'applyPolicy',
      summary: 'Replace the policy by a text, at once; a text with errors changes nothing.',
      scope: 'configure',
      body: applyInput,
      answer: policyChange,
      run: (operations, { body }) => operations.policyApply(body),
    }),
    endpoint({
      method: 'GET',
      path: '/policy/value',
      id: 'getPolicyValue',
      summary: 'One value.',
      scope: 'read',
      query: policyPath,
      answer: z.strictObject({ path: z.string(), value: z.unknown() }),
      run: (operations, { query }) => operations.policyGet(query),
    }),
    endpoint({
      method: 'PUT',
      path: '/policy/value',
      id: 'setPolicyValue',
      summary: 'Change one value, at once; a bad value changes nothing.',
      scope: 'configure',
      body: setInput,
      answer: policyChange,
      run: (operations, { body }) => operations.policySet(body),
    }),
    endpoint({
      method: 'POST',
      path: '/policy/edit',
      id: 'editPolicy',
      summary: 'Change several values as one version: all of them or none. With `dryRun` only say what would be.',
      scope: 'configure',
      body: editInput,
      answer: policyEdit,
      run: (operations, { body }) => operations.policyEdit(body),
    }),
    endpoint({
      method: 'POST',
      path: '/policy/import',
      id: 'importPolicy',
      summary: 'Take over the settings of a `sipprot.conf`, as one version. With `dryRun` only say what would be.',
      scope: 'configure',
      body: importInput,
      answer: policyImport,
      run: (operations, { body }) => operations.policyImport(body),
    }),
    endpoint({
      method: 'POST',
      path: '/policy/diff',
      id: 'diffPolicy',
      summary: 'What two versions, or a version and a text, say differently.',
      scope: 'read',
      body: diffInput,
      answer: policyDiff,
      run: (operations, { body }) => operations.policyDiff(body),
    }),
    endpoint({
      method: 'POST',
      path: '/policy/try',
      id: 'tryPolicy',
      summary: 'Who would have been blocked under another policy, newly or no longer; changes nothing.',
      description: 'Takes seconds when there are many attacks; one at a time (409 `trial-busy`).',
      scope: 'read',
      body: tryInput,
      answer: policyTrial,
      run: (operations, { body }) => operations.policyTry(body),
    }),
    endpoint({
      method: 'GET',
      path: '/policy/fields',
      id: 'listPolicyFields',
      summary: 'Every section and field of the policy: what it means, its unit, range and default.',
      scope: 'read',
      query: shortPageInput,
      answer: page(policyField),
      csv: {
        columns: {
          path: ({ path }) => path,
          kind: ({ kind }) => kind,
          unit: ({ unit }) => unit ?? null,
          min: ({ min }) => min ?? null,
          max: ({ max }) => max ?? null,
          default: ({ default: value }) => (value === undefined ? null : JSON.stringify(value)),
          description: ({ description }) => description,
        },
      },
      run: (operations, { query }) => shortPage(operations.policyFields(), query),
    }),
    endpoint({
      method: 'GET',
      path: '/policy/versions',
      id: 'listPolicyVersions',
      summary: 'The versions, the newest first.',
      scope: 'read',
      query: shortPageInput,
      answer: page(policyVersion),
      csv: {
        columns: {
          version: ({ version }) => version,
          at: ({ at }) => timeCell(at),
          by: ({ by }) => by,
          comment: ({ comment }) => comment,
          current: ({ current }) => current,
        },
      },
      run: (operations, { query }) => shortPage(operations.policyHistory(), query),
    }),
    endpoint({
      method: 'GET',
      path: '/policy/versions/{version}',
      id: 'getPolicyVersion',
      summary: 'An earlier version; 0 is the built-in default.',
      scope: 'read',
      answer: policyText,
      run: (operations, { params }) => operations.policyShow({ version: params.version }),
    }),
    endpoint({
      method: 'POST',
      path: '/policy/rollback',
      id: 'rollbackPolicy',
      summary: 'Make an earlier version the policy again.',
      scope: 'configure',
      body: rollbackInput,
      answer: policyChange,
      run: (operations, { body }) => operations.policyRollback(body),
    }),
  ],
};
