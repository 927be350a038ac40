/** Peak memory of `ringfence replay`: does it grow with the capture, and what do a million sources cost? */
import { mixedCapture } from './captures.ts';
import { measure, RINGFENCE } from './measure.ts';
import type { Report } from './report.ts';

/** Issue 2, "Must show" 6. */
const LIMIT_MIB = 300;
/** "Flat": what a tenfold capture may add, for noise of the garbage collector. */
const GROWTH_MAX = 1.15;

export async function run(report: Report): Promise<void> {
  const small = await peak(report, 300_000, 5_000);
  const large = await peak(report, 3_000_000, 5_000);
  report.figure({
    label: 'a capture ten times longer takes, of the memory',
    value: large / small,
    unit: '×',
    limit: GROWTH_MAX,
  });
  await peak(report, 2_200_000, 1_000_000);
}

async function peak(report: Report, messages: number, sources: number): Promise<number> {
  const capture = mixedCapture(messages, sources);
  const { peakMiB, cpuSeconds, stdout } = await measure([RINGFENCE, 'replay', capture.path, '--json']);
  const result = JSON.parse(stdout) as { sip: { messages: number }; incidents: unknown[] };
  if (result.sip.messages !== messages) throw new Error(`${result.sip.messages} of ${messages} messages were counted`);
  report.figure({
    label: `${messages.toLocaleString('en-US')} messages, ${capture.truth.sources.toLocaleString('en-US')} sources`,
    value: peakMiB,
    unit: 'MiB',
    limit: LIMIT_MIB,
    note: `${((cpuSeconds * 1e6) / messages).toFixed(2)} µs a message; ${result.incidents.length} incidents`,
  });
  return peakMiB;
}
