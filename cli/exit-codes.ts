/** The exit codes of every command, as docs/cli.md promises them to scripts. */

export const EXIT_OK = 0;
/** The question was understood and the answer is no: not found, not blocked, not valid, not protecting. */
export const EXIT_NO = 1;
/** Wrong use: the message names what was expected. */
export const EXIT_USAGE = 2;
/** Understood and refused, because it would break a promise (own address, gateway, allowlist). */
export const EXIT_REFUSED = 3;
/** sysexits.h EX_UNAVAILABLE: the daemon is not reachable. */
export const EXIT_UNREACHABLE = 69;
/** sysexits.h EX_SOFTWARE: the daemon was reached and could not do it (disk, kernel), or Ringfence has a bug. */
export const EXIT_FAILED = 70;
/** sysexits.h EX_NOPERM. */
export const EXIT_NO_PERMISSION = 77;

/** An error with an exit code and, where there is one, what the user can do about it. Both are safe to print. */
export class CliError extends Error {
  readonly exitCode: number;
  readonly hint: string | undefined;

  constructor(exitCode: number, message: string, hint?: string) {
    super(message);
    this.exitCode = exitCode;
    this.hint = hint;
  }
}
