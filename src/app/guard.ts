/**
 * The guard: the privileged process. Starts the console and the sensor, keeps the kernel's table what it should be, and answers the
 * console's requests. It listens on nothing.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { formatAddress, parseAddress, parseRange, type AddressRange } from '../core/base/address.ts';
import type { Policy } from '../core/base/policy.ts';
import { Lists } from '../core/judge/lists.ts';
import { JUDGE_REASONS } from '../core/judge/verdict.ts';
import { Desired } from '../enforce/desired.ts';
import { Elements } from '../enforce/elements.ts';
import { Nftables } from '../enforce/nftables.ts';
import { Reconciler, type ReconcileEvent } from '../enforce/reconcile.ts';
import { renderRuleset } from '../enforce/ruleset.ts';
import { compilePolicy } from '../policy/compile.ts';
import { banner, complain, say, verdictLine } from './announce.ts';
import { BlockAccount, setOf } from './block-account.ts';
import { ConsoleLink } from './console-link.ts';
import { guardHealth } from './guard-health.ts';
import { readHostAddresses, sameAddresses } from './host-addresses.ts';
import { defaultOrders, readLastGood, writeLastGood } from './last-good.ts';
import type { BlockRecord, GuardReport, GuardRequest, ListEntry, Orders } from '../channel/protocol.ts';
import type { FromSensor } from './sensor-protocol.ts';
import { SensorLink } from './sensor-link.ts';

/** NFLOG groups are 16 bits wide; this one is nobody's default. */
const NFLOG_GROUP = 5060;
const RECONCILE_MS = 2_000;
const HEALTH_MS = 1_000;
const HOST_ADDRESSES_MS = 10_000;
const LAST_GOOD_MS = 2_000;
/** A console that does not answer by then: protection starts with the last good orders. */
const CONSOLE_PATIENCE_MS = 8_000;

export interface GuardOptions {
  /** Directory of all state; made when it is missing. */
  data: string;
  policy?: string;
}

/** What keeps the guard from starting, with what the user can do about it. */
class GuardError extends Error {
  readonly code: string;

  constructor(code: string, text: string) {
    super(text);
    this.code = code;
  }
}

/** Runs until it is told to stop; the answer is the exit code. */
export async function runGuard(options: GuardOptions): Promise<number> {
  const stop = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const guard = new Guard(options);
  try {
    await guard.start();
  } catch (error) {
    const { code = 'guard-failed', message, hint } = error as Error & { code?: string; hint?: string };
    complain(`ringfence: ${message}${hint ? `\n  ${hint}` : ''} [${code}]`);
    await guard.stop(false);
    return code === 'netlink-no-permission' || code === 'guard-no-permission' ? 77 : 1;
  }
  await stop;
  say('Stopping: the rules leave the kernel, blocks are remembered for the next start.');
  await guard.stop(true);
  return 0;
}

class Guard {
  private readonly options: GuardOptions;
  private readonly startedAt = Date.now();
  private readonly commits = new Int32Array(new SharedArrayBuffer(4));
  private readonly console: ConsoleLink;
  private readonly sensor: SensorLink;
  private orders: Orders;
  private policy: Policy;
  private host = readHostAddresses();
  private account = new BlockAccount([], []);
  private reconciler: Reconciler | null = null;
  private elements: Elements | null = null;
  private kernel = { ok: false, repairs: 0, lastRepair: null as string | null };
  private timers: NodeJS.Timeout[] = [];
  private lastGoodDue = false;
  private firstOrders: ((orders: Orders) => void) | null = null;
  private refuseStart: ((error: Error) => void) | null = null;

