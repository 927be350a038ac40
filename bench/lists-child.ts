/**
 * One way of loading the lists into the kernel of this network namespace, as a process of its own: `ringfence` or `ipset`. Prints JSON.
 * Another thread writes blocks all the while, as the sensor does.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { RangePacker, type PackedRanges } from '../src/core/base/packed-ranges.ts';
import { formatWords } from '../src/core/base/address.ts';
import { Desired } from '../src/enforce/desired.ts';
import { Elements } from '../src/enforce/elements.ts';
import { ListElements } from '../src/enforce/list-elements.ts';
import { Nftables } from '../src/enforce/nftables.ts';
import { Reconciler } from '../src/enforce/reconcile.ts';
import { renderRuleset } from '../src/enforce/ruleset.ts';
import { ipsetRestore } from './ipset-restore.ts';
import { kernelMemoryMiB } from './machine.ts';
import { peakMemoryMiB } from './measure.ts';
import { percentile } from './statistics.ts';

const DENY = 1_000_000;
const RANGES_V4 = 330_000;
const RANGES_V6 = 210_000;
const BLOCK_EVERY_MS = 2;
const HOUR_MS = 3_600_000;

export interface ListsMeasured {
  seconds: number;
  kernelMiB: number;
  processMiB: number;
  /** Of blocks by another thread meanwhile; absent for ipset, whose lock is another. */
  blockMs?: { p50: number; p99: number; max: number; count: number };
  /** One more address in the list of a million, until the kernel holds it. */
  changeMs?: number;
}

/** Deterministic: the same addresses for everybody. */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

function deniedAddresses(): Uint32Array {
  const random = generator(7);
  const found = new Set<number>();
  while (found.size < DENY) found.add(Math.floor(0x0100_0000 + random() * 0xdeff_0000));
  return Uint32Array.from(found).sort();
}

/**
 * As registries hand addresses out: in IPv4 mostly /24 to /19, a third of them of odd sizes; in IPv6 /32, /29 and /48. No two touch, so
 * that the count is exact: 200 countries of the embedded data have fewer, since neighbours join.
 */
function countryRanges(): { v4: [number, number][]; v6: [number, number, number, number][] } {
  const random = generator(11);
  const v4: [number, number][] = [];
  for (let i = 0, at = 0x0100_0000; i < RANGES_V4; i++, at += 0x2600) {
    const blocks = random() < 0.6 ? 1 : Math.ceil(random() * 32);
    v4.push([at, at + blocks * 256 - 1]);
  }
  const v6: [number, number, number, number][] = [];
  for (let i = 0, at = 0x2001_0000; i < RANGES_V6; i++, at += 16) {
    const kind = random();
    if (kind < 0.5) v6.push([at, 0, at, 0xffff_ffff]);
    else if (kind < 0.6) v6.push([at, 0, at + 7, 0xffff_ffff]);
    else v6.push([at, 0, at, Math.ceil(random() * 16) * 0x1_0000 - 1]);
  }
  return { v4, v6 };
}

async function ringfence(): Promise<ListsMeasured> {
  const commits = new Int32Array(new SharedArrayBuffer(4));
  const deny = new RangePacker();
  for (const address of deniedAddresses()) deny.addV4(address, address);
  const country = new RangePacker();
  const { v4, v6 } = countryRanges();
  for (const [first, last] of v4) country.addV4(first, last);
  for (const [w0, w1, x0, x1] of v6)
    country.add({ first: { w0, w1, w2: 0, w3: 0 }, last: { w0: x0, w1: x1, w2: 0xffffffff, w3: 0xffffffff } });
  const contents: { deny: PackedRanges; country: PackedRanges } = { deny: deny.pack(), country: country.pack() };
  const lists = new ListElements({ commits });
  const reconciler = new Reconciler({
    elements: new Elements({ commits }),
    structure: new Nftables(),
    lists,
    ruleset: ruleset(),
    desired: new Desired(),
    now: () => Date.now(),
    commits,
    onEvent: (event) => {
      if (event.type === 'failed') throw new Error(event.text);
    },
  });
  await reconciler.start();
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL(import.meta.url), { workerData: { stop, commits } });
  await new Promise((resolve) => worker.once('message', resolve));
  const before = kernelMemoryMiB();
  const started = performance.now();
  await reconciler.setLongLists(contents);
  const seconds = (performance.now() - started) / 1000;
  const kernel = kernelMemoryMiB() - before;
  const more = new RangePacker();
  for (const address of deniedAddresses()) more.addV4(address, address);
  more.addV4(0xdfff_fff0, 0xdfff_fff0);
  const changed = more.pack();
  const asked = performance.now();
  await reconciler.setLongLists({ deny: changed });
  const changeMs = performance.now() - asked;
  Atomics.store(stop, 0, 1);
  Atomics.notify(stop, 0);
  const times = await new Promise<number[]>((resolve) => worker.once('message', resolve));
  await worker.terminate();
  await reconciler.stop();
  const blockMs = {
    p50: percentile(times, 50),
    p99: percentile(times, 99),
    max: Math.max(...times),
    count: times.length,
  };
  return { seconds, kernelMiB: kernel, processMiB: peakMemoryMiB(process.pid), blockMs, changeMs };
}

