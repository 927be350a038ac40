/** `ringfence notify` against the real console; answers of servers are a stranger's text. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GuardStandIn, health, makeDataDirectory } from '../src/serve/testing/guard-stand-in.ts';
import { runCli } from '../src/serve/testing/run-cli.ts';
import { renderChannels, renderOutbox } from './commands/notify.ts';

const data = makeDataDirectory();
let guard: GuardStandIn;
const run = (...args: string[]) => runCli(['--data', data.path, ...args]);
const PROGRAM = fileURLToPath(new URL('../bin/ringfence', import.meta.url));

/** With something on standard input. */
function typed(input: string, ...args: string[]): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(PROGRAM, ['--data', data.path, ...args]);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('close', (code) => resolve({ code, said }));
    child.stdin.end(input);
  });
}

beforeAll(async () => {
  guard = await GuardStandIn.start(data.path);
  guard.report({ type: 'health', health: health() });
});
afterAll(async () => {
  await guard.stop();
  data.remove();
});

describe('channels', () => {
  it('from nobody to one that cannot deliver', async () => {
    expect((await run('notify')).stdout).toMatch(/^Nobody is told anything yet\./);
    expect((await run('notify', 'outbox')).stdout).toBe('Nothing was sent, and nothing waits.\n');
    const set = await run('policy', 'set', 'notify.webhook', '[{ name: chat, url: "http://127.0.0.1:9/{secret}" }]');
    expect(set.code, set.stderr).toBe(0);
    const test = await run('notify', 'test', 'chat');
    expect(test.code).toBe(1);
    expect(test.stdout).toMatch(/^chat: (failed|refused)\n {2}\S/);
    const unknown = await run('notify', 'test', 'nobody');
    expect([unknown.code, unknown.stderr]).toEqual([1, 'ringfence: There is no channel nobody.\n  There are: chat\n']);
  });

  it('a secret comes from standard input, and is in no output', async () => {
    const { code, said } = await typed('green lamps walk\n', 'notify', 'secret', 'chat');
    expect([code, said]).toEqual([0, 'The secret of chat is set. Try it: ringfence notify test chat\n']);
    const shown = [await run('notify', '--json'), await run('policy', 'export'), await run('audit', '--json')];
    for (const { stdout } of shown) expect(stdout).not.toContain('green lamps');
    expect(shown[0].stdout).toContain('"secret": "set"');
    expect((await run('notify', 'secret', 'chat', '--remove')).stdout).toBe('The secret of chat is forgotten.\n');
    expect((await run('notify', 'secret', 'chat', '--remove')).stdout).toBe('chat has no secret.\n');
    expect((await typed('', 'notify', 'secret', 'chat')).code).toBe(2);
    expect((await typed('a\x00b\n', 'notify', 'secret', 'chat')).said).not.toContain('a\x00b');
  });
});

describe('what servers answer', () => {
  const HOSTILE = '550 \x1b]0;owned\x07\x1b[2Jno\u202e\nsecond line';
  const NOW = Date.UTC(2026, 10, 21);

  it('stays on its line and colours nothing', () => {
    const channel = {
      ...{ name: 'office', kind: 'email', destination: 'mail.example.org:587', recipients: ['a@example.org'] },
      ...{ state: 'failing', secret: 'set', perHourMax: 30, waiting: 1, held: 2, deliveredAt: null },
      problem: { answer: HOSTILE, recipient: 'a@example.org', at: NOW, tries: 3, since: NOW - 60_000 },
    } as const;
    const row = {
      ...{
        id: 1,
        notice: 'opened-i1',
        channel: 'office',
        recipient: 'a@example.org',
        messageId: 'x',
        state: 'waiting',
      },
      ...{ at: NOW, tries: 3, triedAt: NOW, nextInMs: 60_000, reason: 'try 3 failed', answer: HOSTILE },
    } as const;
    for (const text of [renderChannels([channel as never], NOW), renderOutbox([row as never], NOW)]) {
      expect(text).not.toMatch(/[\x1b\x07\u202e]/);
      expect(text).toContain('550 \\x1b');
    }
  });
});
