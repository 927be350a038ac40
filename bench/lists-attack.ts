/**
 * The lists of `lists`, loaded the way a user loads them, while Kamailio behind Ringfence is attacked and a phone works: a denylist of a
 * million addresses through `ringfence deny import`, 200 countries through `ringfence policy set`, both once more by a restart, and
 * `ipset restore` of the same addresses beside it. docs/performance.md says how it is measured.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Kamailio, USERS } from '../lab/kamailio.ts';
import { sweep } from '../lab/leftovers.ts';
import { ADDRESSES, Network } from '../lab/network.ts';
import { Program, run as runCommand, until } from '../lab/process.ts';
import { Ringfence } from '../lab/ringfence.ts';
import { countRanges } from '../src/core/base/packed-ranges.ts';
import { ipsetRestore, type Restored } from './ipset-restore.ts';
import { listsContent, samples, writeIpset, writePlain, type Samples } from './lists-content.ts';
import type { PhoneCount, PhonePlan } from './lists-phone.ts';
import { kernelMemoryMiB } from './machine.ts';
import { hasProgram, peakMemoryMiB, RINGFENCE, ROOT } from './measure.ts';
import {
  addresses,
  attack,
  LIMIT_MEDIAN_MS,
  LIMIT_P99_MS,
  LIMIT_REACHED,
  ONE_BY_ONE,
  THRESHOLD,
  type Watched,
} from './reaction-series.ts';
import type { Report } from './report.ts';
import { median, percentile, times } from './statistics.ts';

/** Less than half of what makes a flood of one port (100 a second for 5 s), which a phone's address is not spared. */
const PHONE_REQUESTS_PER_SECOND = 40;
const BASELINE_ATTACKS = 150;
/** More than there is time for: each takes 120 ms or more. The import takes longest. */
const SOURCES = 1_000;
const SOURCES_OF_IMPORT = 2_000;
/** Without a pause to speak of: 1,000 requests a second all the while. A PBX that hesitates has not gone silent yet. */
const PACE = { milliseconds: 500, silenceMs: 100, pauseMs: 10, probesPerSecond: 5_000 };
/** A quiet machine needs a quarter of it. */
const COMMAND_MS = 180_000;
const IN_FORCE_MS = 60_000;
/** The swap, and with it the last thing that the kernel is busy with, lies within the attack. */
const AFTERWARDS_MS = 1_000;

export async function run(report: Report): Promise<void> {
  await sweep();
  const undo: (() => Promise<unknown>)[] = [];
  let takingDown: Promise<void> | undefined;
  const takeDown = () =>
    (takingDown ??= (async () => {
      for (const step of undo.splice(0).reverse()) await step().catch((error: Error) => report.say(error.message));
    })());
  // The programs end, so the measurement goes on for a moment with whatever it makes of that: the process is gone before it can say so.
  const interrupted = () => void takeDown().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    await measure(report, undo);
  } finally {
    if (takingDown) await new Promise(() => {}); // interrupted: `process.exit` ends this
    await takeDown();
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
  }
}

