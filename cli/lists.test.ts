/** The administrator's lists and the dynamic denylist as people and scripts use them: real process, real console, real store. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHostAddresses } from '../src/app/host-addresses.ts';
import { formatAddress, formatRange, parseAddress, parseRange } from '../src/core/base/address.ts';
import { holds, packRanges, unpackRanges } from '../src/core/base/packed-ranges.ts';
import { GuardStandIn, makeDataDirectory } from '../src/serve/testing/guard-stand-in.ts';
import { runCli } from '../src/serve/testing/run-cli.ts';
import { ATTACKER, sampleBlock, sampleIncident } from '../src/serve/testing/samples.ts';

const data = makeDataDirectory();
let guard: GuardStandIn;
const at = Date.now();

beforeAll(async () => {
  guard = await GuardStandIn.start(data.path);
  guard.report({ type: 'incidents', changes: [{ incident: sampleIncident(at), evidence: [] }] });
  await block(ATTACKER);
});
afterAll(async () => {
  await guard?.stop();
  data.remove();
});

const cli = (...args: string[]) => runCli(['--data', data.path, ...args]);
const json = async (...args: string[]) => JSON.parse((await cli(...args, '--json')).stdout);
const inKernel = (list: 'allow' | 'deny') =>
  [...unpackRanges(guard.orders.at(-1)!.ranges[list]!)].map((range) => formatRange(range));
const onList = async (list: 'allow' | 'deny') =>
  ((await json(list, 'list')) as { range: string }[]).map(({ range }) => range);

async function block(address: string): Promise<void> {
  const made = sampleBlock(at, address);
  guard.blocks.set(address, made);
  await guard.stored({ type: 'blocked', block: made });
}

function file(name: string, text: string | Buffer): string {
  const path = join(data.path, name);
  writeFileSync(path, text);
  return path;
}

async function emptied(list: 'allow' | 'deny'): Promise<void> {
  const entries = ((await json(list, 'list')) as { range: string; automatic: boolean }[]).filter((e) => !e.automatic);
  if (entries.length > 0) await cli(list, 'remove', ...entries.map(({ range }) => range));
}

describe('entries', () => {
  const rows: [command: string, code: number, says: RegExp][] = [
    [
      'allow add 198.18.0.0/24 sip.example.org --comment office',
      0,
      /198\.18\.0\.0\/24 is now.*sip\.example\.org is now/s,
    ],
    ['allow add 198.18.0.9', 0, /is now on.*\nIt overlaps 198\.18\.0\.0\/24; each entry stays/],
    ['allow add 198.18.0.9 --for 7d', 0, /was already on the allowlist, until .*\(in 7 d\): changed/],
    ['allow list', 0, /RANGE +ENDS .*OVERLAPS.*198\.18\.0\.0\/24 +never .*office +198\.18\.0\.9/s],
    ['allow list --filter 198.18.0.8/29', 0, /198\.18\.0\.0\/24.*198\.18\.0\.9/s],
    ['allow list --filter OFFICE', 0, /198\.18\.0\.0\/24.*sip\.example\.org/s],
    ['allow list --filter nobody', 0, /^No entry matches\.$/m],
    [
      'deny add 198.18.0.0/23',
      0,
      /It overlaps 198\.18\.0\.0\/24 \(allowlist\), 198\.18\.0\.9 \(allowlist\); each entry stays/,
    ],
    ['allow remove 198.18.0.9 sip.example.org', 0, /198\.18\.0\.9 is off.*sip\.example\.org is off/s],
    ['deny remove 198.18.0.1', 1, /part of the entry 198\.18\.0\.0\/23/],
    ['deny remove 198.18.0.0/23', 0, /is off the denylist/],
    // Wrong use, which changes nothing.
    ['deny add sip.example.org', 2, /is no address/],
    ['allow add nonsense', 2, /is no address/],
    ['deny add 10.0.0.1 --until yesterday', 2, /a moment to come is expected/],
    ['deny add 10.0.0.1 --until 2099-01-01 --for 1h', 2, /cannot be used with option '--for/],
    [`deny add 10.0.0.1 --comment ${'x'.repeat(501)}`, 2, /comment: the text has 501 characters: at most 500/],
    ['audit --what nonsense', 2, /what: "nonsense" is no kind of change: .*deny, deny\.add.*policy\.set/],
    ['audit --what deny.imports', 2, /is no kind of change/],
    ['audit --what deny', 0, /deny\.add/],
    // What can be no source.
    ['block 127.0.0.1', 3, /127\.0\.0\.1 can be no source: the loopback of this machine \(127\.0\.0\.0\/8\)/],
    ['block 0.0.0.0', 3, /can be no source: “this network”/],
    ['block 239.1.2.3', 3, /can be no source: a multicast group/],
    ['block 255.255.255.255', 3, /can be no source: the broadcast address/],
    ['block ::', 3, /can be no source: the address of hosts that have none yet/],
    ['block ::1', 3, /can be no source: the loopback/],
    ['block ff02::1', 3, /can be no source: a multicast group/],
    ['deny add 127.0.0.0/8', 3, /can be no source/],
    // A slip of the pen: everybody cut off, or the firewall off.
    ['deny add 0.0.0.0/0', 3, /0\.0\.0\.0\/0 is wider than a \/8: .*cut off your own phones.*--yes/s],
    ['deny add 10.0.0.0-20.0.0.0', 3, /wider than a \/8/],
    ['deny add 2000::/3', 3, /wider than a \/7/],
    ['allow add ::/0', 3, /wider than a \/7: nobody in so large a part.*--yes/s],
    ['deny add 10.0.0.0/8', 0, /is now on the denylist/],
    ['deny add 128.0.0.0/1 --yes', 0, /is now on the denylist/],
    ['deny remove 128.0.0.0/1 10.0.0.0/8', 0, /is off the denylist/],
  ];
  it.each(rows)('ringfence %s → %d', async (command, code, says) => {
    const result = await cli(...command.split(' '));
    expect(result.stdout + result.stderr).toMatch(says);
    expect(result.code).toBe(code);
  });

  it('are in the kernel when the command returns', async () => {
    await cli('deny', 'add', '198.18.7.0/24', '198.18.7.9');
    expect(inKernel('deny')).toEqual(['198.18.7.0/24']);
    await cli('deny', 'remove', '198.18.7.0/24');
    expect(inKernel('deny')).toEqual(['198.18.7.9']);
    await cli('deny', 'remove', '198.18.7.9');
  });
});

describe('import', () => {
  const CSV = 'Comment;IP address\n"=cmd|\' /C calc\'!A1";192.0.2.7\nnote;198.18.9.0/24\n';

  it('a dry run prints what would be, with the line, and changes nothing', async () => {
    await cli('deny', 'add', '198.18.9.0/24', '--comment', 'old');
    const path = file('plan.csv', `address,comment\n192.0.2.7,new\n198.18.9.0/24,note\n300.1.1.1,\n192.0.2.7,again\n`);
    const { stdout, code } = await cli('deny', 'import', path, '--dry-run');
    expect(stdout).toMatch(/^\+ line 2: 192\.0\.2\.7 +new$/m);
    expect(stdout).toMatch(/^~ line 3: 198\.18\.9\.0\/24 +comment "old" → "note"$/m);
    expect(stdout).toMatch(/^! line 4: "300\.1\.1\.1": .*octets go from 0 to 255; expected 192\.0\.2\.1/m);
    expect(stdout).toContain(
      'Would be: 1 added, 1 changed, 0 the same, 1 twice in the file, 1 refused. Nothing was changed',
    );
    expect(code).toBe(2);
    expect(await onList('deny')).toEqual(['198.18.9.0/24']);
    const told = await json('deny', 'import', path, '--dry-run');
    expect(told).toMatchObject({ dryRun: true, plan: { added: [{ line: 2 }], changed: [{ line: 3 }] } });
    expect(told.problems).toMatchObject([{ line: 4, value: '300.1.1.1', code: 'address-invalid' }]);
    await emptied('deny');
  });

  it('a file with errors changes nothing, unless bad lines are to be left out', async () => {
    const path = file('bad.txt', '192.0.2.7\nnonsense\n192.0.2.8\n');
    const refused = await cli('deny', 'import', path);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(
      /line 2: "nonsense".*1 bad line\. The denylist is as it was\.\n +Correct them.*--skip-bad/s,
    );
    expect(await onList('deny')).toEqual([]);
    const taken = await cli('deny', 'import', path, '--skip-bad');
    expect(taken).toMatchObject({ code: 0 });
    expect(taken.stdout).toContain('2 added, 0 changed, 0 the same, 1 refused. The denylist has 2 entries now.');
    expect(inKernel('deny')).toEqual(['192.0.2.7-192.0.2.8']);
    await emptied('deny');
  });

  it('export then import is a no-op, formulas and all; the file is its owner’s only and is not written over', async () => {
    await cli('deny', 'import', file('first.csv', CSV));
    await cli('deny', 'add', '2001:db8:9::/48', '--for', '7d', '--comment', 'a "quoted", one');
    const out = join(data.path, 'out.csv');
    expect(await cli('deny', 'export', '-o', out)).toMatchObject({ code: 0 });
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(readFileSync(out, 'utf8')).not.toMatch(/(^|,)"?=/m);
    const before = await json('deny', 'list');
    expect(before[0].comment).toBe("=cmd|' /C calc'!A1");
    const again = await cli('deny', 'import', out);
    expect(again.stdout).toContain('0 added, 0 changed, 3 the same, 0 refused');
    expect(await json('deny', 'list')).toEqual(before);
    // Into an empty list: the same entries, with their authors and times.
    await emptied('deny');
    await cli('deny', 'import', out);
    expect(await json('deny', 'list')).toEqual(before);
    const written = readFileSync(out, 'utf8');
    const refused = await cli('deny', 'export', '-o', out);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain('is there already; nothing was written');
    expect(await cli('deny', 'export', '-o', out, '--force')).toMatchObject({ code: 0 });
    expect(readFileSync(out, 'utf8')).toBe(written);
    expect((await cli('deny', 'export')).stdout).toBe(written);
    expect(readdirSync(data.path).filter((name) => name.includes('unfinished'))).toEqual([]);
    await emptied('deny');
  });

  it.each<[name: string, text: string | Buffer, args: string[], code: number, says: RegExp]>([
    ['an empty file', '', [], 0, /0 added.*The denylist has no entries now/s],
    ['UTF-16 of a spreadsheet', Buffer.from('\ufeffaddress\r\n192.0.2.9\r\n', 'utf16le'), [], 0, /1 added/],
    ['ipset save', 'create x hash:ip family inet\nadd x 192.0.2.10 comment "y"\n', [], 0, /1 added/],
    // What is left counts from the time of the file.
    ['ipset save with timeouts', 'create x hash:ip timeout 9\nadd x 192.0.2.10 timeout 3600\n', [], 0, /1 added/],
    ['an empty file', '', [], 0, /^there are no entries in the file$/m],
    ['everything', '0.0.0.0/0\n', [], 2, /cut off your own phones; expected at most a \/8/],
    ['settings of another product', 'monit_period = 60\nhit_count = 5\n', [], 2, /holds settings and no list/],
    ['a name', 'sip.example.org\n', [], 2, /a host name belongs on the allowlist only/],
    [
      'part of the allowlist',
      '198.18.0.77\n',
      [],
      0,
      /1 range on the allowlist, where the denylist has no effect: 198\.18\.0\.77/,
    ],
  ])('%s', async (_name, text, args, code, says) => {
    const result = await cli('deny', 'import', file('some.txt', text), ...args);
    expect(result.stdout + result.stderr).toMatch(says);
    expect(result.code).toBe(code);
    await emptied('deny');
  });

  it('standard input, and no such file', async () => {
    const child = spawn(new URL('../bin/ringfence', import.meta.url).pathname, [
      '--data',
      data.path,
      'deny',
      'import',
      '-',
    ]);
    child.stdin.end('192.0.2.11\n');
    let out = '';
    child.stdout.on('data', (text) => (out += text));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(out).toContain('1 added');
    expect((await cli('deny', 'import', '/nowhere.csv')).code).toBe(2);
    await emptied('deny');
  });

  it('the guard refuses: the list is as it was', async () => {
    guard.failWith = { code: 'kernel-table-missing', text: 'the kernel has no table inet ringfence' };
    const result = await cli('deny', 'import', file('good.txt', '192.0.2.12\n'), '--yes');
    guard.failWith = null;
    expect(result).toMatchObject({ code: 70, stdout: '' });
    expect(await onList('deny')).toEqual([]);
  });

  it('what is exempt from everything is imported, and named as having no effect', async () => {
    const { own, gateways } = readHostAddresses();
    const ours = [...own, ...gateways].map(formatAddress).filter((text) => !/^(127\.|::1$)/.test(text));
    const path = file('exempt.txt', ['127.0.0.9', '::1', ...ours, '192.0.2.99'].join('\n'));
    const { code, stderr } = await cli('deny', 'import', path, '--yes', '--dry-run');
    expect(code).toBe(0);
    expect(stderr).toMatch(/this machine.*never blocked.*127\.0\.0\.9/s);
    expect(stderr).not.toContain('192.0.2.99');
    const told = await json('deny', 'import', path, '--yes');
    // Neighbours (this machine and its gateway) are one range.
    const exempt = packRanges((told.exempt as string[]).map((text) => parseRange(text)!));
    for (const text of ['127.0.0.9', '::1', ...ours])
      expect([text, holds(exempt, parseAddress(text)!)]).toEqual([text, true]);
    expect(told.exemptCount).toBe(told.exempt.length);
    await emptied('deny');
  });

  it('an import that is broken off leaves the list as it was, and the next one begins at once', async () => {
    const program = new URL('../bin/ringfence', import.meta.url).pathname;
    const child = spawn(program, ['--data', data.path, 'deny', 'import', '-'], { stdio: ['pipe', 'ignore', 'ignore'] });
    // Enough for several chunks to have gone out while the rest of the file is awaited.
    const address = (i: number) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}\n`;
    child.stdin.write(Array.from({ length: 120_000 }, (_, i) => address(i)).join(''));
    const database = new DatabaseSync(join(data.path, 'ringfence.db'), { readOnly: true });
    const staged = () => (database.prepare('SELECT count(*) AS n FROM lists WHERE born > 0').get() as { n: number }).n;
    while (staged() < 10_000) await pause(20);
    database.close();
    expect((await cli('deny', 'import', file('other.txt', '192.0.2.13\n'))).stderr).toContain('is importing into');
    expect(await onList('deny')).toEqual([]);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await onList('deny')).toEqual([]);
    expect((await cli('deny', 'import', file('other.txt', '192.0.2.13\n'))).stdout).toContain('1 added');
    await emptied('deny');
  });
});

describe('nobody is shut out unasked', () => {
  const session = { SSH_CONNECTION: '198.51.100.200 50000 192.0.2.1 22' };
  const asAlice = (...args: string[]) => runCli(['--data', data.path, ...args], { ...session, SUDO_USER: 'alice' });

  it.each(['deny add 198.51.100.0/24', 'block 198.51.100.200'])('%s asks for a confirmation', async (command) => {
    const asked = await asAlice(...command.split(' '));
    expect(asked).toMatchObject({ code: 3, stdout: '' });
    expect(asked.stderr).toMatch(/would shut somebody out:\n +198\.51\.100\.200 .*your own session comes from there/s);
    expect(asked.stderr).toContain('--yes');
    expect(await onList('deny')).toEqual([]);
    expect(await asAlice(...command.split(' '), '--yes')).toMatchObject({ code: 0 });
    await emptied('deny');
    await cli('unblock', '198.51.100.200');
  });

  it('an import does, for the administrator and for registered phones', async () => {
    guard.registered = [{ address: '203.0.113.50', until: at + 3_600_000 }];
    const path = file('wide.txt', '198.51.100.0/24\n203.0.113.0/24\n');
    const told = await asAlice('deny', 'import', path, '--dry-run');
    expect(told.stderr).toMatch(/would want --yes:\n +198\.51\.100\.200 .*\n +203\.0\.113\.50 .*phones are registered/);
    const asked = await asAlice('deny', 'import', path);
    expect(asked).toMatchObject({ code: 3, stdout: '' });
    expect(await onList('deny')).toEqual([]);
    expect(await asAlice('deny', 'import', path, '--yes')).toMatchObject({ code: 0 });
    expect(inKernel('deny')).toEqual(['198.51.100.0/24', '203.0.113.0/24']);
    guard.registered = [];
    expect(await json('audit', '--what', 'deny.import', '--limit', '1')).toMatchObject([
      { who: 'alice', origin: 'local socket', subject: path, after: { added: 2, changed: 0, same: 0 } },
    ]);
    await emptied('deny');
  });
});

describe('the dynamic denylist', () => {
  it('extend gives a block a new end', async () => {
    const { stdout, code } = await cli('extend', ATTACKER, '--for', '2h');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/198\.51\.100\.7 stays blocked for 2 h, until/)]);
    const { until } = await json('blocked', ATTACKER);
    expect(Math.round((until - Date.now()) / 60_000)).toBe(120);
    expect((await cli('extend', '203.0.113.99', '--for', '2h')).code).not.toBe(0);
    expect((await cli('extend', ATTACKER)).code).toBe(2);
  });

  it('promote to the denylist: the entry takes the place of the block', async () => {
    const { stdout, code } = await cli('promote', ATTACKER, '--to', 'deny', '--comment', 'third time');
    expect([code, stdout]).toEqual([
      0,
      '198.51.100.7 is now on the denylist; the entry has taken the place of its block.\n',
    ]);
    expect(inKernel('deny')).toEqual([ATTACKER]);
    expect(guard.blocks.has(ATTACKER)).toBe(false);
    expect(await json('deny', 'list')).toMatchObject([{ range: ATTACKER, comment: 'third time' }]);
    expect((await cli('promote', ATTACKER, '--to', 'deny')).code).toBe(1);
    await emptied('deny');
  });

  it('promote to the allowlist: the block is lifted', async () => {
    await block('198.51.100.8');
    expect((await cli('promote', '198.51.100.8', '--to', 'allow')).stdout).toContain('its block is lifted');
    expect(guard.blocks.has('198.51.100.8')).toBe(false);
    expect(await json('allow', 'list', '--filter', '198.51.100.8')).toMatchObject([
      { comment: expect.stringMatching(/register/) },
    ]);
    expect((await cli('promote', '198.51.100.8', '--to', 'neither')).code).toBe(2);
  });

  it('blocked --watch tells each change as it comes', async () => {
    const program = new URL('../bin/ringfence', import.meta.url).pathname;
    const child = spawn(program, ['--data', data.path, 'blocked', '--watch', '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const seen: string[] = [];
    const heard = (what: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!seen.join('').includes(what)) return;
          child.stdout.off('data', look);
          resolve();
        };
        child.stdout.on('data', look);
        look();
      });
    child.stdout.on('data', (text) => seen.push(String(text)));
    await block('198.51.100.33');
    await heard('"what":"blocked","block":{"target":"198.51.100.33"');
    await cli('unblock', '198.51.100.33');
    await heard('"what":"ended","block":{"target":"198.51.100.33"');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});

describe('audit', () => {
  it('says who changed what, from where, and what was before', async () => {
    await cli('policy', 'set', 'block.for', '3h');
    await runCli(['--data', data.path, 'allow', 'add', '198.18.50.0/24', '--comment', 'x\x1b[2Jy'], {
      SUDO_USER: 'bob',
    });
    const [added, policy] = await json('audit', '--limit', '2');
    expect(added).toMatchObject({
      who: 'bob',
      origin: 'local socket',
      what: 'allow.add',
      before: null,
      after: { range: '198.18.50.0/24' },
    });
    expect(policy).toMatchObject({ what: 'policy.set', before: { 'block.for': '1h' }, after: { 'block.for': '3h' } });
    const { stdout } = await cli('audit', '--what', 'allow.add', '--since', '1h', '--limit', '1');
    expect(stdout).toMatch(/bob +local socket +allow\.add +198\.18\.50\.0\/24 +comment x\\x1b\[2Jy/);
    expect(stdout).not.toContain('\x1b');
    expect(await json('audit', '--what', 'block')).toMatchObject([
      { what: 'block.lift', subject: '198.51.100.33' },
      { what: 'block.lift', subject: '198.51.100.8' },
      { what: 'block.lift', subject: ATTACKER },
      { what: 'block.extend', subject: ATTACKER, before: { origin: 'automatic' } },
      { what: 'block.lift', subject: '198.51.100.200' },
      { what: 'block.add', subject: '198.51.100.200', before: null },
    ]);
    expect(await cli('audit', '--what', 'den')).toMatchObject({ code: 2, stdout: '' });
  });
});
