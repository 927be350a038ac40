/** What the kernel should hold: the guard's own account of blocks, denials and lists, against which the kernel is checked. */
import { formatAddress, type Address } from '../core/base/address.ts';
import type { ListContents } from './long-lists.ts';

export interface Wanted {
  address: Address;
  /** Milliseconds since the epoch, as the kernel last told it (it extends blocks by itself); null: for ever. */
  until: number | null;
  /** Packets dropped, by the kernel's counter when it was last read. */
  packets: number;
}

export type WantedSet = 'block' | 'deny';
/** A limit ends unseen, and is nobody's to adopt: it is only put back when the table was lost. */
export type RestoredSet = WantedSet | 'limit';

export class Desired {
  /** By `formatAddress`. */
  readonly block = new Map<string, Wanted>();
  readonly deny = new Map<string, Wanted>();
  readonly limit = new Map<string, Wanted>();
  /** For the start; later they come by `setLongLists`. Of a list that is not named what a crash left stays. */
  lists: Partial<ListContents> = {};
  /** This machine's addresses and its gateways: never blocked. */
  exempt: readonly Address[] = [];

  /** An element that is wanted already keeps its packets; `packets` is what a new one's counter goes on from. */
  want(set: RestoredSet, address: Address, until: number | null, packets = 0): void {
    const key = formatAddress(address);
    const before = this[set].get(key);
    if (before === undefined) this[set].set(key, { address, until, packets });
    else before.until = until;
  }

  forget(set: RestoredSet, address: Address): boolean {
    return this[set].delete(formatAddress(address));
  }

  forgetEndedLimits(now: number): void {
    for (const [key, { until }] of this.limit) if (until !== null && until <= now) this.limit.delete(key);
  }
}
