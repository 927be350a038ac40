/**
 * Memory of `ringfence replay`: does it grow with the capture, and what do a million sources cost? The peak of the process includes
 * what the garbage collector has not yet given back, and varies; what is still alive after a collection is the engine's own doing.
 */
import { join } from 'node:path';
import { mixedCapture } from './captures.ts';
import { measure, RINGFENCE, ROOT } from './measure.ts';
import type { Report } from './report.ts';

/** Issue 2, "Must show" 6. */
const LIMIT_MIB = 300;
/** "Flat": what a tenfold capture may add. */
const GROWTH_MAX = 1.15;

export async function run(report: Report): Promise<void> {
  const small = await replay(report, 300_000, 5_000);
  const large = await replay(report, 3_000_000, 5_000);
  report.figure({
    label: 'ten times the capture: what is alive, in relation',
    value: large.liveMiB / small.liveMiB,
    unit: '×',
    limit: GROWTH_MAX,
    note: `peak of the process ${(large.peakMiB / small.peakMiB).toFixed(2)} ×`,
  });
  await replay(report, 2_200_000, 1_000_000);
}

async function replay(
  report: Report,
  messages: number,
  sources: number,
): Promise<{ peakMiB: number; liveMiB: number }> {
  const capture = mixedCapture(messages, sources);
  const { peakMiB, cpuSeconds, stdout } = await measure([RINGFENCE, 'replay', capture.path, '--json']);
  const result = JSON.parse(stdout) as { sip: { messages: number }; incidents: unknown[] };
  if (result.sip.messages !== messages) throw new Error(`${result.sip.messages} of ${messages} messages were counted`);
  const child = await measure([process.execPath, '--expose-gc', join(ROOT, 'bench', 'memory-child.ts'), capture.path]);
  const { liveMiB } = JSON.parse(child.stdout) as { liveMiB: number };
  const microseconds = ((cpuSeconds * 1e6) / messages).toFixed(2);
  report.figure({
    label: `${messages.toLocaleString('en-US')} messages, ${capture.truth.sources.toLocaleString('en-US')} sources: peak`,
    value: peakMiB,
    unit: 'MiB',
    limit: LIMIT_MIB,
    note: `${liveMiB.toFixed(0)} MiB alive; ${microseconds} µs a message; ${result.incidents.length} incidents`,
  });
  return { peakMiB, liveMiB };
}
