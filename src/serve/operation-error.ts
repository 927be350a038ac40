/** What an operation answers instead of a result. Plain data once it has travelled, so that every transport can carry it. */

/**
 * `no`: understood, and the answer is no (not found, not blocked). `usage`: the input is wrong; the message names the place and
 * what was expected; nothing was changed. `refused`: it would break a promise. `failed`: disk, kernel or guard failed.
 * `unauthenticated`, `forbidden`, `too-many`: who asks is not known, may not, or asks too often.
 */
export type Outcome = 'no' | 'usage' | 'refused' | 'failed' | 'unauthenticated' | 'forbidden' | 'too-many';

export class OperationError extends Error {
  /** Stable, e.g. `list-entry-unknown`. */
  readonly code: string;
  /** What the user can do about it. */
  readonly hint: string | null;
  readonly outcome: Outcome;
  /** When it may be tried again; null: not a matter of time. */
  readonly waitMs: number | null;

  /** `message`: one or more lines; text of strangers in it is not escaped: that is for whoever shows it. */
  constructor(
    outcome: Outcome,
    code: string,
    message: string,
    hint: string | null = null,
    waitMs: number | null = null,
  ) {
    super(message);
    this.outcome = outcome;
    this.code = code;
    this.hint = hint;
    this.waitMs = waitMs;
  }
}
