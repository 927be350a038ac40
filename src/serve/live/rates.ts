/** Speeds out of the guard's totals, which come once a second. */
import type { GuardHealth } from '../../channel/protocol.ts';
import type { LiveEventOf } from '../api/live.ts';

/** The guard reads the kernel's counters every two seconds: a mean over two readings does not jump. */
const DROPS_WINDOW_MS = 4000;

interface Totals {
  at: number;
  requests: number;
  dropped: number;
}

export class Rates {
  private seen: Totals[] = [];

  /** Null: the first report after a start says nothing about speed. */
  take(health: GuardHealth): LiveEventOf<'rates'> | null {
    const { at } = health;
    const last = this.seen.at(-1);
    const now: Totals = { at, requests: health.sip.requests, dropped: droppedPackets(health) };
    // A guard that has started anew counts from 0; a deleted feed takes its count with it.
    if (last && (at <= last.at || now.requests < last.requests || now.dropped < last.dropped)) this.seen = [];
    this.seen = [...this.seen.filter((one) => one.at >= at - DROPS_WINDOW_MS), now];
    const [first] = this.seen;
    const before = this.seen.at(-2);
    if (!before) return null;
    return {
      at,
      requestsPerSecond: perSecond(now.requests - before.requests, at - before.at),
      dropsPerSecond: perSecond(now.dropped - first.dropped, at - first.at),
      attacksOpen: health.tables.incidentsOpen,
    };
  }
}

/** Packets that the kernel has dropped since the guard's start: by blocks, by the denylist, by country. Feeds may only watch, so they are left out. */
export function droppedPackets({ dropped, lists }: GuardHealth): number {
  return dropped + lists.deny.packets + lists.country.packets;
}

function perSecond(count: number, ms: number): number {
  return Math.round((count * 10_000) / ms) / 10;
}
