/** The reference of every setting (docs/policy.md), made of the schema's own descriptions. */
import { countryName, COUNTRIES } from './country-codes.ts';
import { describePolicy } from './schema.ts';
import type { FieldDescription } from './schema.ts';

const INTRO = `# The policy

<!-- Made of the schema by scripts/policy-reference.ts: change src/policy/schema.ts, then run it. -->

One document says what Ringfence protects, what it calls an attack, and what it does about one. Whatever it leaves out has its default; an
empty file is the default policy.

    ringfence policy export -o policy.yaml     # all of it, with a comment on every field
    ringfence policy diff policy.yaml          # what would change
    ringfence policy try policy.yaml           # whom it would have blocked in the last days, newly or no longer
    ringfence policy apply policy.yaml         # at once; a file with errors changes nothing
    ringfence policy set detect.flood.threshold 800
    ringfence policy history
    ringfence policy rollback 3

Unknown names and impossible values are refused with the place, what was expected and the nearest valid name. A change that would shut out
an administrator who is connected now, or a phone that is registered now, is made with \`--yes\` only. Each version is kept with who made it and
when; comments of a file that was applied stay (\`policy show --as-written\`).

How to write values: durations with their units (\`90s\`, \`5m\`, \`1h30m\`, \`7d\`, \`2w\`), ports as \`5060,5062,5070-5080\`, addresses as \`192.0.2.1\`,
\`192.0.2.0/24\`, \`192.0.2.10-192.0.2.20\` or the same in IPv6, countries by their codes (ISO 3166-1 alpha-2, at the end of this page).
`;

/** Markdown; the same text for the same schema. */
export function policyReference(): string {
  const fields = describePolicy();
  const parts = [INTRO];
  for (const section of fields.filter(isPart)) {
    const own = fields.filter((field) => parentOf(field.path) === section.path && !isPart(field));
    if (section.path !== '') parts.push(`## \`${section.path}\`\n\n${section.description}\n`);
    if (own.length > 0) parts.push(table(section.path, own));
  }
  parts.push(`## Countries\n\n${COUNTRIES.map((code) => `${code} ${countryName(code)}`).join(', ')}.\n`);
  return parts.join('\n');
}

/** What has a table of its own: sections, and lists of sections. */
function isPart({ kind, path }: FieldDescription): boolean {
  return ['section', 'feeds', 'overrides', 'inviteOverrides', 'sections'].includes(kind) && !path.includes('[]');
}

/** `overrides[].set.flood.threshold` belongs to `overrides`, as all fields of its items do. */
function parentOf(path: string): string {
  const list = path.indexOf('[]');
  if (list >= 0) return path.slice(0, list);
  return path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : '';
}

function table(section: string, fields: FieldDescription[]): string {
  const rows = fields
    .filter(({ path }) => path !== '')
    .map(
      (field) =>
        `| \`${nameIn(section, field.path)}\` | ${escaped(field.description)} | ${valuesOf(field)} | ${defaultOf(field)} |`,
    );
  return ['| field | | values | default |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function nameIn(section: string, path: string): string {
  return path.slice(section === '' ? 0 : section.length).replace(/^(\[\])?\.?/, '');
}

function valuesOf({ kind, unit, min, max, choices, example }: FieldDescription): string {
  if (choices) return choices.map((choice) => `\`${choice}\``).join(', ');
  if (kind === 'boolean') return '`true`, `false`';
  if (kind === 'duration') return `${min} … ${max}`;
  if (kind === 'ports') return 'ports and ranges';
  if (kind === 'thresholds') return `\`${example}\``;
  if (kind === 'sections') return `at most ${max} ${unit}`;
  if (min !== undefined) return `${min} … ${max} ${unit ?? ''}`.trimEnd();
  return escaped(example === '' ? (unit ?? '') : `${unit}, e.g. \`${example}\``);
}

function defaultOf(field: FieldDescription): string {
  const { default: fallback, kind } = field;
  if (fallback === undefined) return field.path.includes('.set.') ? '' : 'must be given';
  if (fallback === '' || (Array.isArray(fallback) && fallback.length === 0)) return 'none';
  if (kind === 'choices') return (fallback as string[]).map((word) => `\`${word}\``).join(', ');
  if (kind === 'agents') return escaped((fallback as string[]).map((agent) => `\`${agent}\``).join(', '));
  return `\`${String(fallback)}\``;
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
