/** What the figures were measured on, and how busy it was with other things: printed above every benchmark. */
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';

export interface Machine {
  processors: number;
  processor: string;
  memoryGiB: number;
  linux: string;
  node: string;
  /** ISO 8601, UTC. */
  at: string;
  /** Mean number of runnable threads over the last minute, when the benchmark started. */
  load: number;
}

export function machine(): Machine {
  const processors = cpus();
  return {
    processors: processors.length,
    processor: processors[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    linux: release(),
    node: process.version,
    at: new Date().toISOString(),
    load: loadAverage(),
  };
}

export function machineLine(m: Machine): string {
  return `${m.processors} × ${m.processor}, ${m.memoryGiB} GiB, Linux ${m.linux}, Node ${m.node}, ${m.at.slice(0, 16)}Z, load ${m.load}`;
}

export function loadAverage(): number {
  return Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
}
