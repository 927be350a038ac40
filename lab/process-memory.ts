/** What a running process takes, as the kernel counts it (proc(5)). */
import { readFileSync, readdirSync } from 'node:fs';

export interface Resources {
  /**
   * MiB: its own pages, and of those that others map as well its share. The sum over all processes is what is really taken; pages of
   * files that nobody maps are the kernel's to give away, and not in it.
   */
  pss: number;
  /** The part of it that belongs to no file. */
  anonymous: number;
  rss: number;
  handles: number;
  threads: number;
  /** Since its start, all threads. */
  cpuSeconds: number;
}

export function resourcesOf(pid: number): Resources {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mebibytes = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)![1]) / 1024;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Fields 14 and 15, in hundredths of a second (USER_HZ).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pss: mebibytes('Pss'),
    anonymous: mebibytes('Pss_Anon'),
    rss: mebibytes('Rss'),
    handles: readdirSync(`/proc/${pid}/fd`).length,
    threads: readdirSync(`/proc/${pid}/task`).length,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
  };
}
