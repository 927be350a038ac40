/** `ringfence users` and `web link` against the real console. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GuardStandIn, makeDataDirectory } from '../src/serve/testing/guard-stand-in.ts';
import { runCli } from '../src/serve/testing/run-cli.ts';
import { PASSWORD } from '../src/serve/testing/web-under-test.ts';

const data = makeDataDirectory();
let guard: GuardStandIn;
const run = (...args: string[]) => runCli(['--data', data.path, ...args]);
const URL_LINE = /^ {2}(http:\/\/127\.0\.0\.1:\d+)\/setup#([\w-]{43})$/m;

/** Chooses the password, as the page behind the link does. */
async function use(output: string, name?: string): Promise<number> {
  const [, origin, link] = URL_LINE.exec(output) ?? [];
  const body = JSON.stringify({ link, password: PASSWORD, ...(name === undefined ? {} : { name }) });
  const headers = { 'content-type': 'application/json' };
  return (await fetch(`${origin}/api/v1/setup`, { method: 'POST', headers, body })).status;
}

beforeAll(async () => {
  guard = await GuardStandIn.start(data.path, undefined, '127.0.0.1:0');
});
afterAll(async () => {
  await guard.stop();
  data.remove();
});

describe('from the machine itself', () => {
  it('the first account, then nobody’s second one', async () => {
    expect((await run('users', 'list')).stdout).toBe('Nobody yet. Make the first account: ringfence web link\n');
    const { stdout, code } = await run('web', 'link');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^The first account is made with this link, once, until .*:\n/);
    expect(await use(stdout, 'alice')).toBe(200);
    const again = await run('web', 'link');
    expect([again.code, again.stdout]).toEqual([3, '']);
    expect(again.stderr).toMatch(/There are accounts already.*--reset NAME/s);
  });

  it('somebody new, another role, a forgotten password, away for a while, gone', async () => {
    const added = await run('users', 'add', 'bob');
    expect(added.stdout).toMatch(/^bob is a new account \(viewer\)\./);
    expect((await run('users', 'list')).stdout).toMatch(/bob +viewer +link not used yet +off +never/);
    expect(await use(added.stdout)).toBe(200);
    expect(await use(added.stdout)).toBe(409);
    expect((await run('users', 'role', 'bob', 'administrator')).stdout).toBe('bob: administrator, fine.\n');
    expect((await run('users', 'disable', 'bob')).stdout).toBe('bob: administrator, disabled.\n');
    expect((await run('users', 'enable', 'bob')).stdout).toBe('bob: administrator, fine.\n');
    const reset = await run('web', 'link', '--reset', 'bob', '--remove-second-factor');
    expect(await use(reset.stdout)).toBe(200);
    expect(URL_LINE.test((await run('users', 'password', 'bob')).stdout)).toBe(true);
    expect((await run('users', 'remove', 'bob')).stdout).toBe('bob is removed, with its sessions and tokens.\n');
    const log = JSON.parse((await run('--json', 'audit', '--what', 'user')).stdout) as {
      what: string;
      subject: string;
    }[];
    expect(log.map(({ what, subject }) => `${what} ${subject}`).slice(0, 2)).toEqual([
      'user.remove bob',
      'user.link bob',
    ]);
  });

  it.each([
    [['users', 'remove', 'alice'], 3, /last administrator/],
    [['users', 'role', 'alice', 'viewer'], 3, /last administrator/],
    [['users', 'disable', 'alice'], 3, /last administrator/],
    [['users', 'add', 'ALICE'], 3, /account ALICE already/],
    [['users', 'add', 'a b'], 2, /name: up to 64 letters/],
    [['users', 'add', 'carol', '--role', 'root'], 2, /administrator, viewer/],
    [['users', 'role', 'alice', 'root'], 2, /role/],
    [['users', 'remove', 'nobody'], 1, /no account nobody/],
    [['web', 'link', '--reset', 'nobody'], 1, /no account nobody/],
    [['run', '--listen', 'nowhere'], 2, /ADDRESS:PORT/],
  ])('%j is refused', async (args, exit, says) => {
    const { code, stderr, stdout } = await run(...args);
    expect([code, stdout]).toEqual([exit, '']);
    expect(stderr).toMatch(says);
  });
});
