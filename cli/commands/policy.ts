/** `ringfence policy show|get|set|apply|export|history|rollback`. */
import { readFileSync } from 'node:fs';
import type { PolicyAnswer, PolicyChangeAnswer, PolicyVersionAnswer } from '../../src/serve/answers.ts';
import { ask, askAll } from '../client.ts';
import { escapeLines, escapeText } from '../escape.ts';
import { EXIT_OK } from '../exit-codes.ts';
import { requireReadable } from '../input-file.ts';
import { writeOutput } from '../output-file.ts';
import type { Globals } from '../program.ts';
import { renderTable } from '../table.ts';
import { clockTime, timeAndAge } from '../when.ts';
import { colour, print, printJson } from '../terminal.ts';
import { showValue } from './policy-value.ts';

interface ChangeOptions {
  comment?: string;
  /** The administrator means it, whoever it shuts out. */
  yes?: boolean;
}

const versionPath = (version: number | undefined) =>
  version === undefined ? '/policy' : `/policy/versions/${version}`;

export async function policyShow(
  globals: Globals,
  version: number | undefined,
  options: { asWritten?: boolean } = {},
): Promise<number> {
  const answer = await ask<PolicyAnswer>(globals.data, 'GET', versionPath(version));
  if (globals.json) printJson(answer);
  else {
    const since = `version ${answer.version}, ${timeAndAge(answer.at, Date.now())}, by ${escapeText(answer.by)}`;
    print(`# ${answer.version === 0 ? 'the built-in default' : since}`);
    print(escapeLines(options.asWritten === true ? answer.written : answer.text).trimEnd());
  }
  return EXIT_OK;
}

/** The whole policy with a comment on every field, as a file that `policy apply` takes. */
export async function policyExport(
  globals: Globals,
  version: number | undefined,
  options: { output?: string; force?: boolean },
): Promise<number> {
  const answer = await ask<PolicyAnswer>(globals.data, 'GET', versionPath(version));
  const { output = '-', force = false } = options;
  if (output === '-') {
    process.stdout.write(answer.text);
    return EXIT_OK;
  }
  await writeOutput(output, force, (write) => write(answer.text));
  if (globals.json) printJson({ file: output, version: answer.version });
  else print(`Version ${answer.version} is in ${escapeText(output)}.`);
  return EXIT_OK;
}

export async function policyGet(globals: Globals, path: string): Promise<number> {
  const query = new URLSearchParams({ path });
  const { value } = await ask<{ value: unknown }>(globals.data, 'GET', `/policy/value?${query}`);
  if (globals.json) printJson(value);
  else print(await showValue(value));
  return EXIT_OK;
}

export async function policySet(
  globals: Globals,
  path: string,
  value: string,
  options: ChangeOptions,
): Promise<number> {
  const body = { path, value, comment: options.comment ?? '', yes: options.yes ?? false };
  const answer = await ask<PolicyChangeAnswer>(globals.data, 'PUT', '/policy/value', body);
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

export async function policyApply(globals: Globals, file: string, options: ChangeOptions): Promise<number> {
  requireReadable(file, 'a policy file');
  const { loadPolicyOption } = await import('../policy-option.ts');
  await loadPolicyOption(file);
  const body = {
    name: file,
    text: readFileSync(file, 'utf8'),
    comment: options.comment ?? '',
    yes: options.yes ?? false,
  };
  return sayVersion(globals, await ask<PolicyChangeAnswer>(globals.data, 'PUT', '/policy', body));
}

export async function policyRollback(globals: Globals, version: number, options: ChangeOptions = {}): Promise<number> {
  const body = { version, yes: options.yes ?? false };
  return sayVersion(
    globals,
    await ask<PolicyChangeAnswer>(globals.data, 'POST', '/policy/rollback', body),
    `, a copy of version ${version}`,
  );
}

function sayVersion(globals: Globals, answer: PolicyChangeAnswer, from = ''): number {
  if (globals.json) printJson(answer);
  else {
    print(
      answer.changed
        ? `The policy is now version ${answer.version}${from}.`
        : 'The policy is that already: nothing changed.',
    );
    remindOfFile(answer);
  }
  return EXIT_OK;
}

export function remindOfFile(answer: Pick<PolicyChangeAnswer, 'changed' | 'file'>): void {
  if (!answer.changed || answer.file === null) return;
  print(colour.yellow(`At the next start the policy file wins again: change ${escapeText(answer.file)} too.`));
}

export async function policyHistory(globals: Globals): Promise<number> {
  const versions = await askAll<PolicyVersionAnswer>(globals.data, '/policy/versions');
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
