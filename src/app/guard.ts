/**
 * The guard: the privileged process. Starts the console and the sensor, and keeps the kernel's table what it should be. It listens
 * on nothing.
 */
import { NflogTap } from '../capture/nflog.ts';
import { formatAddress } from '../core/base/address.ts';
import { parseTarget } from '../core/base/target.ts';
import { isBrief } from '../core/judge/verdict.ts';
import type { GuardReport, GuardRequest, StartOrders } from '../channel/protocol.ts';
import { hasNetAdmin } from '../ffi/capability.ts';
import { giveBack } from '../ffi/memory.ts';
import { ServiceManager } from '../ffi/service-manager.ts';
import type { WantedSet } from '../enforce/desired.ts';
import { Elements } from '../enforce/elements.ts';
import { ListElements } from '../enforce/list-elements.ts';
import { Nftables } from '../enforce/nftables.ts';
import { Reconciler } from '../enforce/reconcile.ts';
import type { ReconcileEvent } from '../enforce/reconcile-event.ts';
import { lossText } from '../notify/report/sensor-day.ts';
import { managementPortOf, type WebFlags, type WebOrders } from '../serve/web/settings.ts';
import { banner, verdictLine } from './announce.ts';
import { ConsoleLink } from './console-link.ts';
import { forkedConsole, separateConsole } from './console-process.ts';
import { complain, say } from './daemon-output.ts';
import { makeDataDirectory } from './data-directory.ts';
import { FirstOrders } from './first-orders.ts';
import { GuardError } from './guard-error.ts';
import { replaceLost } from './held-in-kernel.ts';
import { guardHealth } from './guard-health.ts';
import { ListsInForce } from './lists-in-force.ts';
import { Losses } from './losses.ts';
import { Patience } from './patience.ts';
import { PhoneTrustKeeper } from './phone-trust.ts';
import { Requests } from './requests.ts';
import type { FromSensor, SensorReadings } from './sensor-protocol.ts';
import { SensorLink } from './sensor-link.ts';
import { sensorStart } from './sensor-start.ts';
import { WayInWatch } from './way-in-watch.ts';
import { NFLOG_GROUP, Standing } from './standing.ts';

/** The start is over. */
const QUIET_MS = 10_000;
const RECONCILE_MS = 2_000;
const HEALTH_MS = 1_000;
const HOST_ADDRESSES_MS = 10_000;
const SAVE_MS = 2_000;
/** A crash leaves the kernel's own copy; a machine that loses its power has this one. */
const SAVE_TRUST_MS = 60_000;
/** A load that took this long is told. */
const LONG_LOAD_MS = 1_000;
/** An end that is earlier by less than this is the same one (rounding, delivery). */
const EARLY_MS = 1_000;

export interface GuardOptions {
  /** Directory of all state; made when it is missing. */
  data: string;
  policy?: string;
  /** Where the console listens for browsers, as it was said on the command line. */
  web?: WebFlags;
  /** Socket of a console that others start; absent: the guard forks one. */
  console?: string;
  /** Where `console.yaml` lies; absent: in the data directory. */
  settings?: string;
}

/** `stopped`: the rules leave the kernel. `handed-over`: they stay for the guard that follows. `failed`: what was there before stays. */
export type GuardEnd = 'stopped' | 'handed-over' | 'failed';

export class Guard {
  private readonly options: GuardOptions;
  private readonly startedAt = Date.now();
  private readonly manager = new ServiceManager();
  /** The last that was heard of the sensor. */
  private heard: SensorReadings | null = null;
  private readonly losses = new Losses();
  private readonly commits = new Int32Array(new SharedArrayBuffer(4));
  private readonly console: ConsoleLink;
  private readonly sensor: SensorLink;
  private readonly standing: Standing;
  private readonly trust: PhoneTrustKeeper;
  private readonly patience: Patience;
  private readonly wayIn = new WayInWatch();
  private reconciler: Reconciler | null = null;
  private elements: Elements | null = null;
  private lists: ListsInForce | null = null;
  private requests: Requests | null = null;
  /** What is asked before the kernel is ready waits for it. */
  private readonly started = Promise.withResolvers<Requests>();
  private kernel = { ok: false, repairs: 0, lastRepair: null as string | null };
  /** Packets, by blocks. */
  private dropped = 0;
  private timers: NodeJS.Timeout[] = [];
  private readonly first: FirstOrders;
  /** The console has told what it knows of blocks: until then it is not told of those that were found in the kernel. */
  private learned = false;
  /** Rejects when protection has begun and the data directory turns out to be another daemon's. */
  readonly refused = Promise.withResolvers<never>();

