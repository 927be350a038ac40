/** A start after a crash: the guard begins at once with what it had, and takes what the console remembers when that comes. */
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../../cli/client.ts';
import { assertNoLeaks, Namespace } from '../../test/netns.ts';
import type { BlockRecord } from '../channel/protocol.ts';
import { countRanges } from '../core/base/packed-ranges.ts';
import { parseAddress } from '../core/base/address.ts';
import { Elements } from '../enforce/elements.ts';
import { ListCopies } from './list-copies.ts';
import { RunningDaemon, until } from './testing/running-daemon.ts';

/** Far below the time that a first start gives the console, far above what starting a process takes on a busy machine. */
const AT_ONCE_MS = 6_000;

let ns: Namespace;
let daemon: RunningDaemon;

beforeAll(() => void (ns = new Namespace('restart')));
afterAll(async () => {
  await ns.close();
  assertNoLeaks();
});
beforeEach(async () => {
  daemon = new RunningDaemon(ns);
  daemon.start();
  await daemon.protects();
});
afterEach(() => daemon.remove());

const block = (address: string) =>
  ask(daemon.data, 'POST', '/blocks', { address, durationMs: 600_000, reason: 'test' });
const unblock = (address: string) => ask(daemon.data, 'DELETE', `/blocks/${address}`);
const blocks = async () => (await ask<{ items: BlockRecord[] }>(daemon.data, 'GET', '/blocks')).items;
const lastGood = () => readFileSync(join(daemon.data, 'last-good.json'), 'utf8');

/** Whether the kernel holds a block by hand; false where there is no table. */
function held(address: string): Promise<boolean> {
  return ns.inside(() => {
    const elements = new Elements();
    try {
      return elements.get('deny', parseAddress(address)!) !== null;
    } catch {
      return false;
    } finally {
      elements.close();
    }
  });
}

describe('the console does not come up', () => {
  it('what is on the lists is dropped at once, after a reboot too, and the console is taken up when it comes', async () => {
    await daemon.deny('203.0.113.7');
    await daemon.end('SIGKILL');
    daemon.dropTable();
    await daemon.startWithoutConsole();
    await daemon.allDenied(['203.0.113.7'], AT_ONCE_MS);
    daemon.letConsoleGoOn();
    const { problems } = await daemon.protects();
    expect(problems).toEqual([]);
    await daemon.deny('203.0.113.9');
    expect(await daemon.denied(['203.0.113.7', '203.0.113.9'])).toEqual([true, true]);
  });

  it('everything that was ever acknowledged is in force again, after a reboot too', async () => {
    const acknowledged: string[] = [];
    const guard = daemon.process!;
    const exited = once(guard, 'exit');
    // Killed in the midst of changes.
    const changes = (async () => {
      for (let i = 1; i < 250; i++) {
        await daemon.deny(`203.0.113.${i}`);
        acknowledged.push(`203.0.113.${i}`);
        if (acknowledged.length === 5) guard.kill('SIGKILL');
      }
    })();
    await expect(changes).rejects.toThrow();
    await exited;
    expect(acknowledged.length).toBeGreaterThanOrEqual(5);
    daemon.dropTable();
    await daemon.startWithoutConsole();
    await daemon.allDenied(acknowledged);
  });

  it('a damaged copy costs its own list alone, and what the kernel still holds stays', async () => {
    await daemon.deny('203.0.113.7');
    await daemon.end('SIGKILL');
    const file = readdirSync(daemon.data).find((name) => name.startsWith('last-good.deny.'))!;
    rmSync(join(daemon.data, file));
    await daemon.startWithoutConsole();
    await until(() => countRanges(new ListCopies(daemon.data).read().ranges.deny) === 1, 'the guard has no copy again');
    await daemon.allDenied(['203.0.113.7']);
  });

  it('a block that was lifted a moment before the crash stays lifted', async () => {
    await block('203.0.113.7');
    await until(() => lastGood().includes('203.0.113.7'), 'the guard has no copy of the block');
    await unblock('203.0.113.7');
    await daemon.end('SIGKILL');
    // The copy is older than that: else this shows nothing.
    expect(lastGood()).toContain('203.0.113.7');
    daemon.start();
    await daemon.protects();
    expect(await held('203.0.113.7')).toBe(false);
    expect(await blocks()).toEqual([]);
  });
});

describe('a block that was made a moment before the crash', () => {
  const address = '203.0.113.7';

  async function crashAfterBlock(): Promise<void> {
    await block(address);
    await daemon.end('SIGKILL');
    expect(lastGood(), 'the guard’s copy must be older than the block').not.toContain(address);
  }

  it('keeps its story', async () => {
    await crashAfterBlock();
    daemon.start();
    await daemon.protects();
    expect(await blocks()).toMatchObject([{ address, reason: 'test', origin: 'manual' }]);
    expect(await held(address)).toBe(true);
  });

  it('is in force again after a reboot, as soon as the console says so', async () => {
    await crashAfterBlock();
    daemon.dropTable();
    daemon.start();
    await until(() => held(address), 'the block is not in the kernel');
    await daemon.protects();
    expect(await blocks()).toMatchObject([{ address, reason: 'test', origin: 'manual' }]);
  });
});
