/** A feed from its server down to the packets that it stops: a real daemon in a namespace, a listed source and one that is not. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assertNoLeaks, connect, Namespace } from '../../test/netns.ts';
import { UdpEnd, udpPasses } from '../../test/traffic.ts';
import { runCli } from '../serve/testing/run-cli.ts';
import type { FeedsAnswer } from '../serve/answers.ts';
import { serving, startListServer, type ListServer } from './testing/list-server.ts';

const RINGFENCE = new URL('../../bin/ringfence', import.meta.url).pathname;
const HOST = '203.0.113.1';
const PATIENCE_MS = 20_000;

let host: Namespace;
let net: Namespace;
let server: ListServer;
let data: string;
let daemon: ChildProcess;
let pbx: UdpEnd;
let otherPort: UdpEnd;
const ends = new Map<string, UdpEnd>();

beforeAll(async () => {
  [host, net] = [new Namespace('feeds-host'), new Namespace('feeds-net')];
  connect(host, [`${HOST}/24`], net, ['203.0.113.7/24', '203.0.113.8/24', '203.0.113.9/24']);
  server = await host.inside(startListServer);
  data = mkdtempSync(join(tmpdir(), 'ringfence-feeds-'));
  pbx = await UdpEnd.open(host, HOST, 5060);
  otherPort = await UdpEnd.open(host, HOST, 9060);
  for (const last of [7, 8, 9]) ends.set(`203.0.113.${last}`, await UdpEnd.open(net, `203.0.113.${last}`));
  await startDaemon();
});

afterAll(async () => {
  daemon?.kill();
  for (const end of [pbx, otherPort, ...ends.values()]) end?.close();
  await server?.close();
  await host.close();
  await net.close();
  rmSync(data, { recursive: true, force: true });
  assertNoLeaks();
});

/** Not `spawnSync`: the server with the lists lives in this process. */
async function cli(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(['--data', data, ...args]);
  if (code !== 0) throw new Error(`ringfence ${args.join(' ')}: ${stderr}${stdout}`);
  return stdout;
}

async function until(done: () => Promise<boolean>, otherwise: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await done());) {
    if (Date.now() > end) throw new Error(otherwise);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function startDaemon(): Promise<void> {
  daemon = host.spawn(RINGFENCE, ['run', '--data', data], 'ignore');
  const protects = async () => (await runCli(['--data', data, 'status'])).code === 0;
  await until(protects, 'it does not protect');
}

const passes = (source: string, to: UdpEnd = pbx) => udpPasses(ends.get(source)!, to, HOST, ends.get('203.0.113.8')!);
const hits = async () => (JSON.parse(await cli('feeds', '--json')) as FeedsAnswer).feeds[0].hits ?? 0;
const hitsAbove = (count: number) => until(async () => (await hits()) > count, `no more than ${count} hits`);

it('block: what it lists reaches no protected port, everything else does, and the kernel counts', async () => {
  server.behave(serving('203.0.113.7\n'));
  expect(await passes('203.0.113.7')).toBe(true);
  expect(await cli('feeds', 'add', 'sip', `${server.url}/sip.txt`)).toContain('1 entry in force');
  expect(await passes('203.0.113.7')).toBe(false);
  expect(await passes('203.0.113.7', otherPort)).toBe(true);
  expect(await passes('203.0.113.9')).toBe(true);
  await hitsAbove(0);
});

it('the allowlist wins', async () => {
  await cli('allow', 'add', '203.0.113.7', '--comment', 'trunk');
  expect(await passes('203.0.113.7')).toBe(true);
  expect(await cli('feeds', 'show', 'sip')).toContain('203.0.113.7: allowlist 203.0.113.7 (trunk)');
  await cli('allow', 'remove', '203.0.113.7');
  expect(await passes('203.0.113.7')).toBe(false);
});

it('a refresh replaces the list; a bad one does not', async () => {
  server.behave(serving('203.0.113.9\n', '"2"'));
  await cli('feeds', 'refresh', 'sip');
  expect([await passes('203.0.113.7'), await passes('203.0.113.9')]).toEqual([true, false]);
  server.behave((_, response) => response.end('<html>Too many requests'));
  await expect(cli('feeds', 'refresh', 'sip')).rejects.toThrow('it is a web page');
  expect(await passes('203.0.113.9')).toBe(false);
});

it('a restart without the server: the last good list is in force', async () => {
  server.behave((request) => request.destroy());
  daemon.kill();
  await once(daemon, 'exit');
  expect(await passes('203.0.113.9')).toBe(true);
  await startDaemon();
  expect(await passes('203.0.113.9')).toBe(false);
  expect(await cli('feeds', 'show', 'sip')).toContain('1 in 1 range');
});

it('watch: packets are counted and pass', async () => {
  server.behave(serving('203.0.113.9\n', '"2"'));
  await cli('feeds', 'add', 'sip', `${server.url}/sip.txt`, '--action', 'watch');
  const before = await hits();
  expect(await passes('203.0.113.9')).toBe(true);
  await hitsAbove(before);
});

it('removed: nothing of it is left', async () => {
  await cli('feeds', 'remove', 'sip');
  expect(await passes('203.0.113.9')).toBe(true);
  expect(host.run('nft', 'list', 'table', 'inet', 'ringfence')).not.toContain('feed_sip');
});
