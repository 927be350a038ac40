/** The shapes of what the operations on lists and blocks take. */
import { z } from 'zod';
import { formatRange, parseRange } from '../core/base/address.ts';
import { ENCODINGS, LIST_FORMATS } from '../lists/entry.ts';
import { parseHostName } from '../lists/host-name.ts';
import { rangeProblem } from '../policy/address-text.ts';
import { DURATION_MAX_MS } from '../policy/duration.ts';
import { LIST_PAGE_MAX, type ListName } from '../store/store.ts';
import { commentText as comment, LIMIT_MAX, range, target } from './inputs.ts';

const TEXT_MAX = 300;
/** Entries of one request of an import: about 1 MB of JSON at the most usual. */
export const IMPORT_CHUNK_MAX = 5000;

const moment = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const yes = z.boolean().default(false);

/** Canonical text of an address, CIDR or range; on the allowlist also a host name. */
export function listedText(list: ListName, text: string): { text: string } | { problem: string } {
  const range = parseRange(text.trim());
  if (range) return { text: formatRange(range) };
  const host = parseHostName(text.trim());
  const problem = rangeProblem(text.trim()) ?? 'an address, CIDR or range is expected';
  if (!('name' in host)) return { problem };
  if (list === 'allow') return { text: host.name };
  return {
    problem: `${text.trim()}: a host name belongs on the allowlist only, because whoever controls the name would choose what is blocked`,
  };
}

export function listedValue(list: ListName) {
  return z
    .string()
    .max(TEXT_MAX)
    .transform((text, context) => {
      const read = listedText(list, text);
      if ('text' in read) return read.text;
      context.addIssue({ code: 'custom', message: read.problem });
      return z.NEVER;
    });
}

export function listAddInput(list: ListName) {
  return z.strictObject({
    range: listedValue(list),
    comment: comment.optional(),
    /** Milliseconds since the epoch; null: no end. */
    until: moment.nullable().optional(),
    /** The caller knows whom it shuts out. */
    yes,
  });
}

export const listPageInput = z.strictObject({
  /** `next` of the page before. */
  cursor: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(LIST_PAGE_MAX).default(LIST_PAGE_MAX),
  filter: z.string().max(TEXT_MAX).default(''),
  overlaps: z.enum(['true', 'false']).default('true'),
});

export const importBeginInput = z.strictObject({
  /** For the audit log: the file's name. */
  subject: z.string().max(4096).default(''),
});

export const importChunkInput = z.strictObject({
  entries: z
    .array(
      z.strictObject({
        range: z.string().max(TEXT_MAX),
        comment: comment.optional(),
        until: moment.nullable().optional(),
        addedBy: z.string().max(TEXT_MAX).optional(),
        addedAt: moment.optional(),
      }),
    )
    .max(IMPORT_CHUNK_MAX),
  /** Additions and changes of this chunk that the answer names: each costs more than to stage it. */
  show: z.number().int().min(0).max(IMPORT_CHUNK_MAX).default(0),
});

export const importEndInput = z.strictObject({ dryRun: z.boolean().default(false), yes });

const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');
const oneOrMore = z.union([
  z
    .string()
    .max(TEXT_MAX)
    .transform((text) => [text]),
  z.array(z.string().max(TEXT_MAX)).max(100),
]);

/** Of a file as the body of a request. */
export const importFileInput = z.strictObject({
  fileName: z.string().max(TEXT_MAX).default('').describe('For the audit log.'),
  dryRun: flag.describe('Only say what would be added, changed and refused.'),
  skipBad: flag.describe('Leave bad lines out; without it a file with errors changes nothing.'),
  set: oneOrMore.optional().describe('Of a file with several sets only these.'),
  allSets: flag.describe('Of a file with several sets all.'),
  allowWide: flag.describe('Take entries wider than /8 (IPv6: /7).'),
  format: z.enum(LIST_FORMATS).optional().describe('Left out: recognised by content.'),
  encoding: z.enum(ENCODINGS).optional().describe('Left out: by the byte order mark, else UTF-8.'),
  yes: flag.describe('Also when somebody would be shut out.'),
});

export const importId = z.coerce.number().int().min(1);

export const extendInput = z.strictObject({
  /** Or one phone, or a network. */
  address: target,
  /** From now on; null: for ever. */
  durationMs: z.number().int().min(1000).max(DURATION_MAX_MS).nullable(),
});

export const promoteInput = z.strictObject({
  /** Or a network. */
  address: range,
  to: z.enum(['allow', 'deny']),
  comment: comment.optional(),
  yes,
});

/** What the audit log calls changes (docs/cli.md); the part before the dot stands for all of its kind. */
const LIST_CHANGES = ['add', 'change', 'remove', 'import', 'import-undone', 'end'];
const AUDIT_KINDS = Object.entries({
  allow: LIST_CHANGES,
  deny: LIST_CHANGES,
  block: ['add', 'extend', 'lift'],
  policy: ['set', 'rollback'],
  user: ['add', 'change', 'remove', 'link', 'password', 'second-factor', 'recovery-code', 'recovery-codes'],
  session: ['begin', 'end'],
  token: ['add', 'remove'],
}).flatMap(([subject, changes]) => [subject, ...changes.map((change) => `${subject}.${change}`)]);

const auditKind = z.string().superRefine((text, context) => {
  if (AUDIT_KINDS.includes(text)) return;
  const message = `"${text.slice(0, TEXT_MAX)}" is no kind of change: there are ${AUDIT_KINDS.join(', ')}`;
  context.addIssue({ code: 'custom', message });
});

export const auditInput = z.strictObject({
  since: z.coerce.number().int().min(0).optional(),
  until: z.coerce.number().int().min(0).optional(),
  what: auditKind.optional(),
  who: z.string().max(TEXT_MAX).optional(),
  text: z.string().max(TEXT_MAX).optional().describe('In subject or comment, in any case.'),
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(50).describe('A page holds at most 1000.'),
  cursor: z.string().max(TEXT_MAX).optional().describe('`next` of the page before.'),
});
