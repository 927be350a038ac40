/**
 * Allowlist, denylist, countries and feeds in the guard: a change goes to the disk, then into the kernel, then to the sensor.
 *
 * Invariant: what is in force in the kernel is on the disk, so that a guard that dies at any moment comes back with it.
 */
import { formatAddress, type Address } from '../core/base/address.ts';
import { countRanges, holds, subtract, unpackRanges, type PackedRanges } from '../core/base/packed-ranges.ts';
import type { GuardHealth, ListHealth, RangeOrders, RangesAnswer } from '../channel/protocol.ts';
import { LIFTED_NAMED_MAX } from '../channel/protocol.ts';
import type { Reconciler } from '../enforce/reconcile.ts';
import type { ListKey } from './list-copies.ts';
import { Pace } from './pace.ts';
import type { SensorLink } from './sensor-link.ts';
import type { Standing } from './standing.ts';

/** So many addresses are looked up one by one; more are looked for among the blocks. */
const LOOKED_UP_MAX = 256;

interface Parts {
  standing: Standing;
  reconciler: Reconciler;
  sensor: SensorLink;
  /** Takes a block out of the kernel and every account of it. */
  lift: (address: Address) => Promise<unknown>;
  event: (level: 'warning', code: string, text: string) => void;
}

export class LongLists {
  private readonly parts: Parts;
  private readonly loadedAt = new Map<ListKey, number>();
  private readonly pace = new Pace();
  private unsavedSince: string | null = null;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Rejects when the kernel refuses a list: that list and those behind it are as they were before. */
  async bringIn(changes: Partial<RangeOrders>): Promise<RangesAnswer> {
    const { standing } = this.parts;
    const answer: RangesAnswer = { lifted: [], liftedCount: 0 };
    const { allow, deny, country, feeds } = standing.merged(changes);
    // The allowlist first: from there on nothing that is added can hurt it.
    const before = await this.replace('allow', allow, (ranges) => ({ allow: ranges }));
    if (before) await this.liftCovered(subtract(allow, before), answer);
    await this.replace('deny', deny, (ranges) => ({ deny: ranges }));
    await this.replace('country', country, (ranges) => ({ country: ranges }));
    for (const { name, ranges } of feeds) {
      const change = (content: PackedRanges) => ({ feeds: withFeed(standing.ranges, name, content) });
      await this.replace(`feed.${name}`, ranges, change);
    }
    return answer;
  }

  health(): GuardHealth['lists'] {
    const { ranges } = this.parts.standing;
    const { allow, deny, country, feeds } = ranges;
    return {
      allow: this.healthOf('allow', allow),
      deny: this.healthOf('deny', deny),
      country: this.healthOf('country', country),
      feeds: feeds.map((feed) => ({ name: feed.name, ...this.healthOf(`feed.${feed.name}`, feed.ranges) })),
    };
  }

  /** What was in force before; null when nothing had to be done. */
  private async replace(
    list: ListKey,
    wanted: PackedRanges,
    change: (ranges: PackedRanges) => Partial<RangeOrders>,
  ): Promise<PackedRanges | null> {
    const { standing, sensor } = this.parts;
    const before = contentOf(standing.ranges, list);
    if (before === null || before === wanted) return null;
    this.save({ ...standing.ranges, ...change(wanted) });
    try {
      await this.load(list, wanted);
    } catch (error) {
      this.save(standing.ranges);
      throw error;
    }
    standing.ranges = { ...standing.ranges, ...change(wanted) };
    this.loadedAt.set(list, Date.now());
    standing.tidyLists();
    if (list === 'allow' || list === 'deny') sensor.send({ command: 'lists', [list]: wanted });
    return before;
  }

  private async load(list: ListKey, ranges: PackedRanges): Promise<void> {
    const { standing, reconciler } = this.parts;
    if (list === 'allow') await reconciler.setRanges('allow', standing.exempt(ranges));
    if (list === 'deny') await reconciler.setRanges('denynet', [...unpackRanges(ranges)]);
  }

  /** A full disk takes nothing from protection: it is said once, and every later change tries again. */
  private save(ranges: RangeOrders): void {
    const problem = this.parts.standing.saveLists(ranges);
    if (problem !== null && problem !== this.unsavedSince) {
      const text = `The guard's copy of the lists could not be written (${problem}); they are in force all the same.`;
      this.parts.event('warning', 'last-good-failed', text);
    }
    this.unsavedSince = problem;
  }

  /** Whoever must never be blocked is not blocked now either. Those that are not named in the answer may follow it. */
  private async liftCovered(added: PackedRanges, answer: RangesAnswer): Promise<void> {
    if (countRanges(added) === 0) return;
    const covered = await this.blockedIn(added);
    answer.liftedCount = covered.length;
    answer.lifted = covered.slice(0, LIFTED_NAMED_MAX).map(formatAddress);
    await this.liftAll(covered.slice(0, LIFTED_NAMED_MAX));
    void this.liftAll(covered.slice(LIFTED_NAMED_MAX));
  }

  private async liftAll(addresses: Address[]): Promise<void> {
    for (const address of addresses) {
      try {
        await this.parts.lift(address);
      } catch (error) {
        const text = `A block that the allowlist covers could not be lifted: ${(error as Error).message}`;
        return this.parts.event('warning', 'lift-failed', text);
      }
      if (this.pace.tired) await this.pace.rest();
    }
  }

  private async blockedIn(ranges: PackedRanges): Promise<Address[]> {
    const { block, deny } = this.parts.reconciler.desired;
    const covered = new Map<string, Address>();
    const few = fewAddresses(ranges);
    if (few !== null) return few.filter((address) => [block, deny].some((set) => set.has(formatAddress(address))));
    for (const set of [block, deny]) {
      for (const [key, { address }] of set) {
        if (holds(ranges, address)) covered.set(key, address);
        if (this.pace.tired) await this.pace.rest();
      }
    }
    return [...covered.values()];
  }

  private healthOf(list: ListKey, ranges: PackedRanges): ListHealth {
    return { ranges: countRanges(ranges), loadedAt: this.loadedAt.get(list) ?? null, loading: null, packets: 0 };
  }
}

function contentOf(ranges: RangeOrders, list: ListKey): PackedRanges | null {
  if (list === 'allow' || list === 'deny' || list === 'country') return ranges[list];
  return ranges.feeds.find(({ name }) => `feed.${name}` === list)?.ranges ?? null;
}

function withFeed({ feeds }: RangeOrders, name: string, ranges: PackedRanges): RangeOrders['feeds'] {
  return feeds.map((feed) => (feed.name === name ? { name, ranges } : feed));
}

/** Null when they are more than `LOOKED_UP_MAX`. */
function fewAddresses(ranges: PackedRanges): Address[] | null {
  const addresses: Address[] = [];
  for (const { first, last } of unpackRanges(ranges)) {
    const sameWords = first.w0 === last.w0 && first.w1 === last.w1 && first.w2 === last.w2;
    if (!sameWords || last.w3 - first.w3 + addresses.length >= LOOKED_UP_MAX) return null;
    for (let w3 = first.w3; w3 <= last.w3; w3++) addresses.push({ ...first, w3 });
  }
  return addresses;
}