  constructor(options: GuardOptions) {
    this.options = options;
    this.orders = readLastGood(options.data) ?? defaultOrders();
    this.policy = compilePolicy(this.orders.policy);
    this.console = new ConsoleLink(options.data, options.policy ?? null, {
      ready: (orders, notices) => {
        for (const notice of notices) complain(notice.text);
        for (const notice of notices) this.report({ type: 'event', ...notice });
        if (this.firstOrders) this.firstOrders(orders);
        // A console that came late, or came back: what it remembers is what counts.
        else if (this.reconciler)
          void this.obey(orders).catch((error: Error) => this.event('error', 'orders-refused', error.message));
      },
      failed: (code, text, hint) => this.refuseStart?.(Object.assign(new GuardError(code, text), { hint })),
      died: (how) =>
        this.event('warning', 'console-died', `The console ended (${how}); protection goes on, it is started again.`),
      request: (request) => this.answer(request),
    });
    this.sensor = new SensorLink({
      verdict: (message) => this.heardVerdict(message),
      changes: ({ changes }) => this.report({ type: 'incidents', changes }),
      died: (code, text) => this.event('error', code, `The sensor thread ended and is started again: ${text}`),
      standing: () => this.standing(),
    });
  }

  async start(): Promise<void> {
    if (process.getuid?.() !== 0) {
      const text =
        'Protecting needs root (CAP_NET_ADMIN): packets are read from the kernel and blocks are written into it.';
      const hint =
        'Run it with sudo. Without root: ringfence replay FILE shows what would have been blocked in a capture.';
      throw Object.assign(new GuardError('guard-no-permission', text), { hint });
    }
    mkdirSync(this.options.data, { recursive: true, mode: 0o700 });
    const orders = await this.consoleOrders();
    this.orders = orders;
    this.policy = compilePolicy(orders.policy);
    this.account = new BlockAccount(orders.blocks, orders.blockHistory);
    this.elements = new Elements({ commits: this.commits });
    this.reconciler = new Reconciler({
      elements: this.elements,
      structure: new Nftables(),
      ruleset: renderRuleset(this.policy, { nflogGroup: NFLOG_GROUP }),
      desired: this.desired(),
      now: () => Date.now(),
      commits: this.commits,
      onEvent: (event) => this.reconciled(event),
    });
    await this.reconciler.start();
    this.kernel.ok = true;
    await this.sensor.start();
    this.every(RECONCILE_MS, () => void this.reconciler!.tick());
    this.every(HEALTH_MS, () => this.report({ type: 'health', health: this.health() }));
    this.every(HOST_ADDRESSES_MS, () => this.readHost());
    this.every(LAST_GOOD_MS, () => this.saveLastGood());
    this.lastGoodDue = true;
    this.saveLastGood();
    this.report({ type: 'health', health: this.health() });
    this.event('info', 'guard-started', 'Protection has started.');
    say(banner(this.policy, this.host.own.map(formatAddress), this.options.data));
  }

