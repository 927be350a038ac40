/**
 * Network namespaces for tests and the lab: made, wired with veth pairs, and always taken away again.
 *
 * A namespace is named `rf-t<process>-<n>-<label>`, so that concurrent runs never meet, and what a killed run left behind is found
 * and removed by the next. A test that leaves a namespace behind fails: call `assertNoLeaks` when the file is done.
 */
import { execFileSync, spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync } from 'node:fs';

import koffi from 'koffi';

const NETNS_DIR = '/run/netns';

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Root, `ip` and `nft`: what the kernel tests need. Null when all is there, else what is missing. */
export function missingForKernelTests(): string | null {
  if (process.getuid?.() !== 0) return 'root';
  for (const program of ['ip', 'nft']) {
    if (!['/usr/sbin', '/sbin', '/usr/bin', '/bin'].some((dir) => existsSync(`${dir}/${program}`))) return program;
  }
  return null;
}

/** setns(2): moves the calling thread; sockets made and programs started afterwards belong to the namespace for good. */
const setns = koffi.load('libc.so.6').func('int setns(int fd, int kind)');
const CLONE_NEWNET = 0x40000000;

let home = -1;
let made = 0;

export class Namespace {
  readonly name: string;
  private readonly children = new Set<ChildProcess>();
  private readonly fd: number;

  constructor(label: string) {
    if (made === 0) removeStale();
    this.name = `rf-t${process.pid}-${made++}-${label}`;
    ip('netns', 'add', this.name);
    this.fd = openSync(`${NETNS_DIR}/${this.name}`, 'r');
    // Without it an interface cannot ask for its IPv6 neighbours in its first second or two.
    this.sysctl('net.ipv6.conf.default.accept_dad', 0);
    this.run('ip', 'link', 'set', 'lo', 'up');
  }

  /**
   * Runs `work` with this thread inside the namespace. Sockets stay in the namespace they were made in, so only their making has
   * to happen here. Never two at a time.
   */
  async inside<T>(work: () => T | Promise<T>): Promise<T> {
    if (home < 0) home = openSync('/proc/thread-self/ns/net', 'r');
    enter(this.fd);
    try {
      return await work();
    } finally {
      enter(home);
    }
  }

  /** Runs a program inside and waits; throws with its own words when it fails. */
  run(program: string, ...args: string[]): string {
    return this.runWith('', program, ...args);
  }

  runWith(input: string, program: string, ...args: string[]): string {
    try {
      return execFileSync('ip', ['netns', 'exec', this.name, program, ...args], {
        encoding: 'utf8',
        input,
        stdio: ['pipe', 'pipe', 'pipe'],
        maxBuffer: 256 * 1024 * 1024,
        env: { ...process.env, LC_ALL: 'C' },
      });
    } catch (error) {
      const { stderr, message } = error as { stderr?: string; message: string };
      throw new Error(`in namespace ${this.name}: ${program} ${args.join(' ')}: ${stderr || message}`, {
        cause: error,
      });
    }
  }

  /** Starts a program inside; `close` ends it at the latest. `ip netns exec` becomes the program, so its pid is the child's. */
  spawn(program: string, args: string[], stdio: StdioOptions = ['pipe', 'pipe', 'pipe']): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.name, program, ...args], { stdio });
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
    return child;
  }

  /** Runs commands for nft. */
  nft(text: string): string {
    return this.run('nft', text);
  }

  sysctl(key: string, value: string | number): void {
    this.run('sysctl', '-q', '-w', `${key}=${value}`);
  }

  /** Ends what runs inside, then removes the namespace with its interfaces and firewall. */
  async close(): Promise<void> {
    await Promise.all([...this.children].map(end));
    closeSync(this.fd);
    ip('netns', 'delete', this.name);
  }
}

function enter(fd: number): void {
  if (setns(fd, CLONE_NEWNET) !== 0) throw new Error(`setns: ${koffi.errno()}`);
}

export interface Link {
  /** Interface name at each end. */
  a: string;
  b: string;
}

/**
 * A veth pair between two namespaces with addresses in CIDR form, v4 and v6 alike. Duplicate address detection is off, so that
 * IPv6 works at once.
 */
export function connect(a: Namespace, aAddresses: string[], b: Namespace, bAddresses: string[]): Link {
  const id = (made++).toString(36);
  const link = { a: `ve${id}a`, b: `ve${id}b` };
  ip('link', 'add', link.a, 'netns', a.name, 'type', 'veth', 'peer', 'name', link.b, 'netns', b.name);
  for (const [ns, dev, addresses] of [
    [a, link.a, aAddresses],
    [b, link.b, bAddresses],
  ] as const) {
    for (const address of addresses) {
      const v6 = address.includes(':') ? ['nodad'] : [];
      ns.run('ip', 'address', 'add', address, 'dev', dev, ...v6);
    }
    ns.run('ip', 'link', 'set', dev, 'up');
  }
  return link;
}

/** More addresses on an interface, e.g. many sources of one attacker. */
export function addAddresses(ns: Namespace, dev: string, addresses: string[]): void {
  const lines = addresses.map((a) => `address add ${a} dev ${dev}${a.includes(':') ? ' nodad' : ''}`);
  ns.runWith(`${lines.join('\n')}\n`, 'ip', '-batch', '-');
}

/** Namespaces of this process that are still there, by name. */
export function leakedNamespaces(): string[] {
  if (!existsSync(NETNS_DIR)) return [];
  const mine = `rf-t${process.pid}-`;
  return readdirSync(NETNS_DIR).filter((name) => name.startsWith(mine));
}

/** Namespaces of test processes that are no more (killed before they could clean up). */
function removeStale(): void {
  if (!existsSync(NETNS_DIR)) return;
  for (const name of readdirSync(NETNS_DIR)) {
    const owner = /^rf-t(\d+)-\d+-/.exec(name)?.[1];
    if (owner === undefined || existsSync(`/proc/${owner}`)) continue;
    try {
      ip('netns', 'delete', name);
    } catch {
      // Another run of the tests was quicker.
    }
  }
}

/** Removes what is left and throws when anything was. */
export function assertNoLeaks(): void {
  const left = leakedNamespaces();
  for (const name of left) ip('netns', 'delete', name);
  if (left.length > 0) throw new Error(`network namespaces were left behind: ${left.join(', ')}`);
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

/** SIGTERM, and SIGKILL for what does not listen; resolves when the process is gone. */
function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const hard = setTimeout(() => child.kill('SIGKILL'), 2000);
    child.once('exit', () => {
      clearTimeout(hard);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
