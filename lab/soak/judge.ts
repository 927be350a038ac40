/** What a soak must show: nothing grows, retention works, and no phone noticed anything. */
import type { Report } from '../../bench/report.ts';
import type { Sample, Soaked } from './soak.ts';
import { trendOf, type Tolerance } from './trend.ts';

/** The collector's mood is some MiB. By its size it shows 20 bytes kept of each packet in an hour; in a minute next to nothing was seen (docs/performance.md). */
const MEMORY: Tolerance = { share: 0.05, atLeast: 6 };
/** Connections of the moment. */
const HANDLES: Tolerance = { share: 0, atLeast: 3 };
/** The log is cut back to 16 MB after it was larger, and grows to it again. */
const DATABASE: Tolerance = { share: 0.1, atLeast: 2 };
/** Attackers come and go in waves: 200 of them. */
const ENTRIES: Tolerance = { share: 0.1, atLeast: 150 };
/** A moment of a busy machine; a console that does not keep up is thousands behind. */
const WAITING: Tolerance = { share: 0, atLeast: 1000 };

const FIGURES: [label: string, unit: string, of: (sample: Sample) => number, tolerance: Tolerance][] = [
  ['memory of the guard (PSS)', 'MiB', ({ guard }) => guard.pss, MEMORY],
  ['memory of the console (PSS)', 'MiB', ({ console }) => console.pss, MEMORY],
  ['file handles of the guard', '', ({ guard }) => guard.handles, HANDLES],
  ['file handles of the console', '', ({ console }) => console.handles, HANDLES],
  ['threads of both', '', ({ guard, console }) => guard.threads + console.threads, HANDLES],
  ['database with its log', 'MiB', ({ database }) => database.mebibytes, DATABASE],
  ['attacks that are remembered', '', ({ database }) => database.attacks, ENTRIES],
  ['table of sources', '', ({ sources }) => sources, ENTRIES],
  ['table of transactions', '', ({ transactions }) => transactions, ENTRIES],
  ['TCP streams', '', ({ tcpStreams }) => tcpStreams, ENTRIES],
  ['open incidents', '', ({ incidentsOpen }) => incidentsOpen, ENTRIES],
  ['blocks in force', '', ({ blocked }) => blocked, ENTRIES],
  ['reports that wait', '', ({ waiting }) => waiting, WAITING],
];

/** Into the report; its figures over the limit are what failed. */
export function judge({ samples, counts }: Soaked, report: Report): void {
  for (const [label, unit, of, tolerance] of FIGURES) {
    const { second, last, limit } = trendOf(samples.map(of), tolerance);
    const note = `${second.toFixed(unit ? 1 : 0)} in the second quarter`;
    report.figure({ label: `last quarter: ${label}`, value: last, unit, limit, note });
  }
  const end = samples.at(-1)!;
  const { attacks, attacksEver } = end.database;
  report.figure({
    ...{ label: 'attacks that retention has left', value: attacks, unit: '', limit: attacksEver / 2 },
    note: `of ${attacksEver} that there have been`,
  });
  report.figure({ label: 'packets that the guard has lost', value: end.lost, unit: '', limit: 0 });
  const calls = `${counts.registrations} registrations and ${counts.calls} calls beside ${counts.attacks} attacks`;
  report.figure({
    ...{ label: 'registrations and calls that failed', value: counts.failed.length, unit: '', limit: 0 },
    note: `of ${calls}${counts.failed.length > 0 ? `; ${counts.failed.slice(0, 5).join('; ')}` : ''}`,
  });
  const seconds = end.at - samples[0].at;
  const share = (which: 'guard' | 'console') =>
    (100 * (end[which].cpuSeconds - samples[0][which].cpuSeconds)) / seconds;
  report.say(
    `CPU meanwhile: the guard ${share('guard').toFixed(1)} %, the console ${share('console').toFixed(1)} % of a core`,
  );
}
