/**
 * Hours of attacks and calls, or a minute of many: what Ringfence takes must not grow, and no phone may notice anything. Guard and console
 * run as the units start them; retention is short, so that what is kept for a year goes within the run.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ask } from '../../cli/client.ts';
import { EXCHANGES_MAX } from '../../src/core/detect/exchanges.ts';
import type { HealthAnswer } from '../../src/serve/answers.ts';
import type { Retention } from '../../src/store/sqlite/prune.ts';
import { sweep } from '../leftovers.ts';
import { Network } from '../network.ts';
import { until } from '../process.ts';
import { resourcesOf, type Resources } from '../process-memory.ts';
import { Units } from '../units.ts';
import { Load, type Counts, type LoadPlan } from './load.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface SoakPlan {
  seconds: number;
  sampleEveryMs: number;
  policy: string;
  retention: Partial<Retention> & { everyMs: number };
  load: LoadPlan;
  /** The table of transactions is full before anything is measured; 0: it may fill meanwhile. */
  fillSeconds: number;
}

export interface Sample {
  /** Seconds since the load began. */
  at: number;
  guard: Resources;
  console: Resources;
  /** The write-ahead log included; `attacksEver`: those that retention has removed, too. */
  database: { mebibytes: number; attacks: number; attacksEver: number };
  sources: number;
  transactions: number;
  tcpStreams: number;
  incidentsOpen: number;
  blocked: number;
  /** That the guard has seen, and not seen. */
  packets: number;
  lost: number;
  waiting: number;
}

export interface Soaked {
  samples: Sample[];
  counts: Counts;
}

export async function soak(plan: SoakPlan, say: (sample: Sample, counts: Counts) => void): Promise<Soaked> {
  await sweep();
  const network = await Network.build('host');
  const units = new Units(network);
  const samples: Sample[] = [];
  let load: Load | undefined;
  try {
    await units.run({ policy: plan.policy, console: ['--retention', JSON.stringify(plan.retention)] });
    load = await Load.start(network, plan.load);
    if (plan.fillSeconds > 0) await fill(units, load, plan.fillSeconds);
    const began = performance.now();
    for (let n = 1; n * plan.sampleEveryMs <= plan.seconds * 1000; n++) {
      await Promise.race([pause(began + n * plan.sampleEveryMs - performance.now()), load.failure]);
      samples.push(await sampleOf(units, (performance.now() - began) / 1000));
      say(samples.at(-1)!, load.counts);
    }
    return { samples, counts: load.counts };
  } finally {
    await load?.stop();
    await units.stop();
    units.remove();
    await network.tearDown();
  }
}

async function fill(units: Units, load: Load, seconds: number): Promise<void> {
  const full = until('the table of transactions is full', seconds * 1000, async () => {
    const { guard } = await ask<HealthAnswer>(units.data, 'GET', '/health');
    return guard!.tables.transactions === EXCHANGES_MAX ? true : undefined;
  });
  await Promise.race([full, load.failure]);
  load.filled();
}

async function sampleOf(units: Units, at: number): Promise<Sample> {
  const { guard: health, console: own } = await ask<HealthAnswer>(units.data, 'GET', '/health');
  // What pages of the console ask, so that answering is part of the soak.
  const now = Date.now();
  await ask(units.data, 'GET', `/statistics?since=${now - DAY_MS}&until=${now}&step=${HOUR_MS}`);
  await ask(units.data, 'GET', '/attacks?limit=200');
  const { guard, console } = units.pids;
  const { tables, kernel, capture, backlog } = health!;
  return {
    ...{ at, guard: resourcesOf(guard), console: resourcesOf(console) },
    database: databaseOf(units.data),
    ...{
      ...tables,
      blocked: kernel.blocked,
      packets: capture.frames,
      lost: capture.lost,
      waiting: backlog.waiting + own.store.waiting,
    },
  };
}

function databaseOf(data: string): Sample['database'] {
  const path = join(data, 'ringfence.db');
  const bytes = [path, `${path}-wal`].map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const { rows, ever } = database
      .prepare('SELECT count(*) AS rows, coalesce(max(n), 0) AS ever FROM incidents')
      .get() as { rows: number; ever: number };
    return { mebibytes: (bytes[0] + bytes[1]) / 1_048_576, attacks: rows, attacksEver: ever };
  } finally {
    database.close();
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)));
}
