/** A text, and offsets in it as lines and columns. */
import type { Place } from './check.ts';
import { sourceWindow } from './policy-error.ts';
import type { PolicyError } from './policy-error.ts';

export class SourceText {
  readonly text: string;
  readonly name: string;
  readonly #starts: number[] = [0];

  constructor(text: string, name: string) {
    this.text = text;
    this.name = name;
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.#starts.push(i + 1);
  }

  place(offset: number): Omit<Place, 'text'> {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    const start = this.#starts[low];
    const end = this.#starts[low + 1] ?? this.text.length + 1;
    const column = offset - start + 1;
    const line = this.text.slice(start, end - 1).replace(/\r$/, '');
    return { file: this.name, line: low + 1, column, ...sourceWindow(line, column) };
  }

  error(offset: number, path: string, found: string, expected: string, hint: string | null): PolicyError {
    return { ...this.place(offset), path, found, expected, hint };
  }
}
