/** Runs `bin/ringfence` as a real process. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../bin/ringfence', import.meta.url));

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export function runCli(args: string[], env: NodeJS.ProcessEnv = {}): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    // No colours, no terminal, a fixed width: the output is the same wherever the test runs.
    const clean: NodeJS.ProcessEnv = { ...process.env, COLUMNS: '120', TZ: 'UTC' };
    for (const name of ['NO_COLOR', 'FORCE_COLOR', 'RINGFENCE_DATA']) delete clean[name];
    const child = spawn(PROGRAM, args, { env: { ...clean, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
