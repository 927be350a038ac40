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

/** Memory of the kernel that holds lists: what it cannot give back of its small objects, and its large tables (proc(5), meminfo). */
export function kernelMemoryMiB(): number {
  const meminfo = readFileSync('/proc/meminfo', 'utf8');
  const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(meminfo)![1]);
  return (field('SUnreclaim') + field('VmallocUsed')) / 1024;
}

/**
 * Seconds of all processors together since the start of the machine: spent, and taken by the hypervisor for other guests when a thread
 * of ours wanted to run (steal). proc(5): hundredths of a second.
 */
export function processorSeconds(): { total: number; stolen: number } {
  const ticks = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].trim().split(/\s+/).slice(1, 9).map(Number);
  return { total: ticks.reduce((sum, tick) => sum + tick, 0) / 100, stolen: ticks[7] / 100 };
}
