/** Attacks from one source address after the other, watched from outside: what `reaction` and `lists` measure alike. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Network } from '../lab/network.ts';
import { Program } from '../lab/process.ts';
import { ROOT } from './measure.ts';
import type { Attack, Plan } from './reaction-attacker.ts';
import { reactionOf, type Reaction } from './reaction-time.ts';
import { PROBE_PORT, Watch } from './reaction-watch.ts';

/** Names and shapes of scanners would stop the attacker sooner; his neighbours, who are blocked one after the other, would have the whole network blocked. */
export const ONE_BY_ONE = `detect:
  scanner-agent: { enabled: false }
  scanner-fingerprint: { enabled: false }
  distributed-bruteforce: { enabled: false }
`;

/** Of the default policy, and of fail2ban's jail: bad registrations within a minute. */
export const THRESHOLD = 5;
/** Issue 2, "Must show" 1. */
export const LIMIT_MEDIAN_MS = 1;
export const LIMIT_P99_MS = 5;
export const LIMIT_REACHED = 5;
const REQUESTS_PER_SECOND = 1_000;
const ATTACKER_MS = 240_000;

export interface Watched {
  reactions: Reaction[];
  /** Those of them during which the hypervisor left us alone. */
  undisturbed: Reaction[];
  /** Attacks that crossed the threshold and went on for as long as they were watched. */
  neverDropped: number;
  /** Attacks that the PBX did not refuse often enough meanwhile: say nothing about the defence. */
  neverCrossed: number;
}

/** What happens while the attacks go on: they end with it, or with the last source. */
export interface Meanwhile {
  run: () => Promise<unknown>;
  /** Attacks that began earlier do not count (milliseconds since the epoch; the defence was not there yet). */
  countFrom?: () => number;
}

export type Pace = Pick<Plan, 'milliseconds' | 'silenceMs' | 'pauseMs' | 'probesPerSecond'>;

/** From each source in turn; the attacker has their addresses already. */
export async function attack(network: Network, sources: string[], pace: Pace, meanwhile?: Meanwhile): Promise<Watched> {
  const directory = mkdtempSync(join(tmpdir(), 'rf-bench-series-'));
  const watch = await Watch.start(network.namespace('pbx'));
  let attacker: Program | undefined;
  try {
    const stopFile = meanwhile ? join(directory, 'stop') : null;
    const plan: Plan = {
      ...{ sources, target: network.target.v4, probePort: PROBE_PORT },
      ...{ requestsPerSecond: REQUESTS_PER_SECOND, stopFile, ...pace },
    };
    const command = [process.execPath, join(ROOT, 'bench', 'reaction-attacker.ts'), JSON.stringify(plan)];
    attacker = new Program('attacker', network.namespace('attacker'), command);
    const deadline = setTimeout(() => void attacker!.kill(), ATTACKER_MS);
    try {
      await attacker.says(/begins/, 10_000);
      await meanwhile?.run();
      if (stopFile !== null) writeFileSync(stopFile, '');
      await attacker.done;
    } finally {
      clearTimeout(deadline);
    }
    const { code, stdout, output } = await attacker.done;
    if (code !== 0) throw new Error(`the attacker ended with ${code}: ${output.slice(-500)}`);
    const attacks = JSON.parse(stdout) as Attack[];
    const from = meanwhile?.countFrom?.() ?? 0;
    return await judge(
      watch,
      attacks.filter(({ at }) => at >= from),
    );
  } finally {
    if (attacker?.running) await attacker.kill();
    await watch.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function judge(watch: Watch, attacks: Attack[]): Promise<Watched> {
  const wire = await watch.wire();
  const [requests, probes] = [await watch.passed('requests'), await watch.passed('probes')];
  const watched: Watched = { reactions: [], undisturbed: [], neverDropped: 0, neverCrossed: 0 };
  for (const { source, disturbed } of attacks) {
    const seen = wire.get(source);
    if (!seen) throw new Error(`nothing of ${source} was captured`);
    const passed = { requests: requests.get(source) ?? 0, probes: probes.get(source) ?? 0 };
    const reaction = reactionOf(seen, passed, THRESHOLD);
    if (reaction === 'never-crossed') watched.neverCrossed++;
    else if (reaction === 'never-dropped') watched.neverDropped++;
    else {
      watched.reactions.push(reaction);
      if (!disturbed) watched.undisturbed.push(reaction);
    }
  }
  return watched;
}

/** From the range for benchmarks of network devices (RFC 2544, 198.18.0.0/15): `count` addresses from 198.18.`block`.1 on. */
export function addresses(block: number, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `198.18.${block + Math.floor(i / 250)}.${(i % 250) + 1}`);
}
