/** Tells every listener what is going on, as soon as it is in the store: so that what a client then asks for is there. */
import type { GuardHealth, GuardReport } from '../../channel/protocol.ts';
import type { Store } from '../../store/store.ts';
import type { StatusAnswer } from '../answers.ts';
import { OperationError } from '../operation-error.ts';
import { Changes } from './changes.ts';
import { LiveClient, type Write } from './live-client.ts';
import { Rates } from './rates.ts';

/** Each is a browser tab. */
export const LIVE_CLIENTS_MAX = 100;
const TICK_MS = 1000;
/** Proxies give a silent connection up after 30 s or more. */
export const STATUS_EVERY_MS = 5000;

export interface LiveFeedOptions {
  store: Pick<Store, 'incident'>;
  /** May throw: then there is no news of the status. */
  status: () => StatusAnswer;
  /** Milliseconds since the epoch. */
  now: () => number;
}

export interface Listener {
  /** Its socket takes text, for the first time or again: nothing is written before. */
  writable(): void;
  leave(): void;
}

interface Member {
  client: LiveClient;
  end: () => void;
}

export class LiveFeed {
  private readonly options: LiveFeedOptions;
  private readonly changes: Changes;
  private readonly rates = new Rates();
  private readonly members = new Set<Member>();
  private timer: NodeJS.Timeout | null = null;
  private lastRates: string | null = null;
  private lastStatus = { at: 0, news: '' };

  constructor(options: LiveFeedOptions) {
    this.options = options;
    this.changes = new Changes(options.now());
  }

  /** Reports that are in the store now. */
  committed(reports: readonly GuardReport[]): void {
    const added = this.changes.add(reports);
    if (added.length === 0 || this.members.size === 0) return;
    for (const { client } of this.members) for (const change of added) client.offer(change);
    this.flush();
  }

  health(health: GuardHealth): void {
    const rates = this.rates.take(health);
    if (rates === null) return;
    this.lastRates = JSON.stringify(rates);
    for (const { client } of this.members) client.offerPresent('rates', this.lastRates);
    this.flush();
  }

  /**
   * A new listener; `lastEventId` is what it saw last before its connection broke. `end` is called when the feed closes, or when the
   * listener has read nothing for `STALLED_MS`. Errors: `OperationError` `live-full`.
   */
  join(write: Write, end: () => void, lastEventId: string | null): Listener {
    if (this.members.size >= LIVE_CLIENTS_MAX) {
      const text = `${LIVE_CLIENTS_MAX} clients listen already.`;
      throw new OperationError('failed', 'live-full', text, 'Close pages that nobody looks at, or poll instead.');
    }
    const { changes } = this;
    const sources = {
      idOf: (seq: number) => changes.idOf(seq),
      newest: () => changes.newest,
      incident: (id: string) => this.incident(id),
    };
    const client = new LiveClient(write, sources, this.options.now());
    if (lastEventId !== null) {
      const replay = changes.after(lastEventId);
      for (const change of replay.changes) client.offer(change);
      if (replay.missed !== 0) client.miss(replay.missed);
    }
    const status = this.status();
    if (status !== null) client.offerPresent('status', JSON.stringify(status));
    if (this.lastRates !== null) client.offerPresent('rates', this.lastRates);
    const member = { client, end };
    this.members.add(member);
    this.timer ??= setInterval(() => this.tick(), TICK_MS);
    return {
      writable: () => {
        client.writable();
        client.flush(this.options.now());
      },
      leave: () => this.leave(member),
    };
  }

  get size(): number {
    return this.members.size;
  }

  close(): void {
    for (const member of [...this.members]) this.dismiss(member);
  }

  private tick(): void {
    const now = this.options.now();
    for (const member of [...this.members]) if (member.client.stalled(now)) this.dismiss(member);
    this.tellStatus(now);
    for (const { client } of this.members) client.refill();
    this.flush();
  }

  /** When something of it has changed that people act on, and as a sign of life. */
  private tellStatus(now: number): void {
    const status = this.status();
    if (status === null) return;
    const news = newsOf(status);
    if (news === this.lastStatus.news && now - this.lastStatus.at < STATUS_EVERY_MS) return;
    this.lastStatus = { at: now, news };
    const json = JSON.stringify(status);
    for (const { client } of this.members) client.offerPresent('status', json);
  }

  private status(): StatusAnswer | null {
    try {
      return this.options.status();
    } catch {
      // The store is in trouble; the next second tries again.
      return null;
    }
  }

  private incident(id: string): string | null {
    try {
      const incident = this.options.store.incident(id);
      return incident === null ? null : JSON.stringify(incident);
    } catch {
      return null;
    }
  }

  private flush(): void {
    const now = this.options.now();
    for (const { client } of this.members) client.flush(now);
  }

  private dismiss(member: Member): void {
    this.leave(member);
    member.end();
  }

  private leave(member: Member): void {
    this.members.delete(member);
    if (this.members.size > 0 || this.timer === null) return;
    clearInterval(this.timer);
    this.timer = null;
  }
}

/** Totals that count up all the time are no news. */
function newsOf({ state, problems, mode, since, attacksOpen, blocked, store, policy, kernel }: StatusAnswer): string {
  const repairs = kernel?.repairs ?? 0;
  return JSON.stringify([state, problems, mode, since, attacksOpen, blocked, store.ok, policy.version, repairs]);
}
