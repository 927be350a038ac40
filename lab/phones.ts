/** Drives the phones of one namespace from the lab's own process. */
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { HostName, Network } from './network.ts';
import type { Outcome, PhoneOptions, RegisterOptions } from './phone.ts';
import type { Order } from './phone-program.ts';
import { Program } from './process.ts';

export class Phones {
  readonly #program: Program;
  #nextId = 1;
  #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();

  private constructor(program: Program) {
    this.#program = program;
    createInterface({ input: program.child.stdout! }).on('line', (line) => {
      const { id, value, error } = JSON.parse(line) as { id: number; value?: unknown; error?: string };
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.reject(new Error(error));
      else waiting?.resolve(value as never);
    });
    void program.done.then(({ output }) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the phones ended: ${output}`));
    });
  }

  static async open(network: Network, host: HostName, phones: PhoneOptions[]): Promise<Phones> {
    const program = new Program('phones', network.namespace(host), [
      process.execPath,
      join(import.meta.dirname, 'phone-program.ts'),
    ]);
    const opened = new Phones(program);
    await opened.#ask({ order: 'open', phones });
    return opened;
  }

  register(phone: number, options?: RegisterOptions): Promise<Outcome> {
    return this.#ask({ order: 'register', phone, options });
  }

  registerAll(options?: RegisterOptions): Promise<Outcome[]> {
    return this.#ask({ order: 'registerAll', options });
  }

  call(phone: number, user: string): Promise<Outcome> {
    return this.#ask({ order: 'call', phone, user });
  }

  options(phone: number): Promise<Outcome> {
    return this.#ask({ order: 'options', phone });
  }

  keepAlive(): Promise<null> {
    return this.#ask({ order: 'keepAlive' });
  }

  async stop(): Promise<void> {
    await this.#program.stop();
  }

  #ask<T>(order: Order): Promise<T> {
    const id = this.#nextId++;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#program.send(JSON.stringify({ id, ...order }));
    });
  }
}