async function measure(report: Report, undo: (() => Promise<unknown>)[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'rf-bench-lists-'));
  undo.push(() => Promise.resolve(rmSync(directory, { recursive: true, force: true })));
  const content = await listsContent(directory);
  const [plain, ipsetFile] = [join(directory, 'deny.txt'), join(directory, 'lists.ipset')];
  writePlain(plain, content.deny);
  writeIpset(ipsetFile, content);
  const callers = samples(content);

  const network = await Network.build('host');
  undo.push(() => network.tearDown());
  // Each series has sources of its own: who was blocked once is blocked.
  const sources = {
    quiet: addresses(0, BASELINE_ATTACKS),
    countries: addresses(10, SOURCES),
    restart: addresses(20, SOURCES),
    ipset: addresses(30, SOURCES),
    import: addresses(40, SOURCES_OF_IMPORT),
  };
  await network.addAddresses('attacker', Object.values(sources).flat());
  await network.addAddresses('attacker2', Object.values(callers).flat());
  const kamailio = await Kamailio.start(network);
  undo.push(() => kamailio.stop());
  const ringfence = await Ringfence.start(network, { policy: ONE_BY_ONE });
  undo.push(() => ringfence.remove());
  await command(ringfence, 'allow', 'add', ...callers.allowed);
  const phone = await startPhone(network);
  undo.push(() => phone.kill());

  report.say(`one address after the other guesses at 1,000 requests/s; a phone sends ${PHONE_REQUESTS_PER_SECOND}/s`);
  const quiet = await attack(network, sources.quiet, PACE);
  showReactions(report, 'no load', quiet);

  const memoryBefore = kernelMemoryMiB();
  let imported = { seconds: 0, peakMiB: 0 };
  const whileImporting = await attack(network, sources.import, PACE, {
    run: async () => {
      imported = await command(ringfence, 'deny', 'import', plain, '--yes');
      await pause(AFTERWARDS_MS);
    },
  });
  showReactions(report, 'import', whileImporting);

  await command(ringfence, 'policy', 'set', 'countries.list', content.countries.join(','), '--yes');
  let countries = { seconds: 0, peakMiB: 0 };
  const whileCountries = await attack(network, sources.countries, PACE, {
    run: async () => {
      countries = await command(ringfence, 'policy', 'set', 'countries.mode', 'block', '--yes');
      await pause(AFTERWARDS_MS);
    },
  });
  showReactions(report, 'countries', whileCountries);
  const kernelMiB = kernelMemoryMiB() - memoryBefore;
  const peaks = await peakMemory(ringfence);
  const inForce = await inForceFor(network, callers);

  const started = { readyAt: 0, protects: 0, inForce: 0, answers: 0 };
  const whileRestarting = await attack(network, sources.restart, PACE, {
    countFrom: () => started.readyAt,
    run: async () => {
      await ringfence.stop();
      const from = performance.now();
      const daemon = await ringfence.launch();
      await daemon.says(/^Ringfence .* protects/m, IN_FORCE_MS);
      started.readyAt = Date.now();
      started.protects = (performance.now() - from) / 1_000;
      await until('the lists are in force after the start', IN_FORCE_MS, () => longListsInForce(ringfence));
      started.inForce = (performance.now() - from) / 1_000;
      await until('the command line is answered after the start', IN_FORCE_MS, () => answers(ringfence));
      started.answers = (performance.now() - from) / 1_000;
      await pause(AFTERWARDS_MS);
    },
  });
  showReactions(report, 'restart', whileRestarting);
  const peaksOfRestart = await peakMemory(ringfence);
  const inForceAgain = await inForceFor(network, callers);

  let ipset: Restored | null = null;
  if (hasProgram('ipset')) {
    const whileIpset = await attack(network, sources.ipset, PACE, {
      run: async () => void (ipset = await ipsetRestore(ipsetFile)),
    });
    showReactions(report, 'ipset restore beside', whileIpset, false);
  } else report.say('ipset is not installed: nothing to compare with');

  showPhone(report, await phoneCount(phone));
  const ranges = countRanges(content.ranges).toLocaleString('en-US');
  const unit = 's';
  const loads = await loadSeconds(ringfence);
  report.figure({
    label: 'a million addresses: from the command to in force',
    value: imported.seconds,
    unit,
    note: `the command's peak ${imported.peakMiB.toFixed(0)} MiB; reading, checking, storing and the audit log are in it`,
  });
  report.figure({
    label: `${ranges} ranges of ${content.countries.length} countries: to in force`,
    value: countries.seconds,
    unit,
  });
  report.figure({ label: 'after a restart: protecting', value: started.protects, unit });
  report.figure({ label: 'after a restart: both lists in force', value: started.inForce, unit });
  report.figure({ label: 'after a restart: the command line is answered', value: started.answers, unit });
  report.figure({
    label: 'after a restart: both lists into the kernel took',
    value: loads,
    unit,
    ...beside(ipset, 'seconds', 's', loads),
  });
  report.figure({
    label: 'kernel memory',
    value: kernelMiB,
    unit: 'MiB',
    ...beside(ipset, 'kernelMiB', 'MiB', kernelMiB),
  });
  for (const [when, { guard, console: consoleMiB }] of [
    ['', peaks],
    [' after a restart', peaksOfRestart],
  ] as const) {
    report.figure({ label: `peak memory of the guard${when}`, value: guard, unit: 'MiB' });
    report.figure({ label: `peak memory of the console${when}`, value: consoleMiB, unit: 'MiB' });
  }
  showInForce(report, 'after loading', inForce);
  showInForce(report, 'after a restart', inForceAgain);
}

