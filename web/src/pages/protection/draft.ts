/** Changes of the policy that are typed and not made yet, and the fields that they are typed into. */
import type { components } from '../../api/schema.d.ts';

export type Field = components['schemas']['PolicyField'];
export type PolicyDocument = components['schemas']['PolicyDocument'];

/** Path → the new value. What is as in the document is not in it. */
export type Draft = Readonly<Record<string, unknown>>;

export interface Change {
  path: string;
  /** As `policy set` takes it. */
  value: string;
}

/** `detect.flood` → its fields, without those of list items. */
export function fieldsOf(fields: readonly Field[], section: string): Field[] {
  return fields.filter(
    ({ path, kind }) =>
      path.startsWith(`${section}.`) && kind !== 'section' && !path.includes('[]') && kind !== 'inviteOverrides',
  );
}

/** The sections right under a path. */
export function sectionsOf(fields: readonly Field[], parent: string): Field[] {
  const depth = parent.split('.').length + 1;
  return fields.filter(
    ({ path, kind }) => kind === 'section' && path.startsWith(`${parent}.`) && path.split('.').length === depth,
  );
}

export function valueAt(document: PolicyDocument, path: string): unknown {
  let value: unknown = document;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  return value;
}

export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A value that is what the document says already leaves the draft. */
export function withValue(draft: Draft, document: PolicyDocument, path: string, value: unknown): Draft {
  const { [path]: _, ...others } = draft;
  return same(value, valueAt(document, path)) ? others : { ...others, [path]: value };
}

/** JSON is YAML: lists and sections travel so. */
export function changesOf(draft: Draft): Change[] {
  return Object.entries(draft).map(([path, value]) => ({
    path,
    value: typeof value === 'object' ? JSON.stringify(value) : String(value),
  }));
}

/** A value as people read it: `5`, `on`, `friendly-scanner, sipvicious`, `none`. */
export function told(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'nothing';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(told).join(', ');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, one]) => `${name} ${told(one)}`)
      .join(', ');
  }
  return String(value);
}

/** `detect.register-bruteforce.attemptsThreshold` → `Attempts threshold`. */
export function nameOf(path: string): string {
  const last = path.split('.').at(-1)!;
  const words = last.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('-', ' ');
  const special: Record<string, string> = { udp: 'SIP over UDP', tcp: 'SIP over TCP', tftp: 'TFTP', for: 'Length' };
  return special[last] ?? words.charAt(0).toUpperCase() + words.slice(1);
}

/** `policy set:1:1: ports.sip.udp: found "5060-", expected …` → from `found` on; of what is in a list, from its place there on. */
export function lineAbout(message: string, path: string): string | null {
  const line = withoutPlace(message).find((one) => one.startsWith(path));
  return line ? line.slice(path.length).replace(/^: /, '') : null;
}

/** The lines of a message, without where in the typed text they are: nobody has typed it. */
export function withoutPlace(message: string): string[] {
  return message.split('\n').map((line) => line.replace(/^\s*policy set:\d+:\d+: /, ''));
}
