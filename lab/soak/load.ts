/**
 * What the soak keeps up: phones that register and call, one attack after the other with the attackers' own tools, and a flood of forged addresses.
 * Everything goes through a real PBX.
 */
import { join } from 'node:path';
import type { FloodPlan } from '../../bench/flood-sender.ts';
import { Attackers } from '../attackers.ts';
import { Kamailio } from '../kamailio.ts';
import { ADDRESSES, type Network } from '../network.ts';
import type { Outcome } from '../phone.ts';
import { Phones } from '../phones.ts';
import { Program, run } from '../process.ts';
import { TftpServer } from '../tftp.ts';

const FLOOD_SENDER = join(import.meta.dirname, '../../bench/flood-sender.ts');
const PHONES = 12;
const USERS = Object.fromEntries(Array.from({ length: PHONES }, (_, i) => [`${2000 + i}`, `soak-${i}-lab`]));
/** Each in a network of its own (198.19.0.0/16 is for measurements, RFC 2544), so that nobody's network is blocked. */
const SOURCES = Array.from({ length: 200 }, (_, i) => `198.19.${i}.66`);
const SCANNING = SOURCES.slice(0, 140);
const USING_TOOLS = SOURCES.slice(140);
const PHONE_AGENTS = ['Yealink SIP-T46S 66.86.0.15', 'Grandstream GXP2140 1.0.11.3'];
/** Timer B and F (RFC 3261 §17.1): whoever is not answered by then is kept out. */
const PATIENCE_MS = 32_000;
/** A tool that is blocked waits for answers for a quarter of a minute. */
const TOOL_MS = 4_000;

export interface LoadPlan {
  /** Between two attacks with a tool. */
  attackEveryMs: number;
  /** Between two scans, each from the next of 140 addresses. */
  scanEveryMs: number;
  /** Between two rounds of a phone: it registers and calls the next one. */
  phoneEveryMs: number;
  /** At first, until its seconds are over or `filled` is called; and then again and again. `sources` 0: no address comes twice. */
  forged: { filling: Omit<FloodPlan, 'target'>; then: Omit<FloodPlan, 'target'> };
}

export interface Counts {
  attacks: number;
  registrations: number;
  calls: number;
  /** Registrations and calls of phones that did not end with 200. */
  failed: string[];
}

export class Load {
  readonly counts: Counts = { attacks: 0, registrations: 0, calls: 0, failed: [] };
  readonly #network: Network;
  readonly #plan: LoadPlan;
  readonly #undo: (() => Promise<unknown>)[] = [];
  readonly #loops: Promise<void>[] = [];
  #running = true;
  #filling: Program | undefined;
  #wake: (() => void)[] = [];

  private constructor(network: Network, plan: LoadPlan) {
    this.#network = network;
    this.#plan = plan;
  }

  static async start(network: Network, plan: LoadPlan): Promise<Load> {
    const load = new Load(network, plan);
    try {
      await load.#start();
    } catch (error) {
      await load.stop();
      throw error;
    }
    return load;
  }

