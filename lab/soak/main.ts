/**
 * `npm run soak [-- MINUTES | --short]`: an hour, or as long as you like, of attacks and calls; prints what Ringfence takes meanwhile, and whether it
 * grows. `--short` is the one of continuous integration.
 *
 * Exit codes: 0 nothing grew, 1 something did or a phone noticed something, 64 not understood.
 */
import { machine, machineLine } from '../../bench/machine.ts';
import { Report } from '../../bench/report.ts';
import { judge } from './judge.ts';
import { SHORT_SOAK, longSoak } from './plans.ts';
import { soak, type Sample } from './soak.ts';

const DEFAULT_MINUTES = 60;

const [word = `${DEFAULT_MINUTES}`] = process.argv.slice(2);
const minutes = Number(word);
if (word !== '--short' && !(minutes >= 2)) {
  console.error('How many minutes? At least 2; or --short.');
  process.exit(64);
}
const plan = word === '--short' ? SHORT_SOAK : longSoak(minutes);
const report = new Report(machine(), console.log);
console.log(machineLine(report.machine));
report.section('soak', `attacks and calls for ${(plan.seconds / 60).toFixed(0)} min`);
try {
  const soaked = await soak(plan, (sample, counts) =>
    console.log(line(sample), JSON.stringify({ ...counts, failed: counts.failed.length })),
  );
  judge(soaked, report);
} catch (error) {
  report.fail(error);
}
report.sectionEnd();
console.log(`\n${report.summary()}`);
process.exit(report.overTheLimit().length === 0 && report.sections.soak.failure === null ? 0 : 1);

function line({
  at,
  guard,
  console,
  database,
  sources,
  transactions,
  tcpStreams,
  incidentsOpen,
  blocked,
  packets,
  lost,
}: Sample): string {
  const of = (name: string, { pss, anonymous, handles }: Sample['guard']) =>
    `${name} ${pss.toFixed(1)} MiB (${anonymous.toFixed(1)}) ${handles} fd`;
  const tables = `sources ${sources} tx ${transactions} tcp ${tcpStreams} open ${incidentsOpen} blocked ${blocked} packets ${packets} lost ${lost}`;
  const stored = `db ${database.mebibytes.toFixed(1)} MiB ${database.attacks}/${database.attacksEver}`;
  return `${at.toFixed(0).padStart(5)} s  ${of('guard', guard)}  ${of('console', console)}  ${stored}  ${tables}`;
}
