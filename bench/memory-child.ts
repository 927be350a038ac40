/**
 * What a replay holds on to, whatever the garbage collector is in the mood for: `node --expose-gc bench/memory-child.ts FILE`. Collects
 * at intervals and prints one JSON line with the most that was still alive then, in MiB: objects and buffers.
 */
import { defaultDocument } from '../src/policy/default-document.ts';
import { compilePolicy } from '../src/policy/compile.ts';
import { replayFile } from '../src/replay/replay.ts';

const COLLECT_EVERY_FRAMES = 100_000;

const collect = (globalThis as { gc?: () => void }).gc;
if (!collect) throw new Error('run me with --expose-gc');
let liveMiB = 0;
let next = COLLECT_EVERY_FRAMES;
replayFile(process.argv[2], { policy: compilePolicy(defaultDocument) }, ({ pass, frames }) => {
  if (pass === 1 || frames < next) return;
  next += COLLECT_EVERY_FRAMES;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  liveMiB = Math.max(liveMiB, (heapUsed + external) / 2 ** 20);
});
console.log(JSON.stringify({ liveMiB }));