function beside(ipset: Restored | null, what: keyof Restored, unit: string, ours: number) {
  if (ipset === null) return {};
  const theirs = ipset[what];
  return { note: `ipset restore ${theirs.toFixed(1)} ${unit} (${times(theirs, ours)})` };
}

/** As a user gives it, in a process of its own. */
async function command(ringfence: Ringfence, ...args: string[]): Promise<{ seconds: number; peakMiB: number }> {
  const started = performance.now();
  const program = new Program('ringfence', undefined, [RINGFENCE, ...args, '--data', ringfence.data]);
  program.child.stdin!.end();
  let peakMiB = 0;
  const watch = setInterval(() => (peakMiB = Math.max(peakMiB, peakMemoryMiB(program.pid))), 50);
  const deadline = setTimeout(() => void program.kill(), COMMAND_MS);
  const { code, output } = await program.done;
  clearTimeout(deadline);
  clearInterval(watch);
  if (code !== 0) throw new Error(`ringfence ${args.slice(0, 2).join(' ')} ended with ${code}: ${output.slice(-500)}`);
  return { seconds: (performance.now() - started) / 1_000, peakMiB };
}

async function startPhone(network: Network): Promise<Program> {
  const user = '1001';
  const plan: PhonePlan = {
    ...{ address: ADDRESSES.phones.v4, target: network.target.v4, user, password: USERS[user] },
    requestsPerSecond: PHONE_REQUESTS_PER_SECOND,
  };
  const script = join(ROOT, 'bench', 'lists-phone.ts');
  const phone = new Program('phone', network.namespace('phones'), [process.execPath, script, JSON.stringify(plan)]);
  await phone.says(/registered/, 10_000);
  return phone;
}

async function phoneCount(phone: Program): Promise<PhoneCount> {
  phone.child.stdin!.end();
  const { stdout, output } = await phone.done;
  const line = stdout.trim().split('\n').at(-1)!;
  if (!line.startsWith('{')) throw new Error(`the phone ended early: ${output.slice(-500)}`);
  return JSON.parse(line) as PhoneCount;
}

function showPhone(report: Report, { sent, registers, unanswered, refused, answerMs }: PhoneCount): void {
  report.figure({
    label: 'requests of the phone without an answer',
    value: unanswered.length,
    unit: 'requests',
    limit: 0,
    note: `of ${sent}, ${registers} of them REGISTER with credentials`,
  });
  report.figure({ label: 'requests of the phone that were refused', value: refused, unit: 'requests', limit: 0 });
  report.figure({
    label: 'the phone was answered after, p99',
    value: percentile(answerMs, 99),
    unit: 'ms',
    note: `median ${median(answerMs).toFixed(2)} ms, longest ${Math.max(...answerMs).toFixed(0)} ms; nothing was sent twice`,
  });
  for (const { at, method } of unanswered.slice(0, 5))
    report.say(`without an answer: ${method} at ${new Date(at).toISOString()}`);
}

