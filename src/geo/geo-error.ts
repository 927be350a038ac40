/** What can go wrong with country data. */

/**
 * Codes: `geo-download-failed`, `geo-http-status`, `geo-unauthorised`, `geo-redirects`, `geo-too-slow`, `geo-too-large`,
 * `geo-checksum`, `geo-key-missing`, `geo-source-missing`, `geo-file-missing`, `geo-file-unreadable`, `geo-unknown-format`,
 * `geo-bad-lines`, `geo-damaged`, `geo-empty`, `geo-family-lost`, `geo-shrunk`, `geo-embedded-missing`, `geo-stopped`.
 */
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
