/**
 * What guard and console take when nothing happens: started as the units start them (a second time, so that compiled code is kept as it is
 * on an installed machine), left alone until it is quiet, then watched for a minute.
 */
import { Network } from '../lab/network.ts';
import { resourcesOf, type Resources } from '../lab/process-memory.ts';
import { sweep } from '../lab/leftovers.ts';
import { Units } from '../lab/units.ts';
import type { Report } from './report.ts';
import { median } from './statistics.ts';

/** Issue 7. */
const TOGETHER_MAX_MIB = 150;
const CPU_MAX_PERCENT = 1;
/** The console's clean-up and the guard's first saving are over by then. */
const QUIET_MS = 45_000;
/** What a start compiles is kept a moment later. */
const FIRST_MS = 3_000;
const WATCHED_MS = 60_000;
const LOOK_MS = 5_000;

const PROCESSES = ['guard', 'console'] as const;

export async function run(report: Report): Promise<void> {
  await sweep();
  const network = await Network.build('host');
  const units = new Units(network);
  try {
    await units.run();
    await pause(FIRST_MS);
    await units.stop();
    await units.run();
    await pause(QUIET_MS);
    const looks = [look(units)];
    for (const end = performance.now() + WATCHED_MS; performance.now() < end;) {
      await pause(LOOK_MS);
      looks.push(look(units));
    }
    show(report, looks);
  } finally {
    await units.stop();
    units.remove();
    await network.tearDown();
  }
}

type Look = Record<(typeof PROCESSES)[number], Resources> & { at: number };

function look({ pids }: Units): Look {
  return { at: performance.now(), guard: resourcesOf(pids.guard), console: resourcesOf(pids.console) };
}

function show(report: Report, looks: readonly Look[]): void {
  const [first, last] = [looks[0], looks.at(-1)!];
  const of = (name: (typeof PROCESSES)[number], field: keyof Resources) => median(looks.map((one) => one[name][field]));
  const both = (field: keyof Resources) => of('guard', field) + of('console', field);
  const cpu = (name: (typeof PROCESSES)[number]) =>
    (100_000 * (last[name].cpuSeconds - first[name].cpuSeconds)) / (last.at - first.at);
  for (const name of PROCESSES) {
    const parts = `${of(name, 'anonymous').toFixed(1)} MiB of its own, the rest files; RSS ${of(name, 'rss').toFixed(0)} MiB`;
    report.figure({ label: `memory of the ${name} (PSS)`, value: of(name, 'pss'), unit: 'MiB', note: parts });
  }
  report.figure({
    ...{ label: 'memory of both (PSS)', value: both('pss'), unit: 'MiB', limit: TOGETHER_MAX_MIB },
    note: `${both('anonymous').toFixed(1)} MiB without files`,
  });
  for (const name of PROCESSES) report.figure({ label: `CPU of the ${name}`, value: cpu(name), unit: '% of a core' });
  report.figure({
    ...{ label: 'CPU of both', value: cpu('guard') + cpu('console'), unit: '% of a core', limit: CPU_MAX_PERCENT },
  });
  for (const name of PROCESSES)
    report.figure({
      ...{ label: `file handles of the ${name}`, value: of(name, 'handles'), unit: '' },
      note: `${of(name, 'threads')} threads`,
    });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
