/** The shapes of what operations take. What is wrong with an input is said in the words of the one who typed it. */
import { z } from 'zod';
import { ACTIONS } from '../core/judge/verdict.ts';
import { DETECTORS } from '../core/base/policy.ts';
import { formatAddress, formatRange, parseAddress, parseRange } from '../core/base/address.ts';
import { formatTarget, parseAddressOrPhone, parseTarget, SCOPES } from '../core/base/target.ts';
import { rangeProblem } from '../policy/address-text.ts';
import { DURATION_MAX_MS } from '../policy/duration.ts';
import { POLICY_BYTES_MAX } from '../policy/yaml-file.ts';
import { inputWords } from './input-words.ts';
import { OperationError } from './operation-error.ts';

export const COMMENT_MAX = 500;
const TEXT_MAX = 200;
export const LIMIT_MAX = 1_000_000;

/** One address, given on in its canonical text. */
export const address = z
  .string()
  .max(TEXT_MAX)
  .transform((text, context) => {
    const parsed = parseAddress(text);
    if (parsed) return formatAddress(parsed);
    const message = rangeProblem(text) ?? 'one address is expected here, not a range: write 192.0.2.1 or 2001:db8::1';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** What a block covers, given on in its canonical text. */
export const target = z
  .string()
  .max(TEXT_MAX)
  .transform((text, context) => {
    const parsed = parseTarget(text);
    if (parsed) return formatTarget(parsed);
    const message =
      'an address is expected here, one phone behind it (192.0.2.1:5062/udp, [2001:db8::1]:5062/tcp), or a blocked network (192.0.2.0/24, 2001:db8::/64)';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** An address, or one phone behind it; without its transport (`192.0.2.1:5062`) either is meant. */
export const addressOrPhone = z
  .string()
  .max(TEXT_MAX)
  .transform((text, context) => {
    const parsed = parseAddressOrPhone(text);
    if (parsed !== null) return { ...parsed, address: formatAddress(parsed.address) };
    const phone = text.includes(']') || /^[0-9.]+:/.test(text);
    const message =
      'one address is expected here, or one phone behind it: 192.0.2.1, 192.0.2.1:5062, [2001:db8::1]:5062/tcp';
    context.addIssue({ code: 'custom', message: (phone ? null : rangeProblem(text)) ?? message });
    return z.NEVER;
  });

/** An address, CIDR or range, given on in its canonical text. */
export const range = z
  .string()
  .max(TEXT_MAX)
  .transform((text, context) => {
    const parsed = parseRange(text);
    if (parsed) return formatRange(parsed);
    context.addIssue({ code: 'custom', message: rangeProblem(text) ?? 'an address, CIDR or range is expected' });
    return z.NEVER;
  });

export const commentText = z.string().max(COMMENT_MAX, {
  error: ({ input }) => `the text has ${String(input).length} characters: at most ${COMMENT_MAX}`,
});
const comment = commentText.default('');
const moment = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** 0: the built-in default. */
const version = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const limit = z.coerce.number().int().min(1).max(LIMIT_MAX);

export const listName = z.enum(['allow', 'deny']);
export const incidentId = z.string().min(1).max(TEXT_MAX);

/** Of a query string. */
const yesOrNo = z.enum(['true', 'false']).transform((text) => text === 'true');
const searchText = z.string().max(TEXT_MAX);
const cursor = z.string().max(TEXT_MAX).describe('`next` of the page before.');

export const attackFilter = z.strictObject({
  since: moment.optional().describe('With a counted message at or after it, milliseconds since the epoch.'),
  until: moment.optional().describe('Begun at or before it.'),
  source: range.optional(),
  victim: range.optional(),
  kind: z.enum(DETECTORS).optional(),
  action: z.enum(ACTIONS).optional(),
  country: z
    .string()
    .regex(/^[A-Za-z]{2}$/, { error: 'two letters are expected, as in DE' })
    .transform((code) => code.toUpperCase())
    .optional(),
  asn: z.coerce.number().int().min(0).max(4_294_967_295).optional(),
  open: yesOrNo.optional().describe('`true`: going on; `false`: over.'),
  text: searchText.optional().describe('In user agent, users, files, reason or name of the network, in any case.'),
  limit: limit.default(50).describe('A page holds at most 1000.'),
  cursor: cursor.optional(),
});

export const blockFilter = z.strictObject({
  source: range.optional().describe('Blocks of these addresses and their phones, and networks around them.'),
  scope: z.enum(SCOPES).optional().describe('`port`: one phone; `address`; `network`.'),
  text: searchText.optional().describe('In target or reason, in any case.'),
  permanent: yesOrNo.optional(),
  origin: z.enum(['automatic', 'manual', 'kernel']).optional(),
  limit: limit.default(50).describe('A page holds at most 5000.'),
  cursor: cursor.optional(),
});

export const blockInput = z.strictObject({
  address,
  /** Null: permanent. Left out: the policy's block.for. */
  durationMs: z.number().int().min(1000).max(DURATION_MAX_MS).nullable().optional(),
  reason: comment,
  /** The caller knows whom it shuts out. */
  yes: z.boolean().default(false),
});

export const policyPath = z.strictObject({ path: z.string().max(TEXT_MAX) });
export const policySetInput = z.strictObject({
  path: z.string().max(TEXT_MAX),
  value: z.string().max(65_536),
  comment,
});
export const policyTextInput = z.strictObject({
  name: z.string().max(4096),
  text: z.string().max(POLICY_BYTES_MAX),
  comment,
});
export const policyVersion = z.strictObject({ version });
export const eventsInput = z.strictObject({
  since: moment.optional(),
  until: moment.optional(),
  level: z.enum(['info', 'warning', 'error']).optional(),
  text: z.string().max(TEXT_MAX).optional().describe('In code or text, in any case.'),
  limit: limit.default(50),
  cursor: cursor.optional(),
});

/** The checked input. Errors: `OperationError` `usage` that names each field and what was expected. */
export function checkInput<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value, { error: inputWords });
  if (result.success) return result.data;
  const lines = result.error.issues.slice(0, 20).map((issue) => {
    const place = issue.path.join('.');
    return place === '' ? issue.message : `${place}: ${issue.message}`;
  });
  throw new OperationError('usage', 'bad-input', lines.join('\n'));
}
