/** A parsed value (from YAML or from `policy set`) against the schema: the complete document, or every error with its place. */
import type { z } from 'zod';
import { z as zod } from 'zod';
import { crossCheck } from './cross-check.ts';
import { parseDuration } from './duration.ts';
import { expectedText, fieldMeta, unwrapped } from './fields.ts';
import type { FieldMeta } from './fields.ts';
import { nearest } from './nearest.ts';
import { FOUND_MAX, POLICY_ERRORS_MAX } from './policy-error.ts';
import type { PolicyError } from './policy-error.ts';
import { describePolicy, policySchema } from './schema.ts';
import type { FieldDescription, PolicyDocument } from './schema.ts';

export type Path = readonly (string | number)[];

/** Where a path stands in what the person wrote. */
export interface Place extends Pick<PolicyError, 'file' | 'line' | 'column' | 'source' | 'caret'> {
  /** The text that stands there; null when the path itself is not in the source. */
  text: string | null;
}
export type Locate = (path: Path, part: 'key' | 'value') => Place;

export type Checked = { document: PolicyDocument } | { errors: PolicyError[] };

export function checkDocument(raw: unknown, locate: Locate): Checked {
  const tidy = normalise(policySchema, raw, []);
  const result = policySchema.safeParse(tidy);
  const errors = result.success
    ? crossCheck(result.data, locate)
    : result.error.issues.flatMap((issue) => toErrors(issue, tidy, locate));
  if (errors.length === 0) return { document: result.data! };
  return { errors: withoutRepeats(sortByPlace(errors)).slice(0, POLICY_ERRORS_MAX) };
}

export function sortByPlace(errors: PolicyError[]): PolicyError[] {
  return errors.sort((a, b) => a.line - b.line || a.column - b.column);
}

/** `sip: 5060-` is wrong for both transports, but one mistake. */
function withoutRepeats(errors: PolicyError[]): PolicyError[] {
  const isSip = (error: PolicyError) => error.path.startsWith('ports.sip.');
  const same = (a: PolicyError, b: PolicyError) =>
    isSip(a) && isSip(b) && a.line === b.line && a.column === b.column && a.hint === b.hint;
  return errors.filter((error, i) => i === 0 || !same(error, errors[i - 1]));
}

/**
 * Tolerance: a section without content is the section's defaults; a port list may be a bare number or a YAML list; a list may be
 * one comma-separated text; `ports.sip` may be one port list for both transports; countries may be in lower case; the thresholds of
 * an override may be nested (`flood: { threshold: 5000 }`) as under `detect`.
 */
function normalise(schema: z.core.$ZodType, value: unknown, path: string[]): unknown {
  const inner = unwrapped(schema);
  const kind = (fieldMeta(schema) as FieldMeta | undefined)?.kind;
  if (kind === 'ports') return portText(value);
  if (kind === 'ranges' || kind === 'agents' || kind === 'choices') return pieces(value);
  if (kind === 'countries') return upperCase(pieces(value));
  if (kind === 'thresholds') return flat(value);
  if (inner instanceof zod.ZodArray && Array.isArray(value)) {
    return value.map((item) => normalise(inner.element as z.core.$ZodType, item, path));
  }
  if (!(inner instanceof zod.ZodObject)) return value;
  if (value === null && kind === 'section') return {};
  if (path.join('.') === 'ports.sip' && (typeof value !== 'object' || Array.isArray(value))) {
    return { udp: portText(value), tcp: portText(value) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const tidy = { ...value } as Record<string, unknown>;
  for (const [key, field] of Object.entries(inner.shape)) {
    if (Object.hasOwn(tidy, key)) tidy[key] = normalise(field as z.core.$ZodType, tidy[key], [...path, key]);
  }
  return tidy;
}

function pieces(value: unknown): unknown {
  return typeof value === 'string' && value.trim() !== '' ? value.split(',').map((piece) => piece.trim()) : value;
}

function upperCase(value: unknown): unknown {
  const isCode = (item: unknown) => typeof item === 'string' && /^[a-z]{2}$/i.test(item);
  return Array.isArray(value)
    ? value.map((item: unknown) => (isCode(item) ? String(item).toUpperCase() : item))
    : value;
}

function flat(value: unknown): unknown {
  const isSection = (item: unknown): item is object =>
    typeof item === 'object' && item !== null && !Array.isArray(item);
  if (!isSection(value)) return value;
  const pairs = Object.entries(value).flatMap(([key, item]: [string, unknown]): [string, unknown][] =>
    isSection(item) ? Object.entries(item).map(([name, inner]) => [`${key}.${name}`, inner]) : [[key, item]],
  );
  return Object.fromEntries(pairs);
}

function portText(value: unknown): unknown {
  const isPiece = (piece: unknown) => typeof piece === 'number' || typeof piece === 'string';
  if (typeof value === 'number') return String(value);
  return Array.isArray(value) && value.every(isPiece) ? value.join(',') : value;
}

const FIELDS: ReadonlyMap<string, FieldDescription> = new Map(describePolicy().map((field) => [field.path, field]));

/** The description of a field by its path in a value; items of plain lists get their list's. */
function fieldAt(path: Path): FieldDescription {
  for (let length = path.length; length > 0; length--) {
    const name = path
      .slice(0, length)
      .reduce<string>(
        (text, key) => (typeof key === 'number' ? `${text}[]` : text === '' ? key : `${text}.${key}`),
        '',
      );
    const field = FIELDS.get(name);
    if (field) return field;
  }
  return FIELDS.get('')!;
}

/** What one item of a list should be. */
const ITEMS: Partial<Record<FieldMeta['kind'], string>> = {
  ranges: 'an address, a CIDR or a range, e.g. 192.0.2.0/24',
  agents: 'a user agent as text, e.g. friendly-scanner or "=PBX"',
  countries: 'a country code (ISO 3166-1 alpha-2), e.g. DE',
  feeds: 'a feed: name, and url or file',
  inviteOverrides: 'an override: source, simultaneous and threshold',
  overrides: 'an override: source and set',
  sections: 'a section: its fields with their values',
};

function toErrors(issue: z.core.$ZodIssue, raw: unknown, locate: Locate): PolicyError[] {
  const path = issue.path as (string | number)[];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], locate));
  const field = fieldAt(path);
  const place = locate(path, 'value');
  const value = valueAt(raw, path);
  const item = typeof path.at(-1) === 'number' ? ITEMS[field.kind] : undefined;
  const expected = item ?? expectedText(field);
  return [
    {
      ...placeOf(place),
      path: pathText(path),
      found: place.text ?? show(value),
      expected,
      hint: issue.code === 'custom' ? issue.message : hintFor(field, value),
    },
  ];
}

