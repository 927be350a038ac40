/** `-o FILE` of the commands that write one. */
import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { CliError, EXIT_NO_PERMISSION, EXIT_USAGE } from './exit-codes.ts';
import { escapeText } from './escape.ts';

/**
 * The file has its name only when it is complete; it is for its owner only. Errors: `CliError`, also what `content` throws; a file that is
 * there stays, unless `force` is said.
 */
export async function writeOutput<T>(
  path: string,
  force: boolean,
  content: (write: (text: string) => void) => T | Promise<T>,
): Promise<T> {
  const unfinished = `${path}.${randomBytes(4).toString('hex')}.unfinished`;
  try {
    const file = openSync(unfinished, 'wx', 0o600);
    let written: T;
    try {
      written = await content((text) => writeFileSync(file, text));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    if (force) renameSync(unfinished, path);
    // Unlike a rename it fails when somebody has made a file of that name meanwhile.
    else linkSync(unfinished, path);
    return written;
  } catch (error) {
    throw error instanceof CliError ? error : unwritable(error as NodeJS.ErrnoException, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

export function unwritable({ code, message }: NodeJS.ErrnoException, path: string): CliError {
  const shown = escapeText(path);
  if (code === 'EEXIST') {
    return new CliError(EXIT_USAGE, `${shown} is there already; nothing was written.`, 'Write over it: --force');
  }
  const exitCode = code === 'EACCES' || code === 'EPERM' ? EXIT_NO_PERMISSION : EXIT_USAGE;
  return new CliError(exitCode, `${shown} cannot be written: ${escapeText(message)}`);
}
