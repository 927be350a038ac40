/** `ringfence policy import` with the settings of another product: a real process, a real console, a real store. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyEditAnswer } from '../src/serve/answers.ts';
import { GuardStandIn, makeDataDirectory } from '../src/serve/testing/guard-stand-in.ts';
import { runCli } from '../src/serve/testing/run-cli.ts';

const data = makeDataDirectory();
let guard: GuardStandIn;
beforeAll(async () => void (guard = await GuardStandIn.start(data.path)));
afterAll(async () => {
  await guard?.stop();
  data.remove();
});

const cli = (...args: string[]) => runCli(['--data', data.path, ...args]);
const version = async () => ((await cli('policy', 'show', '--json')).stdout.match(/"version": (\d+)/) ?? [])[1];
function write(name: string, text: string): string {
  writeFileSync(join(data.path, name), text);
  return join(data.path, name);
}

const CONF = write(
  'sipprot.conf',
  `# sipprot
monit_period = 5m
hit_count = 4
block_time = 3600
block_threshold = 3
log_level = 2
blacklist = 203.0.113.7, 198.51.100.0/24
`,
);
const CHANGES = [
  ['detect.register-bruteforce.window: 60s → 5m', 'line 2: monit_period = 5m: bad registrations are counted over 5m'],
  ['detect.register-bruteforce.threshold: 5 → 4', 'line 3: hit_count = 4: 4 bad registrations in that time block'],
  ['block.for: 1h already', 'line 4: block_time = 3600: a block lasts 1h (read as seconds)'],
  ['block.permanentAfter: 3 already', 'line 5: block_threshold = 3: after 3 blocks the next one is permanent'],
];

describe('a sipprot.conf', () => {
  it('dry run: every change with its why, what is not known, what is no setting; nothing is changed', async () => {
    const { code, stdout, stderr } = await cli('policy', 'import', CONF, '--dry-run');
    expect(code).toBe(0);
    for (const [change, why] of CHANGES) expect(stdout).toContain(`${change}\n  ${why}`);
    expect(stdout).toContain('Nothing was changed: this was a dry run.');
    expect(stderr).toMatch(/line 6: not known, nothing is done about it: log_level = 2/);
    expect(stderr).toMatch(
      /2 addresses for the denylist .*not imported.*\n.*deny add .*203\.0\.113\.7, 198\.51\.100\.0\/24/,
    );
    expect(await version()).toBe('0');
  });

  it('the same time in other words is no change', async () => {
    const path = write('words.conf', 'monit_period = 60\nblock_time = 60m\n');
    const { stdout } = await cli('policy', 'import', path, '--dry-run');
    expect(stdout).toContain('detect.register-bruteforce.window: 60s already');
    expect(stdout).toContain('block.for: 1h already');
    expect(stdout).toContain('Nothing would be changed: the policy says so already.');
  });

  it('is one version of the policy, with the file in its comment; again it is none', async () => {
    expect((await cli('policy', 'import', CONF)).stdout).toContain('The policy is now version 1.');
    expect((await cli('policy', 'get', 'detect.register-bruteforce.threshold')).stdout).toBe('4\n');
    expect((await cli('policy', 'history')).stdout).toMatch(/1 +\*.*imported from sipprot\.conf/);
    expect(guard.orders.at(-1)!.policy.detect['register-bruteforce']).toMatchObject({ threshold: 4, window: '5m' });
    expect((await cli('policy', 'import', CONF)).stdout).toContain('The policy says so already: nothing changed.');
    expect(await version()).toBe('1');
  });

  it('as JSON', async () => {
    const answer = JSON.parse((await cli('policy', 'import', CONF, '--json')).stdout) as PolicyEditAnswer;
    expect(answer).toMatchObject({
      version: 1,
      changed: false,
      unknown: [{ line: 6 }],
      deny: [{ line: 7 }, { line: 7 }],
    });
    expect(answer.steps[1]).toMatchObject({ path: 'detect.register-bruteforce.threshold', after: 4, line: 3 });
  });

  it('as a list it is refused, and it is said where it belongs', async () => {
    expect(await cli('deny', 'import', CONF)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('ringfence policy import') as string,
    });
  });
});

const refused: [what: string, text: string, says: RegExp][] = [
  [
    'a value that cannot be',
    'hit_count = 4\nblock_time = soon\n',
    /line 2: "soon".*seconds, or 90s.*\n.*1 bad line\. The policy is as it was/,
  ],
  ['an attacker’s bytes', 'hit_count = \x1b[2J\n', /line 1: "\\x1b\[2J"/],
  ['a policy of ours', 'mode: monitor\n', /none of the settings.*\n.*policy apply/],
  ['an empty file', '', /none of the settings/],
];
it.each(refused)('%s is refused and changes nothing', async (_what, text, says) => {
  const { code, stderr } = await cli('policy', 'import', write('bad.conf', text));
  expect(stderr).toMatch(says);
  expect(code).toBe(2);
  expect(await version()).toBe('1');
});

it('no such file', async () => {
  expect(await cli('policy', 'import', '/nowhere.conf')).toMatchObject({ code: 2 });
});
