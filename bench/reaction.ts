/**
 * How late is the defence? Passwords are guessed at 1,000 requests a second against the lab's Kamailio, from one source address after
 * the other, first with Ringfence and then with fail2ban in front of it. docs/performance.md says how it is measured.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sweep } from '../lab/leftovers.ts';
import { Network } from '../lab/network.ts';
import type { Program } from '../lab/process.ts';
import { Ringfence } from '../lab/ringfence.ts';
import { startFail2ban, stopFail2ban } from './fail2ban.ts';
import { startLoggingKamailio } from './logging-kamailio.ts';
import {
  addresses,
  attack,
  LIMIT_MEDIAN_MS,
  LIMIT_P99_MS,
  LIMIT_REACHED,
  ONE_BY_ONE,
  THRESHOLD,
} from './reaction-series.ts';
import type { Reaction } from './reaction-time.ts';
import type { Report } from './report.ts';
import { median, percentile, times } from './statistics.ts';

const ATTACKS = 200;
const ATTACKS_ON_FAIL2BAN = 15;

export async function run(report: Report): Promise<void> {
  await sweep();
  const directory = mkdtempSync(join(tmpdir(), 'rf-bench-reaction-'));
  const network = await Network.build('host');
  let pbx: Program | undefined;
  try {
    const started = await startLoggingKamailio(network, directory);
    pbx = started.pbx;
    const ringfence = await withRingfence(report, network);
    await withFail2ban(report, network, directory, started.log, ringfence);
  } finally {
    await pbx?.stop();
    await network.tearDown();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function withRingfence(report: Report, network: Network): Promise<Reaction[]> {
  const ringfence = await Ringfence.start(network, { policy: ONE_BY_ONE });
  try {
    const plan = { milliseconds: 500, silenceMs: 40, pauseMs: 60, probesPerSecond: 20_000 };
    await network.addAddresses('attacker', addresses(1, ATTACKS));
    const { reactions, undisturbed, neverDropped, neverCrossed } = await attack(network, addresses(1, ATTACKS), plan);
    const blocked = await ringfence.blocked();
    const others = blocked.filter(({ reason }) => !reason.startsWith('register-bruteforce'));
    if (others.length > 0) throw new Error(`blocked for another reason: ${others[0].address}, ${others[0].reason}`);
    report.say(`${reactions.length} attacks of 1,000 requests/s, each from another address, stopped by Ringfence`);
    report.figure({ label: 'attacks not stopped', value: neverDropped, unit: 'attacks', limit: 0 });
    if (neverCrossed > 0)
      report.say(`${neverCrossed} more were refused less than ${THRESHOLD} times: the PBX was too slow`);
    show(report, reactions);
    if (undisturbed.length < reactions.length) {
      report.say(`of these, the ${undisturbed.length} during which the hypervisor took no processor away:`);
      show(report, undisturbed);
    }
    return reactions;
  } finally {
    await ringfence.remove();
  }
}

function show(report: Report, reactions: Reaction[]): void {
  const answer = reactions.map(({ fromAnswerMs }) => fromAnswerMs);
  const request = reactions.map(({ fromRequestMs }) => fromRequestMs);
  const reached = reactions.map(({ reachedAfter }) => reachedAfter);
  const resolution = median(reactions.map(({ resolutionMs }) => resolutionMs));
  const unit = 'ms';
  report.figure({
    label: 'fifth 401 leaves → first packet dropped, median',
    value: median(answer),
    unit,
    limit: LIMIT_MEDIAN_MS,
    note: `a packet came through ${resolution.toFixed(3)} ms before`,
  });
  report.figure({
    label: 'fifth 401 leaves → first packet dropped, p99',
    value: percentile(answer, 99),
    unit,
    limit: LIMIT_P99_MS,
    note: `worst ${Math.max(...answer).toFixed(2)} ms; the first attack after the start ${answer[0]?.toFixed(2)} ms`,
  });
  const fromRequest = 'fifth bad REGISTER arrives → first packet dropped';
  const note = "the PBX's own time is in it";
  report.figure({ label: `${fromRequest}, median`, value: median(request), unit, note });
  report.figure({ label: `${fromRequest}, p99`, value: percentile(request, 99), unit, note });
  report.figure({
    label: 'requests that reached the PBX after the fifth 401, worst',
    value: Math.max(...reached),
    unit: 'requests',
    limit: LIMIT_REACHED,
    note: `median ${median(reached)}, p99 ${percentile(reached, 99)}`,
  });
}

async function withFail2ban(
  report: Report,
  network: Network,
  directory: string,
  log: string,
  ours: Reaction[],
): Promise<void> {
  const namespace = network.namespace('pbx');
  const fail2ban = await startFail2ban(namespace, directory, log);
  try {
    const plan = { milliseconds: 4_000, silenceMs: 200, pauseMs: 200, probesPerSecond: 5_000 };
    await network.addAddresses('attacker', addresses(2, ATTACKS_ON_FAIL2BAN));
    const { reactions, neverDropped, neverCrossed } = await attack(network, addresses(2, ATTACKS_ON_FAIL2BAN), plan);
    const answer = reactions.map(({ fromAnswerMs }) => fromAnswerMs);
    const reached = reactions.map(({ reachedAfter }) => reachedAfter);
    const ourMedian = median(ours.map(({ fromAnswerMs }) => fromAnswerMs));
    report.say(
      `fail2ban (backend ${fail2ban.backend}), ${reactions.length} of the same attacks; ${neverDropped} more not stopped in time, ${neverCrossed} not refused often enough`,
    );
    report.figure({
      label: 'fail2ban: fifth 401 leaves → first packet dropped, median',
      value: median(answer),
      unit: 'ms',
      note: `${times(median(answer), ourMedian)} ours; worst ${Math.max(...answer).toFixed(0)} ms`,
    });
    report.figure({
      label: 'fail2ban: requests that reached the PBX after it, median',
      value: median(reached),
      unit: 'requests',
      note: `worst ${Math.max(...reached)}`,
    });
  } finally {
    await stopFail2ban(fail2ban, namespace);
  }
}
