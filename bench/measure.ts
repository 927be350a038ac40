/** Whole programs measured from outside: CPU seconds as the shell's `time` counts them, peak memory as the kernel does. */
import { spawnSync } from 'node:child_process';

export interface Measured {
  userSeconds: number;
  systemSeconds: number;
  wallSeconds: number;
  /** Peak resident memory of the process, MiB; null when it was not measured. */
  peakMiB: number | null;
  output: string;
}

/** Runs a command without its output mixing into the figures. Throws when it fails. */
export function measure(command: string[]): Measured {
  const quoted = command.map((part) => `'${part.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const script = `TIMEFORMAT='RINGFENCE-TIMES %U %S %R'; time ${quoted}`;
  const run = spawnSync('bash', ['-c', script], { encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, LC_ALL: 'C' } });
  const times = /RINGFENCE-TIMES ([\d.]+) ([\d.]+) ([\d.]+)/.exec(run.stderr);
  if (run.status !== 0 || !times) throw new Error(`${command[0]} ended with ${run.status}: ${run.stderr.slice(-500)}`);
  const [user, system, wall] = times.slice(1).map(Number);
  return { userSeconds: user, systemSeconds: system, wallSeconds: wall, peakMiB: null, output: run.stdout };
}

export function median(values: number[]): number {
  return percentile(values, 50);
}

export function percentile(values: number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1))];
}

export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}

export function row(label: string, figure: string, note = ''): void {
  console.log(`  ${label.padEnd(46)} ${figure.padStart(16)}  ${note}`);
}
