/**
 * Guard and console as two processes, as the systemd units start them: with the units' own command lines and environment, from the program without
 * its types, as the package has it. Node is a copy of its own: pages that other programs map as well are counted to each by its share, and
 * these two are to be counted whole.
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ask } from '../cli/client.ts';
import { copyProgram } from '../packaging/application.ts';
import type { StatusAnswer } from '../src/serve/answers.ts';
import { temporaryDirectory } from './leftovers.ts';
import type { Network } from './network.ts';
import { Program, until } from './process.ts';

const ROOT = join(import.meta.dirname, '..');
const READY_MS = 40_000;

/** Where the package has what; below a directory of the lab it is the same. */
const PLACES = ['/usr/lib/ringfence', '/var/lib/ringfence', '/run/ringfence', '/var/cache/ringfence', '/etc/ringfence'];

export class Units {
  /** Takes the place of `/`. */
  readonly root: string;
  readonly #network: Network;
  #guard: Program | undefined;
  #console: Program | undefined;

  constructor(network: Network) {
    this.root = temporaryDirectory('units');
    this.#network = network;
    const application = this.#place('/usr/lib/ringfence');
    mkdirSync(join(application, 'bin'), { recursive: true });
    for (const part of ['src', 'cli']) copyProgram(part, application);
    for (const shared of ['node_modules', 'web', 'package.json'])
      symlinkSync(join(ROOT, shared), join(application, shared));
    copyFileSync(process.execPath, join(application, 'bin/node'));
  }

  /** The console's directory: what its clients are told with `--data`. */
  get data(): string {
    return this.#place('/var/lib/ringfence');
  }

  get pids(): { guard: number; console: number } {
    return { guard: this.#guard!.pid, console: this.#console!.pid };
  }

  get output(): string {
    return `${this.#guard?.output ?? ''}${this.#console?.output ?? ''}`;
  }

  /** Starts both (again) and waits until they protect. `policy`: YAML. `console`: more words for the console's command line. */
  async run({ policy, console = [] }: { policy?: string; console?: string[] } = {}): Promise<StatusAnswer> {
    const more: string[] = [];
    if (policy !== undefined) {
      more.push('--policy', join(this.root, 'policy.yaml'));
      writeFileSync(join(this.root, 'policy.yaml'), policy);
    }
    for (const place of [...PLACES, '/var/lib/ringfence-guard']) mkdirSync(this.#place(place), { recursive: true });
    this.#console = this.#start('ringfence-console', console);
    this.#guard = this.#start('ringfence', more);
    return until('Ringfence is ready', READY_MS, async () => {
      for (const one of [this.#guard!, this.#console!])
        if (!one.running) throw new Error(`${one.name} ended before it was ready:\n${this.output}`);
      const status = await ask<StatusAnswer>(this.data, 'GET', '/status');
      return status.state === 'down' ? undefined : status;
    });
  }

  async stop(): Promise<void> {
    await this.#guard?.stop();
    await this.#console?.stop();
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #place(path: string): string {
    return join(this.root, path);
  }

  #start(name: string, more: string[]): Program {
    const unit = readFileSync(join(ROOT, 'packaging/systemd', `${name}.service`), 'utf8');
    const line = (key: string) => {
      const found = new RegExp(`^${key}=(.*)$`, 'm').exec(unit)?.[1];
      if (found === undefined) throw new Error(`${name}.service has no ${key}`);
      return found.split(' ').map((word) => this.#inRoot(word));
    };
    const env = Object.fromEntries(
      line('Environment').map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]),
    );
    const command = [...line('ExecStart'), ...more];
    return new Program(name, this.#network.namespace(this.#network.guardHost), command, {
      cwd: dirname(this.data),
      env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...env },
    });
  }

  #inRoot(word: string): string {
    const path = /^(\w+=)?(\/.*)$/.exec(word);
    return path ? `${path[1] ?? ''}${this.#place(path[2])}` : word;
  }
}
