/** What the guard goes by at this moment: policy, lists, who is blocked, which addresses are its own. Survives in `last-good.json`. */
import type { AddressRange } from '../core/base/address.ts';
import { parseAddress } from '../core/base/address.ts';
import { unpackRanges, type PackedRanges } from '../core/base/packed-ranges.ts';
import type { Policy } from '../core/base/policy.ts';
import type { Orders } from '../channel/protocol.ts';
import { Desired } from '../enforce/desired.ts';
import { renderRuleset } from '../enforce/ruleset.ts';
import { compilePolicy } from '../policy/compile.ts';
import { BlockAccount, setOf } from './block-account.ts';
import { readHostAddresses, sameAddresses, type HostAddresses } from './host-addresses.ts';
import { writeLastGood } from './last-good.ts';

/** NFLOG groups are 16 bits wide; this one is nobody's default. */
export const NFLOG_GROUP = 5060;

export class Standing {
  orders: Orders;
  policy: Policy;
  account: BlockAccount;
  host: HostAddresses = readHostAddresses();
  /** Something changed that the next start must know. */
  unsaved = false;
  private readonly directory: string;

  constructor(directory: string, orders: Orders) {
    this.directory = directory;
    this.orders = orders;
    this.policy = compilePolicy(orders.policy);
    this.account = new BlockAccount(orders.blocks, orders.blockHistory);
  }

  /** Policy and lists; blocks are the guard's own business once it runs. */
  take(orders: Orders, policy: Policy): void {
    this.orders = orders;
    this.policy = policy;
    this.unsaved = true;
  }

  ruleset(policy = this.policy): string {
    return renderRuleset(policy, { nflogGroup: NFLOG_GROUP });
  }

  get allow(): PackedRanges {
    return this.orders.ranges.allow;
  }

  get deny(): PackedRanges {
    return this.orders.ranges.deny;
  }

  /** What the kernel never drops: the allowlist, this machine itself and its default gateways, whatever a denied range covers. */
  exempt(allow = this.allow): AddressRange[] {
    const exactly = [...this.host.own, ...this.host.gateways].map((address) => ({ first: address, last: address }));
    return [...unpackRanges(allow), ...exactly];
  }

  /** What the kernel should hold at the start. */
  desired(now: number): Desired {
    const desired = new Desired();
    desired.allow = this.exempt();
    desired.denynet = [...unpackRanges(this.deny)];
    for (const block of this.account.all()) {
      const address = parseAddress(block.address);
      if (address && (block.until === null || block.until > now))
        desired.want(setOf(block), address, block.until, block.dropped);
      // It ended while nobody watched. The kernel may have extended it: then it is adopted anew.
      else this.account.ended(setOf(block), block.address);
    }
    return desired;
  }

  /** True when the machine's addresses have changed. */
  readHost(): boolean {
    const host = readHostAddresses();
    if (sameAddresses(host, this.host)) return false;
    this.host = host;
    return true;
  }

  save(): void {
    if (!this.unsaved) return;
    const blocks = this.account.all();
    const problem = writeLastGood(this.directory, {
      ...this.orders,
      blocks,
      blockHistory: this.account.histories(),
    });
    // A full disk: the older copy stays, the next time tries again; the console reports the disk.
    this.unsaved = problem !== null;
  }
}
