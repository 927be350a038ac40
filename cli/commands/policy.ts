/** `ringfence policy show|get|set|apply|history|rollback`. */
import { readFileSync } from 'node:fs';
import type { PolicyAnswer, PolicyChangeAnswer, PolicyVersionAnswer } from '../../src/serve/answers.ts';
import { ask } from '../client.ts';
import { escapeLines, escapeText } from '../escape.ts';
import { EXIT_OK } from '../exit-codes.ts';
import { requireReadable } from '../input-file.ts';
import type { Globals } from '../program.ts';
import { renderTable } from '../table.ts';
import { clockTime, timeAndAge } from '../when.ts';
import { colour, print, printJson } from '../terminal.ts';

export async function policyShow(globals: Globals, version: number | undefined): Promise<number> {
  const path = version === undefined ? '/v1/policy' : `/v1/policy/versions/${version}`;
  const answer = await ask<PolicyAnswer>(globals.data, 'GET', path);
  if (globals.json) printJson(answer);
  else {
    const since = `version ${answer.version}, ${timeAndAge(answer.at, Date.now())}, by ${escapeText(answer.by)}`;
    print(`# ${answer.version === 0 ? 'the built-in default' : since}`);
    print(escapeLines(answer.text).trimEnd());
  }
  return EXIT_OK;
}

export async function policyGet(globals: Globals, path: string): Promise<number> {
  const { value } = await ask<{ value: unknown }>(
    globals.data,
    'GET',
    `/v1/policy/value?${new URLSearchParams({ path })}`,
  );
  if (globals.json) printJson(value);
  else print(await showValue(value));
  return EXIT_OK;
}

export async function policySet(
  globals: Globals,
  path: string,
  value: string,
  options: { comment?: string },
): Promise<number> {
  const body = { path, value, comment: options.comment ?? '' };
  const answer = await ask<PolicyChangeAnswer>(globals.data, 'PUT', '/v1/policy/value', body);
  if (globals.json) printJson(answer);
  else {
    const shown = `${path} is ${colour.bold(await showValue(answer.value, 'inline'))}`;
    const before = answer.changed
      ? ` (was ${await showValue(answer.before, 'inline')}), version ${answer.version}`
      : ' already';
    print(`${shown}${before}.`);
    remindOfFile(answer);
  }
  return EXIT_OK;
}

/** A plain value as it is, a list or section as YAML. */
async function showValue(value: unknown, form: 'lines' | 'inline' = 'lines'): Promise<string> {
  if (typeof value !== 'object' || value === null) return escapeText(String(value));
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return value.length === 0 ? '[]' : escapeText(value.join(', '), 4000);
  }
  const { stringify } = await import('yaml');
  const style = form === 'inline' ? ({ collectionStyle: 'flow', lineWidth: 0 } as const) : {};
  return escapeLines(stringify(value, style).trimEnd());
}

export async function policyApply(globals: Globals, file: string, options: { comment?: string }): Promise<number> {
  requireReadable(file, 'a policy file');
  const { loadPolicyOption } = await import('../policy-option.ts');
  await loadPolicyOption(file);
  const body = { name: file, text: readFileSync(file, 'utf8'), comment: options.comment ?? '' };
  return sayVersion(globals, await ask<PolicyChangeAnswer>(globals.data, 'PUT', '/v1/policy', body));
}

export async function policyRollback(globals: Globals, version: number): Promise<number> {
  return sayVersion(globals, await ask<PolicyChangeAnswer>(globals.data, 'POST', '/v1/policy/rollback', { version }));
}

function sayVersion(globals: Globals, answer: PolicyChangeAnswer): number {
  if (globals.json) printJson(answer);
  else {
    print(
      answer.changed ? `The policy is now version ${answer.version}.` : 'The policy is that already: nothing changed.',
    );
    remindOfFile(answer);
  }
  return EXIT_OK;
}

function remindOfFile(answer: PolicyChangeAnswer): void {
  if (!answer.changed || answer.file === null) return;
  print(colour.yellow(`At the next start the policy file wins again: change ${escapeText(answer.file)} too.`));
}

export async function policyHistory(globals: Globals): Promise<number> {
  const versions = await ask<PolicyVersionAnswer[]>(globals.data, 'GET', '/v1/policy/versions');
  if (globals.json) printJson(versions);
  else print(renderVersions(versions, Date.now()));
  return EXIT_OK;
}

function renderVersions(versions: PolicyVersionAnswer[], now: number): string {
  return renderTable<PolicyVersionAnswer>(
    [
      { title: 'VERSION', cell: (version) => String(version.version), align: 'right' },
      { title: '', cell: (version) => (version.current ? '*' : '') },
      { title: 'AT', cell: (version) => clockTime(version.at, now) },
      { title: 'BY', cell: (version) => escapeText(version.by, 40), leaveOut: 1 },
      { title: 'COMMENT', cell: (version) => escapeText(version.comment, 200), widthMin: 10 },
    ],
    versions,
  );
}
