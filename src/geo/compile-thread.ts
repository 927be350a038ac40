/**
 * Compiles in a thread: half a second of work and a heap of 100 MB that must not be the console's. What a hostile file does to it
 * – an endless tree, a heap without bound – ends with the thread.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { buffersOf, compile, type Compiled } from './compile.ts';
import { DataError } from './formats/data-problem.ts';
import { GeoError } from './geo-error.ts';

const TIME_MAX_MS = 120_000;
const HEAP_MAX_MB = 512;

/** A file on disk and the name by which people know it. */
export interface NamedFile {
  name: string;
  path: string;
}

interface Order {
  task: 'geo-compile';
  files: readonly NamedFile[];
}
type Answer = { compiled: Compiled } | { code: string; text: string };

const order = workerData as Order | null;
if (!isMainThread && order?.task === 'geo-compile') parentPort!.postMessage(...answer(order.files));

function answer(files: readonly NamedFile[]): [Answer, ArrayBuffer[]] {
  try {
    const compiled = compile(files.map(({ name, path }) => ({ name, bytes: readFileSync(path) })));
    return [{ compiled }, buffersOf(compiled)];
  } catch (error) {
    const code = error instanceof DataError ? error.code : 'geo-file-unreadable';
    return [{ code, text: (error as Error).message }, []];
  }
}

/** Errors: `GeoError` with the problem's code; `geo-damaged` too when the thread needs more than its time or memory. */
export async function compileFiles(files: readonly NamedFile[], signal?: AbortSignal): Promise<Compiled> {
  const order: Order = { task: 'geo-compile', files };
  const worker = new Worker(fileURLToPath(import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MAX_MB },
  });
  let timer: NodeJS.Timeout | undefined;
  const stop = () => void worker.terminate();
  try {
    return await new Promise<Compiled>((resolve, reject) => {
      const names = files.map((file) => file.name).join(', ');
      const fail = (code: string, text: string) => reject(new GeoError(code, text));
      worker.on('message', (result: Answer) =>
        'compiled' in result ? resolve(result.compiled) : fail(result.code, result.text),
      );
      worker.on('error', (error) => fail('geo-damaged', `${names} cannot be compiled: ${error.message}`));
      worker.on('exit', () => fail('geo-stopped', 'It was stopped before the data were ready.'));
      timer = setTimeout(() => {
        fail('geo-damaged', `${names} is not compiled after ${TIME_MAX_MS / 1000} s.`);
        stop();
      }, TIME_MAX_MS);
      signal?.addEventListener('abort', stop, { once: true });
      if (signal?.aborted) stop();
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    await worker.terminate();
  }
}