function showReactions(report: Report, when: string, watched: Watched, limited = true): void {
  const { reactions, neverDropped, neverCrossed } = watched;
  const answer = reactions.map(({ fromAnswerMs }) => fromAnswerMs);
  const reached = reactions.map(({ reachedAfter }) => reachedAfter);
  // An attacker that waits for a processor sends no probe: the drop was in force at some time between the two.
  const last = reactions.map(({ fromAnswerMs, resolutionMs }) => Math.max(0, fromAnswerMs - resolutionMs));
  const limit = (value: number) => (limited ? { limit: value } : {});
  report.figure({
    label: `${when}: attacks not stopped`,
    value: neverDropped,
    unit: 'attacks',
    ...limit(0),
    note: `of ${reactions.length + neverDropped}${neverCrossed > 0 ? `; ${neverCrossed} more were not refused ${THRESHOLD} times` : ''}`,
  });
  report.figure({
    label: `${when}: fifth 401 leaves → first packet dropped, median`,
    value: median(answer),
    unit: 'ms',
    ...limit(LIMIT_MEDIAN_MS),
  });
  report.figure({
    label: `${when}: the same, p99`,
    value: percentile(answer, 99),
    unit: 'ms',
    ...limit(LIMIT_P99_MS),
    note: `worst ${Math.max(...answer).toFixed(1)} ms; the last packet that came through: p99 ${percentile(last, 99).toFixed(1)} ms`,
  });
  report.figure({
    label: `${when}: requests that reached the PBX after it, worst`,
    value: Math.max(...reached),
    unit: 'requests',
    ...limit(LIMIT_REACHED),
    note: `median ${median(reached)}, p99 ${percentile(reached, 99)}`,
  });
}

async function peakMemory(ringfence: Ringfence): Promise<{ guard: number; console: number }> {
  return { guard: peakMemoryMiB(ringfence.pid), console: peakMemoryMiB(await ringfence.consolePid()) };
}

/** Seconds until the kernel had taken both lists after the last start, as the daemon tells it: they go side by side, so it is the longer. */
async function loadSeconds(ringfence: Ringfence): Promise<number> {
  const { lastEvents, since } = await ringfence.status();
  const loads = lastEvents.filter(({ code, at }) => code === 'list-loaded' && at >= (since ?? 0));
  return Math.max(...loads.map(({ text }) => Number(/after ([\d.]+) s/.exec(text)?.[1] ?? NaN)));
}

async function answers(ringfence: Ringfence): Promise<true | undefined> {
  const { state } = await ringfence.status();
  return state === 'down' ? undefined : true;
}

/** The rules ask the sets of long lists, in both families: what the kernel says. */
async function longListsInForce(ringfence: Ringfence): Promise<true | undefined> {
  for (const list of ['deny', 'country']) {
    const { stdout } = await ringfence.nft('list', 'map', 'inet', 'ringfence', `${list}_use`);
    for (const family of [4, 6]) if (!new RegExp(`${list}_[ab]${family}`).test(stdout)) return undefined;
  }
  return true;
}

type Answered = { [kind in keyof Samples]: { asked: number; answered: number } };

/** One caller from each of the addresses. */
async function inForceFor(network: Network, callers: Samples): Promise<Answered> {
  const plan = JSON.stringify({ sources: Object.values(callers).flat(), targets: network.target });
  const script = [process.execPath, join(ROOT, 'bench', 'lists-callers.ts'), plan];
  const { stdout } = await runCommand(script, { namespace: network.namespace('attacker2') });
  const heard = new Set(JSON.parse(stdout) as string[]);
  const of = (sources: string[]) => ({
    asked: sources.length,
    answered: sources.filter((source) => heard.has(source)).length,
  });
  return {
    listed: of(callers.listed),
    unlisted: of(callers.unlisted),
    country: of(callers.country),
    allowed: of(callers.allowed),
  };
}

function showInForce(report: Report, when: string, { listed, unlisted, country, allowed }: Answered): void {
  const wrong =
    listed.answered + country.answered + unlisted.asked - unlisted.answered + allowed.asked - allowed.answered;
  const shut = `${listed.asked} of the list and ${country.asked} of the countries: ${listed.answered + country.answered} let in`;
  const open = `${unlisted.asked} beside the list and ${allowed.asked} of the allowlist: ${unlisted.answered + allowed.answered} let in`;
  const label = `callers that met another verdict than their lists', ${when}`;
  report.figure({ label, value: wrong, unit: 'callers', limit: 0, note: `${shut}; ${open}` });
}