  constructor(options: GuardOptions, web: WebOrders) {
    this.options = options;
    this.standing = new Standing(options.data, web && 'settings' in web ? managementPortOf(web.settings) : null);
    this.trust = new PhoneTrustKeeper(options.data);
    this.patience = new Patience({
      directory: options.data,
      sensor: () => this.sensor,
      mayWrite: () => this.standing.mayWrite,
      warn: (code, text) => this.event('warning', code, text),
    });
    this.first = new FirstOrders(!this.standing.whole);
    const begin = options.console === undefined ? forkedConsole(options.data) : separateConsole(options.console);
    this.console = new ConsoleLink(begin, options.policy ?? null, web, {
      ready: (orders, notices) => {
        for (const notice of notices) complain(notice.text);
        for (const notice of notices) this.report({ type: 'event', ...notice });
        void this.consoleReady(orders);
      },
      failed: (code, text, hint) => {
        if (this.first.failed(new GuardError(code, text, hint))) return true;
        this.event('error', code, `The console cannot start and is tried again: ${text}`);
        return false;
      },
      left: () => {
        this.learned = false;
      },
      died: (how) => {
        const text = `The console ended (${how}); protection goes on, it is started again.`;
        this.event('warning', 'console-died', text);
      },
      request: (request) => this.answer(request),
    });
    this.sensor = new SensorLink({
      verdict: (message) => this.heardVerdict(message),
      changes: ({ changes }) => this.report({ type: 'incidents', changes }),
      trust: ({ edits }) => this.trust.noted(this.reconciler!.desired, edits),
      died: (code, text) => this.event('error', code, `The sensor thread ended and is started again: ${text}`),
      standing: () => sensorStart(this.standing, this.reconciler!.desired, this.commits, this.patience.start()),
    });
  }

  async start(): Promise<void> {
    if (!hasNetAdmin()) {
      throw new GuardError(
        'guard-no-permission',
        'Protecting needs root (CAP_NET_ADMIN): packets are read from the kernel and blocks are written into it.',
        'Run it with sudo. Without root: ringfence replay FILE shows what would have been blocked in a capture.',
      );
    }
    makeDataDirectory(this.options.data);
    const { standing, commits, sensor } = this;
    this.console.start();
    this.first.await();
    const orders = standing.whole ? null : await this.firstOrders();
    this.learned = orders !== null;
    const kernelLists = new ListElements({ commits });
    for (const text of replaceLost(standing, kernelLists, orders !== null))
      this.event('warning', 'last-good-damaged', text);
    if (orders) standing.begin(orders);
    this.elements = new Elements({ commits });
    if (orders === null) standing.forgetEnded(this.elements);
    const desired = standing.desired(Date.now());
    this.trust.restore(desired, Date.now());
    this.reconciler = new Reconciler({
      elements: this.elements,
      structure: new Nftables(),
      lists: kernelLists,
      ruleset: standing.ruleset(),
      desired,
      now: () => Date.now(),
      commits,
      onEvent: (event) => this.reconciled(event),
    });
    const { reconciler } = this;
    // There can be one tap in a network namespace: a second daemon fails here, before it changes the first one's table.
    new NflogTap({ group: NFLOG_GROUP }).close();
    await reconciler.start();
    this.kernel.ok = true;
    await sensor.start();
    const lists = new ListsInForce({
      ...{ standing, reconciler, sensor },
      lift: (address) => requests.unblock(address),
      event: (level, code, text) => this.event(level, code, text),
    });
    const report = (one: GuardReport) => this.report(one);
    const requests = new Requests({ standing, lists, reconciler, sensor, report });
    this.lists = lists;
    this.requests = requests;
    this.started.resolve(requests);
    this.every(RECONCILE_MS, () => {
      void reconciler.tick();
      const told = this.wayIn.watch(kernelLists, Date.now());
      if (told) this.event(told.level, told.code, told.text);
    });
    this.every(HEALTH_MS, () => this.reportHealth());
    this.every(HOST_ADDRESSES_MS, () => this.readHost());
    this.every(SAVE_MS, () => standing.save());
    this.every(SAVE_TRUST_MS, () => standing.mayWrite && this.trust.save(reconciler.desired));
    this.patience.begin();
    if (standing.whole) void this.firstOrders().then(() => this.settle(), this.refused.reject);
    else this.settle();
    this.reportHealth();
    this.event('info', 'guard-started', 'Protection has started.');
    this.manager.ready();
    const watched = this.options.console === undefined ? this.options.data : null;
    setTimeout(giveBack, QUIET_MS).unref();
    say(banner(standing.policy, standing.host.own.map(formatAddress), watched));
  }

