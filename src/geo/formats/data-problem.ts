/** Why a file is no usable data, as plain data: it crosses from the compiling thread to the console. */

export interface DataProblem {
  /** Stable: `geo-unknown-format`, `geo-bad-lines`, `geo-too-large`, `geo-damaged`, `geo-empty`. */
  code: string;
  /** Names the file and the line. Text out of the file in it is cut, and not escaped. */
  text: string;
}

/** Thrown inside the compiling thread only. */
export class DataError extends Error {
  readonly code: string;

  constructor(code: string, text: string) {
    super(text);
    this.code = code;
  }
}