function ruleset(): string {
  const ports = [{ first: 5060, last: 5060 }];
  return renderRuleset(
    {
      mode: 'protect',
      ports: { sipUdp: ports, sipTcp: ports, tftp: [], management: [] },
      guests: [],
      block: { durationMs: HOUR_MS, extend: true, permanentAfter: 3, rememberMs: HOUR_MS },
      wayIn: null,
      limit: { invitesPerSecond: 1, durationMs: HOUR_MS },
      countries: { mode: 'block', protocols: { sipUdp: true, sipTcp: true, tftp: true } },
      feeds: [],
    },
    { nflogGroup: 5061 },
  );
}

/** The sensor's part: blocks, one after the other, each timed. */
function blocker(): void {
  const { stop, commits } = workerData as { stop: Int32Array; commits: Int32Array };
  const elements = new Elements({ commits });
  const times: number[] = [];
  for (let i = 0; i < 50; i++) elements.block({ w0: 0, w1: 0, w2: 0xffff, w3: 0x0a01_0000 + i }, HOUR_MS);
  parentPort!.postMessage('ready');
  for (let i = 0; Atomics.load(stop, 0) === 0; i++) {
    const started = performance.now();
    elements.block({ w0: 0, w1: 0, w2: 0xffff, w3: 0x0b00_0000 + i }, HOUR_MS);
    times.push(performance.now() - started);
    Atomics.wait(stop, 0, 0, BLOCK_EVERY_MS);
  }
  elements.close();
  parentPort!.postMessage(times);
}

async function ipset(): Promise<ListsMeasured> {
  const lines = ['create deny hash:ip family inet maxelem 2000000'];
  for (const address of deniedAddresses()) lines.push(`add deny ${formatWords(0, 0, 0xffff, address)}`);
  lines.push('create country4 hash:net family inet maxelem 2000000');
  lines.push('create country6 hash:net family inet6 maxelem 2000000');
  const { v4, v6 } = countryRanges();
  // hash:net takes prefixes: each range as the fewest that make it up.
  for (const [first, last] of v4)
    for (let at = first; at <= last;) {
      let bits = 32;
      while (bits > 0 && at % 2 ** (33 - bits) === 0 && at + 2 ** (33 - bits) - 1 <= last) bits--;
      lines.push(`add country4 ${formatWords(0, 0, 0xffff, at)}/${bits}`);
      at += 2 ** (32 - bits);
    }
  for (const [w0, w1, x0, x1] of v6)
    for (let at = w0 * 2 ** 20 + w1 / 2 ** 12, end = x0 * 2 ** 20 + (x1 + 1) / 2 ** 12; at < end;) {
      // In units of a /52: all that is generated is a multiple.
      let bits = 52;
      while (bits > 0 && at % 2 ** (53 - bits) === 0 && at + 2 ** (53 - bits) <= end) bits--;
      lines.push(`add country6 ${formatWords(Math.floor(at / 2 ** 20), (at % 2 ** 20) * 2 ** 12, 0, 0)}/${bits}`);
      at += 2 ** (52 - bits);
    }
  const file = join(tmpdir(), `ringfence-bench-${process.pid}.ipset`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  try {
    return await ipsetRestore(file);
  } finally {
    rmSync(file, { force: true });
  }
}

if (!isMainThread) blocker();
else console.log(JSON.stringify(process.argv[2] === 'ipset' ? await ipset() : await ringfence()));
