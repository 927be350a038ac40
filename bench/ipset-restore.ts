/** `ipset restore` of a file, in a network namespace of its own, which goes with the process. */
import { Program } from '../lab/process.ts';
import { kernelMemoryMiB } from './machine.ts';
import { childrenOf, peakMemoryMiB } from './measure.ts';

export interface Restored {
  seconds: number;
  kernelMiB: number;
  processMiB: number;
}

const LONGEST_MS = 60_000;
const MEMORY_EVERY_MS = 20;

export async function ipsetRestore(file: string): Promise<Restored> {
  // The shell stays until it is told to go: as long as it is there, so are the sets.
  const script = 'echo begins; ipset restore -file "$1" && echo restored && read go';
  const shell = new Program('ipset', undefined, ['unshare', '--net', 'sh', '-c', script, 'sh', file]);
  let processMiB = 0;
  const watch = setInterval(
    () => (processMiB = Math.max(processMiB, ...childrenOf(shell.pid).map(peakMemoryMiB))),
    MEMORY_EVERY_MS,
  );
  try {
    await shell.says(/begins/, 5_000);
    const before = kernelMemoryMiB();
    const started = performance.now();
    await shell.says(/restored/, LONGEST_MS);
    const seconds = (performance.now() - started) / 1_000;
    return { seconds, kernelMiB: kernelMemoryMiB() - before, processMiB };
  } finally {
    clearInterval(watch);
    await shell.kill();
  }
}
