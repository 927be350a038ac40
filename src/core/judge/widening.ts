/**
 * When a block may cover the network around a source. The rule, in the order in which it is asked: the policy allows a network of this
 * length; beyond a /64 of IPv6 not too many were blocked within the last hour; no address in it is allowlisted, this machine's or its
 * gateway's; and nobody in it ever got in. That the network is hostile at all is the detector's evidence.
 */
import { isV4, prefixRange, type AddressRange } from '../base/address.ts';
import { isLine } from '../base/lines.ts';
import type { WidenPolicy } from '../base/policy.ts';
import type { Target } from '../base/target.ts';
import type { Lists } from './lists.ts';

const HOUR_MS = 3_600_000;

export class Widening {
  /** When networks were blocked, oldest first; the policy bounds how many. */
  private blockedAt: number[] = [];

  may(
    network: Target,
    now: number,
    policy: WidenPolicy,
    lists: Lists,
    knownWithin: (range: AddressRange) => boolean,
  ): boolean {
    const shortest = isV4(network) ? policy.bits4 : policy.bits6;
    if (network.bits === undefined || shortest === null || network.bits < shortest) return false;
    if (!isLine(network) && this.blockedSince(now - HOUR_MS) >= policy.networksPerHour) return false;
    const range = prefixRange(network, network.bits);
    return !lists.spares(range) && !knownWithin(range);
  }

  /** The network is blocked from now on. */
  took(network: Target, now: number): void {
    if (!isLine(network)) this.blockedAt.push(now);
  }

  private blockedSince(since: number): number {
    this.blockedAt = this.blockedAt.filter((at) => at > since);
    return this.blockedAt.length;
  }
}