  async stop(end: GuardEnd): Promise<void> {
    this.manager.stopping();
    for (const timer of this.timers) clearInterval(timer);
    this.first.close();
    const failed = end === 'failed';
    if (!failed && !this.first.taken) this.standing.mayWrite = true;
    await this.patience.end();
    await this.sensor.stop();
    if (end === 'stopped')
      this.event('info', 'guard-stopped', 'Protection was stopped; the rules have left the kernel.');
    this.standing.unsaved = this.reconciler !== null;
    this.standing.save();
    if (this.standing.mayWrite && this.reconciler) this.trust.save(this.reconciler.desired);
    if (end === 'stopped' || (failed && this.reconciler?.tookOver === false)) await this.reconciler?.stop();
    await this.console.stop();
    this.elements?.close();
  }

  /** The console's orders; null when it does not come up in time. */
  private async firstOrders(): Promise<StartOrders | null> {
    const orders = await this.first.come;
    if (orders === null)
      this.event(
        'error',
        'console-late',
        'The console has not started: protection goes by the last good policy and lists.',
      );
    return orders;
  }

  /** The console has the data directory, or nobody has: from here on the next start is to know what we know. */
  private settle(): void {
    const { standing } = this;
    standing.mayWrite = true;
    standing.unsaved = true;
    standing.save();
    this.lists?.keep();
  }

  /** A console that came after protection had begun, or came back: what it remembers is what counts. */
  private async consoleReady(orders: StartOrders): Promise<void> {
    if (this.first.came(orders) && !this.standing.whole) return;
    try {
      const requests = await this.started.promise;
      if (!this.learned) {
        this.learned = true;
        await requests.learn(orders);
      }
      await requests.obey(orders);
    } catch (error) {
      this.event('error', 'orders-refused', (error as Error).message);
    }
  }

  private async answer(request: GuardRequest): Promise<unknown> {
    return (await this.started.promise).answer(request);
  }

  private heardVerdict({ verdict, enforced, error }: Extract<FromSensor, { kind: 'verdict' }>): void {
    say(verdictLine(verdict));
    if (verdict.action === 'block' || verdict.action === 'deny') {
      const durationMs = verdict.action === 'deny' || verdict.until === null ? null : verdict.until - verdict.at;
      const target = parseTarget(verdict.target)!;
      if (isBrief(verdict)) this.reconciler!.noteBrief(target, durationMs!);
      else this.reconciler!.note('block', target, durationMs);
      this.report({ type: 'blocked', block: this.standing.account.byVerdict(verdict) });
      this.standing.unsaved = true;
    }
    if (verdict.action === 'limit' && verdict.until !== null) {
      this.reconciler!.note('limit', parseTarget(verdict.target)!, verdict.until - verdict.at);
    }
    this.report({ type: 'verdict', verdict });
    if (enforced) return;
    const text = `The kernel refused a block (${error}); the table is repaired and the block tried again.`;
    this.event('error', 'block-refused', text);
    void this.reconciler!.tick();
  }

