/** Stage 5: what is due goes out, one delivery at a time for each channel, and what became of it is noted. At least once, never lost. */
import { StoreError } from '../../store/error.ts';
import type { NotifyStore, OutboxRow } from '../../store/notify-store.ts';
import { ANSWER_MAX, DELIVERY_TIMEOUT_MS, type Channel, type Delivered, type RenderedMessage } from '../channel.ts';
import type { Clock } from '../clock.ts';
import type { Notice } from '../notice.ts';
import { nextTry } from '../retry/back-off.ts';
import { recipientsOf } from '../routes.ts';
import type { ChannelPolicy } from '../../policy/compile-notify.ts';

/** A channel that keeps to its own time-out never meets this one. */
const TIMEOUT_MS = DELIVERY_TIMEOUT_MS + 5000;
/** After a failure the channel is left alone for a moment: one that times out would otherwise be asked without a pause. */
const PAUSE_MS = 2000;

export interface DelivererOptions {
  store: NotifyStore;
  clock: Clock;
  render: (notice: Notice) => RenderedMessage;
  /** Nothing more is tried: `given-up` after days, `refused` by the other side. */
  onLost: (row: OutboxRow, answer: string) => void;
}

export class Deliverer {
  readonly channel: Channel;
  private readonly policy: ChannelPolicy;
  private readonly options: DelivererOptions;
  private working: Promise<void> | null = null;
  private closed = false;
  private pausedUntil = -Infinity;
  /** Sent, but the store could not note it: noted later, not sent again. */
  private unnoted: { row: OutboxRow; delivered: Delivered } | null = null;

  /** `before`: the one of an earlier policy; what it is sending now is not sent twice. */
  constructor(policy: ChannelPolicy, channel: Channel, options: DelivererOptions, before?: Deliverer) {
    this.policy = policy;
    this.channel = channel;
    this.options = options;
    if (before) this.working = before.close().finally(() => (this.working = null));
  }

  /** Begins with what is due, if it is not at it already. */
  work(): void {
    if (this.closed || this.working !== null || this.options.clock.steady() < this.pausedUntil) return;
    this.working = this.drain().finally(() => (this.working = null));
  }

  /** Resolves when it does nothing any more. */
  async idle(): Promise<void> {
    await this.working;
  }

  /** Resolves when what it was sending is sent and noted. */
  async close(): Promise<void> {
    this.closed = true;
    await this.working;
    await this.channel.close();
  }

  private async drain(): Promise<void> {
    const { store, clock } = this.options;
    try {
      while (!this.closed) {
        if (this.unnoted && !this.note(this.unnoted.row, this.unnoted.delivered)) return;
        const [row] = store.read((rows) => rows.due(this.policy.name, clock.steady(), 1));
        if (row === undefined) return;
        const delivered = await this.send(row);
        this.unnoted = { row, delivered };
        if (delivered.outcome === 'retry') this.pausedUntil = clock.steady() + PAUSE_MS;
        if (!this.note(row, delivered) || delivered.outcome === 'retry') return;
      }
    } catch (error) {
      // The store cannot be read now: the next pass tries again.
      if (!(error instanceof StoreError)) throw error;
    }
  }

  private async send(row: OutboxRow): Promise<Delivered> {
    const body = this.options.store.read((rows) => rows.notice(row.notice));
    if (body === null) return { outcome: 'refused', answer: 'the notice is not in the store any more' };
    if (!recipientsOf(this.policy, null).includes(row.recipient))
      return { outcome: 'refused', answer: 'the policy names this recipient no more' };
    const { messageId, recipient } = row;
    let notice: Notice;
    let message: RenderedMessage;
    try {
      notice = JSON.parse(body) as Notice;
      message = this.options.render(notice);
    } catch (error) {
      // A defect of ours must not stand in the way of every message behind it, at every start again.
      return { outcome: 'refused', answer: `it cannot be written: ${(error as Error).message}` };
    }
    return deliverSafely(this.channel, { messageId, recipient, notice, message });
  }

  /** False: the store could not note it. */
  private note(row: OutboxRow, { outcome, answer, retryAfterMs }: Delivered): boolean {
    const { store, clock, onLost } = this.options;
    const tries = row.tries + 1;
    const noted = { ...row, tries, answer: answer.slice(0, ANSWER_MAX), triedAt: clock.wall() };
    const next = nextTry({ messageId: row.messageId, tries, waitingMs: clock.steady() - row.queued }, retryAfterMs);
    if (outcome !== 'retry') noted.state = outcome;
    else if ('giveUp' in next) noted.state = 'given-up';
    else noted.due = clock.steady() + next.pauseMs;
    if (outcome === 'retry') noted.reason = next.reason;
    try {
      store.write((rows) => rows.saveDelivery(noted));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return false;
    }
    this.unnoted = null;
    if (noted.state === 'refused' || noted.state === 'given-up') onLost(noted, noted.answer);
    return true;
  }
}

/** A channel's defect is one more way to fail, and no reason to stop. */
export async function deliverSafely(channel: Channel, delivery: Parameters<Channel['deliver']>[0]): Promise<Delivered> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Delivered>((resolve) => {
    timer = setTimeout(() => resolve({ outcome: 'retry', answer: 'no answer in time' }), TIMEOUT_MS);
  });
  try {
    return await Promise.race([channel.deliver(delivery), late]);
  } catch (error) {
    return { outcome: 'retry', answer: `the channel failed: ${(error as Error).message}`.slice(0, ANSWER_MAX) };
  } finally {
    clearTimeout(timer);
  }
}
