/**
 * The kinds of fields a policy is made of. Each builder gives a zod schema with its default, and keeps what the manual, the API and
 * the web forms need (kind, unit, range, default, example, description) as the schema's metadata.
 */
import { z } from 'zod';
import { formatDuration, parseDuration } from './duration.ts';
import { parsePorts } from './ports.ts';
import { prefixesProblem } from './prefix-text.ts';

export const FIELD_KINDS = [
  'section',
  'duration',
  'ports',
  'integer',
  'number',
  'boolean',
  'choice',
  'range',
  'ranges',
  'agents',
  'countries',
  'text',
  'feeds',
  'inviteOverrides',
  'overrides',
  'thresholds',
  'sections',
  'choices',
] as const;
export type FieldKind = (typeof FIELD_KINDS)[number];

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

export function fieldMeta(schema: z.core.$ZodType): FieldMeta {
  return z.globalRegistry.get(schema) as unknown as FieldMeta;
}

/** The schema below defaults. */
export function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault) inner = inner.def.innerType;
  return inner;
}

export function described<S extends z.ZodType>(schema: S, meta: FieldMeta): S {
  return schema.meta({ ...meta, examples: [meta.example] });
}

/** Adds `check(value)`, a sentence when the value is wrong, as a custom issue. */
export function textThat(check: (text: string) => string | null) {
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

/** What telephone numbers begin with, separated by commas. */
export function prefixes(description: string, fallback: string) {
  return described(textThat(prefixesProblem).default(fallback), {
    kind: 'text',
    description,
    unit: 'digits and +, separated by commas',
    default: fallback,
    example: fallback === '' ? '49, 43' : fallback,
  });
}

/** A text that may be empty: not given. */
export function text(description: string, unit: string, check: (text: string) => string | null, example: string) {
  const schema = textThat((value) => (value === '' ? null : check(value)));
  return described(schema.default(''), { kind: 'text', description, unit, default: '', example });
}

/** A text that must be given. */
export function requiredText(
  description: string,
  unit: string,
  check: (text: string) => string | null,
  example: string,
) {
  return described(textThat(check), { kind: 'text', description, unit, example });
}

/** A text that has a default and is never empty. */
export function givenText(description: string, unit: string, check: (text: string) => string | null, fallback: string) {
  const schema = textThat(check).default(fallback);
  return described(schema, { kind: 'text', description, unit, default: fallback, example: fallback });
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
      return `a list of at most 1000 addresses, CIDRs or ranges${example}`;
    case 'agents':
      return `a list of at most 1000 user agents${example}`;
    case 'countries':
      return `a list of country codes (ISO 3166-1 alpha-2)${example}`;
    case 'text':
      return `${meta.unit}${example}`;
    case 'feeds':
      return `a list of at most 8 feeds${example}`;
    case 'inviteOverrides':
    case 'overrides':
      return `a list of at most 1000 overrides${example}`;
    case 'thresholds':
      return `names of thresholds with their values${example}`;
    case 'sections':
      return `a list of at most ${meta.max} ${meta.unit}${example}`;
    case 'choices':
      return `a list of words out of ${meta.choices!.join(', ')}`;
  }
}
