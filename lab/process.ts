/** Programs of the lab: started in a namespace, watched, and ended by pid, so that none outlives the lab. */
import { spawn, type ChildProcess } from 'node:child_process';

/** Begins the name of every namespace and directory of the lab; the process id follows. */
export const LAB = 'rf-lab-';

/** Enough for any tool's last words; a tool gone wild must not fill the lab's memory. */
const OUTPUT_BYTES_MAX = 1_000_000;
const TERMINATE_MS = 3_000;
/**
 * What the lab waits for is given a time that does on a machine with nothing else to do, and so many times that before it gives up:
 * a slow machine, or one that plays three scenarios at once, fails no test. What must be quick is measured where it is claimed.
 */
const PATIENCE = 6;

export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** stdout and stderr as they came, cut at `OUTPUT_BYTES_MAX`. */
  output: string;
  stdout: string;
}

export class Program {
  readonly name: string;
  readonly child: ChildProcess;
  readonly done: Promise<Finished>;
  #output = '';
  #stdout = '';
  #waiting = new Set<() => void>();
  #finished: Finished | undefined;

  /** @param namespace Network namespace to run in; undefined: the host's (only programs that touch no network). */
  constructor(
    name: string,
    namespace: string | undefined,
    command: string[],
    options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
  ) {
    this.name = name;
    // nsenter becomes the program (no fork), so the child's pid is the program's own.
    const argv = namespace ? ['nsenter', `--net=/run/netns/${namespace}`, '--', ...command] : command;
    this.child = spawn(argv[0], argv.slice(1), {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own: `kill` ends a tool's children too, and Ctrl-C reaches the lab alone, which then takes everything down.
      detached: true,
    });
    this.child.stdin!.on('error', () => {}); // the program may close its input whenever it likes
    const keep = (chunk: string) => {
      if (this.#output.length < OUTPUT_BYTES_MAX) this.#output += chunk;
      for (const wake of this.#waiting) wake();
    };
    this.child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      if (this.#stdout.length < OUTPUT_BYTES_MAX) this.#stdout += chunk;
      keep(chunk);
    });
    this.child.stderr!.setEncoding('utf8').on('data', keep);
    this.done = new Promise((resolve) => {
      const finish = (code: number | null, signal: NodeJS.Signals | null) => {
        this.#finished = { code, signal, output: this.#output, stdout: this.#stdout };
        for (const wake of this.#waiting) wake();
        resolve(this.#finished);
      };
      this.child.on('error', (error) => {
        this.#output += error.message;
        finish(127, null);
      });
      this.child.on('close', finish);
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.name} could not be started: ${this.#output}`);
    return this.child.pid;
  }

  get output(): string {
    return this.#output;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get running(): boolean {
    return this.#finished === undefined;
  }

  send(line: string): void {
    this.child.stdin!.write(`${line}\n`);
  }

  /** Resolves when the output matches; fails when the program ends first, or `timeoutMs` pass `PATIENCE` times. */
  async says(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray> {
    const deadline = Date.now() + timeoutMs * PATIENCE;
    for (;;) {
      const match = pattern.exec(this.#output);
      if (match) return match;
      if (!this.running) throw new Error(`${this.name} ended before it said ${pattern}:\n${this.#output}`);
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(`${this.name} did not say ${pattern} within ${timeoutMs * PATIENCE} ms:\n${this.#output}`);
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, left);
        this.#waiting.add(wake);
      });
    }
  }

  /** Asks the program to end, insists after `TERMINATE_MS`. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Finished> {
    if (this.running) this.child.kill(signal);
    const insist = setTimeout(() => this.#killGroup(), TERMINATE_MS);
    const finished = await this.done;
    clearTimeout(insist);
    return finished;
  }

  /** Ends the program and everything that it started, now. */
  async kill(): Promise<Finished> {
    this.#killGroup();
    return this.done;
  }

  #killGroup(): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, 'SIGKILL');
    } catch {
      // everything in it has ended
    }
  }
}

/** Runs a short command to its end. Fails loudly unless `mayFail`. */
export async function run(
  command: string[],
  options: { namespace?: string; input?: string; mayFail?: boolean } = {},
): Promise<Finished> {
  const program = new Program(command[0], options.namespace, command);
  program.child.stdin!.end(options.input ?? '');
  const finished = await program.done;
  if (finished.code !== 0 && !options.mayFail) {
    throw new Error(`'${command.join(' ')}' failed (${finished.code ?? finished.signal}): ${finished.output.trim()}`);
  }
  return finished;
}

/** Asks `probe` until it gives something else than undefined; fails when `timeoutMs` have passed `PATIENCE` times. */
export async function until<T>(
  what: string,
  timeoutMs: number,
  probe: () => Promise<T | undefined>,
  everyMs = 20,
): Promise<T> {
  const deadline = Date.now() + timeoutMs * PATIENCE;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined) return value;
    } catch (error) {
      lastError = error;
    }
    if (Date.now() >= deadline) {
      throw new Error(
        `${what}: not within ${timeoutMs * PATIENCE} ms${lastError ? ` (${(lastError as Error).message})` : ''}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
