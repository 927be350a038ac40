/**
 * A fresh Debian (debootstrap: the base system, systemd and nftables) with a real systemd as its first process, in a given network
 * namespace. What is written goes into memory and is gone afterwards.
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CACHE = join(import.meta.dirname, '../../node_modules/.cache/ringfence');
const SUITE = 'bookworm';
/** Two minutes, once; from the mirror that the machine's own apt uses. */
const BASE = join(CACHE, `debian-${SUITE}`);
const PACKAGES = 'systemd,systemd-sysv,nftables,libstdc++6';
const BOOT_MS = 60_000;

export interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

export class FreshDebian {
  /** As this machine sees it. */
  readonly root: string;
  private readonly folder: string;
  private process: ChildProcess | null = null;
  private init = 0;
  private namespace = '';

  constructor() {
    if (!existsSync(BASE)) bootstrap();
    this.folder = mkdtempSync(join(tmpdir(), 'ringfence-debian-'));
    this.root = join(this.folder, 'root');
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2g', 'ringfence-test', this.folder]);
    for (const name of ['root', 'upper', 'work']) mkdirSync(join(this.folder, name));
    const layers = `lowerdir=${BASE},upperdir=${join(this.folder, 'upper')},workdir=${join(this.folder, 'work')}`;
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', layers, this.root]);
  }

  async boot(namespace: string): Promise<void> {
    this.namespace = namespace;
    const alone = ['unshare', '--mount', '--pid', '--uts', '--ipc', '--cgroup', '--fork', '--kill-child'];
    const boot = ['sh', join(import.meta.dirname, 'boot.sh'), this.root];
    this.process = spawn('ip', ['netns', 'exec', namespace, ...alone, ...boot], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    this.process.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text));
    for (const late = Date.now() + BOOT_MS; Date.now() < late;) {
      const { stdout } = spawnSync('pgrep', ['--parent', String(this.process.pid)], { encoding: 'utf8' });
      this.init = Number(stdout.trim());
      if (this.init > 0 && /running|degraded/.test(this.run('systemctl is-system-running').stdout)) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`systemd did not start: ${said}${this.run('systemctl --failed; journalctl -b').stdout}`);
  }

  /** Everything ends at once, nothing is written any more; then it boots with what is on its disk, and its kernel knows no rules. */
  async powerCut(): Promise<void> {
    await this.halt();
    execFileSync('ip', ['netns', 'exec', this.namespace, 'nft', 'flush', 'ruleset']);
    await this.boot(this.namespace);
  }

  /** A line of shell inside, as root. */
  run(line: string): Result {
    const env = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C.UTF-8'];
    const enter = ['--target', String(this.init), '--all', '--root', '--wd', '--', ...env, 'sh', '-c', line];
    const { status, stdout, stderr } = spawnSync('nsenter', enter, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    return { code: status ?? -1, stdout, stderr };
  }

  /** As `run`; throws with what was said when it fails. */
  must(line: string): string {
    const { code, stdout, stderr } = this.run(line);
    if (code !== 0) throw new Error(`${line}: ${code}\n${stdout}\n${stderr}`);
    return stdout;
  }

  async end(): Promise<void> {
    await this.halt();
    for (const path of [this.root, this.folder]) spawnSync('umount', ['--lazy', path]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async halt(): Promise<void> {
    const { process: first } = this;
    if (first && first.exitCode === null && first.signalCode === null) {
      const ended = new Promise((resolve) => first.once('exit', resolve));
      // The first process of a pid namespace: the kernel ends all others with it.
      if (this.init > 0) process.kill(this.init, 'SIGKILL');
      else first.kill('SIGKILL');
      await ended;
    }
  }
}

function bootstrap(): void {
  mkdirSync(CACHE, { recursive: true });
  rmSync(`${BASE}.new`, { recursive: true, force: true });
  const args = ['--variant=minbase', `--include=${PACKAGES}`, SUITE, `${BASE}.new`];
  const { status, stdout } = spawnSync('debootstrap', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`debootstrap failed:\n${stdout.split('\n').slice(-20).join('\n')}`);
  renameSync(`${BASE}.new`, BASE);
}
