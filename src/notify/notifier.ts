/**
 * The chain of stages: intake → group → limit → deliver. A pass takes what the store has, in one transaction, and hands what is due to the
 * channels. It runs soon after something was stored, and once a second while anything waits.
 */
import type { NotifyPolicy } from '../policy/compile-notify.ts';
import { StoreError } from '../store/error.ts';
import type { OutboxRow } from '../store/notify-store.ts';
import type { Store } from '../store/store.ts';
import type { Channel, Delivered, MakeReport, RenderedMessage } from './channel.ts';
import type { Clock } from './clock.ts';
import { Deliverer, deliverSafely, type DelivererOptions } from './deliver/deliverer.ts';
import { CAMPAIGN, RecentSources } from './group/campaign.ts';
import { tellCampaign, tellThreads } from './group/notices.ts';
import { takeIn } from './intake.ts';
import type { Moment } from './moment.ts';
import type { Notice } from './notice.ts';
import { forgetGone, put, putDigests } from './outbox.ts';
import { quietUntil } from './quiet/quiet-hours.ts';
import { DUE_MAX_MS } from './retry/back-off.ts';
import { messageIdOf, recipientsOf } from './routes.ts';
import { DailyTurn } from './daily-turn.ts';
import { tellTroubles, trouble } from './trouble.ts';

const BUSY_MS = 1000;
/** A verdict and its incident come a moment apart; reports of a flood come every tenth of a second. */
const SOON_MS = 250;
/** Nothing waits: only what changed without a report is looked for, and the time of day. */
const IDLE_MS = 15_000;
/** Incidents that reports named since the last pass; beyond it all that are followed are looked at. */
const CHANGED_MAX = 2000;
const TIDY_EVERY_MS = 600_000;
/** How far back sources count for a campaign after a restart. */
const RECENT_INCIDENTS_MAX = 1000;

export interface NotifierOptions {
  store: Store;
  clock: Clock;
  hostName: string;
  makeChannel: (policy: NotifyPolicy['channels'][number]) => Channel;
  render: (notice: Notice, policy: NotifyPolicy) => RenderedMessage;
  makeReport: MakeReport;
  /** A mistake of ours: notifications go on with the next pass, and the console in any case. */
  onDefect: (error: Error) => void;
  /** False: passes are asked for by hand, in tests. */
  timers?: boolean;
}

export class Notifier {
  policy: NotifyPolicy;
  private readonly options: NotifierOptions;
  private readonly sources = new RecentSources();
  private readonly deliverers = new Map<string, Deliverer>();
  private readonly daily: DailyTurn;
  private readonly changed = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private wakeAt = Infinity;
  private closed = false;
  private sweptAt = -Infinity;
  private tidiedAt = -Infinity;

  constructor(policy: NotifyPolicy, options: NotifierOptions) {
    this.options = options;
    this.policy = policy;
    this.daily = new DailyTurn(options);
    this.remember();
    this.use(policy);
  }

  /** The policy that counts from now on: channels are made anew, what waits for one that is gone goes with it. */
  use(policy: NotifyPolicy): void {
    this.policy = policy;
    const before = new Map(this.deliverers);
    this.deliverers.clear();
    for (const channel of policy.channels) {
      const options: DelivererOptions = {
        store: this.options.store.notify,
        clock: this.options.clock,
        render: (notice) => this.options.render(notice, this.policy),
        onLost: (row, answer) => this.lost(row, answer),
      };
      this.deliverers.set(
        channel.name,
        new Deliverer(channel, this.options.makeChannel(channel), options, before.get(channel.name)),
      );
      before.delete(channel.name);
    }
    for (const gone of before.values()) void gone.close();
    this.wakeIn(0);
  }

  /** Reports were stored; `incidents`: those that they were about. */
  stored(incidents: Iterable<string>): void {
    // Nobody asks: the pass that comes anyway goes over what was stored.
    if (this.policy.channels.length === 0) return;
    for (const id of incidents) {
      if (this.changed.size >= CHANGED_MAX) this.sweptAt = -Infinity;
      else this.changed.add(id);
    }
    this.wakeIn(SOON_MS);
  }

  /** Into the outbox now. */
  tell(notice: Notice, except?: string): void {
    this.options.store.notify.write((rows) => put(notice, this.moment(rows), except));
    this.wakeIn(0);
  }

  /** To every recipient of one channel, past the outbox, so that the server's own answer comes back at once. */
  async test(channel: string, by: string): Promise<{ recipient: string; delivered: Delivered }[]> {
    const deliverer = this.deliverers.get(channel);
    const policy = this.policy.channels.find(({ name }) => name === channel);
    if (!deliverer || !policy) return [];
    const at = this.options.clock.wall();
    const notice: Notice = { kind: 'test', id: `test-${channel}-${at.toString(36)}`, at, channel, by };
    const message = this.options.render(notice, this.policy);
    const found: { recipient: string; delivered: Delivered }[] = [];
    await deliverer.idle();
    for (const recipient of recipientsOf(policy, null)) {
      const messageId = messageIdOf(notice.id, channel, recipient, this.options.hostName);
      const delivered = await deliverSafely(deliverer.channel, { messageId, notice, message, recipient });
      found.push({ recipient, delivered });
    }
    // It works: what waits for the next try need not wait for hours.
    if (found.some(({ delivered }) => delivered.outcome === 'delivered')) this.hurry(channel);
    return found;
  }

