/**
 * Guard and console as the units start them: apart, each a user of its own on a read-only file system, the guard with CAP_NET_ADMIN alone and the console with
 * nothing. (Under a real systemd, with its filter of system calls: packaging/package.system.test.ts.)
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask, askAll } from '../../cli/client.ts';
import { assertNoLeaks, connect, Namespace } from '../../test/netns.ts';
import { UdpEnd } from '../../test/traffic.ts';
import type { BlockRecord } from '../channel/protocol.ts';
import * as libc from '../ffi/libc.ts';
import type { StatusAnswer } from '../serve/answers.ts';
import { until } from './testing/running-daemon.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const [CONSOLE, GUARD, GROUP] = [64_001, 64_002, 64_000];
const [HOST, ATTACKER] = ['203.0.113.1', '203.0.113.7'];
const NET_ADMIN = (1n << 12n).toString(16).padStart(16, '0');
const NONE = '0'.repeat(16);

let host: Namespace;
let net: Namespace;
let directory: string;
let guard: ChildProcess;
let console: ChildProcess;
let pbx: UdpEnd;
let attacker: UdpEnd;
/** What systemd would have been told. */
const told: string[] = [];
let systemd: { fd: number; reading: NodeJS.Timeout };
const path = (name: string) => join(directory, name);

beforeAll(async () => {
  [host, net] = [new Namespace('apart-host'), new Namespace('apart-net')];
  connect(host, [`${HOST}/24`], net, [`${ATTACKER}/24`]);
  directory = mkdtempSync(join(tmpdir(), 'ringfence-apart-'));
  chmodSync(directory, 0o755);
  for (const [name, user, mode] of [
    ['console', CONSOLE, 0o700],
    ['run', CONSOLE, 0o750],
    ['guard', GUARD, 0o750],
  ] as const) {
    mkdirSync(path(name), { mode });
    chownSync(path(name), user, GROUP);
  }
  pbx = await UdpEnd.open(host, HOST, 5060);
  attacker = await UdpEnd.open(net, ATTACKER);
  systemd = listen(path('notify'));
  Object.assign(process.env, { NOTIFY_SOCKET: path('notify'), WATCHDOG_USEC: '120000000' });
  guard = startGuard();
  console = startConsole();
});

afterAll(async () => {
  for (const child of [guard, console]) {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
    child.kill('SIGTERM');
    await ended;
  }
  pbx.close();
  attacker.close();
  await host.close();
  await net.close();
  clearInterval(systemd.reading);
  libc.close(systemd.fd);
  rmSync(directory, { recursive: true });
  assertNoLeaks();
});

/** A socket of datagrams (unix(7)), which Node has not; it holds a few, so it is read all the time. */
function listen(file: string): typeof systemd {
  const [AF_UNIX, SOCK_DGRAM] = [1, 2];
  const fd = libc.socket(AF_UNIX, SOCK_DGRAM, 0);
  expect(libc.bind(fd, new Uint8Array([AF_UNIX, 0, ...Buffer.from(file), 0]))).toBe(0);
  chmodSync(file, 0o777);
  const bytes = Buffer.alloc(4096);
  const read = () => {
    for (let length; (length = libc.recv(fd, bytes)) > 0;) told.push(bytes.toString('utf8', 0, length));
  };
  return { fd, reading: setInterval(read, 20) };
}

/** The clone may lie where other users cannot look (/root), so it is seen at /mnt. Only `writable` can be written to. */
function start(user: number, capability: string, writable: string[], ...command: string[]): ChildProcess {
  const capabilities = ['bounding-set', 'inh-caps', 'ambient-caps'].map((set) => `--${set}=-all${capability}`);
  const script = `mount --bind "$0" /mnt
    for folder in ${writable.map(path).join(' ')}; do mount --bind $folder $folder; done
    mount -o remount,bind,ro / && mount -o remount,bind,ro /mnt && cd / && umask 0027
    exec setpriv --reuid=${user} --regid=${GROUP} --clear-groups --no-new-privs ${capabilities.join(' ')} \\
      /mnt/node_modules/.bin/node --disable-warning=ExperimentalWarning "$@"`;
  return host.spawn('unshare', ['--mount', 'sh', '-c', script, ROOT, ...command], 'ignore');
}

