/** A document as YAML text with a comment on every field, made from the schema's own descriptions. */
import { stringify } from 'yaml';
import { expectedText } from './fields.ts';
import { describePolicy } from './schema.ts';
import type { FieldDescription, PolicyDocument } from './schema.ts';

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
    if (field.kind === 'section') lines.push(`${indent}${key}:`);
    else lines.push(`${indent}${key}: ${inline(valueAt(document, keys))}`);
  }
  return `${lines.join('\n')}\n`;
}

function comment(field: FieldDescription): string {
  if (field.kind === 'section' || field.kind === 'boolean') return field.description;
  if (field.kind === 'choice') return `${field.description} Default ${String(field.default)}.`;
  if (field.kind === 'ports') return `${field.description} Default ${String(field.default)}.`;
  if (field.kind === 'ranges' || field.kind === 'overrides') return `${field.description} E.g. ${field.example}.`;
  if (field.kind === 'agents') return field.description;
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
