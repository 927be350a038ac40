/**
 * A second root file system over this machine's own, in which other firewalls are installed (`scripts/install-neighbours.sh`): they run
 * as Debian ships them, write their configuration where they always do, and nothing of it is left behind.
 */
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '../leftovers.ts';
import type { Network } from '../network.ts';
import { Program, run, type Finished } from '../process.ts';

const SCRIPT = join(import.meta.dirname, '..', '..', 'scripts', 'install-neighbours.sh');
const MOUNTED_MS = 10_000;
/** iptables waits for nobody else's lock here: each run has its own. */
const RUN_DIRECTORIES = ['run/lock', 'run/dbus'];

export class SecondRoot {
  /** As everybody else sees it; the programs inside see it as `/`. */
  readonly root: string;
  readonly #namespace: string;
  readonly #directory: string;
  readonly #holder: Program;

  private constructor(namespace: string, directory: string, holder: Program) {
    this.#namespace = namespace;
    this.#directory = directory;
    this.#holder = holder;
    this.root = join(directory, 'root');
  }

  /** For programs in the PBX's namespace. */
  static async open(network: Network): Promise<SecondRoot> {
    const layer = (await run(['bash', SCRIPT])).stdout.trim();
    const directory = temporaryDirectory('root');
    for (const name of ['installed', 'root', 'files', 'work']) mkdirSync(join(directory, name));
    // The mounts are in a namespace that this program holds open: they end with it. Two of them, one over the other: the layer lies inside
    // `/`, and the kernel takes no lower layers that overlap.
    const script = `set -e
      mount -t overlay overlay -o ro,lowerdir=/,upperdir=${layer}/files,workdir=${layer}/work ${directory}/installed
      mount -t overlay overlay -o lowerdir=${directory}/installed,upperdir=${directory}/files,workdir=${directory}/work ${directory}/root
      cd ${directory}/root
      for shared in proc sys dev; do mount --rbind /$shared $shared; done
      mount -t tmpfs tmpfs run
      mount -t tmpfs tmpfs tmp
      mkdir -p ${RUN_DIRECTORIES.join(' ')}
      echo mounted
      exec sleep infinity`;
    const command = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script];
    const root = new SecondRoot(network.namespace('pbx'), directory, new Program('second root', undefined, command));
    try {
      await root.#holder.says(/^mounted$/m, MOUNTED_MS);
    } catch (error) {
      await root.close();
      throw error;
    }
    return root;
  }

  /** Runs a short command inside to its end. Fails loudly unless `mayFail`. */
  run(command: string[], options: { input?: string; mayFail?: boolean } = {}): Promise<Finished> {
    return run(this.#inside(command), { ...options, namespace: this.#namespace });
  }

  /** Starts a program inside that goes on. */
  start(command: string[]): Program {
    return new Program(command[0], this.#namespace, this.#inside(command));
  }

  /** Below what is mounted inside (`/run`, `/tmp`) nothing can be written from here. */
  async write(path: string, text: string): Promise<void> {
    await this.run(['mkdir', '-p', dirname(path)]);
    await this.run(['tee', path], { input: text });
  }

  async close(): Promise<void> {
    await this.#holder.kill();
    await rm(this.#directory, { recursive: true, force: true });
  }

  #inside(command: string[]): string[] {
    return ['nsenter', `--mount=/proc/${this.#holder.pid}/ns/mnt`, '--', 'chroot', this.root, ...command];
  }
}
