/**
 * CPU time for a message: reading alone, the engine alone, and `ringfence replay` as a whole process beside tshark and sngrep on the
 * same file. The programs take turns, so that a busy moment of the machine hits all of them.
 */
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mixedCapture, type Capture } from './captures.ts';
import { hasProgram, measure, RINGFENCE, ROOT, type Measured } from './measure.ts';
import type { Report } from './report.ts';
import { median, times } from './statistics.ts';

const MESSAGES = 300_000;
const SOURCES = 5_000;
const RUNS = 5;
/** tshark and sngrep take ten times as long and vary less. */
const ROUNDS_OF_OTHERS = 3;
/** Issue 2, "Must show" 6. */
const LIMIT_MICROSECONDS = 3;

export async function run(report: Report): Promise<void> {
  const capture = mixedCapture(MESSAGES, SOURCES);
  const { truth } = capture;
  report.say(
    `${MESSAGES.toLocaleString('en-US')} messages of ${truth.sources.toLocaleString('en-US')} sources, ` +
      `${truth.attackers.length} of them attackers, ${Math.round(truth.seconds)} s of traffic`,
  );

  const read = await inChild('read', capture);
  report.figure({ label: 'reading alone', value: median(read), unit: 'µs', note: `median of ${RUNS}` });
  const engine = await inChild('engine', capture);
  report.figure({
    label: 'engine alone, warm, frames in memory',
    value: median(engine),
    unit: 'µs',
    limit: LIMIT_MICROSECONDS,
    note: `median of ${RUNS}: ${list(engine)}`,
  });

  const out = join(tmpdir(), `rf-bench-${process.pid}.pcap`);
  const contestants: { label: string; command: string[]; ours: boolean; samples: Measured[] }[] = [
    { label: 'ringfence replay, whole process', command: [RINGFENCE, 'replay', capture.path, '--json'], ours: true },
    {
      label: 'ringfence replay --protect, whole process',
      command: [RINGFENCE, 'replay', capture.path, '--json', '--protect', '192.0.2.10'],
      ours: true,
    },
    { label: 'tshark -q -z sip,stat', command: ['tshark', '-r', capture.path, '-q', '-z', 'sip,stat'], ours: false },
    {
      label: 'sngrep -N -q -O',
      // -l: by default it looks at the first 20,000 dialogs and ignores the rest of the file.
      command: ['sngrep', '-N', '-q', '-l', `${MESSAGES}`, '-I', capture.path, '-O', out],
      ours: false,
    },
  ].map((contestant) => ({ ...contestant, samples: [] }));

  try {
    for (let round = 0; round < RUNS; round++) {
      for (const { command, ours, samples } of contestants) {
        if (!ours && (round >= ROUNDS_OF_OTHERS || !hasProgram(command[0]))) continue;
        const sample = await measure(command);
        if (ours) checkCounts(sample, capture);
        samples.push(sample);
      }
    }
  } finally {
    rmSync(out, { force: true });
  }

  const perMessage = ({ samples }: { samples: Measured[] }) => samples.map((s) => (s.cpuSeconds * 1e6) / MESSAGES);
  const ours = median(perMessage(contestants[0]));
  for (const contestant of contestants) {
    const values = perMessage(contestant);
    const { label, samples } = contestant;
    if (samples.length === 0) {
      report.say(`${label}: not installed`);
      continue;
    }
    const value = median(values);
    const memory = `${Math.round(Math.max(...samples.map((s) => s.peakMiB)))} MiB`;
    report.figure({
      label,
      value,
      unit: 'µs',
      limit: contestant.ours ? LIMIT_MICROSECONDS : undefined,
      note: `${contestant.ours ? '' : `${times(value, ours)} ours; `}median of ${samples.length}: ${list(values)}; ${memory}`,
    });
  }
}

/** CPU microseconds for a message, run by run. */
async function inChild(part: 'read' | 'engine', { path, messages }: Capture): Promise<number[]> {
  const child = join(ROOT, 'bench', 'replay-child.ts');
  const { stdout } = await measure([process.execPath, child, part, path, `${RUNS}`]);
  const result = JSON.parse(stdout) as { messages: number; cpuMicroseconds: number[] };
  if (result.messages !== messages) throw new Error(`${part} saw ${result.messages} of ${messages} messages`);
  return result.cpuMicroseconds.map((used) => used / messages);
}

/** A figure counts only when every message was looked at. */
function checkCounts({ stdout }: Measured, { messages, truth }: Capture): void {
  const { sip } = JSON.parse(stdout) as {
    sip: { messages: number; requests: Record<string, number>; responses: Record<string, number> };
  };
  const sorted = (counts: Record<string, number>) => JSON.stringify(Object.entries(counts).sort());
  const same =
    sip.messages === messages &&
    sorted(sip.requests) === sorted(truth.requests) &&
    sorted(sip.responses) === sorted(truth.responses);
  if (!same) throw new Error(`the replay counted ${sip.messages} of ${messages} messages, or others than are in it`);
}

function list(values: number[]): string {
  return values.map((value) => value.toFixed(2)).join(' ');
}
