/**
 * The package on a fresh Debian with a real systemd, from `apt install` to `apt purge`, under a real attack on a real PBX. One life, told in
 * order: each test goes on where the one before ended.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Attackers } from '../lab/attackers.ts';
import { Reached } from '../lab/capture.ts';
import { Kamailio } from '../lab/kamailio.ts';
import { ADDRESSES, Network } from '../lab/network.ts';
import { Program } from '../lab/process.ts';
import { FreshDebian } from './testing/fresh-debian.ts';
import { offerOwnPackages } from './testing/local-archive.ts';

const ROOT = join(import.meta.dirname, '..');
const ARCH = process.arch === 'arm64' ? 'arm64' : 'amd64';
const FIRST = '0.1.0';
const SECOND = '0.1.1';
const ATTACKER = ADDRESSES.attacker.v4;
/** So that it is the guesses that are counted, not the tool's name. */
const DISGUISE = ['Yealink SIP-T46S 66.86.0.15', 'Grandstream GXP2140 1.0.11.3'];

let folder: string;
let network: Network;
let pbx: Kamailio;
let attackers: Attackers;
let debian: FreshDebian;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-packages-'));
  const build = ['packaging/main.ts', '--fast', '--arch', ARCH, '--out', folder, '--version', FIRST];
  execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...build], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  makeSecond();
  network = await Network.build('host');
  pbx = await Kamailio.start(network);
  attackers = new Attackers(network);
  debian = new FreshDebian();
  for (const version of [FIRST, SECOND])
    copyFileSync(packageOf(version), join(debian.root, 'opt', `ringfence_${version}.deb`));
  await debian.boot(network.namespace('pbx'));
});

afterAll(async () => {
  await attackers?.stop();
  await debian?.end();
  await pbx?.stop();
  await network?.tearDown();
  rmSync(folder, { recursive: true, force: true });
});

const packageOf = (version: string) => join(folder, `ringfence_${version}_${ARCH}.deb`);

/** The same program under a later version, which keeps one value more of each attack. */
function makeSecond(): void {
  const tree = join(folder, 'second');
  execFileSync('dpkg-deb', ['--raw-extract', packageOf(FIRST), tree]);
  const manifest = join(tree, 'usr/lib/ringfence/package.json');
  const sed = (path: string) => execFileSync('sed', ['-i', `s/${FIRST.replaceAll('.', '\\.')}/${SECOND}/`, path]);
  for (const name of ['control', 'postinst']) sed(join(tree, 'DEBIAN', name));
  const next = join(tree, 'usr/lib/ringfence/src/store/sqlite/migrations/900-weather.sql');
  writeFileSync(next, "ALTER TABLE incidents ADD COLUMN weather TEXT NOT NULL DEFAULT 'fine';\n");
  sed(manifest);
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z1', '--build', tree, packageOf(SECOND)], {
    stdio: 'ignore',
  });
  rmSync(tree, { recursive: true });
}

/** Whether the kernel drops the attacker, asked of the kernel. */
function isDropped(): boolean {
  const list = ['netns', 'exec', network.namespace('pbx'), 'nft', 'list', 'table', 'inet', 'ringfence'];
  const { stdout } = spawnSync('ip', list, { encoding: 'utf8' });
  return stdout.includes(`${ATTACKER} `);
}

