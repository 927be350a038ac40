/** `ringfence policy import FILE`: the settings of a `sipprot.conf` as one change of the policy; each says how it was understood. */
import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { readSipprot, type SipprotResult } from '../../src/lists/sipprot.ts';
import type { PolicyEditAnswer } from '../../src/serve/answers.ts';
import { ask } from '../client.ts';
import { escapeText } from '../escape.ts';
import { CliError, EXIT_OK, EXIT_USAGE } from '../exit-codes.ts';
import { requireReadable } from '../input-file.ts';
import type { Globals } from '../program.ts';
import { colour, complain, plural, print, printJson } from '../terminal.ts';
import { problemLine } from './lists-import-plan.ts';
import { remindOfFile } from './policy.ts';
import { showValue } from './policy-value.ts';

export interface PolicyImportOptions {
  comment?: string;
  dryRun?: true;
  yes?: true;
}

/** A file of settings is some kilobytes. */
const BYTES_MAX = 1_048_576;
const LINES_SHOWN = 20;

export async function policyImport(globals: Globals, file: string, options: PolicyImportOptions): Promise<number> {
  requireReadable(file, 'a sipprot.conf');
  const read = readSipprot(contentOf(file), { now: Date.now() });
  const { changes, problems, allow, deny } = read;
  if (problems.length > 0) refuse(globals, file, read);
  if (changes.length === 0 && allow.length + deny.length === 0) {
    const text = `${escapeText(file)} has none of the settings that a sipprot.conf has (monit_period, hit_count, block_time, block_threshold).`;
    throw new CliError(EXIT_USAGE, text, 'A policy file (YAML) goes in with: ringfence policy apply FILE');
  }
  const answer = await ask<PolicyEditAnswer>(globals.data, 'POST', '/policy/edit', {
    changes: changes.map(({ path, value }) => ({ path, value })),
    comment: options.comment ?? `imported from ${basename(file)}`,
    dryRun: options.dryRun ?? false,
    yes: options.yes ?? false,
  });
  if (globals.json) {
    const steps = answer.steps.map((step, i) => ({ ...step, line: changes[i].line, why: changes[i].why }));
    const { version, changed, file: policyFile } = answer;
    const lists = { allow, deny, unknown: read.unknown };
    printJson({ file, dryRun: options.dryRun ?? false, version, changed, policyFile, steps, ...lists });
  } else await tell(read, answer, options.dryRun ?? false);
  return EXIT_OK;
}

function contentOf(file: string): Uint8Array {
  const bytes = Buffer.alloc(BYTES_MAX + 1);
  const fd = openSync(file, 'r');
  let length = 0;
  try {
    for (let got = 1; got > 0 && length < bytes.length; length += got)
      got = readSync(fd, bytes, length, bytes.length - length, null);
  } finally {
    closeSync(fd);
  }
  if (length <= BYTES_MAX) return bytes.subarray(0, length);
  throw new CliError(EXIT_USAGE, `${escapeText(file)} has more than ${BYTES_MAX} bytes: it is no file of settings.`);
}

function refuse(globals: Globals, file: string, { problems }: SipprotResult): never {
  if (globals.json) printJson({ file, dryRun: false, changed: false, problems });
  else for (const problem of problems.slice(0, LINES_SHOWN)) complain(problemLine(problem));
  const text = `${escapeText(file)}: ${plural(problems.length, 'bad line')}. The policy is as it was.`;
  throw new CliError(EXIT_USAGE, text, 'Correct them, or take them out of the file.');
}

async function tell(
  { changes, unknown, allow, deny }: SipprotResult,
  answer: PolicyEditAnswer,
  dryRun: boolean,
): Promise<void> {
  for (const [i, { path, before, after }] of answer.steps.entries()) {
    const [old, now] = [await showValue(before, 'inline'), await showValue(after, 'inline')];
    const what = old === now ? `${now} already` : `${old} → ${now}`;
    print(`${colour.bold(path)}: ${what}\n  ${colour.dim(`line ${changes[i].line}: ${changes[i].why}`)}`);
  }
  for (const { line, text } of unknown.slice(0, LINES_SHOWN))
    complain(`line ${line}: not known, nothing is done about it: ${text}`);
  if (unknown.length > LINES_SHOWN) complain(`… and ${plural(unknown.length - LINES_SHOWN, 'more unknown line')}`);
  for (const [list, entries] of [
    ['allow', allow],
    ['deny', deny],
  ] as const) {
    if (entries.length === 0) continue;
    const addresses = entries.slice(0, LINES_SHOWN).map(({ address }) => address);
    const more = entries.length > LINES_SHOWN ? ' …' : '';
    const text = `${plural(entries.length, 'address', 'addresses')} for the ${list}list are no settings, and are not imported; add them with:`;
    complain(
      `${colour.yellow(text)}\n  ringfence ${list} add ADDRESS --comment sipprot   (${addresses.join(', ')}${more})`,
    );
  }
  if (dryRun)
    print(
      answer.changed
        ? 'Nothing was changed: this was a dry run.'
        : 'Nothing would be changed: the policy says so already.',
    );
  else
    print(
      answer.changed ? `The policy is now version ${answer.version}.` : 'The policy says so already: nothing changed.',
    );
  remindOfFile({ ...answer, changed: answer.changed && !dryRun });
}
