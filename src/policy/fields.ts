/**
 * The kinds of fields a policy is made of. Each builder gives a zod schema with its default, and keeps what the manual, the API and
 * the web forms need (kind, unit, range, default, example, description) as the schema's metadata.
 */
import { z } from 'zod';
import { rangeProblem } from './address-text.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { parsePorts } from './ports.ts';

export type FieldKind =
  | 'section'
  | 'duration'
  | 'ports'
  | 'integer'
  | 'number'
  | 'boolean'
  | 'choice'
  | 'range'
  | 'ranges'
  | 'agents'
  | 'overrides';

export interface FieldMeta {
  kind: FieldKind;
  description: string;
  unit?: string;
  /** Durations as text, numbers as numbers. */
  min?: number | string;
  max?: number | string;
  choices?: readonly string[];
  /** Absent: the field must be given. */
  default?: unknown;
  example: string;
}

/** Entries of one list. An allowlist of thousands belongs into the lists of the store, not here. */
export const LIST_MAX = 1000;
export const AGENT_CHARS_MAX = 200;

export function fieldMeta(schema: z.core.$ZodType): FieldMeta {
  return z.globalRegistry.get(schema) as unknown as FieldMeta;
}

/** The schema below defaults. */
export function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) inner = inner.def.innerType;
  return inner;
}

function described<S extends z.ZodType>(schema: S, meta: FieldMeta): S {
  return schema.meta({ ...meta, examples: [meta.example] });
}

/** Adds `check(value)`, a sentence when the value is wrong, as a custom issue. */
function textThat(check: (text: string) => string | null) {
  return z.string().superRefine((text, ctx) => {
    const problem = check(text);
    if (problem !== null) ctx.addIssue({ code: 'custom', message: problem });
  });
}

export function section<S extends z.ZodRawShape>(description: string, shape: S) {
  return described(z.strictObject(shape).prefault({} as never), { kind: 'section', description, example: '' });
}

export function duration(description: string, fallback: string, min: string, max: string) {
  const ms = (text: string) => (parseDuration(text) as { ms: number }).ms;
  const [lowest, highest] = [ms(min), ms(max)];
  const schema = textThat((text) => {
    const parsed = parseDuration(text);
    if ('problem' in parsed) return parsed.problem;
    if (parsed.ms < lowest) return `${formatDuration(parsed.ms)} is too short: at least ${min}`;
    return parsed.ms > highest ? `${formatDuration(parsed.ms)} is too long: at most ${max}` : null;
  });
  return described(schema.default(fallback), {
    kind: 'duration',
    description,
    unit: 'duration (s, m, h, d, w)',
    min,
    max,
    default: fallback,
    example: fallback,
  });
}

export function ports(description: string, fallback: string) {
  const schema = textThat((text) => {
    const parsed = parsePorts(text);
    return 'problem' in parsed ? parsed.problem : null;
  });
  return described(schema.default(fallback), {
    kind: 'ports',
    description,
    unit: 'ports',
    min: 1,
    max: 65_535,
    default: fallback,
    example: '5060,5062,5070-5080',
  });
}

export function integer(description: string, unit: string, fallback: number, min: number, max: number) {
  return described(z.int().min(min).max(max).default(fallback), {
    kind: 'integer',
    description,
    unit,
    min,
    max,
    default: fallback,
    example: String(fallback),
  });
}

/** A whole number that has no default. */
export function requiredInteger(description: string, unit: string, min: number, max: number) {
  return described(z.int().min(min).max(max), { kind: 'integer', description, unit, min, max, example: '60' });
}

export function share(description: string, fallback: number, max: number) {
  return described(z.number().min(0).max(max).default(fallback), {
    kind: 'number',
    description,
    unit: 'share',
    min: 0,
    max,
    default: fallback,
    example: String(fallback),
  });
}

export function flag(description: string, fallback: boolean) {
  return described(z.boolean().default(fallback), {
    kind: 'boolean',
    description,
    default: fallback,
    example: String(fallback),
  });
}

export function choice<const C extends readonly [string, ...string[]]>(
  description: string,
  choices: C,
  fallback: C[number],
) {
  return described(z.enum(choices).default(fallback as never), {
    kind: 'choice',
    description,
    choices,
    default: fallback,
    example: fallback,
  });
}

export function range(description: string) {
  return described(textThat(rangeProblem), { kind: 'range', description, unit: 'address', example: '192.0.2.0/24' });
}

export function ranges(description: string) {
  return described(z.array(textThat(rangeProblem)).max(LIST_MAX).default([]), {
    kind: 'ranges',
    description,
    unit: 'addresses',
    default: [],
    example: '[192.0.2.0/24, 2001:db8::/32]',
  });
}

export function agents(description: string, fallback: readonly string[]) {
  return described(
    z
      .array(textThat(agentProblem))
      .max(LIST_MAX)
      .default([...fallback]),
    {
      kind: 'agents',
      description,
      unit: 'user agents',
      default: fallback,
      example: '[friendly-scanner, "=PBX"]',
    },
  );
}

function agentProblem(entry: string): string | null {
  // A plain entry that holds no letter or digit would match every user agent, or none.
  if (!/[\p{L}\p{N}]/u.test(entry)) return 'an entry needs at least one letter or digit';
  if (entry.length > AGENT_CHARS_MAX) return `an entry has at most ${AGENT_CHARS_MAX} characters`;
  if (entry !== entry.trim()) return 'no spaces at the ends of an entry';
  if (/[\u0000-\u001f\u007f]/.test(entry)) return 'no control characters: a header value cannot hold them';
  return entry.isWellFormed() ? null : 'the entry is no valid Unicode';
}

export function overrides<S extends z.ZodRawShape>(description: string, item: z.ZodObject<S, z.core.$strict>) {
  return described(z.array(item).max(LIST_MAX).default([]), {
    kind: 'overrides',
    description,
    default: [],
    example: '[{ source: 192.0.2.0/24, simultaneous: 200, threshold: 600 }]',
  });
}

/** What belongs at a field, for people: `a whole number from 1 to 1000000, e.g. 500`. */
export function expectedText(meta: FieldMeta): string {
  const example = meta.example === '' ? '' : `, e.g. ${meta.example}`;
  switch (meta.kind) {
    case 'section':
      return 'a section: indented keys, each with its value';
    case 'duration':
      return `a duration from ${meta.min} to ${meta.max}${example}`;
    case 'ports':
      return `ports and ranges from 1 to 65535${example}`;
    case 'integer':
      return `a whole number from ${meta.min} to ${meta.max}${example}`;
    case 'number':
      return `a number from ${meta.min} to ${meta.max}${example}`;
    case 'boolean':
      return 'true or false';
    case 'choice':
      return `one of ${meta.choices!.join(', ')}`;
    case 'range':
      return `an address, a CIDR or a range${example}`;
    case 'ranges':
      return `a list of at most ${LIST_MAX} addresses, CIDRs or ranges${example}`;
    case 'agents':
      return `a list of at most ${LIST_MAX} user agents${example}`;
    case 'overrides':
      return `a list of at most ${LIST_MAX} overrides${example}`;
  }
}
