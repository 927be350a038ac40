/** A capture that cannot be read. `code` is stable; the message says what was found, what was expected and what to do. */
export type CaptureErrorCode =
  'capture-not-found' | 'capture-unreadable' | 'capture-not-a-capture' | 'capture-version' | 'capture-compressed';

export class CaptureError extends Error {
  readonly code: CaptureErrorCode;

  constructor(code: CaptureErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'CaptureError';
    this.code = code;
  }
}
