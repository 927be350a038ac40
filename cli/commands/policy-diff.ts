/** `ringfence policy diff [FILE|VERSION] [VERSION]`: what two policies say differently, by path. */
import { readFileSync } from 'node:fs';
import type { PolicyChange } from '../../src/policy/diff.ts';
import type { PolicyDiffAnswer } from '../../src/serve/answers.ts';
import { parseVersion } from '../arguments.ts';
import { ask } from '../client.ts';
import { escapeText } from '../escape.ts';
import { CliError, EXIT_NO, EXIT_OK, EXIT_USAGE } from '../exit-codes.ts';
import { requireReadable } from '../input-file.ts';
import type { Globals } from '../program.ts';
import { colour, plural, print, printJson } from '../terminal.ts';
import { showValue } from './policy-value.ts';

/**
 * Nothing: the built-in default against the policy in force. FILE: the policy in force (or VERSION) against the file. VERSION: that
 * version against the one in force, or against the second one. Exit code 0: the same; 1: they differ.
 */
export async function policyDiff(
  globals: Globals,
  first: string | undefined,
  second: string | undefined,
): Promise<number> {
  const answer = await ask<PolicyDiffAnswer>(globals.data, 'POST', '/policy/diff', await inputOf(first, second));
  if (globals.json) printJson(answer);
  else {
    for (const line of await linesOf(answer)) print(line);
  }
  return answer.changes.length === 0 ? EXIT_OK : EXIT_NO;
}

async function inputOf(first: string | undefined, second: string | undefined): Promise<object> {
  const other = second === undefined ? undefined : versionOf(second);
  if (first === undefined) return {};
  if (/^\d+$/.test(first)) return { from: versionOf(first), ...(other === undefined ? {} : { to: other }) };
  requireReadable(first, 'a policy file (or write the number of a version)');
  const { loadPolicyOption } = await import('../policy-option.ts');
  await loadPolicyOption(first);
  return { name: first, text: readFileSync(first, 'utf8'), ...(other === undefined ? {} : { from: other }) };
}

function versionOf(text: string): number {
  try {
    return parseVersion(text);
  } catch {
    throw new CliError(EXIT_USAGE, `"${escapeText(text)}" is no version: see ringfence policy history`);
  }
}

async function linesOf({ from, to, changes }: PolicyDiffAnswer): Promise<string[]> {
  const head = `${escapeText(from)} → ${escapeText(to)}`;
  if (changes.length === 0) return [`${head}: no differences.`];
  const lines = [`${head}: ${plural(changes.length, 'difference')}`];
  for (const change of changes) lines.push(...(await changeLines(change)));
  return lines;
}

async function changeLines({ path, before, after, removed, added }: PolicyChange): Promise<string[]> {
  if (removed === undefined || added === undefined) {
    const [old, now] = [await showValue(before, 'inline'), await showValue(after, 'inline')];
    return [`  ${colour.bold(path)}: ${old} → ${now}`];
  }
  if (removed.length + added.length === 0) return [`  ${colour.bold(path)}: the same in another order`];
  const lines = [`  ${colour.bold(path)}:`];
  for (const item of removed) lines.push(colour.red(`    - ${await showValue(item, 'inline')}`));
  for (const item of added) lines.push(colour.green(`    + ${await showValue(item, 'inline')}`));
  return lines;
}
