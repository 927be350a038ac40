/** What needs root here: another user's view of the daemon, and a disk that is full. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, askAll } from './client.ts';
import type { BlockRecord } from '../src/channel/protocol.ts';
import type { StatusAnswer } from '../src/serve/answers.ts';
import { blockRecord, GuardStandIn, health, makeDataDirectory } from '../src/serve/testing/guard-stand-in.ts';
import { sampleEvidence, sampleIncident } from '../src/serve/testing/samples.ts';
import { runCli } from '../src/serve/testing/run-cli.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const NOBODY = '65534';

/** The clone may lie where others cannot look (/root), so it is seen at /mnt, in a mount namespace that ends with the command. */
function asNobody(...args: string[]): { status: number | null; stderr: string; stdout: string } {
  const user = `setpriv --reuid ${NOBODY} --regid ${NOBODY} --clear-groups`;
  const script = `mount --bind "$0" /mnt && cd / && exec ${user} /mnt/bin/ringfence "$@"`;
  return spawnSync('unshare', ['--mount', 'sh', '-c', script, ROOT, ...args], { encoding: 'utf8' });
}

describe('without root', () => {
  it('77: the daemon’s socket is not for everybody', async () => {
    const data = makeDataDirectory();
    const guard = await GuardStandIn.start(data.path);
    // The directory open, so that it is the socket's own mode that keeps others out.
    chmodSync(data.path, 0o755);
    const { status, stderr } = asNobody('status', '--data', data.path);
    await guard.stop();
    data.remove();
    expect(status).toBe(77);
    expect(stderr).toMatch(/No permission to ask the daemon.*sudo ringfence/s);
  });

  it('77: protecting needs root, and replay does not', () => {
    const run = asNobody('run', '--data', '/tmp/ringfence-of-nobody');
    expect(run.status).toBe(77);
    expect(run.stderr).toMatch(/needs root.*replay/s);
    expect(asNobody('replay', '/mnt/spec/attacks/svcrack.pcap').status).toBe(0);
  });

  it('77: a file that may not be read', () => {
    const data = makeDataDirectory();
    chmodSync(data.path, 0o755);
    const secret = join(data.path, 'policy.yaml');
    writeFileSync(secret, 'mode: protect\n', { mode: 0o600 });
    expect(asNobody('check', secret).status).toBe(77);
    expect(asNobody('replay', secret).status).toBe(77);
    data.remove();
  });
});

describe('a full disk', () => {
  it('status says so, nothing is acknowledged or lost, a change is refused, and all is stored when there is room again', async () => {
    const data = makeDataDirectory();
    const disk = join(data.path, 'disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'ringfence-test', disk], { encoding: 'utf8' });
    expect(mounted.stderr).toBe('');
    const guard = await GuardStandIn.start(disk);
    try {
      const filler = join(disk, 'filler');
      spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']);
      guard.report({ type: 'health', health: health() });
      const at = Date.now();
      // More than the pages that the database's log may still have free.
      const bytes = new Uint8Array(4000).fill(65);
      const seqs: number[] = [];
      for (let i = 0; i < 200; i++) {
        const incident = sampleIncident(at, { id: `attack-${i}` });
        const evidence = sampleEvidence(at).map((item) => ({ ...item, bytes, length: bytes.length }));
        seqs.push(guard.report({ type: 'incidents', changes: [{ incident, evidence }] }));
      }
      const last = guard.report({ type: 'blocked', block: blockRecord({ address: '198.51.100.7' }) });
      const status = await until(
        () => ask<StatusAnswer>(disk, 'GET', '/status'),
        (answer) => !answer.store.ok,
      );
      expect(status.problems).toMatchObject([{ code: 'store-disk-full' }]);
      expect(guard.acknowledged).toBeLessThan(last);
      const shown = await runCli(['status', '--data', disk]);
      expect(shown).toMatchObject({ code: 0, stderr: '' });
      expect(shown.stdout).toMatch(
        /Protecting, but something needs you.*store-disk-full.*store +failing, 2\d\d reports waiting/s,
      );
      const change = await runCli(['allow', 'add', '203.0.113.1', '--data', disk, '--comment', 'x'.repeat(500)]);
      expect(change).toMatchObject({ code: 70, stdout: '' });
      expect(change.stderr).toContain('free some space');

      const acknowledged = guard.until((message) => message.kind === 'ack' && message.seq >= last);
      rmSync(filler);
      await acknowledged;
      expect(await askAll<BlockRecord>(disk, '/blocks')).toMatchObject([{ address: '198.51.100.7' }]);
      expect(await askAll(disk, '/attacks')).toHaveLength(seqs.length);
      expect((await ask<StatusAnswer>(disk, 'GET', '/status')).store).toEqual({ ok: true, waiting: 0, lost: 0 });
    } finally {
      await guard.stop();
      const unmounted = spawnSync('umount', [disk], { encoding: 'utf8' });
      expect(unmounted.stderr).toBe('');
      data.remove();
    }
  });
});

/** Asks until the answer is wanted; the test's own time limit is the end of patience. */
async function until<T>(read: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await read();
    if (wanted(answer)) return answer;
  }
}
