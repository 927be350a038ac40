/** How the daemon ends, and what it survives. Each row is a daemon of its own, in a namespace of its own. */
import { spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../cli/client.ts';
import { assertNoLeaks, Namespace } from '../../test/netns.ts';
import type { StatusAnswer } from '../serve/answers.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const RINGFENCE = join(ROOT, 'bin/ringfence');
const PATIENCE_MS = 40_000;

let ns: Namespace;
let directory: string;
let runs = 0;

beforeAll(() => {
  ns = new Namespace('life');
  directory = mkdtempSync(join(tmpdir(), 'ringfence-life-'));
});

afterAll(async () => {
  await ns.close();
  rmSync(directory, { recursive: true });
  assertNoLeaks();
});

const status = (data: string) => spawnSync(RINGFENCE, ['status', '--data', data], { encoding: 'utf8' });
const protects = (data: string) =>
  ask<StatusAnswer>(data, 'GET', '/status').then(
    (answer) => answer.protecting,
    () => false,
  );
const tables = () => ns.run('nft', 'list', 'tables').trim();

/** Its first answer over the socket says that it protects: no output has to be read for that. */
async function started(stdio: StdioOptions): Promise<{ data: string; daemon: ChildProcess }> {
  const data = join(directory, `data-${runs++}`);
  const daemon = ns.spawn(RINGFENCE, ['run', '--data', data], stdio);
  const socket = join(data, 'ringfence.sock');
  await until(() => existsSync(socket) && protects(data), 'it does not protect');
  return { data, daemon };
}

async function until(done: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await done());) {
    if (Date.now() > end) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Signals in the given order, as fast as they can be sent. */
const ENDINGS: [name: string, ...signals: NodeJS.Signals[]][] = [
  ['a service manager stops it', 'SIGTERM'],
  ['Ctrl-C', 'SIGINT'],
  // npm passes on a signal that the whole process group had already; people press Ctrl-C twice.
  ['Ctrl-C that arrives twice', 'SIGINT', 'SIGINT', 'SIGINT'],
  ['impatience', 'SIGTERM', 'SIGTERM'],
  ['its terminal is closed', 'SIGHUP'],
];

describe('a clean stop leaves no rule and exits with 0', () => {
  it.each(ENDINGS)('%s', async (_name, ...signals) => {
    const { daemon } = await started('ignore');
    expect(tables()).toBe('table inet ringfence');
    const ended = once(daemon, 'exit');
    for (const signal of signals) daemon.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(tables()).toBe('');
  });
});

describe('output that nobody can take does not end protection', () => {
  /** A verdict's line and the console's death notice are what a running daemon writes. */
  async function stillProtectsAfterSaying(data: string, daemon: ChildProcess): Promise<void> {
    const children = ns.run('pgrep', '--parent', String(daemon.pid)).trim().split('\n');
    for (const child of children) process.kill(Number(child), 'SIGKILL');
    await until(() => status(data).status !== 0, 'the console was not killed');
    await until(() => status(data).stdout.includes('Protecting'), 'it does not protect any more');
    expect(daemon.exitCode).toBe(null);
    const ended = once(daemon, 'exit');
    daemon.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(tables()).toBe('');
  }

  it('the reader of the pipe has left', async () => {
    const { data, daemon } = await started(['ignore', 'pipe', 'pipe']);
    daemon.stdout!.destroy();
    daemon.stderr!.destroy();
    await stillProtectsAfterSaying(data, daemon);
  });

  it('the disk that it is written to is full', async () => {
    const disk = join(directory, 'disk');
    mkdirSync(disk);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'ringfence-test', disk]).status).toBe(0);
    const log = openSync(join(disk, 'log'), 'a');
    try {
      const { data, daemon } = await started(['ignore', log, log]);
      expect(() => {
        for (;;) writeSync(log, Buffer.alloc(4096));
      }).toThrow('ENOSPC');
      await stillProtectsAfterSaying(data, daemon);
    } finally {
      closeSync(log);
      spawnSync('umount', ['--lazy', disk]);
    }
  });
});

describe('a start that cannot be says why, exits with 1 and changes nothing', () => {
  const run = (data: string) =>
    spawnSync('ip', ['netns', 'exec', ns.name, RINGFENCE, 'run', '--data', data], {
      encoding: 'utf8',
      timeout: PATIENCE_MS,
    });

  it('another daemon in this network namespace', async () => {
    const { data, daemon } = await started('ignore');
    const second = run(join(directory, 'second'));
    expect(second.stderr).toMatch(/another Ringfence.*\[nflog-group-busy\]/);
    expect(second.status).toBe(1);
    const { kernel } = JSON.parse(
      spawnSync(RINGFENCE, ['status', '--json', '--data', data], { encoding: 'utf8' }).stdout,
    );
    expect(kernel).toMatchObject({ ok: true, repairs: 0 });
    const ended = once(daemon, 'exit');
    daemon.kill('SIGTERM');
    await ended;
  });

  it.each([
    ['its parent is a file', '/etc/passwd/data', 'something on its path is a file'],
    ['it is a file', '/etc/passwd', 'something on its path is a file'],
    ['the file system takes no directories', '/proc/data', 'ENOENT'],
  ])('the data directory cannot be made: %s', (_why, data, words) => {
    const { stderr, status: code } = run(data);
    expect(stderr).toContain(words);
    expect(stderr).toContain('[data-directory]');
    expect(code).toBe(1);
    expect(tables()).toBe('');
  });
});