  /**
   * The store cannot write, so no outbox: each channel is asked once, and the log has the rest. Null: it works again, and
   * events in the store tell the rest.
   */
  storeTrouble(found: { code: string; text: string; hint: string | null } | null): void {
    if (found === null) return;
    const { clock, hostName } = this.options;
    const notice = trouble({ level: 'error', ...found }, clock.wall(), this.policy.consoleUrl);
    const message = this.options.render(notice, this.policy);
    for (const policy of this.policy.channels) {
      const channel = this.deliverers.get(policy.name)!.channel;
      for (const recipient of recipientsOf(policy, ['trouble'])) {
        const messageId = messageIdOf(notice.id, policy.name, recipient, hostName);
        void deliverSafely(channel, { messageId, notice, message, recipient });
      }
    }
  }

  /** One pass through all stages. Resolves when the channels have done what was due; true: there is more to do at once. */
  async pass(): Promise<boolean> {
    const { clock, store } = this.options;
    let more = false;
    try {
      const steady = clock.steady();
      const sweep = steady - this.sweptAt >= IDLE_MS;
      if (sweep) this.sweptAt = steady;
      const changed = [...this.changed];
      more = store.notify.write((rows) => {
        const moment = this.moment(rows);
        const unread = takeIn(moment, this.sources, changed, sweep);
        forgetGone(moment);
        tellTroubles(moment);
        tellCampaign(moment, this.sources);
        const untold = tellThreads(moment);
        putDigests(moment);
        if (steady - this.tidiedAt >= TIDY_EVERY_MS && rows.tidy(steady) === 0) this.tidiedAt = steady;
        return unread || untold;
      });
      for (const id of changed) this.changed.delete(id);
      await this.daily.look(this.policy, (notice) => this.tell(notice));
      for (const deliverer of this.deliverers.values()) deliverer.work();
      this.wakeIn(more ? 0 : this.restMs());
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      // A full disk: a later pass finds everything as it was.
      this.wakeIn(IDLE_MS);
    }
    await Promise.all([...this.deliverers.values()].map((deliverer) => deliverer.idle()));
    return more;
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    await Promise.all([...this.deliverers.values()].map((deliverer) => deliverer.close()));
  }

  private moment(rows: Moment['rows']): Moment {
    const { clock, hostName } = this.options;
    const wall = clock.wall();
    const { policy } = this;
    const until = policy.quiet && quietUntil(wall, policy.quiet, policy.timeZone);
    return { rows, policy, wall, steady: clock.steady(), quietUntil: until, hostName, channels: new Map() };
  }

  /** What a restart must know: times of a clock that was ahead, channels that are gone, and who attacked lately. */
  private remember(): void {
    const { store, clock } = this.options;
    const steady = clock.steady();
    try {
      store.notify.write((rows) => rows.clampTimes(steady, steady + DUE_MAX_MS));
      const since = clock.wall() - this.policy.campaign.windowMs;
      const { incidents } = store.incidents({ since, limit: RECENT_INCIDENTS_MAX });
      for (const { source, kind, first } of incidents)
        if (kind !== 'invite-limit' && first >= since) this.sources.add(source, steady);
    } catch (error) {
      // A full disk: the console starts all the same.
      if (!(error instanceof StoreError)) throw error;
    }
  }

  /** Loudly: an event, and a notice on the other channels. */
  private lost({ channel, recipient, state, tries, notice }: OutboxRow, answer: string): void {
    const { store, clock } = this.options;
    const code = state === 'given-up' ? 'notify-given-up' : 'notify-refused';
    const what = state === 'given-up' ? `could not be delivered in ${tries} tries` : 'was refused';
    const text = `The message ${notice} to ${recipient} over ${channel} ${what}: ${answer}`;
    const level = state === 'given-up' ? 'error' : 'warning';
    const hint = `ringfence notify test ${channel}`;
    try {
      store.noteEvent({ at: clock.wall(), level, code, text });
      this.tell(trouble({ level, code, text, hint }, clock.wall(), this.policy.consoleUrl, channel), channel);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }

  private hurry(channel: string): void {
    try {
      this.options.store.notify.write((rows) => rows.hurry(channel, this.options.clock.steady()));
      this.wakeIn(0);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
    }
  }

  private restMs(): number {
    if (this.policy.channels.length === 0) return IDLE_MS;
    const waits = this.options.store.notify.read(
      (rows) =>
        rows.nextFact() !== null ||
        rows.nextDue() !== null ||
        rows.heldChannels().length > 0 ||
        rows.state(CAMPAIGN) !== null,
    );
    return waits ? BUSY_MS : IDLE_MS;
  }

  private wakeIn(ms: number): void {
    if (this.closed || this.options.timers === false) return;
    const at = performance.now() + ms;
    if (this.timer && this.wakeAt <= at) return;
    if (this.timer) clearTimeout(this.timer);
    this.wakeAt = at;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.pass().catch((error: Error) => {
        this.options.onDefect(error);
        this.wakeIn(IDLE_MS);
      });
    }, ms);
  }
}
