/** Ringfence itself, as a user starts and asks it: `bin/ringfence run --data DIR` in the protected namespace, everything else by its CLI. */
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from './leftovers.ts';
import { ask, askAll } from '../cli/client.ts';
import type { BlockRecord } from '../src/channel/protocol.ts';
import { formatAddress, isV4, parseAddress } from '../src/core/base/address.ts';
import { formatTarget, networkTarget } from '../src/core/base/target.ts';
import type { Incident } from '../src/core/judge/incident.ts';
import type { ExplainAnswer, StatusAnswer } from '../src/serve/answers.ts';
import type { HostName, Network } from './network.ts';
import { Program, run, until, type Finished } from './process.ts';

const BIN = join(import.meta.dirname, '..', 'bin', 'ringfence');
/** Two seconds on a machine that has nothing else to do. */
const READY_MS = 15_000;
/** What is not dropped is answered within a millisecond; the rest is for a busy machine, which has to start the one who knocks first. */
const SILENCE_S = '1.5';

export interface StartOptions {
  /** Policy document (YAML). */
  policy?: string;
  env?: NodeJS.ProcessEnv;
}

export class Ringfence {
  readonly data: string;
  readonly #network: Network;
  #program: Program | undefined;

  private constructor(network: Network, data: string) {
    this.#network = network;
    this.data = data;
  }

  static async start(network: Network, options: StartOptions = {}): Promise<Ringfence> {
    const ringfence = Ringfence.prepare(network);
    try {
      await ringfence.run(options);
    } catch (error) {
      await ringfence.remove();
      throw error;
    }
    return ringfence;
  }

  /** A data directory, nothing running yet. */
  static prepare(network: Network, data = temporaryDirectory('data')): Ringfence {
    return new Ringfence(network, data);
  }

  /** Starts the daemon (again) and waits until it says that it protects. */
  async run(options: StartOptions = {}): Promise<StatusAnswer> {
    const program = await this.launch(options);
    const answer = await until(
      'Ringfence is ready',
      READY_MS,
      async () => {
        if (!program.running) return 'ended';
        const status = await this.status();
        return status.state === 'down' ? undefined : status;
      },
      100,
    );
    if (answer === 'ended') throw new Error(`ringfence run ended before it was ready:\n${program.output}`);
    return answer;
  }

