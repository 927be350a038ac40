/** One field of a document by its dotted path: what `ringfence policy get` and `policy set` do. */
import { parseDocument } from 'yaml';
import { checkDocument, show, unknownKey } from './check.ts';
import type { Checked, Path, Place } from './check.ts';
import { sourceWindow } from './policy-error.ts';
import type { PolicyError } from './policy-error.ts';
import { describePolicy } from './schema.ts';
import type { FieldDescription, PolicyDocument } from './schema.ts';

const FIELDS: ReadonlyMap<string, FieldDescription> = new Map(describePolicy().map((field) => [field.path, field]));

/** A value typed on a command line. Longer ones belong into a file. */
export const VALUE_CHARS_MAX = 65_536;

/** A value, a list or a whole section; list items by their number (`guests.0`). The empty path is the whole document. */
export function getAt(document: PolicyDocument, path: string): { value: unknown } | { errors: PolicyError[] } {
  let value: unknown = document;
  const keys = path === '' ? [] : path.split('.');
  for (let i = 0; i < keys.length; i++) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, keys[i])) {
      return { errors: [noSuchField(keys.slice(0, i + 1), 'policy get', path)] };
    }
    value = (value as Record<string, unknown>)[keys[i]];
  }
  return { value };
}

/**
 * A new document in which the field at `path` is what `text` says; `document` itself never changes. Lists take commas
 * (`a,b`) or YAML (`[a, "b, c"]`), overrides take YAML. `ports.sip` sets both transports.
 */
export function setAt(document: PolicyDocument, path: string, text: string): Checked {
  const keys = path.split('.');
  const field = FIELDS.get(path);
  if (!field || path === '' || path.includes('['))
    return { errors: [noSuchField(deepestUnknown(keys), 'policy set', path)] };
  const locate = (): Place => ({ ...typed('policy set', text), text: show(text) });
  if (field.kind === 'section' && path !== 'ports.sip') {
    const children = [...FIELDS.keys()].filter((name) => parentOf(name) === path);
    return {
      errors: [
        {
          ...typed('policy set', path),
          path,
          found: 'a section',
          expected: `one of its fields: ${children.join(', ')}`,
          hint: null,
        },
      ],
    };
  }
  const value = valueOf(field, text);
  if ('error' in value) {
    return { errors: [{ ...typed('policy set', text), path, found: show(text), expected: value.error, hint: null }] };
  }
  return checkDocument(withValue(document, keys, value.value), locate);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

function valueOf(field: FieldDescription, text: string): { value: unknown } | { error: string } {
  if (text.length > VALUE_CHARS_MAX)
    return { error: `at most ${VALUE_CHARS_MAX} characters; put longer values into a file` };
  const typedText = text.trim();
  switch (field.kind) {
    case 'integer':
    case 'number':
      return { value: /^-?\d+(\.\d+)?$/.test(typedText) ? Number(typedText) : text };
    case 'boolean':
      return { value: typedText === 'true' ? true : typedText === 'false' ? false : text };
    case 'ranges':
    case 'agents':
    case 'countries':
    case 'feeds':
    case 'inviteOverrides':
    case 'overrides':
    case 'sections':
    case 'choices': {
      const plain = ['ranges', 'agents', 'countries', 'choices'].includes(field.kind);
      if (typedText === '') return { value: [] };
      if (plain && !typedText.startsWith('[')) return { value: text };
      const doc = parseDocument(typedText, { prettyErrors: false, logLevel: 'error' });
      if (doc.errors.length > 0) return { error: `a YAML list, e.g. ${field.example}` };
      try {
        return { value: doc.toJS({ maxAliasCount: 0 }) as unknown };
      } catch {
        return { error: `a YAML list without aliases, e.g. ${field.example}` };
      }
    }
    default:
      return { value: typedText };
  }
}

function withValue(node: unknown, keys: string[], value: unknown): unknown {
  if (keys.length === 0) return value;
  const [key, ...rest] = keys;
  const copy = { ...(node as Record<string, unknown>) };
  copy[key] = withValue(copy[key], rest, value);
  return copy;
}

/** The path up to and with its first unknown name. */
function deepestUnknown(keys: string[]): Path {
  for (let i = 1; i <= keys.length; i++) if (!FIELDS.has(keys.slice(0, i).join('.'))) return keys.slice(0, i);
  return keys;
}

function noSuchField(path: Path, command: string, whole: string): PolicyError {
  const before = path.slice(0, -1).join('.').length;
  const column = before === 0 ? 1 : before + 2;
  return unknownKey(path, () => ({ file: command, line: 1, column, ...sourceWindow(whole, column), text: null }));
}

function typed(command: string, text: string): Omit<Place, 'text'> {
  return { file: command, line: 1, column: 1, ...sourceWindow(text.split('\n')[0], 1) };
}
