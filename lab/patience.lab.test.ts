/**
 * An attack that takes a week, one network of a provider after the other, and a guard that is killed and started again in the midst of it:
 * what the attackers did before it still counts. The sensor's clock is that of the packets, as in scenario-table.lab.test.ts.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TimedFrame } from '../spec/traffic/datagram.ts';
import { customers } from '../spec/traffic/provider.ts';
import { temporaryDirectory } from './leftovers.ts';
import { Network } from './network.ts';
import { until } from './process.ts';
import { Ringfence, type StartOptions } from './ringfence.ts';
import { allRows } from './scenario-rows.ts';
import { byPacketClock, play, wire } from './scenario-table.ts';

const ROW = 'one network of a provider after the other, six guesses each';
const SOURCES = customers(28, 1).map(({ host }) => host);
const [FIRST, LAST] = [SOURCES[0], SOURCES[27]];
const GUESSES = 'distributed-bruteforce.guesses';
/** All of them send alike. */
const SHARE = 1 / SOURCES.length;

let network: Network;
let ringfence: Ringfence;
let directory: string;
let options: StartOptions;
let frames: TimedFrame[];
let shift: number;

beforeAll(async () => {
  directory = temporaryDirectory('patience');
  frames = allRows().find(({ scenario }) => scenario.name === ROW)!.frames;
  shift = Date.now() - frames[0].at;
  network = await Network.build();
  ringfence = Ringfence.prepare(network);
  await wire(network);
  options = byPacketClock(join(directory, 'clock'));
  await ringfence.run(options);
}, 120_000);

afterAll(async () => {
  await ringfence.remove();
  await network.tearDown();
  await rm(directory, { recursive: true, force: true });
});

/** From one share of the attack to another one. */
const send = (from: number, to: number) => {
  const part = frames.slice(Math.floor(frames.length * from), Math.floor(frames.length * to));
  return play(network, directory, part, { clock: join(directory, 'clock'), shift });
};

const guessesOf = async (address: string) => {
  const { engine } = await ringfence.explain(address);
  return engine?.counts.find(({ what }) => what === GUESSES)?.count ?? 0;
};

test(
  'after kill -9 it knows the first attacker, and after an upgrade it stops the last one',
  { timeout: 300_000 },
  async () => {
    await send(0, 2 * SHARE);
    const saved = join(ringfence.data, 'patience.memory');
    await until('the first guesses are on disk', 10_000, () => Promise.resolve(existsSync(saved) || undefined));
    await ringfence.killGuard();
    await ringfence.run(options);
    expect(await guessesOf(FIRST)).toBeGreaterThan(0);

    await send(2 * SHARE, 0.5);
    const before = await guessesOf(SOURCES[10]);
    expect(before).toBeGreaterThanOrEqual(5);
    await ringfence.stop();
    await ringfence.run(options);
    expect(await guessesOf(SOURCES[10])).toBe(before);

    await send(0.5, 1);
    const incident = await until('the last attacker is told of', 10_000, async () => {
      const attacks = await ringfence.attacks(LAST);
      return attacks.find(({ kind }) => kind === 'distributed-bruteforce');
    });
    expect(incident).toMatchObject({ action: 'block', scope: 'address', reason: 'distributed-bruteforce.one-asn' });
    expect(await ringfence.inKernel(LAST)).toBe(true);
    expect(await ringfence.inKernel(FIRST)).toBe(false);
  },
);
