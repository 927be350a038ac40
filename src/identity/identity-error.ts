/** Why somebody may not, or cannot do what they asked. */

/** As `serve/operation-error.ts` has them. */
type Outcome = 'no' | 'usage' | 'refused' | 'unauthenticated' | 'too-many';

export class IdentityError extends Error {
  readonly outcome: Outcome;
  /** Stable, e.g. `sign-in-delayed`. */
  readonly code: string;
  readonly hint: string | null;
  /** When it may be tried again; null: not a matter of time. */
  readonly waitMs: number | null;

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
