/** Runs a program without a shell, with text on its standard input; bounded in time and output. */
import { spawn } from 'node:child_process';

export interface Ran {
  /** Null: a signal ended it, or it never began. */
  code: number | null;
  /** Its standard output and error, the first `OUTPUT_BYTES_MAX`. */
  output: string;
  /** It could not be started, or took too long; null: it ended by itself. */
  failure: string | null;
}

const OUTPUT_BYTES_MAX = 4096;
const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' };

export function runProgram(
  program: string,
  args: string[],
  input: string,
  { timeoutMs, environment = {} }: { timeoutMs: number; environment?: Record<string, string> },
): Promise<Ran> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let failure: string | null = null;
    const child = spawn(program, args, {
      // A group of its own, so that what it started ends with it. Nothing of ours is passed on: no secret, no setting of Node's.
      ...{ cwd: '/', env: { ...ENVIRONMENT, ...environment }, detached: true, stdio: 'pipe' as const },
    });
    const end = () => {
      try {
        process.kill(-child.pid!, 'SIGKILL');
      } catch {
        // It is gone already.
      }
    };
    const timer = setTimeout(() => {
      failure = `it had not ended after ${timeoutMs / 1000} s`;
      end();
      // Evasion: a child that left the group may hold the pipes open; nobody waits for it.
      child.stdout.destroy();
      child.stderr.destroy();
    }, timeoutMs);
    const keep = (chunk: Buffer) => {
      if (size < OUTPUT_BYTES_MAX) chunks.push(chunk.subarray(0, OUTPUT_BYTES_MAX - size));
      size += chunk.length;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    // A program may end without having read everything.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('error', (error) => (failure = error.message));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: failure === null ? code : null, output: Buffer.concat(chunks).toString('utf8'), failure });
    });
  });
}
