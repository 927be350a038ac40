/**
 * Every command of ours that README, SECURITY.md or a page of docs/ shows, in a block or in a sentence, is one that the program takes: command, arguments and options; and a setting that it
 * names exists. Those of docs/guide are run as well (guide-commands.kernel.test.ts).
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../cli/program.ts';
import { describePolicy } from '../src/policy/schema.ts';

const ROOT = join(import.meta.dirname, '..');
const SETTINGS = new Set(describePolicy().map(({ path }) => path));
/** A command that is only named, in a sentence, comes without what it takes. */
const A_NAME = /^commander\.(version|help|missingArgument|optionMissingArgument)/;
const LINE = /^(?: {4})?(?:sudo )?(?:bin\/)?(ringfence .*)$/;
/** What may stand in the place of words: a synopsis, not a command. */
const SYNOPSIS = /\[-|\[?COMMAND\b|…|\|/;

const pages = [
  'README.md',
  'SECURITY.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.startsWith('adr/'))
    .map((name) => `docs/${name}`),
];

function commandsIn(page: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const lines = text.split('\n').flatMap((line) => LINE.exec(line)?.slice(1) ?? []);
  const inline = [...text.matchAll(/`(ringfence [^`\n]+)`/g)].map(([, command]) => command);
  const all = [...lines.flatMap((line) => line.replace(/\s#.*$/, '').split(/;\s*/)), ...inline].map((one) =>
    one.trim(),
  );
  return all.filter((command) => command.startsWith('ringfence ') && !SYNOPSIS.test(command));
}

/** As a shell takes it apart. */
const wordsOf = (command: string) =>
  execFileSync('bash', ['-c', `set -f; printf '%s\\0' ${command.replaceAll('ADDRESS', '203.0.113.9')}`], {
    encoding: 'utf8',
  })
    .split('\0')
    .slice(1, -1);

function silent(command: Command): Command {
  command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
  if (command.parent) command.action(() => {});
  command.commands.forEach((one) => void silent(one as Command));
  return command;
}

describe.each(pages.map((page) => [page, commandsIn(page)] as const).filter(([, commands]) => commands.length > 0))(
  '%s',
  (_page, commands) => {
    it.each([...new Set(commands)])('%s', async (command) => {
      const words = wordsOf(command);
      await silent(buildProgram(() => {}))
        .parseAsync(words, { from: 'user' })
        .catch((error: { code: string }) => {
          expect([command, error.code]).toEqual([command, expect.stringMatching(A_NAME)]);
        });
      const [area, verb, path] = words;
      if (area === 'policy' && (verb === 'set' || verb === 'get') && path && /^[a-z]/.test(path))
        expect(SETTINGS).toContain(path);
    });
  },
);
