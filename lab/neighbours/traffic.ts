/** Traffic that is none of Ringfence's business, between a phone and the PBX's machine: it must not notice anything. */
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { Network } from '../network.ts';
import { Program } from '../process.ts';

/** As ufw writes it. */
export const RTP_RANGE = '10000:20000/udp';

const PROGRAM = join(import.meta.dirname, 'traffic-program.ts');
const READY_MS = 10_000;

/** What came back. */
export interface Round {
  /** Datagrams of 100. */
  rtp: number;
  dns: number;
  /** The TCP connection that was open before everything else, and one just made. */
  keptConnection: boolean;
  newConnection: boolean;
}

export class Traffic {
  readonly #server: Program;
  readonly #caller: Program;
  readonly #answers: AsyncIterator<string>;

  private constructor(server: Program, caller: Program) {
    this.#server = server;
    this.#caller = caller;
    this.#answers = createInterface({ input: caller.child.stdout! })[Symbol.asyncIterator]();
  }

  static async open(network: Network): Promise<Traffic> {
    const { v4 } = network.target;
    const server = new Program('echo', network.namespace('pbx'), [process.execPath, PROGRAM, 'serve', v4]);
    await server.says(/ready/, READY_MS);
    const caller = new Program('caller', network.namespace('phones'), [process.execPath, PROGRAM, 'call', v4]);
    return new Traffic(server, caller);
  }

  async round(): Promise<Round> {
    this.#caller.send('');
    const { value } = await this.#answers.next();
    if (value === undefined) throw new Error(`the caller ended: ${this.#caller.output}`);
    return JSON.parse(value) as Round;
  }

  async close(): Promise<void> {
    await this.#caller.stop();
    await this.#server.stop();
  }
}
