/** Watches the budgets of the way in: what was above them, and when a flood began and ended. */
import type { WayInHealth } from '../channel/protocol.ts';
import type { ListElements } from '../enforce/list-elements.ts';
import { BUDGETS, budgetCounter, type Budget } from '../enforce/table.ts';

/** Above the budgets within one look (two seconds): fewer are a burst of phones that come back, and no flood. */
const FLOOD_PACKETS = 200;
/** So long without: it is over. */
const QUIET_MS = 30_000;

const SHARES: Record<Budget, string> = {
  source: 'of single strangers',
  network: 'of networks of strangers',
  total: 'of all strangers together',
  known: 'of addresses with phones',
  trusted: 'of registered phones',
};

export interface WayInEvent {
  level: 'info' | 'warning';
  code: 'way-in-flooded' | 'way-in-quiet';
  text: string;
}

export class WayInWatch {
  private readonly counts: Record<Budget, number> = { source: 0, network: 0, total: 0, known: 0, trusted: 0 };
  private readonly before = new Map<Budget, number>();
  private since: number | null = null;
  private last = 0;
  private flood = 0;

  /** What there is to tell. `read`: packets by the kernel's counter; it begins at 0 again with a new table. */
  look(read: (counter: string) => number, now: number): WayInEvent | null {
    const grown = new Map<Budget, number>();
    for (const budget of BUDGETS) {
      const packets = read(budgetCounter(budget));
      const before = this.before.get(budget);
      this.before.set(budget, packets);
      // What the counter held before our first look was told by the guard before us.
      const more = before === undefined ? 0 : packets < before ? packets : packets - before;
      this.counts[budget] += more;
      if (more > 0) grown.set(budget, more);
    }
    const sum = [...grown.values()].reduce((all, more) => all + more, 0);
    if (this.since !== null) this.flood += sum;
    if (sum >= FLOOD_PACKETS) this.last = now;
    if (sum >= FLOOD_PACKETS && this.since === null) return this.began(grown, sum, now);
    return this.since !== null && now - this.last >= QUIET_MS ? this.ended(this.since) : null;
  }

  /** By the kernel's own counters. */
  watch(kernel: ListElements, now: number): WayInEvent | null {
    try {
      return this.look((counter) => kernel.packets(counter), now);
    } catch {
      // Somebody has taken the table away: the reconciler tells.
      return null;
    }
  }

  health(): WayInHealth {
    return { over: { ...this.counts }, since: this.since };
  }

  private began(grown: Map<Budget, number>, sum: number, now: number): WayInEvent {
    this.since = now;
    this.flood = sum;
    const [[budget]] = [...grown].sort(([, a], [, b]) => b - a);
    const text = `A flood at the SIP ports: more packets come than the way in admits (${sum} over the budget within a moment, most of them over the share ${SHARES[budget]}). Registered phones get in first.`;
    return { level: 'warning', code: 'way-in-flooded', text };
  }

  private ended(since: number): WayInEvent {
    const seconds = Math.round((this.last - since) / 1000);
    this.since = null;
    const text = `The flood at the SIP ports is over: it lasted ${Math.max(1, seconds)} s, ${this.flood} packets were over the budget.`;
    this.flood = 0;
    return { level: 'info', code: 'way-in-quiet', text };
  }
}
