/** Why the guard cannot start, or will not do what it was asked; `code` is stable, `hint` says what the user can do about it. */
export class GuardError extends Error {
  readonly code: string;
  readonly hint: string | null;

  constructor(code: string, text: string, hint: string | null = null) {
    super(text);
    this.code = code;
    this.hint = hint;
  }
}
