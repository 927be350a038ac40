/** A document as YAML text with a comment on every field, made from the schema's own descriptions. */
import { stringify } from 'yaml';
import { expectedText } from './fields.ts';
import type { FieldKind } from './fields.ts';
import { describePolicy } from './schema.ts';
import type { FieldDescription, PolicyDocument } from './schema.ts';

const DEFAULTS: ReadonlyMap<string, unknown> = new Map(describePolicy().map((field) => [field.path, field.default]));
const WITH_EXAMPLE: ReadonlySet<FieldKind> = new Set<FieldKind>([
  ...(['ranges', 'countries', 'text', 'feeds', 'overrides', 'inviteOverrides', 'sections', 'choices'] as const),
]);

/** Invariant: parsing the text gives the same document again, whatever strings are in it. */
export function renderPolicy(document: PolicyDocument): string {
  const lines: string[] = [];
  for (const field of describePolicy()) {
    if (field.path.includes('[]')) continue;
    const keys = field.path === '' ? [] : field.path.split('.');
    const indent = '  '.repeat(Math.max(0, keys.length - 1));
    if (keys.length > 0 && (keys.length === 1 || field.kind === 'section') && !lines.at(-1)!.endsWith(':'))
      lines.push('');
    for (const line of wrapped(comment(field))) lines.push(`${indent}# ${line}`);
    if (keys.length === 0) continue;
    const key = keys.at(-1)!;
    const value = field.kind === 'section' ? null : valueAt(document, keys);
    if (field.kind === 'section') lines.push(`${indent}${key}:`);
    else if (isListOfSections(value)) {
      const items = value.map((item) => `${indent}  - ${inline(withoutDefaults(field.path, item))}`);
      lines.push(`${indent}${key}:`, ...items);
    } else lines.push(`${indent}${key}: ${inline(value)}`);
  }
  return `${lines.join('\n')}\n`;
}

function isListOfSections(value: unknown): value is object[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'object' && item !== null);
}

/** What a person would have written: the fields of a list's item that say something. */
function withoutDefaults(list: string, item: object): object {
  const said = Object.entries(item).filter(([key, value]) => DEFAULTS.get(`${list}[].${key}`) !== value);
  return Object.fromEntries(said);
}

function comment(field: FieldDescription): string {
  if (field.kind === 'section' || field.kind === 'boolean') return field.description;
  if (field.kind === 'choice') return `${field.description} Default ${String(field.default)}.`;
  if (field.kind === 'ports') return `${field.description} Default ${String(field.default)}.`;
  if (field.kind === 'agents') return field.description;
  if (WITH_EXAMPLE.has(field.kind)) return `${field.description} E.g. ${field.example}`;
  return `${field.description} ${capital(expectedText(field).replace(/, e\.g\..*/, ''))}; default ${String(field.default)}.`;
}

/** Lines of at most 100 characters. */
function wrapped(text: string): string[] {
  const lines: string[] = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && line.length + 1 + word.length > 100) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}

function capital(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}

/** JSON is YAML: one line, every text quoted exactly; plain words stay plain. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(([key, item]) => `${key}: ${inline(item)}`);
    return `{ ${pairs.join(', ')} }`;
  }
  if (typeof value === 'string' && !/^[A-Za-z][A-Za-z0-9-]*$|^\d+[smhdw]$/.test(value)) return quoted(value);
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function valueAt(document: PolicyDocument, keys: string[]): unknown {
  return keys.reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document);
}
