/**
 * `npm run bench [name …] [--json]`: what Ringfence promises in figures, measured on this machine beside what people use today.
 *
 * Exit codes: 0 the benchmarks ran (also when a limit is missed: the report says so), 64 no such benchmark.
 */
import { machine, machineLine } from './machine.ts';
import { Report } from './report.ts';

interface Benchmark {
  title: string;
  run: () => Promise<{ run(report: Report): Promise<void> }>;
}

const BENCHMARKS: Record<string, Benchmark> = {
  replay: { title: 'CPU time for a message of a 300,000-message capture', run: () => import('./replay.ts') },
  idle: { title: 'guard and console when nothing happens', run: () => import('./idle.ts') },
  memory: { title: 'peak memory of a replay', run: () => import('./memory.ts') },
  live: { title: 'SIP packets through the tap without a loss', run: () => import('./live.ts') },
  lists: { title: 'long lists into the kernel, beside ipset', run: () => import('./lists.ts') },
  console: { title: 'the console at 1,000,000 attacks and 100,000 blocks', run: () => import('./console.ts') },
  flood: { title: 'who still gets in during a flood of 20,000 packets a second', run: () => import('./flood.ts') },
  reaction: { title: 'from the answer that crosses the threshold to the drop', run: () => import('./reaction.ts') },
};

const args = process.argv.slice(2);
const json = args.includes('--json');
const names = args.filter((arg) => arg !== '--json');
const unknown = names.find((name) => !(name in BENCHMARKS));
if (unknown !== undefined) {
  console.error(`There is no benchmark '${unknown}'. There are: ${Object.keys(BENCHMARKS).join(', ')}.`);
  process.exit(64);
}

const report = new Report(machine(), json ? console.error : console.log);
(json ? console.error : console.log)(machineLine(report.machine));
for (const name of names.length > 0 ? names : Object.keys(BENCHMARKS)) {
  report.section(name, BENCHMARKS[name].title);
  try {
    await (await BENCHMARKS[name].run()).run(report);
  } catch (error) {
    report.fail(error);
  }
  report.sectionEnd();
}
(json ? console.error : console.log)(`\n${report.summary()}`);
if (json) console.log(JSON.stringify({ machine: report.machine, sections: report.sections }));
