/** A backup made and restored while the kernel goes on dropping. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ask } from '../../cli/client.ts';
import { assertNoLeaks, Namespace } from '../../test/netns.ts';
import type { BlockRecord } from '../channel/protocol.ts';
import { RINGFENCE, RunningDaemon } from './testing/running-daemon.ts';

let ns: Namespace;
let daemon: RunningDaemon;
let file: string;

beforeAll(() => void (ns = new Namespace('backup')));
afterAll(async () => {
  await ns.close();
  assertNoLeaks();
});
beforeEach(async () => {
  daemon = new RunningDaemon(ns);
  file = join(daemon.data, 'kept.backup');
  daemon.start();
  await daemon.protects();
});
afterEach(() => daemon.remove());

function ringfence(...args: string[]): { code: number; said: string } {
  try {
    return { code: 0, said: execFileSync(RINGFENCE, [...args, '--data', daemon.data], { encoding: 'utf8' }) };
  } catch (error) {
    const { status, stderr } = error as { status: number; stderr: string };
    return { code: status, said: stderr };
  }
}

const block = (address: string) =>
  ask(daemon.data, 'POST', '/blocks', { address, durationMs: 600_000, reason: 'test' });
const unblock = (address: string) => ask(daemon.data, 'DELETE', `/blocks/${address}`);
async function blocked(): Promise<string[]> {
  const { items } = await ask<{ items: BlockRecord[] }>(daemon.data, 'GET', '/blocks');
  return items.map(({ address }) => address).sort();
}
const inKernel = (address: string) => ns.run('nft', 'list', 'set', 'inet', 'ringfence', 'deny4').includes(address);

it('what was decided then is in force again; what the kernel holds stays, and is known', async () => {
  await daemon.deny('203.0.113.7');
  await block('192.0.2.1');
  expect(ringfence('backup', file)).toMatchObject({ code: 0 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(daemon.data, 'backups')), 'the daemon keeps none that nobody asked it to keep').toEqual([]);

  await daemon.deny('203.0.113.9');
  await unblock('192.0.2.1');
  await block('192.0.2.2');
  const guard = daemon.process!.pid;
  const console = daemon.consolePid;
  expect(ringfence('restore', file), 'it asks first').toMatchObject({ code: 3 });
  expect(daemon.consolePid).toBe(console);
  expect(ringfence('restore', file, '--yes')).toMatchObject({ code: 0 });
  expect(ringfence('status'), 'the guard is heard again').toMatchObject({ code: 0 });

  expect(daemon.consolePid).not.toBe(console);
  expect(daemon.process!.pid, 'the guard went on').toBe(guard);
  await daemon.protects();
  await expect.poll(() => daemon.denied(['203.0.113.7', '203.0.113.9'])).toEqual([true, false]);
  await expect.poll(blocked).toEqual(['192.0.2.1', '192.0.2.2']);
  expect([inKernel('192.0.2.1'), inKernel('192.0.2.2')]).toEqual([true, true]);
  expect(readdirSync(daemon.data).some((name) => name.includes('.before-restore-'))).toBe(true);
});

it('a file that is no backup, and one that is cut short: wrong use, and nothing is changed', async () => {
  expect(ringfence('backup', file)).toMatchObject({ code: 0 });
  await daemon.deny('203.0.113.7');
  const cut = join(daemon.data, 'cut.backup');
  writeFileSync(cut, readFileSync(file).subarray(0, 40_000));
  expect(ringfence('restore', '/etc/passwd'), 'before anybody is asked').toMatchObject({
    ...{ code: 2, said: expect.stringMatching(/no backup.*no database of Ringfence.*\/etc\/passwd/) },
  });
  const { code, said } = ringfence('restore', cut, '--yes');
  expect([code, said]).toEqual([2, expect.stringContaining(cut)]);
  expect(await daemon.denied(['203.0.113.7'])).toEqual([true]);
});

it('no backup is made for a place that cannot be written, and none is written through a link', () => {
  const nowhere = join(daemon.data, 'nowhere', 'kept.backup');
  const { code, said } = ringfence('backup', nowhere);
  expect([code, said]).toEqual([2, expect.stringContaining(`${nowhere} cannot be written`)]);
  symlinkSync('/etc/ringfence-overwritten', `${file}.unfinished`);
  expect(ringfence('backup', file)).toMatchObject({ code: 0 });
  expect(existsSync('/etc/ringfence-overwritten')).toBe(false);
});

it('on another machine, before the first start', async () => {
  await daemon.deny('203.0.113.7');
  expect(ringfence('backup', file)).toMatchObject({ code: 0 });
  const kept = join(ns.name.replace(/^/, '/tmp/'), 'kept.backup');
  execFileSync('install', ['-D', '-m', '600', file, kept]);
  await daemon.remove();
  try {
    daemon = new RunningDaemon(ns);
    expect(ringfence('restore', kept), 'it asks first').toMatchObject({ code: 3 });
    expect(ringfence('restore', kept, '--yes')).toMatchObject({ code: 0 });
    daemon.start();
    await daemon.protects();
    await daemon.allDenied(['203.0.113.7']);
  } finally {
    execFileSync('rm', ['-r', join(kept, '..')]);
  }
});

it('a file that is no backup is refused, and nothing changes', async () => {
  await daemon.deny('203.0.113.7');
  const console = daemon.consolePid;
  const { code, said } = ringfence('restore', '/etc/hostname', '--yes');
  expect([code, said]).toEqual([2, expect.stringContaining('no backup that can be restored')]);
  expect(daemon.consolePid).toBe(console);
  await daemon.allDenied(['203.0.113.7']);
});
