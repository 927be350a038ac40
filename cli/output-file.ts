/** `-o FILE` of the commands that write one. */
import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { CliError, EXIT_NO_PERMISSION, EXIT_USAGE } from './exit-codes.ts';
import { escapeText } from './escape.ts';

/**
 * The whole content or nothing, for its owner only. `-` is standard output. Errors: `CliError`; a file that is there stays, unless
 * `force` is said.
 */
export function writeOutput(path: string, content: string | Uint8Array, force: boolean): void {
  if (path === '-') {
    process.stdout.write(content);
    return;
  }
  const shown = escapeText(path);
  const beside = `${path}.${process.pid}.part`;
  try {
    writeFileSync(beside, content, { mode: 0o600, flag: 'wx' });
    if (force) renameSync(beside, path);
    // Unlike a rename, a link replaces nothing, whoever made the file in between.
    else linkSync(beside, path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new CliError(EXIT_USAGE, `${shown} is there already.`, 'Replace it with --force.');
    const exitCode = code === 'EACCES' || code === 'EPERM' ? EXIT_NO_PERMISSION : EXIT_USAGE;
    throw new CliError(exitCode, `${shown} cannot be written: ${escapeText(message)}`);
  } finally {
    rmSync(beside, { force: true });
  }
}