const startGuard = () =>
  start(
    GUARD,
    ',+net_admin',
    ['guard'],
    '/mnt/cli/main.ts',
    'run',
    '--data',
    path('guard'),
    '--console',
    path('run/channel.sock'),
  );

const startConsole = () =>
  start(
    CONSOLE,
    '',
    ['console', 'run'],
    '/mnt/src/app/console.ts',
    path('console'),
    '--channel',
    path('run/channel.sock'),
    '--guard-data',
    path('guard'),
  );

const protects = () =>
  until(async () => {
    const status = await ask<StatusAnswer>(path('console'), 'GET', '/status').catch(() => null);
    return status?.protecting ? status : null;
  }, 'it does not protect');

const rights = (child: ChildProcess) => {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return ['Uid', 'CapPrm', 'CapEff', 'CapBnd'].map((name) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)![1]);
};

it('they find each other whoever is first, and have no rights but CAP_NET_ADMIN for the guard', async () => {
  await protects();
  expect(rights(guard)).toEqual([String(GUARD), NET_ADMIN, NET_ADMIN, NET_ADMIN]);
  expect(rights(console)).toEqual([String(CONSOLE), NONE, NONE, NONE]);
});

it('systemd hears that it protects, and that opening the database may take longer than its watchdog waits', async () => {
  await until(() => Promise.resolve(told.includes('READY=1') || null), 'it is not ready');
  expect(told.filter((text) => text.startsWith('WATCHDOG_USEC='))).toEqual([
    'WATCHDOG_USEC=1800000000',
    'WATCHDOG_USEC=120000000',
  ]);
});

it('an attacker is blocked in the kernel, and remembered by the console', async () => {
  const scan = [
    'OPTIONS sip:100@203.0.113.1 SIP/2.0',
    'Via: SIP/2.0/UDP 203.0.113.7:5060;branch=z9hG4bK1',
    'From: <sip:a@b>;tag=1',
    'To: <sip:100@b>',
  ];
  const text = [
    ...scan,
    'Call-ID: 1',
    'CSeq: 1 OPTIONS',
    'User-Agent: friendly-scanner',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
  await attacker.send(text, HOST, 5060);
  const [block] = await until(async () => {
    const blocks = await askAll<BlockRecord>(path('console'), '/blocks');
    return blocks.length > 0 ? blocks : null;
  }, 'nobody is blocked');
  expect(block).toMatchObject({ address: ATTACKER, finding: 'scanner-agent.certain' });
  expect(host.nft('list table inet ringfence')).toContain(`${ATTACKER} `);
});

it('only the group may come to the channel, and the guard’s copies are not for others', async () => {
  const copy = await until(
    () => statSync(path('guard/last-good.json'), { throwIfNoEntry: false }) ?? null,
    'there is no copy',
  );
  expect([copy.uid, copy.gid, copy.mode & 0o777]).toEqual([GUARD, GROUP, 0o640]);
});

it('a console that is killed: the block stays, and the next one knows it from its store', async () => {
  const ended = once(console, 'exit');
  console.kill('SIGKILL');
  await ended;
  expect(host.nft('list table inet ringfence')).toContain(`${ATTACKER} `);
  console = startConsole();
  await protects();
  expect(await askAll<BlockRecord>(path('console'), '/blocks')).toMatchObject([
    { address: ATTACKER, finding: 'scanner-agent.certain' },
  ]);
});

it('a guard that hands over: the console ends with it, table and block stay, and the next pair goes on with them', async () => {
  const ended = Promise.all([once(guard, 'exit'), once(console, 'exit')]);
  guard.kill('SIGUSR2');
  expect(await ended).toEqual([
    [0, null],
    [0, null],
  ]);
  expect(host.nft('list table inet ringfence')).toContain(`${ATTACKER} `);
  [console, guard] = [startConsole(), startGuard()];
  await protects();
  expect(await askAll<BlockRecord>(path('console'), '/blocks')).toMatchObject([
    { address: ATTACKER, finding: 'scanner-agent.certain' },
  ]);
});

it('a guard that is stopped leaves no rule', async () => {
  const ended = once(guard, 'exit');
  guard.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(host.nft('list tables')).toBe('');
});
