/** The directory of all state, made when it is missing. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { GuardError } from './guard-error.ts';

const HINT = 'Name a directory that root can write to: --data DIR';

/** Throws GuardError `data-directory`. The path is absolute. */
export function makeDataDirectory(path: string): void {
  try {
    make(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' || code === 'ENOTDIR' ? 'something on its path is a file' : message;
    throw new GuardError('data-directory', `the data directory ${path} cannot be made: ${why}`, HINT);
  }
}

/** Parents first. Not mkdir's `recursive`: Node 24 tries for ever where a file system refuses with ENOENT, as /proc does. */
function make(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(path) !== path) make(dirname(path));
  mkdirSync(path, { mode: 0o700 });
}