function hintFor(field: FieldDescription, value: unknown): string | null {
  if (value === null) return 'remove the key to get the default';
  if (field.kind === 'duration' && typeof value === 'number') {
    const parsed = parseDuration(String(value));
    return 'problem' in parsed ? parsed.problem : null;
  }
  if ((field.kind === 'agents' || field.kind === 'text') && typeof value === 'number') return 'put quotes around it';
  if (typeof value !== 'string') return null;
  if (field.kind === 'boolean') {
    if (/^(yes|on|y|1)$/i.test(value)) return 'write true';
    if (/^(no|off|n|0)$/i.test(value)) return 'write false';
  }
  if (field.kind === 'choice') {
    const near = nearest(value, field.choices!);
    return near === null ? null : `did you mean ${near}?`;
  }
  if (field.kind === 'integer' && /^\d[\d_,. ]*$/.test(value)) {
    return `a number without quotes and separators: write ${value.replace(/\D/g, '').slice(0, 12)}`;
  }
  return null;
}

/** An unknown key, with the nearest name beside it or, failing that, the section that it belongs to. */
export function unknownKey(path: Path, locate: Locate): PolicyError {
  const key = String(path.at(-1));
  const parent = path.length === 1 ? FIELDS.get('')! : itemOrField(path.slice(0, -1));
  const siblings = childNames(parent.path);
  const near = nearest(key, siblings);
  let hint = near === null ? null : `did you mean ${near}?`;
  if (near === null) {
    const elsewhere = [...FIELDS.values()]
      .filter(({ path: name }) => name !== '' && lastName(name) === key)
      .slice(0, 4);
    if (elsewhere.length > 0) hint = `${key} belongs to ${elsewhere.map((field) => field.path).join(', ')}`;
  }
  return {
    ...placeOf(locate(path, 'key')),
    path: pathText(path),
    found: `the unknown name "${cut(key)}"`,
    expected: siblings.length === 0 ? 'a value, not a section' : `one of ${siblings.join(', ')}`,
    hint,
  };
}

function itemOrField(path: Path): { path: string } {
  const field = fieldAt(path);
  return typeof path.at(-1) === 'number' ? { path: `${field.path}[]` } : field;
}

function childNames(parent: string): string[] {
  const prefix = parent === '' ? '' : `${parent}.`;
  // The names of thresholds have a dot of their own.
  const deeper = FIELDS.get(parent)?.kind === 'thresholds' ? /\[/ : /[.[]/;
  return [...FIELDS.keys()]
    .filter((name) => name !== '' && name.startsWith(prefix) && !deeper.test(name.slice(prefix.length)))
    .map((name) => name.slice(prefix.length));
}

const lastName = (path: string) => path.slice(path.lastIndexOf('.') + 1);

function placeOf({ file, line, column, source, caret }: Place): Omit<Place, 'text'> {
  return { file, line, column, source, caret };
}

export function pathText(path: Path): string {
  return cut(path.join('.'), 200);
}

function valueAt(raw: unknown, path: Path): unknown {
  let value = raw;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined;
  }
  return value;
}

export function show(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a section' : `"${cut(String(value))}"`;
}

export function cut(text: string, max = FOUND_MAX): string {
  return text.length <= max ? text : `${text.slice(0, max)}…`;
}
