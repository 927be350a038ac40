/** Real programs: what they get, and what becomes of it. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CommandPolicy } from '../../policy/compile-notify.ts';
import type { Delivered, Delivery } from '../channel.ts';
import { render } from '../render/render.ts';
import { attackBy, attackNotice, HOSTILE_TEXTS } from '../testing/notices.ts';
import { commandChannel } from './command-channel.ts';

const directory = mkdtempSync(join(tmpdir(), 'ringfence-command-'));
afterAll(() => rmSync(directory, { recursive: true }));

const notice = attackNotice({ attack: attackBy(`$(touch ${directory}/owned) ${HOSTILE_TEXTS.join(' ')}`) });

function run(script: string | null, { mode = 0o755, timeoutMs = 5000 } = {}): Promise<Delivered> {
  const path = join(directory, 'tell-me');
  rmSync(path, { force: true, recursive: true });
  if (script !== null) {
    writeFileSync(path, script);
    chmodSync(path, mode);
  }
  return deliver(timeoutMs);
}

function deliver(timeoutMs = 5000): Promise<Delivered> {
  const policy: CommandPolicy = { kind: 'command', name: 'pager', program: 'tell-me', gets: [], perHourMax: 60 };
  const options = { secretOf: () => 'secret', hostName: 'pbx.example.org', commandDirectory: directory };
  const message = render(notice, { timeZone: 'UTC', hostName: 'pbx.example.org', consoleUrl: null });
  const delivery: Delivery = { messageId: 'a1@x', notice, message, recipient: 'pager' };
  return commandChannel(policy, options, timeoutMs).deliver(delivery);
}

describe('a program', () => {
  it('gets the notice on its standard input, no argument, and nothing of our environment', async () => {
    const out = join(directory, 'out');
    const env = join(directory, 'env');
    const delivered = await run(`#!/bin/sh\ncat >${out}\nenv >${env}\necho "$# arguments"\n`);
    expect(delivered).toEqual({ outcome: 'delivered', answer: 'exit code 0. 0 arguments' });
    expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({
      ...{ id: 'a1@x', host: 'pbx.example.org' },
      notice: { attack: { userAgent: notice.attack.userAgent } },
    });
    const names = readFileSync(env, 'utf8')
      .split('\n')
      .map((line) => line.split('=')[0]);
    expect(names.filter((name) => !['', 'PWD', 'OLDPWD', 'SHLVL', '_'].includes(name)).sort()).toEqual([
      ...['LANG', 'PATH', 'RINGFENCE_MESSAGE_ID', 'RINGFENCE_NOTICE'],
    ]);
    expect(existsSync(join(directory, 'owned'))).toBe(false);
  });

  const rows: [string, string, Delivered['outcome'], RegExp][] = [
    ['75: later', '#!/bin/sh\necho busy; exit 75\n', 'retry', /^exit code 75\. busy$/],
    ['any other: never', '#!/bin/sh\necho no such pager >&2; exit 1\n', 'refused', /^exit code 1\. no such pager$/],
    ['ended by a signal: later', '#!/bin/sh\nkill -9 $$\n', 'retry', /a signal ended it/],
    ['ends without reading', '#!/bin/sh\nexec true\n', 'delivered', /^exit code 0\.$/],
    [
      'writes without end, and fails',
      '#!/bin/sh\nhead -c 3000000 /dev/zero; exit 1\n',
      'refused',
      /^exit code 1\. (\\x00)+/,
    ],
    ['no program at all', 'no interpreter line and no program', 'refused', /exit code 127|exit code 2/],
  ];
  it.each(rows)('%s', async (_name, script, outcome, answer) => {
    const delivered = await run(script);
    expect(delivered).toEqual({ outcome, answer: expect.stringMatching(answer) as string });
    expect(delivered.answer.length).toBeLessThanOrEqual(1000);
  });

  it('that does not end is ended, with what it started', async () => {
    const pid = join(directory, 'pid');
    const delivered = await run(`#!/bin/sh\nsleep 1000 & echo $! >${pid}\nwait\n`, { timeoutMs: 300 });
    expect(delivered).toEqual({ outcome: 'retry', answer: 'it had not ended after 0.3 s.' });
    const child = Number(readFileSync(pid, 'utf8'));
    // A killed child is a zombie until its new parent has waited for it.
    const state = () =>
      existsSync(`/proc/${child}/stat`) ? readFileSync(`/proc/${child}/stat`, 'utf8').split(') ')[1][0] : 'Z';
    while (state() !== 'Z') await new Promise((resolve) => setImmediate(resolve));
  });
});

describe('what is not run', () => {
  it('a program that others may write', async () => {
    const delivered = await run('#!/bin/sh\n', { mode: 0o777 });
    expect(delivered).toEqual({
      outcome: 'retry',
      answer: expect.stringContaining('may be written by others') as string,
    });
  });
  it('a folder', async () => {
    rmSync(join(directory, 'tell-me'), { force: true });
    mkdirSync(join(directory, 'tell-me'));
    expect(await deliver()).toMatchObject({
      outcome: 'retry',
      answer: expect.stringContaining('no ordinary file') as string,
    });
  });
  it('nothing', async () => {
    expect(await run(null)).toMatchObject({ outcome: 'retry', answer: expect.stringContaining('ENOENT') as string });
  });
  it('a file that is no program', async () => {
    expect(await run('x', { mode: 0o644 })).toMatchObject({
      outcome: 'retry',
      answer: expect.stringContaining('EACCES') as string,
    });
  });
});
