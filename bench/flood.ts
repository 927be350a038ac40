/**
 * Who still gets in? A phone registers and calls through the lab's Kamailio while REGISTERs flood it: without anything in front of it, with
 * fail2ban, and with Ringfence. docs/performance.md says how it is measured.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { USERS } from '../lab/kamailio.ts';
import { sweep } from '../lab/leftovers.ts';
import { ADDRESSES, Network, type HostName } from '../lab/network.ts';
import { run as runProgram, type Program } from '../lab/process.ts';
import { Ringfence } from '../lab/ringfence.ts';
import { startFail2ban, stopFail2ban } from './fail2ban.ts';
import type { Flooded, FloodPlan } from './flood-sender.ts';
import type { Counted, PhonePlan, PhoneResult } from './flood-phone.ts';
import { startLoggingKamailio } from './logging-kamailio.ts';
import { ROOT } from './measure.ts';
import type { Report } from './report.ts';
import { percentile } from './statistics.ts';

const PACKETS_PER_SECOND = 20_000;
const REQUESTS_PER_SECOND = 20;
/** A thousand of each: one in a thousand is the limit. */
const OUR_SECONDS = 50;
const OTHERS_SECONDS = 10;
/** A sender that reaches less of its rate than this has measured itself. */
const RATE_REACHED_MIN = 0.9;
/** Issue 6, "Must show". */
const FAILED_MAX_PERCENT = 0.1;
const P99_MAX_MS = 50;
/** Trust reaches the kernel within 100 ms; and what a flood before left behind is worked off. */
const SETTLE_MS = 2_000;
/** One core for the flood, the other for the PBX. */
const FLOOD_CORE = '0';
const PBX_CORE = '1';

const FLOODS: [name: string, sources: number | null][] = [
  ['quiet', null],
  ['one source', 1],
  ['5,000 sources', 5000],
  ['forged sources', 0],
];

export async function run(report: Report): Promise<void> {
  await sweep();
  const directory = mkdtempSync(join(tmpdir(), 'rf-bench-flood-'));
  const network = await Network.build('host');
  let pbx: Program | undefined;
  try {
    for (const host of ['internet', 'pbx'] as const) await letForgedIn(network, host);
    const started = await startLoggingKamailio(network, directory);
    pbx = started.pbx;
    await runProgram(['taskset', '-acp', PBX_CORE, `${pbx.child.pid}`], { namespace: network.namespace('pbx') });
    const ringfence = await Ringfence.start(network);
    try {
      await trials(report, network, 'Ringfence', true);
    } finally {
      await ringfence.remove();
    }
    await trials(report, network, 'nothing', false);
    const fail2ban = await startFail2ban(network.namespace('pbx'), directory, started.log);
    try {
      await trials(report, network, 'fail2ban', false);
    } finally {
      await stopFail2ban(fail2ban, network.namespace('pbx'));
    }
  } finally {
    await pbx?.stop();
    await network.tearDown();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** As a provider without ingress filtering (RFC 2827) does. */
async function letForgedIn(network: Network, host: HostName): Promise<void> {
  const command = ['sh', '-c', 'for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $f; done'];
  await runProgram(command, { namespace: network.namespace(host) });
}

async function trials(report: Report, network: Network, who: string, ours: boolean): Promise<void> {
  for (const [name, sources] of FLOODS) {
    const { phone, flooded } = await trial(network, sources, ours ? OUR_SECONDS : OTHERS_SECONDS);
    const rate = flooded === null ? null : flooded.packets / flooded.seconds;
    if (rate !== null && rate < PACKETS_PER_SECOND * RATE_REACHED_MIN)
      report.say(`the sender reached ${Math.round(rate)} packets/s alone: this machine was too busy`);
    for (const what of ['registrations', 'calls'] as const)
      show(report, `${who}, ${name}: ${what}`, phone[what], ours && sources !== null);
  }
}

function show(report: Report, label: string, { sent, fine, answerMs }: Counted, limited: boolean): void {
  const lost = (100 * (sent - fine)) / sent;
  report.figure({
    ...{ label: `${label} that failed`, value: lost, unit: '%', note: `${fine} of ${sent} succeeded` },
    ...(limited && { limit: FAILED_MAX_PERCENT }),
  });
  if (answerMs.length === 0) return;
  report.figure({
    ...{ label: `${label}, p99`, value: percentile(answerMs, 99), unit: 'ms' },
    note: `median ${percentile(answerMs, 50).toFixed(1)} ms`,
    ...(limited && { limit: P99_MAX_MS }),
  });
}

async function trial(
  network: Network,
  sources: number | null,
  seconds: number,
): Promise<{ phone: PhoneResult; flooded: Flooded | null }> {
  const { v4: target } = ADDRESSES.pbx;
  const account = (user: string) => ({ user, password: USERS[user] });
  const plan: PhonePlan = {
    ...{ address: ADDRESSES.phones.v4, target, perSecond: REQUESTS_PER_SECOND },
    users: [account('1000'), account('1001')],
  };
  const phone = program(network, 'phones', 'flood-phone.ts', plan);
  try {
    const heard = createInterface(phone.stdout!)[Symbol.asyncIterator]();
    await lineOf(phone, heard);
    await pause(SETTLE_MS);
    const flood: FloodPlan = { target, sources: sources ?? 0, packetsPerSecond: PACKETS_PER_SECOND, seconds };
    const sender = sources === null ? null : program(network, 'attacker', 'flood-sender.ts', flood);
    const sent = sender === null ? null : lineOf(sender, createInterface(sender.stdout!)[Symbol.asyncIterator]());
    phone.stdin!.write('go\n');
    await pause(seconds * 1000);
    phone.stdin!.write('stop\n');
    const flooded = sent === null ? null : (JSON.parse(await sent) as Flooded);
    return { phone: JSON.parse(await lineOf(phone, heard)) as PhoneResult, flooded };
  } finally {
    phone.kill();
  }
}

function program(network: Network, host: HostName, file: string, plan: object): ChildProcess {
  const node = [process.execPath, join(ROOT, 'bench', file), JSON.stringify(plan)];
  const command = ['netns', 'exec', network.namespace(host), 'taskset', '-c', FLOOD_CORE, ...node];
  return spawn('ip', command, { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function lineOf(child: ChildProcess, lines: AsyncIterator<string>): Promise<string> {
  const { value, done } = await lines.next();
  if (done) throw new Error(`${child.spawnargs.at(-2)} ended before it said anything`);
  return value as string;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
