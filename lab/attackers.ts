/** The attack tools, as attackers run them: sipvicious, SIPp and nmap from Debian, a walk with the stock TFTP client. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryDirectory } from './leftovers.ts';
import { ADDRESSES, type HostName, type Network } from './network.ts';
import { Program } from './process.ts';

/** SIPp ends a call that was refused with a BYE of its own, which belongs to none of the floods. */
const NO_BYE = ['-default_behaviors', 'none'];
const SIPP_SCENARIOS = join(import.meta.dirname, 'sipp');

/**
 * Runs a sipvicious tool with another user agent, or another one for every request: the change in its source that every attacker
 * who is blocked by name makes first. Arguments: the user agents, comma separated; the tool; the tool's arguments.
 */
const SIPVICIOUS_DISGUISED = `
import sys, itertools, importlib
sys.path.insert(0, '/usr/share/sipvicious')
from sipvicious.libs import svhelper
agents = itertools.cycle(sys.argv[1].split('|'))
original = svhelper.makeRequest
def disguised(*a, **k):
    k['useragent'] = next(agents)
    return original(*a, **k)
svhelper.makeRequest = disguised
tool = sys.argv[2]
sys.argv = sys.argv[2:]
importlib.import_module('sipvicious.' + tool).main()
`;

export interface AttackOptions {
  from?: Extract<HostName, 'attacker' | 'attacker2'>;
  v6?: boolean;
  /** One of the host's further addresses (sipvicious and SIPp). */
  source?: string;
  /** Replaces `friendly-scanner`. */
  userAgents?: string[];
}

export class Attackers {
  readonly #network: Network;
  readonly #directory = temporaryDirectory('attack');
  readonly #programs: Program[] = [];

  constructor(network: Network) {
    this.#network = network;
  }

  address(options: AttackOptions = {}): string {
    return options.source ?? ADDRESSES[options.from ?? 'attacker'][options.v6 ? 'v6' : 'v4'];
  }

  /** Finds SIP devices: one OPTIONS (or other method) to each address. `--enablecompact` leaves the user agent out. */
  svmap(args: string[] = [], options: AttackOptions = {}): Program {
    return this.#sipvicious('svmap', args, options);
  }

  /** Finds extensions: one request for each user. */
  svwar(
    method: 'REGISTER' | 'INVITE' | 'OPTIONS',
    extensions: string,
    args: string[] = [],
    options: AttackOptions = {},
  ): Program {
    return this.#sipvicious('svwar', ['-m', method, '-e', extensions, '--maximumtime=2', ...args], options);
  }

  /** Tries passwords for one user, as fast as the answers come. */
  svcrack(user: string, passwords: string, args: string[] = [], options: AttackOptions = {}): Program {
    return this.#sipvicious('svcrack', ['-u', user, '-r', passwords, '--maximumtime=2', ...args], options);
  }

  /** `rate` INVITEs a second, `count` in all, never acknowledged. */
  inviteFlood(rate: number, count: number, options: AttackOptions = {}): Program {
    return this.#sipp(['-sf', join(SIPP_SCENARIOS, 'invite.xml'), ...NO_BYE, '-s', '1000'], rate, count, options);
  }

  /** SIPp's built-in call, unchanged, as a script kiddie runs it. */
  sippDefault(rate: number, count: number, options: AttackOptions = {}): Program {
    return this.#sipp(['-sn', 'uac', '-s', '1000'], rate, count, options);
  }

  optionsFlood(rate: number, count: number, options: AttackOptions = {}): Program {
    return this.#sipp(['-sf', join(SIPP_SCENARIOS, 'options.xml'), ...NO_BYE, '-s', '1000'], rate, count, options);
  }

  /** `rate` REGISTERs a second with made-up credentials, whether they are answered or not. */
  registerGuesses(rate: number, count: number, options: AttackOptions = {}): Program {
    return this.#sipp(['-sf', join(SIPP_SCENARIOS, 'register.xml'), ...NO_BYE, '-s', '1000'], rate, count, options);
  }

  /** A scanner's first request from each of these addresses, which the host must have. */
  scanFromMany(addresses: string[], pauseMs: number, options: AttackOptions = {}): Program {
    const program = join(import.meta.dirname, 'scan-program.ts');
    return this.#start('scan', [process.execPath, program, this.#target(options), `${pauseMs}`, ...addresses], options);
  }

  malformed(rate: number, count: number, options: AttackOptions = {}): Program {
    const program = join(import.meta.dirname, 'malformed-program.ts');
    return this.#start(
      'malformed',
      [process.execPath, program, this.#target(options), '5060', `${rate}`, `${count}`],
      options,
    );
  }

  /** Asks for the configuration file of every MAC address in a vendor's range, as provisioning thieves do. */
  tftpWalk(count: number, options: AttackOptions = {}): Program {
    const script = `i=0; while [ $i -lt ${count} ]; do
      tftp ${options.v6 ? '-6 ' : ''}-m octet "$1" -c get "$(printf 'SEP0011223344%02X.cnf.xml' $i)" got; i=$((i+1)); done; ls -l got`;
    return this.#start('tftp', ['sh', '-c', script, 'walk', this.#target(options)], options);
  }

  /** nmap's SIP probe (`-sV`) or its scripts. */
  nmap(args: string[], options: AttackOptions = {}): Program {
    return this.#start(
      'nmap',
      ['nmap', '-n', '-Pn', ...(options.v6 ? ['-6'] : []), ...args, this.#target(options)],
      options,
    );
  }

  async stop(): Promise<void> {
    for (const program of this.#programs) await program.kill();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #target(options: AttackOptions): string {
    return this.#network.target[options.v6 ? 'v6' : 'v4'];
  }

  #sipvicious(tool: string, args: string[], options: AttackOptions): Program {
    const from = options.source === undefined ? [] : ['-b', options.source];
    const all = [...(options.v6 ? ['-6'] : []), ...from, ...args, this.#target(options)];
    const command = options.userAgents
      ? ['python3', '-c', SIPVICIOUS_DISGUISED, options.userAgents.join('|'), tool, ...all]
      : [tool, ...all];
    return this.#start(tool, command, options);
  }

  #sipp(args: string[], rate: number, count: number, options: AttackOptions): Program {
    const target = options.v6 ? `[${this.#target(options)}]:5060` : `${this.#target(options)}:5060`;
    const pace = ['-r', `${rate}`, '-m', `${count}`, '-l', `${count}`];
    // -nostdin: no keyboard · -nr: no retransmissions, they would blur the counts
    const fixed = ['-i', this.address(options), '-nostdin', '-nr'];
    // SIPp waits for answers that a block has made impossible: `timeout` bounds it.
    return this.#start('sipp', ['timeout', '-k', '1', '20', 'sipp', target, ...args, ...pace, ...fixed], options);
  }

  #start(name: string, command: string[], options: AttackOptions): Program {
    const program = new Program(name, this.#network.namespace(options.from ?? 'attacker'), command, {
      cwd: this.#directory,
      // TERM: SIPp draws its screen through curses · HOME: sipvicious keeps its sessions there
      env: { PATH: process.env.PATH, HOME: this.#directory, TERM: 'dumb', LANG: 'C.UTF-8' },
    });
    program.child.stdin!.end();
    this.#programs.push(program);
    return program;
  }
}
