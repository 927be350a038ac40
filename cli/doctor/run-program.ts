/** Runs a program of the system for its output; the doctor judges what comes back, so nothing here throws. */
import { spawn } from 'node:child_process';

export interface ProgramResult {
  /** The program is not installed. */
  missing: boolean;
  /** Null: ended by a signal (also ours, after the time limit). */
  code: number | null;
  stdout: string;
  stderr: string;
}

const TIME_LIMIT_MS = 10_000;
/** Where `run` looks, too: the PATH of a service or of a user's `su` may lack the directory of nft. */
const PATH = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`;
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

export function runProgram(program: string, args: string[], input: string = ''): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { timeout: TIME_LIMIT_MS, env: { ...process.env, PATH, LC_ALL: 'C' } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let size = 0;
    const keep = (list: Buffer[]) => (chunk: Buffer) => {
      size += chunk.length;
      if (size <= OUTPUT_BYTES_MAX) list.push(chunk);
    };
    child.stdout.on('data', keep(out));
    child.stderr.on('data', keep(err));
    child.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ missing: error.code === 'ENOENT', code: null, stdout: '', stderr: error.message });
    });
    child.on('close', (code) => {
      resolve({ missing: false, code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
    // A program that ends without reading its input closes the pipe: its exit code tells the story.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
