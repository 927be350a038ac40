/** Where the answer goes: standard output with its width and colours, standard error for everything that is no answer. */
import { createColors } from 'picocolors';
import { escapeJson } from './escape.ts';

/** Columns assumed where there is no terminal: wide enough that a pipe cuts nothing that a person would miss. */
const PIPE_COLUMNS = 200;
const COLUMNS_MIN = 40;

/** https://no-color.org: any non-empty value. FORCE_COLOR is for screenshots and `less -R`. */
function wantsColour(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return true;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

export const colour = createColors(wantsColour(process.stdout));
export const colourErr = createColors(wantsColour(process.stderr));

export function columns(): number {
  const set = Number(process.env.COLUMNS);
  const width = process.stdout.columns ?? (Number.isInteger(set) && set > 0 ? set : PIPE_COLUMNS);
  return Math.max(COLUMNS_MIN, width);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${escapeJson(JSON.stringify(value, null, 2))}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** `ringfence … | head`: the reader has left, so there is nobody to tell. The exit code stays what it was. */
export function ignoreBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      throw error;
    });
  }
}

/** `1 attack`, `2 attacks`, `no attacks`. */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return count === 0 ? `no ${many}` : `${number(count)} ${count === 1 ? one : many}`;
}

/** Digits grouped by thousands, the same in every locale, so that transcripts compare. */
export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
