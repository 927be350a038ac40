/** The policy's commands as people and scripts use them: a real process, a real console, a real store. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GuardStandIn, health, makeDataDirectory } from '../src/serve/testing/guard-stand-in.ts';
import { runCli, type CliResult } from '../src/serve/testing/run-cli.ts';
import { ATTACKER, sampleEvidence, sampleIncident, sampleVerdict } from '../src/serve/testing/samples.ts';

const data = makeDataDirectory();
let guard: GuardStandIn;
const at = Date.now();
const PHONE = '203.0.113.20';

beforeAll(async () => {
  guard = await GuardStandIn.start(data.path);
  guard.report({ type: 'health', health: health() });
  guard.report({ type: 'incidents', changes: [{ incident: sampleIncident(at), evidence: sampleEvidence(at) }] });
  await guard.stored({ type: 'verdict', verdict: sampleVerdict(at) });
});
afterAll(async () => {
  await guard?.stop();
  data.remove();
});

const cli = (...args: string[]) => runCli(['--data', data.path, ...args]);
const fine = async (...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await cli(...args);
  expect({ code, stderr }, args.join(' ')).toEqual({ code: 0, stderr: '' });
  return stdout;
};
const json = (result: CliResult): unknown => JSON.parse(result.stdout);
const path = (name: string) => join(data.path, name);
function write(name: string, text: string): string {
  writeFileSync(path(name), text);
  return path(name);
}

const OURS = `# The office's policy, do not touch without asking.
mode: protect # since May
detect:
  flood:
    threshold: 600 # the trunk
`;

describe('a policy of one’s own', () => {
  it('is kept with its comments, also when a value is set', async () => {
    await fine('policy', 'apply', write('ours.yaml', OURS), '--comment', 'first');
    expect(await fine('policy', 'show', '--as-written')).toContain(OURS);
    await fine('policy', 'set', 'detect.flood.threshold', '700');
    await fine('policy', 'set', 'block.for', '2h');
    const text = await fine('policy', 'show', '--as-written');
    expect(text).toContain('threshold: 700 # the trunk');
    expect(text).toContain("# The office's policy, do not touch without asking.\nmode: protect # since May\n");
    expect(await fine('policy', 'show')).toContain('# How long a block lasts.');
  });

  it('has a history that says who, when and what', async () => {
    const versions = JSON.parse(await fine('policy', 'history', '--json')) as {
      by: string;
      at: number;
      comment: string;
    }[];
    expect(versions.map(({ comment }) => comment)).toEqual(['block.for = 2h', 'detect.flood.threshold = 700', 'first']);
    for (const version of versions) {
      expect(version.by).not.toBe('');
      expect(version.at).toBeGreaterThanOrEqual(at);
    }
  });

  it('is exported with a comment on every field, and applying that changes nothing', async () => {
    await fine('policy', 'export', '-o', path('out.yaml'));
    expect(statSync(path('out.yaml')).mode & 0o777).toBe(0o600);
    expect(readFileSync(path('out.yaml'), 'utf8')).toBe(await fine('policy', 'export'));
    expect(await fine('policy', 'apply', path('out.yaml'))).toContain('nothing changed');
    expect(await cli('policy', 'export', '-o', path('out.yaml'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is there already/),
    });
    await fine('policy', 'export', '0', '-o', path('out.yaml'), '--force');
    expect(readFileSync(path('out.yaml'), 'utf8')).toContain('threshold: 500');
    expect(await cli('policy', 'export', '-o', '/nowhere/x')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('policy diff', () => {
  it('by path, old and new, whatever is compared', async () => {
    const rows: [args: string[], code: number, says: RegExp][] = [
      [
        [],
        1,
        /^the built-in default → version 3 \(in force\): 2 differences\n +block\.for: 1h → 2h\n +detect\.flood\.threshold: 500 → 700\n$/,
      ],
      [
        ['1'],
        1,
        /^version 1 → version 3 \(in force\): 2 differences\n +block\.for: 1h → 2h\n +detect\.flood\.threshold: 600 → 700\n$/,
      ],
      [['1', '2'], 1, /^version 1 → version 2: 1 difference\n +detect\.flood\.threshold: 600 → 700\n$/],
      [['3'], 0, /no differences/],
      [
        [write('guests.yaml', 'guests: [192.0.2.0/24]\nblock: { for: 2h }\ndetect: { flood: { threshold: 700 } }\n')],
        1,
        /^version 3 \(in force\) → .*guests\.yaml: 1 difference\n +guests:\n +\+ 192\.0\.2\.0\/24\n$/,
      ],
      [[path('ours.yaml'), '1'], 0, /^version 1 → .*ours\.yaml: no differences\.\n$/],
    ];
    for (const [args, code, says] of rows) {
      expect(await cli('policy', 'diff', ...args), args.join(' ')).toMatchObject({
        code,
        stdout: expect.stringMatching(says),
      });
    }
    expect(json(await cli('policy', 'diff', '1', '2', '--json'))).toEqual({
      from: 'version 1',
      to: 'version 2',
      changes: [{ path: 'detect.flood.threshold', before: 600, after: 700 }],
    });
  });

  it('refuses what is neither a version nor a good file', async () => {
    expect(await cli('policy', 'diff', '99')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no policy version 99/),
    });
    expect(await cli('policy', 'diff', '/nowhere.yaml')).toMatchObject({ code: 2 });
    expect(await cli('policy', 'diff', '1', 'x')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/no version/),
    });
    expect(await cli('policy', 'diff', write('bad.yaml', 'mod: x\n'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/did you mean mode/),
    });
  });
});

describe('a change that would shut somebody out', () => {
  const management = ['policy', 'set', 'ports.management', '2222'];
  const session = { SSH_CONNECTION: '203.0.113.9 50000 192.0.2.1 22' };

  it('says whom and changes nothing, until it is confirmed', async () => {
    const before = guard.orders.length;
    const refused = await runCli(['--data', data.path, ...management], session);
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toMatch(
      /Nothing was changed.*203\.0\.113\.9 could be shut out of port 22 by an automatic block/s,
    );
    expect(refused.stderr).toContain('--yes');
    expect(guard.orders).toHaveLength(before);
    expect(await fine('policy', 'get', 'ports.management')).toBe('22\n');
    expect(await runCli(['--data', data.path, ...management, '--yes'], session)).toMatchObject({ code: 0 });
    expect(await fine('policy', 'get', 'ports.management')).toBe('2222\n');
    expect(await runCli(['--data', data.path, 'policy', 'rollback', '3'], session)).toMatchObject({ code: 0 });
  });

  it('asks for phones that are registered, too', async () => {
    guard.registered = [{ address: PHONE, until: at + 3_600_000 }];
    await fine('policy', 'set', 'mode', 'monitor');
    await fine('deny', 'add', '203.0.113.0/24');
    const refused = await cli('policy', 'set', 'mode', 'protect');
    expect(refused).toMatchObject({ code: 3 });
    expect(refused.stderr).toContain(`${PHONE} would be shut out of all ports by the denylist: phones are registered`);
    await fine('deny', 'remove', '203.0.113.0/24');
    await fine('policy', 'set', 'mode', 'protect');
  });
});

describe('countries', () => {
  it('a country with a registered phone is closed only when that is confirmed', async () => {
    // APNIC's records: 1.0.1.0/24 is in China.
    guard.registered = [{ address: '1.0.1.7', until: at + 3_600_000 }];
    await fine('policy', 'set', 'countries.list', 'cn,ru');
    const refused = await cli('policy', 'set', 'countries.mode', 'block');
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toMatch(
      /1\.0\.1\.7 would be shut out of the protected ports .* by the countries: phones are/,
    );
    expect(await fine('policy', 'get', 'countries.mode')).toBe('off\n');
    // Somebody else's phones are no reason to ask.
    guard.registered = [{ address: '8.8.8.8', until: at + 3_600_000 }];
    await fine('policy', 'set', 'countries.mode', 'block');
    const allowed = await cli('policy', 'apply', write('allow.yaml', 'countries: { mode: allow, list: [CN] }\n'));
    expect(allowed.stderr).toContain('8.8.8.8 would be shut out');
    await fine('allow', 'add', '8.8.8.8');
    await fine('policy', 'apply', path('allow.yaml'));
    guard.registered = [];
    await fine('policy', 'rollback', '3');
  });

  it('an unknown one is refused with the nearest', async () => {
    expect(await cli('policy', 'set', 'countries.list', 'CN,UK')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('write GB (United Kingdom)'),
    });
    expect(await cli('policy', 'set', 'countries.mode', 'allow', '--yes')).toMatchObject({ code: 2 });
  });
});

describe('policy try', () => {
  const file = (text: string) => write('try.yaml', text);

  it('tells from recorded attacks who would be blocked, and what it cannot know', async () => {
    const same = await fine('policy', 'try', file(''));
    expect(same).toMatch(/^1 recorded attack .*\n\n1 source would fare as today\./);
    const raised = await fine('policy', 'try', file('detect: { register-bruteforce: { threshold: 900000 } }'));
    expect(raised).toMatch(
      new RegExp(`1 source would no longer be blocked\\n.*\\n${ATTACKER} .*3137 seen in all, the threshold is 900000`),
    );
    expect(raised).toContain('Evidence holds the first messages of each attack only');
    const off = await cli('policy', 'try', file('detect: { register-bruteforce: { enabled: false } }'), '--json');
    expect(json(off)).toMatchObject({
      attacks: 1,
      noLongerBlocked: [{ source: ATTACKER, present: { outcome: 'blocked' } }],
    });
    expect(json(await cli('policy', 'try', file(''), '--since', '2020-01-01', '--json'))).toMatchObject({ attacks: 1 });
  });

  it('tells it from a capture, with a daemon or without', async () => {
    const capture = new URL('../spec/attacks/svcrack.pcap', import.meta.url).pathname;
    const changed = file(
      'detect: { register-bruteforce: { enabled: false }, scanner-agent: { enabled: false }, scanner-fingerprint: { enabled: false } }',
    );
    const args = ['policy', 'try', changed, '--capture', capture, '--json'];
    expect(json(await cli(...args))).toMatchObject({
      newlyBlocked: [],
      noLongerBlocked: [{ changed: { outcome: 'open' } }],
    });
    const alone = await runCli(['--data', '/nowhere', ...args]);
    expect(json(alone)).toMatchObject({
      noLongerBlocked: [{}],
      limits: [expect.stringContaining('built-in default'), expect.anything()],
    });
  });

  it('refuses a bad policy, a file that is no capture, and both sources at once', async () => {
    expect(await cli('policy', 'try', file('mod: x'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/did you mean mode/),
    });
    expect(await cli('policy', 'try', file(''), '--capture', path('ours.yaml'))).toMatchObject({ code: 2 });
    expect(await cli('policy', 'try', file(''), '--capture', path('x'), '--since', '1h')).toMatchObject({ code: 2 });
    expect(existsSync(path('x'))).toBe(false);
  });
});