  /** `clean`: the table leaves the kernel. Otherwise what is there stays (a failed start must not open the door). */
  async stop(clean: boolean): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.sensor.stop();
    if (clean) this.event('info', 'guard-stopped', 'Protection was stopped; the rules have left the kernel.');
    this.lastGoodDue = this.reconciler !== null;
    this.saveLastGood();
    if (clean) await this.reconciler?.stop();
    await this.console.stop();
    this.elements?.close();
  }

  /** The console's orders, or the last good ones when it does not come up in time. */
  private consoleOrders(): Promise<Orders> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.event(
          'error',
          'console-late',
          'The console has not started: protection begins with the last good policy and lists.',
        );
        this.firstOrders = null;
        resolve(this.orders);
      }, CONSOLE_PATIENCE_MS);
      this.firstOrders = (orders) => {
        clearTimeout(timer);
        this.firstOrders = null;
        this.refuseStart = null;
        resolve(orders);
      };
      this.refuseStart = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      this.console.start();
    });
  }

  private desired(): Desired {
    const desired = new Desired();
    const now = Date.now();
    desired.allow = this.exempt(this.orders.allow);
    desired.denynet = rangesOf(this.orders.deny);
    for (const block of this.account.all()) {
      const address = parseAddress(block.address);
      if (address && (block.until === null || block.until > now)) desired.want(setOf(block), address, block.until);
      // It ended while nobody watched. The kernel may have extended it: then it is adopted anew.
      else this.account.ended(setOf(block), block.address);
    }
    return desired;
  }

  private standing() {
    const { own, gateways } = this.host;
    return {
      policy: this.policy,
      seed: randomBytes(4).readUInt32LE(),
      nflogGroup: NFLOG_GROUP,
      allow: rangesOf(this.orders.allow),
      deny: rangesOf(this.orders.deny),
      ...{ own, gateways },
      blockHistory: this.account.histories(),
      blocks: this.account.all().map(({ address, until }) => ({ address, until })),
      commits: this.commits,
    };
  }

  private heardVerdict({ verdict, enforced, error }: Extract<FromSensor, { kind: 'verdict' }>): void {
    say(verdictLine(verdict));
    if (verdict.action === 'block' || verdict.action === 'deny') {
      const durationMs = verdict.action === 'deny' || verdict.until === null ? null : verdict.until - verdict.at;
      this.reconciler!.note('block', parseAddress(verdict.source)!, durationMs);
      this.report({ type: 'blocked', block: this.account.byVerdict(verdict) });
      this.lastGoodDue = true;
    }
    this.report({ type: 'verdict', verdict });
    if (enforced) return;
    this.event(
      'error',
      'block-refused',
      `The kernel refused a block (${error}); the table is repaired and the block tried again.`,
    );
    void this.reconciler!.tick();
  }

  private reconciled(event: ReconcileEvent): void {
    switch (event.type) {
      case 'adopted': {
        const { set, address, until, packets } = event;
        const block = this.account.adopted(set, address, Date.now(), until, packets);
        this.report({ type: 'blocked', block });
        return this.sensor.send({ command: 'blocked', address, until });
      }
      case 'expired':
        this.account.ended(event.set, event.address);
        this.lastGoodDue = true;
        return this.report({ type: 'unblocked', address: event.address, at: Date.now(), how: 'expired' });
      case 'counted': {
        const more = event.counts.map(({ set, address, packets, until }) => {
          return { address, packets: this.account.counted(set, address, packets, until) };
        });
        const dropped = event.counts.map(({ address, packets, until }) => ({ address, packets, until }));
        this.report({ type: 'drops', dropped });
        return this.sensor.send({ command: 'dropped', dropped: more.filter(({ packets }) => packets > 0) });
      }
      case 'repaired':
        this.kernel.ok = true;
        this.kernel.repairs++;
        this.kernel.lastRepair = `${event.problem}: ${event.details.join('; ')}`;
        return this.event(
          'warning',
          event.problem,
          `The kernel table was changed by others and is repaired: ${event.details.join('; ')}`,
        );
      case 'failed':
        this.kernel.ok = false;
        return this.event('error', event.code, `The kernel table could not be checked or repaired: ${event.text}`);
    }
  }

  private async answer(request: GuardRequest): Promise<unknown> {
    if (!this.reconciler) throw new GuardError('guard-starting', 'The guard is still starting.');
    switch (request.ask) {
      case 'orders':
        return this.obey(request.orders);
      case 'block':
        return this.blockByHand(request.address, request.durationMs, request.reason);
      case 'unblock':
        return { lifted: await this.unblock(request.address) };
      case 'explain':
        return this.sensor.explain(request.address);
    }
  }

  private async obey(orders: Orders): Promise<null> {
    const policy = compilePolicy(orders.policy);
    const ruleset = renderRuleset(policy, { nflogGroup: NFLOG_GROUP });
    if (ruleset !== renderRuleset(this.policy, { nflogGroup: NFLOG_GROUP })) await this.reconciler!.setRuleset(ruleset);
    const policyChanged = JSON.stringify(orders.policy) !== JSON.stringify(this.orders.policy);
    const [allow, deny] = [rangesOf(orders.allow), rangesOf(orders.deny)];
    if (!sameEntries(orders.allow, this.orders.allow))
      await this.reconciler!.setRanges('allow', this.exempt(orders.allow));
    if (!sameEntries(orders.deny, this.orders.deny)) await this.reconciler!.setRanges('denynet', deny);
    this.orders = orders;
    this.policy = policy;
    if (policyChanged) this.sensor.send({ command: 'policy', policy });
    this.sensor.send({ command: 'lists', allow, deny });
    this.lastGoodDue = true;
    this.saveLastGood();
    return null;
  }

  private async blockByHand(text: string, durationMs: number | null, reason: string): Promise<BlockRecord> {
    const address = parseAddress(text);
    if (!address) throw new GuardError('bad-address', `"${text}" is no IP address.`);
    const exemption = new Lists({ allow: rangesOf(this.orders.allow), deny: [], ...this.host }).exemption(address);
    if (exemption !== null) throw new GuardError(exemption, `${text} is never blocked: ${JUDGE_REASONS[exemption]}.`);
    await this.reconciler!.add('deny', address, durationMs);
    const block = this.account.byHand(formatAddress(address), Date.now(), durationMs, reason);
    this.sensor.send({ command: 'blocked', address: block.address, until: block.until });
    this.report({ type: 'blocked', block });
    this.lastGoodDue = true;
    return block;
  }

  private async unblock(text: string): Promise<boolean> {
    const address = parseAddress(text);
    if (!address) throw new GuardError('bad-address', `"${text}" is no IP address.`);
    const automatic = await this.reconciler!.remove('block', address);
    const manual = await this.reconciler!.remove('deny', address);
    const limited = this.elements!.unlimit(address);
    const key = formatAddress(address);
    this.account.lifted(key);
    this.sensor.send({ command: 'lift', address: key });
    this.lastGoodDue = true;
    if (automatic || manual) this.report({ type: 'unblocked', address: key, at: Date.now(), how: 'lifted' });
    return automatic || manual || limited;
  }

  private readHost(): void {
    const host = readHostAddresses();
    if (sameAddresses(host, this.host)) return;
    this.host = host;
    this.sensor.send({ command: 'own', own: host.own, gateways: host.gateways });
    void this.reconciler!.setRanges('allow', this.exempt(this.orders.allow)).catch(
      (error: Error & { code?: string }) => {
        this.event(
          'error',
          error.code ?? 'kernel-failed',
          `The allowlist could not be brought up to date: ${error.message}`,
        );
      },
    );
  }

  /** What the kernel never drops: the allowlist, this machine itself and its default gateways, whatever a denied range covers. */
  private exempt(allow: ListEntry[]): AddressRange[] {
    const exactly = [...this.host.own, ...this.host.gateways].map((address) => ({ first: address, last: address }));
    return [...rangesOf(allow), ...exactly];
  }

  private health() {
    const { startedAt, policy, host, kernel, account, console } = this;
    return guardHealth({
      startedAt,
      policy,
      host,
      kernel,
      account,
      backlog: console.backlog,
      readings: this.sensor.readings,
    });
  }

  private saveLastGood(): void {
    if (!this.lastGoodDue) return;
    this.lastGoodDue = false;
    const blocks = this.account.all();
    const problem = writeLastGood(this.options.data, {
      ...this.orders,
      blocks,
      blockHistory: this.account.histories(),
    });
    // A full disk: the older copy stays, the next change tries again; the console reports the disk.
    if (problem !== null) this.lastGoodDue = true;
  }

  private event(level: 'info' | 'warning' | 'error', code: string, text: string): void {
    if (level !== 'info') complain(text);
    this.report({ type: 'event', at: Date.now(), level, code, text });
  }

  private report(report: GuardReport): void {
    this.console.report(report);
  }

  private every(ms: number, work: () => void): void {
    this.timers.push(setInterval(work, ms));
  }
}

function rangesOf(entries: ListEntry[]): AddressRange[] {
  return entries.map(({ range }) => parseRange(range)).filter((range) => range !== null);
}

function sameEntries(a: ListEntry[], b: ListEntry[]): boolean {
  return a.length === b.length && a.every((entry, i) => entry.range === b[i].range);
}