async function until<T>(look: () => T | false, otherwise: string, patienceMs: number): Promise<T> {
  for (const late = Date.now() + patienceMs; Date.now() < late;) {
    const found = look();
    if (found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(
    `${otherwise}: ${debian.run('systemctl status "ringfence*"; journalctl -n 60 -u "ringfence*"').stdout}`,
  );
}

const installed = () =>
  debian.must("dpkg-query -W -f '${db:Status-Abbrev}${Package}\\n' | sed -n 's/^ii //p'").trim().split('\n');
const pidOf = (unit: string) => debian.must(`systemctl show --property MainPID --value ${unit}`).trim();
const isProtecting = () => debian.run('ringfence status').stdout.startsWith('Protecting');

it('apt installs it, and nftables with what that needs, without a network; it says how to reach the console, and within a minute a real attacker is blocked', async () => {
  // As on a base system: no nftables, nor any library that only it needed.
  offerOwnPackages(debian.root);
  debian.must(`apt-mark auto $(dpkg-query -W -f '\${Package} \${Section}\\n' | sed -n 's/ libs$//p')`);
  debian.must('apt-get purge -y --autoremove nftables && apt-get update');
  expect(debian.run('nft --version').code).toBe(127);
  const before = installed();
  const began = Date.now();
  const said = debian.must(`apt-get install -y /opt/ringfence_${FIRST}.deb`);
  expect(said).toContain('sudo ringfence web link');
  const added = installed().filter((name) => !before.includes(name));
  expect(added).toEqual(expect.arrayContaining(['nftables', 'ringfence']));
  expect(added.filter((name) => !name.startsWith('lib'))).toEqual(['nftables', 'ringfence']);
  attackers.svcrack('1000', '1-999999', [], { userAgents: DISGUISE });
  await until(isDropped, 'the attacker is not blocked', 60_000 - (Date.now() - began));
  await until(isProtecting, 'it does not protect', 30_000);
  const attacks = JSON.parse(debian.must('ringfence attacks --json')) as unknown[];
  // More than one kind, when the machine is slow enough for some more guesses.
  expect(attacks.length).toBeGreaterThan(0);
  for (const attack of attacks) expect(attack).toMatchObject({ source: ATTACKER, victim: ADDRESSES.pbx.v4 });
  expect(debian.must('ringfence web link')).toMatch(/http:\/\/127\.0\.0\.1:8470\/setup#\S{20,}/);
});

it('both services are users without rights: the guard has CAP_NET_ADMIN, the console nothing', () => {
  const field = (unit: string, name: string) =>
    new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(debian.must(`cat /proc/${pidOf(unit)}/status`))![1];
  const netAdmin = (1n << 12n).toString(16).padStart(16, '0');
  for (const set of ['CapEff', 'CapPrm', 'CapBnd']) expect([set, field('ringfence', set)]).toEqual([set, netAdmin]);
  for (const set of ['CapEff', 'CapPrm', 'CapBnd', 'CapAmb'])
    expect([set, field('ringfence-console', set)]).toEqual([set, '0'.repeat(16)]);
  for (const unit of ['ringfence', 'ringfence-console']) {
    expect([unit, field(unit, 'Uid')]).not.toEqual([unit, '0']);
    // 2: a filter of system calls.
    expect([unit, field(unit, 'Seccomp'), field(unit, 'NoNewPrivs')]).toEqual([unit, '2', '1']);
  }
});

it('nobody can sign in as one of these users, and what they may write is their own', () => {
  for (const user of ['ringfence', 'ringfence-guard']) {
    expect(debian.must(`getent passwd ${user}`)).toMatch(/:\/usr\/sbin\/nologin\n$/);
    expect([user, debian.must(`getent shadow ${user}`).split(':')[1]]).toEqual([
      user,
      expect.stringMatching(/^[!*]+$/),
    ]);
  }
  for (const [unit, own, others] of [
    ['ringfence', '/var/lib/ringfence-guard', '/var/lib/ringfence'],
    ['ringfence-console', '/var/lib/ringfence', '/var/lib/ringfence-guard'],
  ]) {
    // As that service sees the file systems; root, so that nothing but the mounts says no.
    const inside = (line: string) => debian.run(`nsenter --target ${pidOf(unit)} --mount -- sh -c '${line}'`);
    expect([unit, inside(`touch ${own}/x && rm ${own}/x`).code]).toEqual([unit, 0]);
    for (const folder of ['/usr/lib/ringfence', '/etc/ringfence', '/root', '/var/log', others])
      expect([unit, folder, inside(`touch ${folder}/x`).code]).not.toEqual([unit, folder, 0]);
    debian.must('touch /tmp/of-others /dev/shm/of-others');
    expect([unit, inside('ls /tmp /var/tmp').stdout]).toEqual([unit, '/tmp:\n\n/var/tmp:\n']);
    expect([unit, inside('ls /dev/kmsg /dev/net /dev/mem').stdout]).toEqual([unit, '']);
    const limits = debian.must(`systemctl show --property MemoryMax,TasksMax,WatchdogUSec ${unit}`);
    expect(limits).toMatch(/MemoryMax=1073741824\n/);
    expect(limits).toMatch(/TasksMax=64\n/);
    expect(limits).toMatch(/WatchdogUSec=(1|2)min\n/);
  }
});

it('it logs to the journal, and to no file', () => {
  expect(debian.must('journalctl -u ringfence -u ringfence-console --output=cat')).toContain('Ringfence');
  // Apt and dpkg keep logs of their own, debootstrap told where it was building.
  const others = '--exclude-dir=journal --exclude-dir=apt --exclude=dpkg.log --exclude=bootstrap.log';
  expect(debian.run(`grep -rlsi ringfence /var/log ${others}`)).toMatchObject({ code: 1, stdout: '' });
});

it('the guard listens on nothing', () => {
  const pid = pidOf('ringfence');
  const listening = spawnSync(
    'ss',
    ['--listening', '--processes', '--no-header', '--tcp', '--udp', '--unix', '-N', network.namespace('pbx')],
    { encoding: 'utf8' },
  );
  expect(listening.stderr).toBe('');
  expect(listening.stdout).not.toContain(`pid=${pid},`);
});

it('an upgrade under attack: no packet of the attacker comes through, and the new version goes on', async () => {
  const guard = pidOf('ringfence');
  const reached = await Reached.start(network);
  attackers.registerGuesses(20, 400);
  const flag = join(folder, 'watching');
  writeFileSync(flag, '');
  // Looks 20 times a second, from the first file of the new version until it protects; every look that does not find the attacker is a line.
  const watch = `while [ -e ${flag} ]; do nft list table inet ringfence 2>&1 | grep -q '${ATTACKER} ' && echo in || echo out; sleep 0.05; done`;
  const watcher = new Program('watch', network.namespace('pbx'), ['sh', '-c', watch]);
  debian.must(`apt-get install -y /opt/ringfence_${SECOND}.deb`);
  await until(
    () => debian.run('ringfence status').stdout.includes(`Ringfence ${SECOND}`) && isProtecting(),
    'the new version does not protect',
    60_000,
  );
  rmSync(flag);
  const looks = (await watcher.done).stdout.trim().split('\n');
  expect(looks.length).toBeGreaterThan(20);
  expect(looks.filter((look) => look !== 'in')).toEqual([]);
  expect(await reached.from(ATTACKER)).toEqual([]);
  await reached.stop();
  expect(pidOf('ringfence')).not.toBe(guard);
  expect(debian.must('ringfence --version').trim()).toBe(SECOND);
  expect(debian.run(`ringfence blocked ${ATTACKER}`).code).toBe(0);
});

it('a guard that is killed leaves the block in force and is back', async () => {
  const guard = pidOf('ringfence');
  debian.must('systemctl kill --kill-whom=main --signal=KILL ringfence');
  expect(isDropped()).toBe(true);
  await until(() => pidOf('ringfence') !== guard && isProtecting(), 'it is not back', 60_000);
  expect(isDropped()).toBe(true);
});

it.each(['ringfence', 'ringfence-console'])(
  '%s hangs: the watchdog ends it, the block stays, it is back',
  async (unit) => {
    // Fifteen seconds instead of a minute or two.
    debian.must(`mkdir -p /run/systemd/system/${unit}.service.d`);
    debian.must(`printf '[Service]\\nWatchdogSec=15\\n' >/run/systemd/system/${unit}.service.d/soon.conf`);
    debian.must(`systemctl daemon-reload && systemctl restart ${unit}`);
    await until(isProtecting, 'it does not protect', 60_000);
    const hung = pidOf(unit);
    debian.must(`kill -STOP ${hung}`);
    await until(() => pidOf(unit) !== hung && isProtecting(), 'it is not back', 120_000);
    expect(isDropped()).toBe(true);
    debian.must(`rm -r /run/systemd/system/${unit}.service.d && systemctl daemon-reload && systemctl restart ${unit}`);
    await until(isProtecting, 'it does not protect', 60_000);
  },
);

it('stopping takes every rule out of the kernel; starting blocks the attacker again', async () => {
  debian.must('systemctl stop ringfence');
  expect(debian.must('nft list tables')).toBe('');
  expect(debian.run('systemctl is-active ringfence-console').stdout.trim()).toBe('inactive');
  debian.must('systemctl start ringfence');
  await until(isDropped, 'the attacker is not blocked again', 30_000);
});

it('a power cut: at the next boot it protects before the PBX starts, and who was blocked is', async () => {
  // A PBX that looks around as it starts.
  const unit = ['[Service]', 'Type=oneshot', 'ExecStart=/bin/sh -c "nft list table inet ringfence >/var/lib/at-start"'];
  const file = join(debian.root, 'etc/systemd/system/kamailio.service');
  writeFileSync(file, `${[...unit, '[Install]', 'WantedBy=multi-user.target'].join('\n')}\n`);
  debian.must('systemctl enable kamailio.service');
  await debian.powerCut();
  await until(isProtecting, 'it does not protect', 60_000);
  expect(debian.must('cat /var/lib/at-start')).toContain(`${ATTACKER} `);
  debian.must('systemctl disable kamailio.service && rm /etc/systemd/system/kamailio.service');
});

it('a damaged database: it is set aside, people are told, and protection goes on with what the guard knows', async () => {
  // At once, before systemd starts it again.
  const damage = 'dd if=/dev/urandom of=/var/lib/ringfence/ringfence.db bs=4096 count=16 conv=notrunc';
  debian.must(`systemctl kill --kill-whom=main --signal=KILL ringfence-console && ${damage}`);
  expect(isDropped()).toBe(true);
  await until(() => debian.run('ringfence status').stdout.includes('damaged'), 'nobody is told', 60_000);
  expect(debian.must('ls /var/lib/ringfence')).toContain('ringfence.db.damaged-');
  expect(isDropped()).toBe(true);
  // A console that has just started has not heard of the guard yet, and says so.
  await until(isProtecting, 'it does not protect', 60_000);
  expect(isDropped()).toBe(true);
  expect(debian.run(`ringfence blocked ${ATTACKER}`).code).toBe(0);
});

it('closed, if people want it so: after a crash and before the guard is back only the allowlist gets in', async () => {
  debian.must('ringfence policy set whenDown closed --yes');
  debian.must('systemctl stop ringfence');
  expect(debian.must('nft list tables'), 'a stop by hand opens').toBe('');
  // As at boot.
  debian.must('systemctl start ringfence-closed');
  expect(debian.must('nft list tables')).toBe('table inet ringfence_closed\n');
  debian.must('systemctl start ringfence');
  await until(isProtecting, 'it does not protect', 60_000);
  expect(debian.must('nft list tables')).toBe('table inet ringfence\n');
  // A guard that dies and does not come back.
  debian.must('mkdir -p /run/systemd/system/ringfence.service.d');
  debian.must(
    'printf "[Service]\\nRestart=no\\n" >/run/systemd/system/ringfence.service.d/once.conf && systemctl daemon-reload',
  );
  debian.must('systemctl kill --kill-whom=main --signal=KILL ringfence');
  const closed = () => debian.run('nft list tables').stdout.includes('ringfence_closed');
  await until(closed, 'it is not closed', 30_000);
  debian.must('rm -r /run/systemd/system/ringfence.service.d && systemctl daemon-reload && systemctl start ringfence');
  await until(() => isProtecting() && !closed(), 'it is not open again', 60_000);
  debian.must('ringfence policy set whenDown open --yes');
});

it('going back: the older version protects, leaves the newer database alone and says so; a way back is in the manual', async () => {
  const said = debian.must(`apt-get install -y --allow-downgrades /opt/ringfence_${FIRST}.deb`);
  expect(said).toContain(`Ringfence goes back from ${SECOND} to ${FIRST}`);
  const journal = () => debian.run('journalctl -u ringfence -u ringfence-console').stdout;
  await until(
    () => journal().includes('store-newer') || journal().includes('newer version (schema 900'),
    'it says nothing',
    60_000,
  );
  expect(isDropped(), 'who is blocked stays blocked').toBe(true);
  const isActive = () => debian.run('systemctl is-active ringfence').stdout.trim() === 'active';
  await until(isActive, 'the guard does not protect by its copies', 60_000);
  for (const command of goingBack()) debian.must(command);
  await until(isProtecting, 'it does not protect', 60_000);
  expect(debian.must('ringfence --version').trim()).toBe(FIRST);
  expect(debian.run(`ringfence blocked ${ATTACKER}`).code, "from the guard's copy").toBe(0);
});

/** The commands of docs/install.md, as they stand there. */
function goingBack(): string[] {
  const page = readFileSync(join(ROOT, 'docs/install.md'), 'utf8');
  return /## Going back[^]*?```sh\n([^]*?)```/.exec(page)![1].trim().split('\n');
}

it('removing leaves no rule and keeps the data; purging leaves nothing', () => {
  debian.must('apt-get remove -y ringfence');
  expect(debian.must('nft list tables')).toBe('');
  expect(debian.must('ls /var/lib/ringfence')).toContain('ringfence.db');
  debian.must('apt-get purge -y ringfence');
  expect(
    debian.must(
      "find / -xdev -iname '*ringfence*' -not -path '/opt/*' -not -path '/proc/*' -not -path '/var/log/journal/*'",
    ),
  ).toBe('');
  expect(debian.run('getent passwd ringfence ringfence-guard')).toMatchObject({ stdout: '' });
  expect(debian.run('ls /lib/systemd/system/ringfence.service').code).not.toBe(0);
});

it('the plain archive, unpacked anywhere, protects; when it ends no rule is left', async () => {
  const archive = join(folder, `ringfence-${FIRST}-linux-${ARCH}.tar.xz`);
  execFileSync('tar', ['-xf', archive, '-C', join(debian.root, 'opt')]);
  const ringfence = `/opt/ringfence-${FIRST}/bin/ringfence`;
  expect(debian.must(`${ringfence} --version`).trim()).toBe(FIRST);
  debian.must(`systemd-run --unit=plain ${ringfence} run --data /opt/data`);
  await until(
    () => debian.run(`${ringfence} status --data /opt/data`).stdout.startsWith('Protecting'),
    'it does not protect',
    60_000,
  );
  attackers.svcrack('1000', '1-999999', [], { userAgents: DISGUISE });
  await until(isDropped, 'the attacker is not blocked', 60_000);
  debian.must('systemctl stop plain');
  expect(debian.must('nft list tables')).toBe('');
});
