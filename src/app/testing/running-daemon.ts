/** A whole daemon in a network namespace of its own: started, killed, asked, and compared with what the kernel holds. */
import { spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from '../../../cli/client.ts';
import type { Namespace } from '../../../test/netns.ts';
import { parseAddress } from '../../core/base/address.ts';
import { ListElements } from '../../enforce/list-elements.ts';
import { bufferName, BUFFERS, selector } from '../../enforce/table.ts';
import type { StatusAnswer } from '../../serve/answers.ts';

export const RINGFENCE = join(import.meta.dirname, '../../../bin/ringfence');
export const PATIENCE_MS = 60_000;

export async function until<T>(
  look: () => Promise<T | null | false> | T | null | false,
  otherwise: string,
  patienceMs: number = PATIENCE_MS,
): Promise<T> {
  for (const late = Date.now() + patienceMs; Date.now() < late;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${otherwise} within ${patienceMs} ms`);
}

export class RunningDaemon {
  readonly data = mkdtempSync(join(tmpdir(), 'rf-daemon-'));
  /** Of the last start. */
  process: ChildProcess | null = null;
  private readonly ns: Namespace;
  private stoppedConsole = 0;

  constructor(ns: Namespace) {
    this.ns = ns;
  }

  start(): ChildProcess {
    return (this.process = this.ns.spawn(RINGFENCE, ['run', '--data', this.data], 'ignore'));
  }

  /** Its console is stopped before it can say anything. */
  async startWithoutConsole(): Promise<void> {
    this.start();
    this.stoppedConsole = await until(() => this.consolePid, 'no console was started');
    process.kill(this.stoppedConsole, 'SIGSTOP');
  }

  letConsoleGoOn(): void {
    process.kill(this.stoppedConsole, 'SIGCONT');
    this.stoppedConsole = 0;
  }

  get consolePid(): number | null {
    // Scripts between us and the guard hand over with exec; before they do they may have other children.
    const search = ['--full', '--parent', String(this.process!.pid), 'src/app/console\\.ts'];
    const { stdout } = spawnSync('pgrep', search, { encoding: 'utf8' });
    return stdout === '' ? null : Number(stdout.trim().split('\n')[0]);
  }

  protects(): Promise<StatusAnswer> {
    return until(async () => {
      const status = await ask<StatusAnswer>(this.data, 'GET', '/status').catch(() => null);
      return status?.protecting ? status : null;
    }, 'it does not protect');
  }

  /** Resolves when the process is gone. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const daemon = this.process;
    this.process = null;
    if (!daemon || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const ended = once(daemon, 'exit');
    daemon.kill(signal);
    await ended;
  }

  /** As after a reboot: the kernel knows nothing any more. Only with the daemon ended. */
  dropTable(): void {
    this.ns.run('nft', 'delete', 'table', 'inet', 'ringfence');
  }

  /** The end of a test, whatever came of it. */
  async remove(): Promise<void> {
    if (this.stoppedConsole > 0) process.kill(this.stoppedConsole, 'SIGKILL');
    await this.end('SIGTERM');
    rmSync(this.data, { recursive: true });
  }

  deny(range: string): Promise<unknown> {
    return ask(this.data, 'POST', '/lists/deny', { range });
  }

  /** Whether the kernel's denylist has these single IPv4 addresses, asked of the kernel itself; false where there is no table. */
  denied(addresses: string[]): Promise<boolean[]> {
    return this.ns.inside(() => {
      const kernel = new ListElements();
      try {
        const { v4 } = kernel.selection(selector('deny'));
        if (v4 === null) return addresses.map(() => false);
        const words = addresses.map((text) => parseAddress(text)!.w3);
        if (v4 === bufferName('deny', BUFFERS[0], true)) {
          const ranges = kernel.ranges(v4, true);
          return words.map((word) => ranges.some((first, i) => i % 2 === 0 && first <= word && word <= ranges[i + 1]));
        }
        return words.map((word) => kernel.has(v4, true, Uint32Array.of(word), 0));
      } finally {
        kernel.close();
      }
    });
  }

  allDenied(addresses: string[], patienceMs?: number): Promise<boolean> {
    const all = async () => (await this.denied(addresses).catch(() => [false])).every(Boolean);
    return until(all, 'the denylist is not in the kernel', patienceMs);
  }
}
