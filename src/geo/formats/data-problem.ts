/**
 * Why a file is no usable data. Thrown inside the compiling process only; the console makes a `GeoError` of it. The message names the
 * file and the line; text out of the file in it is cut, and not escaped.
 */
export class DataError extends Error {
  /** Stable: `geo-unknown-format`, `geo-bad-lines`, `geo-too-large`, `geo-damaged`, `geo-empty`. */
  readonly code: string;

  constructor(code: string, text: string) {
    super(text);
    this.code = code;
  }
}
