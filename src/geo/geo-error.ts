/** What can go wrong with country data. */

/** The codes and what they mean: docs/geo.md. */
export class GeoError extends Error {
  readonly code: string;
  /** What the user can do about it. */
  readonly hint: string | null;

  constructor(code: string, message: string, hint: string | null = null) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
