/** The kinds of fields that are lists: addresses, user agents, countries, feeds, other thresholds for known sources. */
import { z } from 'zod';
import { THRESHOLDS } from '../core/base/policy.ts';
import { rangeProblem } from './address-text.ts';
import { countryProblem } from './country-codes.ts';
import { described, textThat } from './fields.ts';

/** Entries of one list. An allowlist of thousands belongs into the lists of the store, not here. */
export const LIST_MAX = 1000;
export const AGENT_CHARS_MAX = 200;
/** Each feed is a set of its own in the kernel, and a rule that every packet to a protected port passes. */
export const FEEDS_MAX = 8;

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

export function countries(description: string) {
  return described(z.array(textThat(countryProblem)).max(LIST_MAX).default([]), {
    kind: 'countries',
    description,
    unit: 'ISO 3166-1 alpha-2 codes',
    default: [],
    example: '[CN, RU]',
  });
}

export function inviteOverrides<S extends z.ZodRawShape>(description: string, item: z.ZodObject<S, z.core.$strict>) {
  return described(z.array(item).max(LIST_MAX).default([]), {
    kind: 'inviteOverrides',
    description,
    default: [],
    example: '[{ source: 192.0.2.0/24, simultaneous: 200, threshold: 600 }]',
  });
}

export function feeds<S extends z.ZodRawShape>(description: string, item: z.ZodObject<S, z.core.$strict>) {
  return described(z.array(item).max(FEEDS_MAX).default([]), {
    kind: 'feeds',
    description,
    default: [],
    example: '[{ name: voip-blacklist, url: "https://lists.example.org/sip.txt", every: 1h }]',
  });
}

export function overrides<S extends z.ZodRawShape>(description: string, item: z.ZodObject<S, z.core.$strict>) {
  return described(z.array(item).max(LIST_MAX).default([]), {
    kind: 'overrides',
    description,
    default: [],
    example: '[{ source: 192.0.2.0/24, set: { flood.threshold: 5000 } }]',
  });
}

/** A list of sections of one shape. */
export function sections<S extends z.ZodRawShape>(
  description: string,
  item: z.ZodObject<S, z.core.$strict>,
  { max, unit, example }: { max: number; unit: string; example: string },
) {
  const schema = z.array(item).max(max).default([]);
  return described(schema, { kind: 'sections', description, unit, max, default: [], example });
}

/** Some of a few words. */
export function choices<const C extends readonly [string, ...string[]]>(
  description: string,
  words: C,
  fallback: readonly C[number][],
) {
  const schema = z
    .array(z.enum(words))
    .max(words.length)
    .default([...fallback] as never);
  const example = `[${words.slice(0, 2).join(', ')}]`;
  return described(schema, { kind: 'choices', description, choices: words, default: fallback, example });
}

/** The values of one override: any threshold by its name. */
export function thresholds(description: string, max: number) {
  type Thresholds = Record<(typeof THRESHOLDS)[number], z.ZodOptional<z.ZodInt>>;
  const value = (name: string) =>
    described(z.int().min(1).max(max).optional(), {
      kind: 'integer',
      description: `In place of detect.${name}.`,
      min: 1,
      max,
      unit: 'events',
      example: '5000',
    });
  const shape = Object.fromEntries(THRESHOLDS.map((name) => [name, value(name)])) as Thresholds;
  return described(z.strictObject(shape), { kind: 'thresholds', description, example: '{ flood.threshold: 5000 }' });
}
