/**
 * Memory of `ringfence replay`: does it grow with the capture, and what do a million sources cost? The peak of the process includes
 * what the garbage collector has not yet given back, and varies; what is still alive after a collection is the engine's own doing.
 */
import { join } from 'node:path';
import { SourceTable } from '../src/core/base/source-table.ts';
import { FRESH } from '../src/core/detect/patient/ledger.ts';
import { PatientMemory, WEEK_S } from '../src/core/detect/patient/memory.ts';
import { FIRST } from '../src/core/detect/patient/suspects.ts';
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
  patience(report);
}

/** What is remembered for a week of 1,000,000 sources that fail once, each in a network of its own. */
function patience(report: Report): void {
  const sources = new SourceTable(1);
  const memory = new PatientMemory(1);
  sources.attach(memory);
  for (let i = 0; i < 1_000_000; i++) {
    const second = 1_770_000_000 + Math.floor((i * WEEK_S) / 1_000_000);
    const row = sources.see(0, 0, 0xffff, 0x0b000000 + i, second);
    memory.suspects.fail({ row, user: i, call: i, phone: i & 0xffff, second, what: FIRST, proven: true });
    memory.networks.note(0, 0, 24, (i << 8) >>> 0, i & 0xff, i & 0xffff, FRESH, second);
    memory.users.note(i, i, 1, 0, i & 0xffff, i & 0xffff, FRESH, second);
    memory.programs.note(i & 0xfff, i & 0xfff, 0, 0, i & 0xffff, i & 0xffff, FRESH, second);
  }
  report.figure({
    label: '1,000,000 sources that failed within a week: what is remembered of them',
    value: memory.bytes / 1_048_576,
    unit: 'MiB',
    limit: 32,
    note: `${((sources.size * 40) / 1_048_576).toFixed(0)} MiB of source rows beside it`,
  });
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
