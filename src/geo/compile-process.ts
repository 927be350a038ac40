/**
 * Compiles in a process of its own: a second of work that must not stall the console, and 150 MB that a thread would leave behind
 * (measured: the console's memory was 263 MB after a thread, 157 MB after a process). What a hostile file does to it – an endless tree,
 * a heap without bound – ends with it.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Compiled } from './compile.ts';
import { GeoError } from './geo-error.ts';

const CHILD = fileURLToPath(new URL('./compile-child.ts', import.meta.url));
const TIME_MAX_MS = 120_000;
const HEAP_MAX_MB = 512;

/** A file on disk and the name by which people know it. */
export interface NamedFile {
  name: string;
  path: string;
}

export type CompileAnswer = { compiled: Compiled } | { code: string; text: string };

/** Errors: `GeoError` with the problem's code; `geo-damaged` too when it takes more than its time or memory. */
export async function compileFiles(files: readonly NamedFile[], signal?: AbortSignal): Promise<Compiled> {
  if (signal?.aborted) throw stopped();
  const child = fork(CHILD, [], {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${HEAP_MAX_MB}`, '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const end = () => void child.kill('SIGKILL');
  const names = files.map((file) => file.name).join(', ');
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Compiled>((resolve, reject) => {
      child.once('message', (answer: CompileAnswer) =>
        'compiled' in answer ? resolve(answer.compiled) : reject(new GeoError(answer.code, answer.text)),
      );
      child.once('error', (error) =>
        reject(new GeoError('geo-failed', `${names} cannot be compiled: ${error.message}`)),
      );
      child.once('exit', (code, by) => {
        if (signal?.aborted) reject(stopped());
        else
          reject(
            new GeoError(
              'geo-damaged',
              `${names} cannot be compiled: it took too much memory or time (${by ?? code}).`,
            ),
          );
      });
      timer = setTimeout(end, TIME_MAX_MS);
      signal?.addEventListener('abort', end, { once: true });
      child.send(files, (error) => error && end());
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
    end();
  }
}

function stopped(): GeoError {
  return new GeoError('geo-stopped', 'Ringfence was stopped before the data were ready.');
}