  private reconciled(event: ReconcileEvent): void {
    const { account } = this.standing;
    switch (event.type) {
      case 'adopted': {
        const { set, target, until, packets } = event;
        const block = account.adopted(set, target, Date.now(), until, packets);
        if (this.learned) this.report({ type: 'blocked', block });
        return this.sensor.send({ command: 'blocked', target, until });
      }
      case 'expired':
        if (this.goesOn(event.set, event.target, 0)) return;
        account.ended(event.set, event.target);
        this.standing.unsaved = true;
        return this.report({ type: 'unblocked', target: event.target, at: Date.now(), how: 'expired' });
      case 'counted': {
        const counts = event.counts.map((count) => {
          const goesOn = this.goesOn(count.set, count.target, count.until);
          return goesOn ? { ...count, until: account.extendedUntil(count.target) } : count;
        });
        const more = counts.map(({ set, target, packets, until }) => {
          return { address: account.sourceOf(target), packets: account.counted(set, target, packets, until) };
        });
        for (const { packets } of more) this.dropped += packets;
        const dropped = counts.map(({ target, packets, until }) => ({ target, packets, until }));
        this.report({ type: 'drops', dropped });
        return this.sensor.send({ command: 'dropped', dropped: more.filter(({ packets }) => packets > 0) });
      }
      case 'loaded': {
        const { list, ranges, tookMs } = event;
        if (tookMs < LONG_LOAD_MS) return;
        const text = `${list}: ${ranges} ranges are in the kernel after ${(tookMs / 1000).toFixed(1)} s.`;
        return this.event('info', 'list-loaded', text);
      }
      case 'repaired': {
        const what = `${event.problem}: ${event.details.join('; ')}`;
        this.kernel = { ok: true, repairs: this.kernel.repairs + 1, lastRepair: what };
        const text = `The kernel table was changed by others and is repaired: ${event.details.join('; ')}`;
        return this.event('warning', event.problem, text);
      }
      case 'failed':
        this.kernel.ok = false;
        return this.event('error', event.code, `The kernel table could not be checked or repaired: ${event.text}`);
    }
  }

  /** The kernel gave an extended block an earlier end again, with the policy's duration: it gets its own back. True: it goes on. */
  private goesOn(set: WantedSet, target: string, until: number | null): boolean {
    const wanted = set === 'block' ? this.standing.account.extendedUntil(target) : null;
    const left = (wanted ?? 0) - Date.now();
    if (wanted === null || left <= 0 || until === null) return false;
    if (until < wanted - EARLY_MS) {
      this.reconciler!.add('block', parseTarget(target)!, left).catch((error: Error & { code?: string }) => {
        this.event(
          'error',
          error.code ?? 'kernel-failed',
          `The end of the block of ${target} could not be kept: ${error.message}`,
        );
      });
    }
    return true;
  }

  private readHost(): void {
    const { standing } = this;
    if (!standing.readHost()) return;
    this.sensor.send({ command: 'own', own: standing.host.own, gateways: standing.host.gateways });
    // Blocked before it became this machine's own: the allowlist lets it through, and the account must not say otherwise.
    const ours = new Set([...standing.host.own, ...standing.host.gateways].map(formatAddress));
    for (const { address } of standing.account.all()) {
      if (ours.has(address)) void this.requests?.answer({ ask: 'unblock', target: address }).catch(() => {});
    }
    this.reconciler!.setLongLists({}, standing.exempt).catch((error: Error & { code?: string }) => {
      const text = `This machine's addresses could not be brought into the kernel: ${error.message}`;
      this.event('error', error.code ?? 'kernel-failed', text);
    });
  }

  private reportHealth(): void {
    const { startedAt, kernel, dropped, standing, console, sensor } = this;
    // A sensor that hangs is a guard that hangs, whatever this thread still does.
    if (sensor.readings !== this.heard) this.manager.alive();
    this.heard = sensor.readings;
    const { policy, host, account } = standing;
    const lists = this.lists!.health();
    const parts = {
      startedAt,
      policy,
      host,
      kernel,
      account,
      wayIn: this.wayIn.health(),
      dropped,
      lists,
      backlog: console.backlog,
      readings: sensor.readings,
    };
    this.report({ type: 'health', health: guardHealth(parts) });
    const lost = this.losses.look(sensor.readings?.lost ?? 0, performance.now());
    if (lost > 0) this.event('warning', 'packets-lost', lossText(lost));
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
