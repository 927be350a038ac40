/** Who is never blocked, and who always is: the administrator's lists and this machine's own addresses. */
import type { Address, AddressRange } from '../base/address.ts';
import { RangeSet } from '../base/ranges.ts';
import type { JudgeReason } from './verdict.ts';

export interface ListsInput {
  allow: AddressRange[];
  deny: AddressRange[];
  /** Addresses of this machine, and its default gateways. */
  own: Address[];
  gateways: Address[];
}

export class Lists {
  private readonly allow: RangeSet;
  private readonly deny: RangeSet;
  private readonly own: RangeSet;
  private readonly gateways: RangeSet;

  constructor(input: ListsInput) {
    const exactly = (addresses: Address[]) => addresses.map((address) => ({ first: address, last: address }));
    this.allow = new RangeSet(input.allow);
    this.deny = new RangeSet(input.deny);
    this.own = new RangeSet(exactly(input.own));
    this.gateways = new RangeSet(exactly(input.gateways));
  }

  /** Why an address may never be blocked; null when it may. The allowlist comes first and always. */
  exemption(address: Address): JudgeReason | null {
    if (this.allow.has(address)) return 'allowlisted';
    if (this.own.has(address)) return 'own-address';
    if (this.gateways.has(address)) return 'default-gateway';
    return null;
  }

  denied(address: Address): boolean {
    return this.deny.has(address) && this.exemption(address) === null;
  }
}