  /** Rejects when a part of the load has failed by itself. */
  get failure(): Promise<never> {
    return new Promise((_, reject) => void Promise.all(this.#loops).catch(reject));
  }

  /** Enough of the filling. */
  filled(): void {
    this.#filling?.child.kill();
  }

  async stop(): Promise<void> {
    this.#running = false;
    for (const wake of this.#wake) wake();
    await Promise.allSettled(this.#loops);
    for (const step of this.#undo.reverse()) await step();
  }

  async #start(): Promise<void> {
    const network = this.#network;
    await network.addAddresses('attacker', USING_TOOLS);
    await network.addAddresses('attacker2', SCANNING);
    for (const host of ['internet', 'pbx'] as const) await letForgedIn(network.namespace(host));
    const pbx = await Kamailio.start(network, { users: USERS });
    this.#undo.push(() => pbx.stop());
    const tftp = await TftpServer.start(network);
    this.#undo.push(() => tftp.stop());
    const { address, target } = { address: ADDRESSES.phones.v4, target: network.target.v4 };
    const options = Object.entries(USERS).map(([user, password], i) => ({
      ...{ server: target, address, port: 6000 + i, user, password, patienceMs: PATIENCE_MS },
      ...(i % 4 === 3 && { transport: 'tcp' as const }),
    }));
    const phones = await Phones.open(network, 'phones', options);
    this.#undo.push(() => phones.stop());
    // Everybody is there before the first one calls.
    for (const outcome of await phones.registerAll()) this.#note('registration', outcome);
    for (let i = 0; i < PHONES; i++) this.#loops.push(this.#phone(phones, i));
    this.#loops.push(this.#attack(), this.#scan(), this.#flood());
  }

  async #phone(phones: Phones, i: number): Promise<void> {
    const users = Object.keys(USERS);
    for (let round = 1 + i; this.#running; round++) {
      await this.#pause(this.#plan.phoneEveryMs * (0.75 + 0.5 * ((round * 7) % 10) * 0.1));
      if (!this.#running) return;
      this.#note('registration', await phones.register(i, round % 5 === 0 ? { nonce: 'forget' } : {}));
      const callee = (i + 1 + (round % (PHONES - 1))) % PHONES;
      this.#note('call', await phones.call(i, users[callee]));
    }
  }

  #note(what: 'registration' | 'call', { statuses }: Outcome): void {
    this.counts[`${what}s`]++;
    if (statuses.at(-1) !== 200) this.counts.failed.push(`${what}: ${statuses.join(' ')}`);
  }

  /** One tool after the other, each from the next address. */
  async #attack(): Promise<void> {
    for (let n = 0; this.#running; n++) {
      // New for each attack: what ended stays in nobody's list.
      const attackers = new Attackers(this.#network);
      try {
        const tool = weapon(attackers, n, USING_TOOLS[n % USING_TOOLS.length]);
        this.counts.attacks++;
        await Promise.race([tool.done, this.#pause(TOOL_MS)]);
      } finally {
        await attackers.stop();
      }
      await this.#pause(this.#plan.attackEveryMs);
    }
  }

  async #scan(): Promise<void> {
    while (this.#running) {
      const attackers = new Attackers(this.#network);
      try {
        const scan = attackers.scanFromMany(SCANNING, this.#plan.scanEveryMs, { from: 'attacker2' });
        await this.#ends(scan);
        this.counts.attacks += SCANNING.length;
      } finally {
        await attackers.stop();
      }
    }
  }

  async #flood(): Promise<void> {
    const { filling, then } = this.#plan.forged;
    for (let part = filling; this.#running; part = then) {
      const plan: FloodPlan = { target: this.#network.target.v4, ...part };
      const command = [process.execPath, FLOOD_SENDER, JSON.stringify(plan)];
      const sender = new Program('flood', this.#network.namespace('attacker'), command);
      if (part === filling) this.#filling = sender;
      await this.#ends(sender);
      await sender.stop();
    }
  }

  /** When it does, or the load. */
  async #ends(program: Program): Promise<void> {
    const finished = await Promise.race([program.done, this.#untilStopped()]);
    if (finished && finished.code !== 0 && finished.signal === null)
      throw new Error(`${program.name} failed: ${finished.output}`);
  }

  async #pause(milliseconds: number): Promise<void> {
    if (!this.#running) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#wake = this.#wake.filter((one) => one !== wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#wake.push(wake);
    });
  }

  async #untilStopped(): Promise<undefined> {
    if (this.#running) await new Promise<void>((resolve) => this.#wake.push(resolve));
    return undefined;
  }
}

function weapon(attackers: Attackers, n: number, source: string): Program {
  const disguised = { source, userAgents: PHONE_AGENTS };
  const weapons = [
    () => attackers.svcrack('2000', '1-999999', [], disguised),
    () => attackers.svwar('REGISTER', '3000-3400', ['--force'], disguised),
    () => attackers.svcrack('2001', '1-999999', [], { source }),
    () => attackers.registerGuesses(40, 80, { source }),
    () => attackers.tftpWalk(24),
    () => attackers.optionsFlood(250, 700, { source }),
    () => attackers.svwar('INVITE', '3000-3400', ['--force'], { source }),
    () => attackers.inviteFlood(60, 120, { source }),
    () => attackers.malformed(50, 100),
    () => attackers.svmap([], { source }),
  ];
  return weapons[n % weapons.length]();
}

/** As a provider without ingress filtering (RFC 2827) does. */
async function letForgedIn(namespace: string): Promise<void> {
  await run(['sh', '-c', 'for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $f; done'], { namespace });
}
