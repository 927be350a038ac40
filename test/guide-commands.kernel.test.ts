/** docs/guide: every command in it is run as it stands there (but for files in /tmp), page by page, against a daemon that protects a network namespace. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RINGFENCE, RunningDaemon } from '../src/app/testing/running-daemon.ts';
import { assertNoLeaks, Namespace } from './netns.ts';

const GUIDE = join(import.meta.dirname, '..', 'docs', 'guide');
/** `doctor` finds what this machine lacks, `blocked ADDRESS` says no, `explain` knows nobody: all as docs/cli.md has it. */
const ANSWERS_NO = /^ringfence (?:doctor|blocked \d|policy (?:import --dry-run|diff))/;

let ns: Namespace;
let daemon: RunningDaemon;

// One for all pages, as a reader has one.
beforeAll(async () => {
  ns = new Namespace('guide');
  daemon = new RunningDaemon(ns);
  daemon.start();
  await daemon.protects();
});
afterAll(async () => {
  await daemon.remove();
  await ns.close();
  assertNoLeaks();
});

const pages = readdirSync(GUIDE).map((name) => {
  const text = readFileSync(join(GUIDE, name), 'utf8');
  const commands = [...text.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, script]) => script.trim().split('\n'));
  return [name, commands] as const;
});

describe('docs/guide', () => {
  it.each(pages.filter(([, commands]) => commands.length > 0))('%s', (_name, commands) => {
    const env = { ...process.env, RINGFENCE_DATA: daemon.data, PATH: `${join(RINGFENCE, '..')}:${process.env.PATH}` };
    for (const command of commands) {
      const inside = ['netns', 'exec', ns.name, 'bash', '-uc', command.replaceAll('/tmp/', `${daemon.data}/`)];
      const { status, stdout, stderr } = spawnSync('ip', inside, { env, encoding: 'utf8' });
      const wanted = ANSWERS_NO.test(command) ? [0, 1] : [0];
      expect(wanted, `${command}\n${stdout}${stderr}`).toContain(status);
    }
  });
});
