import type { LineEnd } from './lines.ts';

/** Reads one format line by line and gives the intake what it finds. */
export interface FormatReader {
  /** A row of titles comes next: its names matter, and no byte in it that is no text. */
  readonly atHeader: boolean;
  line(text: string, number: number, end: LineEnd): void;
  /** A line was refused before it came here: a row cannot go on over it. */
  gap(): void;
  end(): void;
}

/** Reads a format whose lines have any length: a hundred thousand addresses on one. */
export interface StreamReader {
  piece(text: string): void;
  /** Returns the number of lines, or of elements where there are no lines. */
  end(): number;
}
