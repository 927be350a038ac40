/**
 * Whole programs measured from outside: CPU as the kernel counts it (getrusage), peak memory as it keeps it (VmHWM).
 * One at a time: the kernel's sum over ended children tells them apart only by what was there before.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import koffi from 'koffi';

export const ROOT = join(import.meta.dirname, '..');
export const RINGFENCE = join(ROOT, 'bin', 'ringfence');

const RUSAGE_CHILDREN = -1;
const getrusage = koffi.load('libc.so.6').func('int getrusage(int who, void *usage)');
/** The peak only ever grows, so a reading is too low by what the last moments added. */
const MEMORY_EVERY_MS = 10;
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;

export interface Measured {
  cpuSeconds: number;
  wallSeconds: number;
  peakMiB: number;
  stdout: string;
}

/** Runs a command to its end. Throws when it fails, or lasts longer than `secondsMax`. */
export async function measure(command: string[], secondsMax = 240): Promise<Measured> {
  const cpuBefore = childrenCpuSeconds();
  const started = performance.now();
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], cwd: ROOT });
  const chunks: Buffer[] = [];
  let bytes = 0;
  let errors = '';
  let peakMiB = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= OUTPUT_BYTES_MAX) chunks.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2_000)));
  const watch = setInterval(() => (peakMiB = Math.max(peakMiB, peakMemoryMiB(child.pid!))), MEMORY_EVERY_MS);
  const limit = setTimeout(() => child.kill('SIGKILL'), secondsMax * 1_000);
  const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  }).finally(() => {
    clearInterval(watch);
    clearTimeout(limit);
  });
  const wallSeconds = (performance.now() - started) / 1_000;
  if (code !== 0) {
    const why = signal === 'SIGKILL' ? `was ended after ${secondsMax} s` : `ended with ${code ?? signal}`;
    throw new Error(`${command.join(' ')} ${why}: ${errors.trim()}`);
  }
  const cpuSeconds = childrenCpuSeconds() - cpuBefore;
  return { cpuSeconds, wallSeconds, peakMiB, stdout: Buffer.concat(chunks).toString() };
}

/** User and system time of all children that have ended, and of theirs. */
function childrenCpuSeconds(): number {
  // struct rusage: ru_utime and ru_stime are two longs each (seconds, microseconds); 16 longs in all on 64-bit Linux.
  const usage = new BigInt64Array(18);
  if (getrusage(RUSAGE_CHILDREN, usage) !== 0) throw new Error('getrusage failed');
  return Number(usage[0]) + Number(usage[2]) + Number(usage[1] + usage[3]) / 1e6;
}

/** 0 when the process is gone. */
export function peakMemoryMiB(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** CPU seconds of a running process with all its threads: proc(5), fields 14 and 15 in hundredths of a second (USER_HZ). */
export function processCpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Of all threads of a process; empty when it is gone. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

export function hasProgram(name: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;
}
