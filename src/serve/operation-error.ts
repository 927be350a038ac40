/** What an operation answers instead of a result. Plain data once it has travelled, so that every transport can carry it. */

/**
 * `no`: understood, and the answer is no (not found, not blocked). `usage`: the input is wrong; the message names the place and
 * what was expected; nothing was changed. `refused`: it would break a promise. `failed`: disk, kernel or guard failed.
 */
export type Outcome = 'no' | 'usage' | 'refused' | 'failed';

export interface OperationErrorData {
  code: string;
  /** One or more lines; text of strangers in it is not escaped: that is for whoever shows it. */
  message: string;
  /** What the user can do about it. */
  hint: string | null;
  outcome: Outcome;
}

export class OperationError extends Error {
  readonly code: string;
  readonly hint: string | null;
  readonly outcome: Outcome;

  constructor(outcome: Outcome, code: string, message: string, hint: string | null = null) {
    super(message);
    this.outcome = outcome;
    this.code = code;
    this.hint = hint;
  }

  toJSON(): OperationErrorData {
    return { code: this.code, message: this.message, hint: this.hint, outcome: this.outcome };
  }
}
