/** The process that compiles: gets the files' names over its channel, answers once, ends. Started by `compile-process.ts`. */
import { readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { compile } from './compile.ts';
import type { CompileAnswer, NamedFile } from './compile-process.ts';
import { DataError } from './formats/data-problem.ts';

/** Whatever else this machine does is more urgent: detection above all. */
setPriority(10);

process.once('message', (files: NamedFile[]) => {
  process.send!(answer(files), undefined, {}, () => process.disconnect());
});

function answer(files: NamedFile[]): CompileAnswer {
  try {
    return { compiled: compile(files.map(({ name, path }) => ({ name, bytes: readFileSync(path) }))) };
  } catch (error) {
    return { code: error instanceof DataError ? error.code : 'geo-file-unreadable', text: (error as Error).message };
  }
}
