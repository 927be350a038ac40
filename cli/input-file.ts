/** Files that people name on the command line: a clear word and the right exit code before anything is read. */
import { accessSync, constants, statSync } from 'node:fs';
import { CliError, EXIT_NO_PERMISSION, EXIT_USAGE } from './exit-codes.ts';
import { escapeText } from './escape.ts';

/** Errors: `CliError`, 2 when it is not there or no file, 77 when it may not be read. */
export function requireReadable(file: string, what: string): void {
  const shown = escapeText(file);
  try {
    if (statSync(file).isDirectory()) throw new CliError(EXIT_USAGE, `${shown} is a directory; ${what} is expected.`);
    accessSync(file, constants.R_OK);
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') throw new CliError(EXIT_NO_PERMISSION, `${shown} may not be read by this user.`);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new CliError(EXIT_USAGE, `There is no file ${shown}; ${what} is expected.`);
    throw new CliError(EXIT_USAGE, `${shown} cannot be read: ${escapeText(message)}`);
  }
}

/** What a capture that cannot be replayed ends with: `CliError` 2 for the capture's own faults, anything else as it is. */
export function captureError(error: unknown): unknown {
  const { code, message, hint } = error as Error & { code?: string; hint?: string };
  if (!code?.startsWith('capture-') && code !== 'replay-needs-a-file') return error;
  return new CliError(EXIT_USAGE, escapeText(message, 1000), hint === undefined ? undefined : escapeText(hint));
}
