/** What the kernel should hold: the guard's own account of blocks, denials and lists, against which the kernel is checked. */
import type { Address } from '../core/base/address.ts';
import { formatTarget, type Target } from '../core/base/target.ts';
import type { ListContents } from './long-lists.ts';

export interface Wanted {
  target: Target;
  /** Milliseconds since the epoch, as the kernel last told it (it extends blocks by itself); null: for ever. */
  until: number | null;
  /** Packets dropped, by the kernel's counter when it was last read. */
  packets: number;
}

export type WantedSet = 'block' | 'deny';
/** These end unseen, and are nobody's to adopt while the guard runs. */
export const UNSEEN_SETS = ['brief', 'limit', 'trusted', 'known'] as const;
export type RestoredSet = WantedSet | (typeof UNSEEN_SETS)[number];

export class Desired {
  /** By `formatTarget`. */
  readonly block = new Map<string, Wanted>();
  readonly deny = new Map<string, Wanted>();
  /** Marks of those of `block` that nothing prolongs. */
  readonly brief = new Map<string, Wanted>();
  readonly limit = new Map<string, Wanted>();
  readonly trusted = new Map<string, Wanted>();
  readonly known = new Map<string, Wanted>();
  /** For the start; later they come by `setLongLists`. Of a list that is not named what a crash left stays. */
  lists: Partial<ListContents> = {};
  /** This machine's addresses and its gateways: never blocked. */
  exempt: readonly Address[] = [];

  /** An element that is wanted already keeps its packets; `packets` is what a new one's counter goes on from. */
  want(set: RestoredSet, target: Target, until: number | null, packets = 0): void {
    const key = formatTarget(target);
    const before = this[set].get(key);
    if (before === undefined) this[set].set(key, { target, until, packets });
    else before.until = until;
  }

  forget(set: RestoredSet, target: Target): boolean {
    return this[set].delete(formatTarget(target));
  }

  forgetEnded(now: number): void {
    for (const set of UNSEEN_SETS)
      for (const [key, { until }] of this[set]) if (until !== null && until <= now) this[set].delete(key);
  }
}