  /** Starts the daemon and waits for nothing. */
  async launch(options: StartOptions = {}): Promise<Program> {
    const args = ['run', '--data', this.data];
    if (options.policy !== undefined) {
      await writeFile(join(this.data, 'lab-policy.yaml'), options.policy);
      args.push('--policy', join(this.data, 'lab-policy.yaml'));
    }
    this.#program = new Program('ringfence', this.#network.namespace(this.#network.guardHost), [BIN, ...args], {
      env: options.env,
    });
    return this.#program;
  }

  /** The guard's process, which `ringfence run` became. */
  get pid(): number {
    return this.#daemon().pid;
  }

  get output(): string {
    return this.#program?.output ?? '';
  }

  cli(...args: string[]): Promise<Finished> {
    return run([BIN, ...args, '--data', this.data], { mayFail: true });
  }

  async json<T>(...args: string[]): Promise<T> {
    const { code, stdout, output } = await this.cli(...args, '--json');
    try {
      return JSON.parse(stdout) as T;
    } catch {
      throw new Error(`ringfence ${args.join(' ')} gave no JSON (exit code ${code}): ${output}`);
    }
  }

  // What a scenario asks over and over goes over the same socket that the command line uses, without starting a process each time:
  // on two cores the questions would otherwise slow down what they ask about.

  status(): Promise<StatusAnswer> {
    return ask(this.data, 'GET', '/status');
  }

  /** How long a question takes now, some milliseconds: what a claim about time is measured against where the machine may be busy. */
  async answersInMs(): Promise<number> {
    const began = Date.now();
    await this.status();
    return Date.now() - began;
  }

  blocked(): Promise<BlockRecord[]> {
    return askAll(this.data, '/blocks');
  }

  async block(address: string): Promise<BlockRecord | undefined> {
    const line = lineOf(address);
    return (await this.blocked()).find((block) => block.address === address || (line && block.address === line.text));
  }

  attacks(source: string): Promise<Incident[]> {
    return askAll(this.data, '/attacks', { source });
  }

  explain(address: string): Promise<ExplainAnswer> {
    return ask(this.data, 'GET', `/explain/${encodeURIComponent(address)}`);
  }

  /** Our table as the kernel holds it; empty when there is none. */
  async kernelTable(): Promise<string> {
    const { stdout } = await run(['nft', 'list', 'table', 'inet', 'ringfence'], {
      ...this.#inNamespace(),
      mayFail: true,
    });
    return stdout;
  }

  /** The kernel drops packets of this address: it is an element of a set of blocks. */
  async inKernel(address: string): Promise<boolean> {
    return (await this.#element(address)) !== undefined;
  }

  /** Packets of this address that the kernel has dropped, by its own counter. */
  async dropped(address: string): Promise<number> {
    return Number(/counter packets (\d+)/.exec((await this.#element(address)) ?? '')?.[1] ?? 0);
  }

  /** The kernel drops what this host sends to the SIP port over TCP: there comes no answer, not even a refusal. */
  async drops(from: HostName): Promise<boolean> {
    const knock = ['timeout', SILENCE_S, 'bash', '-c', `: </dev/tcp/${this.#network.target.v4}/5060`];
    return (await run(knock, { namespace: this.#network.namespace(from), mayFail: true })).code === 124;
  }

  async #element(address: string): Promise<string | undefined> {
    const family = address.includes(':') ? 6 : 4;
    const line = lineOf(address);
    const places = [['block', address], ['deny', address], ...(line ? [['blocknet', line.key]] : [])];
    for (const [set, key] of places) {
      const element = ['nft', 'get', 'element', 'inet', 'ringfence', `${set}${family}`, `{ ${key} }`];
      const { code, stdout } = await run(element, { ...this.#inNamespace(), mayFail: true });
      if (code === 0) return stdout;
    }
    return undefined;
  }

  nft(...command: string[]): Promise<Finished> {
    return run(['nft', ...command], this.#inNamespace());
  }

  /** The console's process: a child of the guard, which is the process that `ringfence run` became. */
  async consolePid(): Promise<number> {
    const found = (await descendants(this.#daemon().pid)).find(({ command }) => command.includes('console'));
    if (!found) throw new Error('the console is not running');
    return found.pid;
  }

  killConsole(): Promise<void> {
    return this.consolePid().then((pid) => void process.kill(pid, 'SIGKILL'));
  }

  /** The guard alone, with SIGKILL: what the kernel's out-of-memory killer does. */
  async killGuard(): Promise<void> {
    this.#daemon().child.kill('SIGKILL');
    await this.#daemon().done;
  }

  /** Everything at once, with SIGKILL: a power failure, as far as processes can have one. */
  async crash(): Promise<void> {
    const daemon = this.#daemon();
    const children = await descendants(daemon.pid);
    for (const pid of [daemon.pid, ...children.map((child) => child.pid)]) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // gone meanwhile
      }
    }
    await daemon.done;
  }

  /** A clean stop, as `systemctl stop` does it. */
  async stop(): Promise<Finished> {
    return this.#daemon().stop('SIGTERM');
  }

  /** Ends the daemon if it runs, and removes its data. */
  async remove(): Promise<void> {
    if (this.#program?.running) await this.#program.stop();
    await rm(this.data, { recursive: true, force: true });
  }

  #daemon(): Program {
    if (!this.#program) throw new Error('Ringfence was not started');
    return this.#program;
  }

  #inNamespace(): { namespace: string } {
    return { namespace: this.#network.namespace(this.#network.guardHost) };
  }
}

async function descendants(pid: number): Promise<{ pid: number; command: string }[]> {
  const found: { pid: number; command: string }[] = [];
  for (const task of await readdir(`/proc/${pid}/task`).catch(() => [])) {
    const children = await readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '');
    for (const child of children.split(' ').filter(Boolean).map(Number)) {
      const command = (await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim();
      found.push({ pid: child, command }, ...(await descendants(child)));
    }
  }
  return found;
}

/** The /64 that stands for an IPv6 address in a verdict, and its key in the kernel: the bit behind the prefix tells lengths apart. */
function lineOf(address: string): { text: string; key: string } | null {
  const parsed = parseAddress(address);
  if (parsed === null || isV4(parsed)) return null;
  const network = networkTarget(parsed, 64);
  return { text: formatTarget(network), key: formatAddress({ ...network, w2: 0x80000000 }) };
}
