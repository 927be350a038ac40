/** Who is never blocked, and who always is: the administrator's lists and this machine's own addresses. */
import type { Address, AddressRange } from '../base/address.ts';
import { holds, holdsAnyOf, packRanges, type PackedRanges } from '../base/packed-ranges.ts';
import type { JudgeReason } from './verdict.ts';

export interface ListsInput {
  allow: PackedRanges;
  deny: PackedRanges;
  /** Addresses of this machine, and its default gateways. */
  own: Address[];
  gateways: Address[];
}

export class Lists {
  private readonly allow: PackedRanges;
  private readonly deny: PackedRanges;
  private readonly own: PackedRanges;
  private readonly gateways: PackedRanges;

  constructor(input: ListsInput) {
    const exactly = (addresses: Address[]) => addresses.map((address) => ({ first: address, last: address }));
    this.allow = input.allow;
    this.deny = input.deny;
    this.own = packRanges(exactly(input.own));
    this.gateways = packRanges(exactly(input.gateways));
  }

  /** Why an address may never be blocked; null when it may. The allowlist comes first and always. */
  exemption(address: Address): JudgeReason | null {
    if (holds(this.allow, address)) return 'allowlisted';
    if (holds(this.own, address)) return 'own-address';
    if (holds(this.gateways, address)) return 'default-gateway';
    return null;
  }

  /** Whether a range holds an address that may never be blocked. */
  spares(range: AddressRange): boolean {
    return [this.allow, this.own, this.gateways].some((list) => holdsAnyOf(list, range));
  }

  denied(address: Address): boolean {
    return holds(this.deny, address) && this.exemption(address) === null;
  }
}
