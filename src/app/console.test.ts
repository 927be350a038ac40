/** The console as a real process, forked over a real channel, on a real store. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, linkSync, mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, askAll } from '../../cli/client.ts';
import type { AttackAnswer, PolicyAnswer, StatusAnswer } from '../serve/answers.ts';
import { blockRecord, GuardStandIn, health, makeDataDirectory } from '../serve/testing/guard-stand-in.ts';
import { sampleEvidence, sampleIncident } from '../serve/testing/samples.ts';
import type { BlockRecord } from '../channel/protocol.ts';

let data: { path: string; remove: () => void };
let guards: GuardStandIn[];

beforeEach(() => {
  data = makeDataDirectory();
  guards = [];
});
afterEach(async () => {
  for (const guard of guards) await guard.stop();
  data.remove();
});

async function start(policy?: string, path: string = data.path): Promise<GuardStandIn> {
  const guard = await GuardStandIn.start(path, policy);
  guards.push(guard);
  return guard;
}

const blocks = () => askAll<BlockRecord>(data.path, '/blocks');

describe('what the guard reports is remembered', () => {
  it('is acknowledged, served, and still there after a restart', async () => {
    const guard = await start();
    const at = Date.now();
    guard.report({ type: 'incidents', changes: [{ incident: sampleIncident(at), evidence: sampleEvidence(at) }] });
    await guard.stored({ type: 'blocked', block: blockRecord({ address: '198.51.100.7', incident: 'attack-1' }) });
    await guard.stop();
    const again = await start();
    expect(again.orders[0].blocks).toMatchObject([{ address: '198.51.100.7', incident: 'attack-1' }]);
    expect(again.orders[0].blockHistory).toMatchObject([{ address: '198.51.100.7', count: 1 }]);
    const attack = await ask<AttackAnswer>(data.path, 'GET', '/attacks/attack-1');
    expect(attack.incident).toMatchObject(sampleIncident(at));
    expect(Buffer.from(attack.evidence[0].base64, 'base64')).toEqual(Buffer.from(sampleEvidence(at)[0].bytes));
  });

  it('the same report twice is one', async () => {
    const guard = await start();
    const block = blockRecord({ address: '198.51.100.7' });
    await guard.stored({ type: 'blocked', block });
    await guard.stored({ type: 'blocked', block });
    expect(await blocks()).toHaveLength(1);
    await guard.stop();
    expect((await start()).orders[0].blockHistory).toMatchObject([{ count: 1 }]);
  });

  it('a guard that is killed in the middle of its reports: everything that it had sent is committed, then the console ends', async () => {
    const REPORTS = 500;
    const killed = spawnReporter(data.path, REPORTS);
    const [line] = (await once(killed.stdout!, 'data')) as [Buffer];
    const consolePid = Number(line.toString());
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    await ended(consolePid);
    await start();
    expect(await blocks()).toHaveLength(REPORTS);
  });

  it('SIGTERM to the whole group is the guard’s to answer', async () => {
    const guard = await start();
    guard.console.kill('SIGTERM');
    guard.console.kill('SIGINT');
    await guard.stored({ type: 'blocked', block: blockRecord({ address: '198.51.100.7' }) });
    expect(await blocks()).toHaveLength(1);
  });
});

/** A guard in a process of its own, which sends reports as fast as it can and then waits to be killed. */
function spawnReporter(path: string, reports: number): ChildProcess {
  const fixture = new URL('../serve/testing/reporting-guard.ts', import.meta.url).pathname;
  const args = ['--disable-warning=ExperimentalWarning', fixture, path, String(reports)];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function ended(pid: number): Promise<void> {
  const LIMIT_MS = 20_000;
  for (const until = Date.now() + LIMIT_MS; existsSync(`/proc/${pid}`); await new Promise((r) => setTimeout(r, 20))) {
    if (Date.now() > until) throw new Error(`console ${pid} did not end within ${LIMIT_MS} ms of its guard`);
  }
}

describe('one daemon to a data directory', () => {
  it('a second console says that the store is taken and ends', async () => {
    await start();
    await expect(GuardStandIn.start(data.path)).rejects.toThrow(/^store-locked: /);
  });

  it('the socket of a dead daemon is replaced', async () => {
    const path = join(data.path, 'ringfence.sock');
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(path, resolve));
    // A server that closes removes its file; one that is killed leaves it, and so does a second name.
    linkSync(path, join(data.path, 'kept'));
    await new Promise<void>((resolve) => dead.close(() => resolve()));
    renameSync(join(data.path, 'kept'), path);
    await start();
    expect(await blocks()).toEqual([]);
  });

  it('the socket of a living one is not touched', async () => {
    const living = createServer();
    const path = join(data.path, 'ringfence.sock');
    await new Promise<void>((resolve) => living.listen(path, resolve));
    try {
      await expect(GuardStandIn.start(data.path)).rejects.toThrow(/^socket-in-use: another daemon listens/);
      expect(existsSync(path)).toBe(true);
    } finally {
      await new Promise<void>((resolve) => living.close(() => resolve()));
    }
  });

  it('a file in the place of the socket is not removed', async () => {
    writeFileSync(join(data.path, 'ringfence.sock'), 'mine');
    await expect(GuardStandIn.start(data.path)).rejects.toThrow(/^socket-in-use: .*is no socket/);
  });

  it('the socket is for its owner only, and gone after the end', async () => {
    const guard = await start();
    const path = join(data.path, 'ringfence.sock');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await guard.stop();
    expect(existsSync(path)).toBe(false);
  });

  it('a data directory with a path longer than a socket address works', async () => {
    const deep = makeDirectory('a-directory-name-of-forty-characters----/'.repeat(4));
    await start(undefined, deep);
    expect(await askAll(deep, '/blocks')).toEqual([]);
  });
});

