/** What the kernel should hold: the guard's own account of blocks, denials and lists, against which the kernel is checked. */
import { formatAddress, type Address, type AddressRange } from '../core/base/address.ts';

export interface Wanted {
  address: Address;
  /** Milliseconds since the epoch, as the kernel last told it (it extends blocks by itself); null: for ever. */
  until: number | null;
  /** Packets dropped, by the kernel's counter when it was last read. */
  packets: number;
}

export type WantedSet = 'block' | 'deny';

export class Desired {
  /** By `formatAddress`. */
  readonly block = new Map<string, Wanted>();
  readonly deny = new Map<string, Wanted>();
  allow: readonly AddressRange[] = [];
  denynet: readonly AddressRange[] = [];

  /** An element that is wanted already keeps its packets; `packets` is what a new one's counter goes on from. */
  want(set: WantedSet, address: Address, until: number | null, packets = 0): void {
    const key = formatAddress(address);
    const before = this[set].get(key);
    if (before === undefined) this[set].set(key, { address, until, packets });
    else before.until = until;
  }

  forget(set: WantedSet, address: Address): boolean {
    return this[set].delete(formatAddress(address));
  }
}
