/** The command line as scripts use it: a real process, a real console, a real store; exit codes and JSON as docs/cli.md promises. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GATEWAY, GuardStandIn, health, makeDataDirectory, OWN_ADDRESS } from '../src/serve/testing/guard-stand-in.ts';
import { runCli } from '../src/serve/testing/run-cli.ts';
import { ATTACKER, sampleBlock, sampleEvidence, sampleIncident, sampleVerdict } from '../src/serve/testing/samples.ts';

const data = makeDataDirectory();
let guard: GuardStandIn;
const at = Date.now();

beforeAll(async () => {
  guard = await GuardStandIn.start(data.path);
  guard.report({ type: 'incidents', changes: [{ incident: sampleIncident(at), evidence: sampleEvidence(at) }] });
  guard.report({ type: 'verdict', verdict: sampleVerdict(at) });
  guard.report({ type: 'health', health: health() });
  guard.blocks.set(ATTACKER, sampleBlock(at));
  await guard.stored({ type: 'blocked', block: sampleBlock(at) });
});
afterAll(async () => {
  await guard?.stop();
  data.remove();
});

const cli = (...args: string[]) => runCli(['--data', data.path, ...args]);
const badFile = () => write('bad.yaml', 'mode: prtect\ndetect: { flood: { threshold: many } }\n');
const goodFile = () => write('good.yaml', 'block: { for: 3h }\n');

function write(name: string, text: string): string {
  const path = join(data.path, name);
  writeFileSync(path, text);
  return path;
}

describe('exit codes, in the order in which a person would try them', () => {
  const rows: [command: string, code: number, says: RegExp][] = [
    // 0: fine.
    ['status', 0, /^Protecting\..*blocked now +1 source/s],
    ['attacks', 0, new RegExp(`attack-1 .*${ATTACKER}.*register-bruteforce.*block`)],
    ['attacks --since 1h --kind register-bruteforce --source 198.51.100.7 --limit 1', 0, /attack-1/],
    ['attacks --since 2020-01-01 --until 2020-01-02', 0, /^No attacks\.$/m],
    ['attacks show attack-1', 0, /tried +2 users: 100, 101\\x1b\[31m/],
    ['blocked', 0, /198\.51\.100\.7 .*register-bruteforce/],
    ['blocked 198.51.100.7', 0, /is blocked for .* \(register-bruteforce/],
    ['explain 198.51.100.7', 0, /is blocked until.*5 counted within 60 s;\n5 cross the line.*attacks show attack-1/s],
    ['explain 203.0.113.200', 0, /is not blocked.*no attack of it is recorded/s],
    ['explain 2001:DB8::0:1', 0, /^2001:db8::1 is not blocked/],
    [`explain ${OWN_ADDRESS}`, 0, /is never blocked.*an address of this machine/s],
    ['allow add 203.0.113.0/24 --comment trunk', 0, /203\.0\.113\.0\/24 is now on the allowlist/],
    ['allow add 203.0.113.9/24', 0, /203\.0\.113\.0\/24 was already on the allowlist/],
    ['allow list', 0, /203\.0\.113\.0\/24 .*trunk/],
    ['deny add 2001:db8:bad::/48', 0, /is now on the denylist/],
    ['deny list', 0, /2001:db8:bad::\/48/],
    ['block 192.0.2.77 --for 90s --reason test', 0, /192\.0\.2\.77 is blocked for 90 s/],
    ['block 2001:db8::77 --for permanent', 0, /is blocked permanently/],
    ['unblock 192.0.2.77', 0, /is lifted/],
    ['policy get detect.flood.threshold', 0, /^500$/m],
    ['policy set detect.flood.threshold 900', 0, /is 900 \(was 500\), version 1/],
    ['policy set detect.flood.threshold 900', 0, /is 900 already/],
    ['policy show', 0, /threshold: 900/],
    ['policy history', 0, /1 +\* .*detect\.flood\.threshold = 900/],
    ['policy rollback 0', 0, /now version 2, a copy of version 0\./],
    ['policy get detect.flood.threshold', 0, /^500$/m],
    ['--help', 0, /Attacks and blocks:.*explain <address>.*Lists and countries:.*deny /s],
    ['--version', 0, /^\d+\.\d+\.\d+$/m],
    // 1: understood, and the answer is no.
    ['attacks show nowhere', 1, /No attack has the id nowhere/],
    ['attacks pcap nowhere -o /dev/null', 1, /No attack has the id nowhere/],
    ['blocked 203.0.113.1', 1, /is not blocked/],
    ['unblock 203.0.113.1', 1, /203\.0\.113\.1 is not blocked/],
    ['unblock 2001:db8:bad::1', 1, /denylist \(2001:db8:bad::\/48\): ringfence deny remove/],
    ['allow remove 203.0.113.77', 1, /part of the entry 203\.0\.113\.0\/24/],
    ['deny remove 10.0.0.1', 1, /is not on the denylist/],
    ['policy show 99', 1, /There is no policy version 99/],
    ['policy rollback 99', 1, /There is no policy version 99/],
    // 2: wrong use; the message names what was expected.
    ['', 2, /Usage: ringfence/],
    ['stauts', 2, /unknown command 'stauts'.*Did you mean status/s],
    ['status --jsno', 2, /unknown option '--jsno'.*Did you mean --json/s],
    ['block', 2, /missing required argument 'address'/],
    ['block 300.1.1.1', 2, /"300" is no octet: octets go from 0 to 255/],
    ['block 192.0.2.0/24', 2, /one address is expected here, not a range/],
    ['block example.com', 2, /is no address \(names are not looked up\)/],
    ['block 192.0.2.7 --for 1x', 2, /units are s, m, h, d and w/],
    ['block 192.0.2.7 --for 3600', 2, /3600 has no unit: write 3600s/],
    ['block 192.0.2.7 --for 0s', 2, /a block of no time is no block/],
    ['deny add 300.1.1.1/40', 2, /"300" is no octet.*an IPv4 prefix goes from 0 to 32, not "40"/],
    ['allow add 192.0.2.20-192.0.2.10', 2, /runs backwards: write 192\.0\.2\.10-192\.0\.2\.20/],
    ['attacks --since tomorrow', 2, /write how long ago \(90s, 1h, 7d\), today, yesterday, 2026-08-01/],
    ['attacks --kind register', 2, /expected one of register-bruteforce, auth-bruteforce/],
    ['attacks --limit 0', 2, /a whole number from 1 to 1000000 is expected/],
    ['policy set detect.flood.threshold many', 2, /found "many", expected a whole number.*Nothing was changed/s],
    ['policy set ports.sip 5060-', 2, /"5060-" has no last port: write 5060-5070 or 5060/],
    ['policy set detect.flood.treshold 5', 2, /did you mean threshold\?/],
    ['policy get detect.floods', 2, /did you mean flood\?/],
    ['check /nowhere.yaml', 2, /There is no file \/nowhere\.yaml/],
    ['check /', 2, /is a directory/],
    ['replay /nowhere.pcap', 2, /There is no file \/nowhere\.pcap; a capture \(pcap or pcapng\) is expected/],
    ['replay -', 2, /cannot be read from standard input/],
    ['replay /dev/null', 2, /is not a file, so it can be read only once/],
    ['run --policy /nowhere.yaml', 2, /There is no file \/nowhere\.yaml/],
    ['attacks pcap attack-1 -o /nowhere/x.pcap', 2, /\/nowhere\/x\.pcap cannot be written/],
    // 3: refused, because it would break a promise.
    ['block 203.0.113.5', 3, /on the allowlist \(203\.0\.113\.0\/24\).*ringfence allow remove 203\.0\.113\.0\/24/s],
    ['deny add 203.0.113.64/26', 3, /on the allowlist \(203\.0\.113\.0\/24\): the entry would have no effect/],
    [`block ${OWN_ADDRESS}`, 3, /is an address of this machine/],
    [`block ${GATEWAY}`, 3, /is the default gateway of this machine/],
    [`deny add ${OWN_ADDRESS}`, 3, /is an address of this machine/],
    [`deny add ${GATEWAY}`, 3, /is the default gateway of this machine/],
    // What was refused or wrong has changed nothing.
    ['deny list', 0, /^RANGE.*\n2001:db8:bad::\/48[^\n]*\n$/],
    ['policy history', 0, /^VERSION.*\n +2 +\*.*\n +1 .*\n$/],
  ];
  it.each(rows)('ringfence %s → %d', async (command, code, says) => {
    const result = await cli(...command.split(' ').filter((word) => word !== ''));
    expect(result.stdout + result.stderr).toMatch(says);
    expect(result.code).toBe(code);
    // Answers go to standard output, complaints to standard error.
    if (code === 0) expect(result.stderr).toBe('');
    if (code >= 2) expect(result.stdout).toBe('');
  });
});

describe('the daemon cannot be asked', () => {
  it('69: it does not run; the message names the socket and how to start it', async () => {
    const result = await runCli(['status', '--data', '/nowhere']);
    expect(result.code).toBe(69);
    expect(result.stderr).toContain('tried /nowhere/ringfence.sock');
    expect(result.stderr).toContain('ringfence run --data /nowhere');
  });

  it('69: the daemon has died and left its socket', async () => {
    const left = makeDataDirectory();
    const dead = spawn(process.execPath, [
      '-e',
      `require('net').createServer().listen('${left.path}/ringfence.sock', () => console.log())`,
    ]);
    await once(dead.stdout, 'data');
    dead.kill('SIGKILL');
    await once(dead, 'exit');
    const result = await runCli(['status', '--data', left.path]);
    expect(result.code).toBe(69);
    expect(result.stderr).toContain('nobody listens there any more');
    left.remove();
  });

  it('70: the guard fails; the list is as it was before', async () => {
    guard.failWith = { code: 'kernel-table-missing', text: 'the kernel has no table inet ringfence' };
    const result = await cli('deny', 'add', '198.18.0.0/15');
    guard.failWith = null;
    expect(result).toMatchObject({ code: 70, stdout: '' });
    expect(result.stderr).toContain('the kernel has no table inet ringfence');
    expect((await cli('deny', 'list')).stdout).not.toContain('198.18');
  });
});

describe('where the data directory is', () => {
  it('before or after the command, or in RINGFENCE_DATA; the option wins', async () => {
    expect((await runCli(['--data', data.path, 'blocked', '--json'])).code).toBe(0);
    expect((await runCli(['blocked', '--json', '--data', data.path])).code).toBe(0);
    expect((await runCli(['blocked', '--json'], { RINGFENCE_DATA: data.path })).code).toBe(0);
    expect((await runCli(['blocked', '--data', data.path], { RINGFENCE_DATA: '/nowhere' })).code).toBe(0);
  });
});

describe('--json prints one value and nothing else', () => {
  beforeAll(() => guard.stored({ type: 'health', health: health() }));

  const rows: [command: string, shape: unknown][] = [
    [
      'status',
      { protecting: true, state: 'protecting', problems: [], lost: 0, kernel: { ok: true }, store: { ok: true } },
    ],
    ['attacks', [{ id: 'attack-1', source: ATTACKER, kind: 'register-bruteforce', users: ['100', '101\x1b[31m'] }]],
    ['attacks --until 2020-01-01', []],
    [
      'attacks show attack-1',
      { incident: { id: 'attack-1' }, evidence: [{ side: 'in', from: ATTACKER }], block: { address: ATTACKER } },
    ],
    ['blocked 198.51.100.7', { address: ATTACKER, origin: 'automatic' }],
    ['blocked 203.0.113.1', null],
    ['allow list', [{ range: '203.0.113.0/24', comment: 'trunk', automatic: false }]],
    [
      'explain 198.51.100.7',
      { address: ATTACKER, now: 'block', verdict: { count: 5, threshold: 5 }, engine: { known: true } },
    ],
    ['explain 203.0.113.5', { now: 'allow', reason: 'allowlisted', allow: { range: '203.0.113.0/24' }, block: null }],
    ['policy get detect.flood', { threshold: 500, window: '5s' }],
    ['policy show', { version: 2, document: { mode: 'protect' } }],
    [
      'policy history',
      [
        { version: 2, current: true },
        { version: 1, current: false },
      ],
    ],
  ];
  it.each(rows)('%s', async (command, shape) => {
    const { stdout, stderr } = await cli(...command.split(' '), '--json');
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject(shape as object);
    // Hostile text is raw in the value and harmless on a terminal.
    expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  });

  it('check: every error with its place', async () => {
    const { stdout, code } = await cli('check', badFile(), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      errors: [
        { line: 1, column: 7, path: 'mode', hint: 'did you mean protect?' },
        { line: 2, column: 31, path: 'detect.flood.threshold' },
      ],
    });
  });
});

describe('for people', () => {
  it('hostile text cannot reach the terminal', async () => {
    for (const command of [['attacks'], ['attacks', 'show', 'attack-1'], ['explain', ATTACKER]]) {
      const { stdout } = await cli(...command);
      expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
      expect(stdout).toMatch(/friendly-scanner\\(x1b\]0;owned\\x07|…)/);
    }
  });

  it('tables fit the terminal', async () => {
    const { stdout } = await runCli(['attacks', '--data', data.path], { COLUMNS: '80' });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('colours only where they are wanted', async () => {
    expect((await cli('status')).stdout).not.toContain('\x1b[');
    expect((await runCli(['status', '--data', data.path], { FORCE_COLOR: '1' })).stdout).toContain('\x1b[32m');
  });

  it('check shows line, caret and expectation, and says when all is well', async () => {
    const bad = await cli('check', badFile());
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain('bad.yaml:1:7: mode: found "prtect", expected one of protect, monitor');
    expect(bad.stdout).toContain('    1 | mode: prtect\n      |       ^');
    expect(await cli('check', goodFile())).toMatchObject({ code: 0, stdout: expect.stringContaining('valid') });
  });

  it('policy apply: a bad file changes nothing, a good one is in force', async () => {
    expect(await cli('policy', 'apply', badFile())).toMatchObject({ code: 2, stdout: '' });
    expect(await cli('policy', 'apply', goodFile())).toMatchObject({
      code: 0,
      stdout: 'The policy is now version 3.\n',
    });
    expect(guard.orders.at(-1)!.policy.block.for).toBe('3h');
    expect((await cli('policy', 'apply', goodFile())).stdout).toContain('nothing changed');
  });

  it('the evidence as a capture, readable by its owner only', async () => {
    const path = join(data.path, 'evidence.pcap');
    expect(await cli('attacks', 'pcap', 'attack-1', '-o', path)).toMatchObject({ code: 0 });
    const capture = readFileSync(path);
    expect([0xa1b2c3d4, 0xa1b23c4d, 0xd4c3b2a1, 0x4d3cb2a1]).toContain(capture.readUInt32LE(0));
    expect(capture.includes('REGISTER sip:192.0.2.1 SIP/2.0')).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('monitor: a block by hand is refused, because it would block nothing', async () => {
    expect((await cli('policy', 'set', 'mode', 'monitor')).code).toBe(0);
    const result = await cli('block', '192.0.2.78');
    expect(result).toMatchObject({ code: 3, stdout: '' });
    expect(result.stderr).toContain('ringfence policy set mode protect');
    // Blocks stay on record and are not in force: nothing says that somebody is blocked.
    expect(await cli('blocked', ATTACKER)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('is not blocked'),
    });
    expect((await cli('blocked')).stdout).toContain('none of these blocks is in force');
    expect((await cli('explain', ATTACKER)).stdout).toMatch(/is watched and not blocked.*monitor/s);
    expect((await cli('policy', 'set', 'mode', 'protect')).code).toBe(0);
  });

  it('allowing a source lifts its block, in the kernel and in the store', async () => {
    const { stdout } = await cli('allow', 'add', ATTACKER);
    expect(stdout).toContain(`1 block lifted: ${ATTACKER}`);
    expect(guard.blocks.has(ATTACKER)).toBe(false);
    expect((await cli('blocked', ATTACKER)).code).toBe(1);
    expect((await cli('explain', ATTACKER)).stdout).toMatch(/1 earlier block/);
  });

  it('a block that became permanent is on the denylist, and can be taken off it', async () => {
    const block = { ...sampleBlock(at, '198.51.100.99'), until: null };
    guard.blocks.set(block.address, block);
    await guard.stored({ type: 'blocked', block });
    expect((await cli('deny', 'list')).stdout).toMatch(/198\.51\.100\.99 .*Ringfence/);
    expect((await cli('deny', 'remove', block.address)).code).toBe(0);
    expect(guard.blocks.has(block.address)).toBe(false);
  });

  it('a reader that leaves early is no error', async () => {
    const program = new URL('../bin/ringfence', import.meta.url).pathname;
    const shell = spawn('bash', ['-c', `${program} --help | head -1; echo "\${PIPESTATUS[0]}"`]);
    let [out, err] = ['', ''];
    shell.stdout.on('data', (text) => (out += text));
    shell.stderr.on('data', (text) => (err += text));
    await once(shell, 'close');
    expect(err).toBe('');
    expect(out).toBe('Usage: ringfence [options] [command]\n0\n');
  });
});