function makeDirectory(name: string): string {
  const path = join(data.path, name);
  mkdirSync(path, { recursive: true });
  return path;
}

describe('the policy file', () => {
  const file = (text: string) => {
    const path = join(data.path, 'policy.yaml');
    writeFileSync(path, text);
    return path;
  };
  const inForce = () => ask<PolicyAnswer>(data.path, 'GET', '/policy');
  const status = () => ask<StatusAnswer>(data.path, 'GET', '/status');

  it('wins at the start, as a new version; the same content again is no new version', async () => {
    const path = file('block: { for: 2h }\n');
    const guard = await start(path);
    expect(guard.orders[0].policy.block.for).toBe('2h');
    expect(await inForce()).toMatchObject({ version: 1, by: 'policy file', comment: path });
    await guard.stop();
    file('# a comment changes nothing\nblock: { for: 2h }\n');
    await start(path);
    expect(await inForce()).toMatchObject({ version: 1 });
  });

  it('with errors changes nothing, and the error names line and expectation', async () => {
    const first = await start(file('block: { for: 2h }\n'));
    await first.stop();
    const guard = await start(file('mode: protect\nports:\n  sip: 5060-\n'));
    expect(guard.orders[0].policy.block.for).toBe('2h');
    expect(guard.orders[0].policy.ports.sip.udp).toBe('5060');
    expect(guard.notices).toEqual(['policy-file-invalid']);
    guard.report({ type: 'health', health: health() });
    const { state, protecting, problems } = await ready(status);
    expect({ state, protecting }).toEqual({ state: 'degraded', protecting: true });
    expect(problems).toMatchObject([{ code: 'policy-file-invalid' }]);
    expect(problems[0].text).toMatch(/policy\.yaml:3:8: ports\.sip.* found "5060-", expected ports and ranges/s);
    expect(await askAll(data.path, '/events')).toMatchObject([{ level: 'error', code: 'policy-file-invalid' }]);
  });

  it('that is not there changes nothing either', async () => {
    const guard = await start(join(data.path, 'nowhere.yaml'));
    expect(guard.notices).toEqual(['policy-file-invalid']);
    expect(guard.orders[0].policy.block.for).toBe('1h');
  });

  async function ready(read: () => Promise<StatusAnswer>): Promise<StatusAnswer> {
    for (;;) {
      const answer = await read();
      if (answer.since !== null) return answer;
    }
  }
});
