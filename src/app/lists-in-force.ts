/**
 * Allowlist, denylist, countries and feeds in the guard: a change goes to the disk, then into the kernel, then to the sensor.
 *
 * Invariant: what is in force in the kernel is on the disk, so that a guard that dies at any moment comes back with it.
 */
import { formatAddress, type Address } from '../core/base/address.ts';
import { addressOfTarget, scopeOf } from '../core/base/target.ts';
import { countRanges, holds, subtract, union, unpackRanges, type PackedRanges } from '../core/base/packed-ranges.ts';
import type { GuardHealth, ListHealth, ListKey, RangeEdit, RangeOrders, RangesAnswer } from '../channel/protocol.ts';
import { LIFTED_NAMED_MAX } from '../channel/protocol.ts';
import type { ListStanding } from '../enforce/long-lists.ts';
import type { Reconciler } from '../enforce/reconcile.ts';
import { FEED_PREFIX } from '../enforce/table.ts';
import { GuardError } from './guard-error.ts';
import { Pace } from './pace.ts';
import type { SensorLink } from './sensor-link.ts';
import { withChanges, type Standing } from './standing.ts';

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

export class ListsInForce {
  private readonly parts: Parts;
  private readonly pace = new Pace();
  /** What is on the disk: what is in force, and what is on its way there. */
  private ahead: RangeOrders;
  private unsavedSince: string | null = null;
  /** What the console calls the content that stands; void as soon as something else does. */
  private readonly versions = new Map<ListKey, { version: number; ranges: PackedRanges }>();

  constructor(parts: Parts) {
    this.parts = parts;
    this.ahead = parts.standing.ranges;
  }

  /** Whatever is in force goes to the disk, and what is not needed there goes. */
  keep(): void {
    this.save();
    this.parts.standing.tidyLists();
  }

  /** Rejects with `other-base` when the list is not the one that the edit was made from. */
  async edit({ list, base, gone, come }: RangeEdit, version: number): Promise<RangesAnswer> {
    const { ranges } = this.parts.standing;
    const before = contentOf(ranges, list);
    const known = this.versions.get(list);
    if (before === null || known?.version !== base || known.ranges !== before) {
      throw new GuardError('other-base', `The list ${list} is not the one that the change was made from.`);
    }
    return this.bringIn(changeOf(list, union(subtract(before, gone), come)), version);
  }

  /** Rejects when the kernel refuses a list: that list and those behind it are as they were before. */
  async bringIn(changes: Partial<RangeOrders>, version: number | null = null): Promise<RangesAnswer> {
    const { standing } = this.parts;
    const answer: RangesAnswer = { lifted: [], liftedCount: 0 };
    const { allow, deny, country, feeds } = standing.taken(changes);
    // The allowlist first: from there on nothing that is added can hurt it.
    const before = await this.replace('allow', allow);
    if (before) await this.liftCovered(subtract(allow, before), answer);
    await this.replace('deny', deny);
    await this.replace('country', country);
    for (const { name, ranges } of feeds) await this.replace(`feed.${name}`, ranges);
    if (version !== null) this.name(changes, version);
    return answer;
  }

  /** The policy has other feeds: those that it has no more are forgotten. */
  usePolicy(): void {
    const { standing } = this.parts;
    const feeds = standing.ranges.feeds.map(
      ({ name, ranges }) => this.ahead.feeds.find((one) => one.name === name) ?? { name, ranges },
    );
    this.ahead = { ...this.ahead, feeds };
    this.keep();
  }

  health(): GuardHealth['lists'] {
    const { standing, reconciler } = this.parts;
    const { allow, deny, country, feeds } = standing.ranges;
    const found = inKernel(reconciler);
    const of = (name: string, ranges: PackedRanges): ListHealth => {
      const { loadedAt = null, loading = null, packets = 0 } = found[name] ?? {};
      return { ranges: countRanges(ranges), loadedAt, loading, packets };
    };
    return {
      ...{ allow: of('allow', allow), deny: of('deny', deny), country: of('country', country) },
      feeds: feeds.map(({ name, ranges }) => ({ name, ...of(FEED_PREFIX + name, ranges) })),
    };
  }

  private name({ feeds = [], ...lists }: Partial<RangeOrders>, version: number): void {
    const named = [...Object.keys(lists), ...feeds.map(({ name }) => `feed.${name}`)] as ListKey[];
    for (const list of named) {
      const ranges = contentOf(this.parts.standing.ranges, list);
      if (ranges !== null) this.versions.set(list, { version, ranges });
    }
  }

  /** What was in force before; null when nothing had to be done. */
  private async replace(list: ListKey, wanted: PackedRanges): Promise<PackedRanges | null> {
    const { standing, reconciler, sensor } = this.parts;
    const before = contentOf(standing.ranges, list);
    if (before === null || before === wanted) return null;
    this.ahead = withChanges(this.ahead, changeOf(list, wanted));
    this.save();
    try {
      await reconciler.setLongLists(changeOf(list, wanted));
    } catch (error) {
      this.ahead = withChanges(this.ahead, changeOf(list, before));
      this.save();
      throw error;
    }
    standing.ranges = withChanges(standing.ranges, changeOf(list, wanted));
    standing.tidyLists();
    if (list === 'allow' || list === 'deny') sensor.send({ command: 'lists', [list]: wanted });
    return before;
  }

  /** A full disk takes nothing from protection: it is said once, and every later change tries again. */
  private save(): void {
    const problem = this.parts.standing.saveLists(this.ahead);
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
    const { reconciler, standing } = this.parts;
    const { block, deny } = reconciler.desired;
    const covered = new Map<string, Address>();
    const few = fewAddresses(ranges);
    const isBlocked = (text: string) =>
      [block, deny].some((set) => set.has(text)) || standing.account.phonesOf(text).length > 0;
    if (few !== null) return few.filter((address) => isBlocked(formatAddress(address)));
    for (const set of [block, deny]) {
      for (const { target } of set.values()) {
        // A network's block never bites on an allowlisted address, and goes on for the others.
        if (scopeOf(target) !== 'network' && holds(ranges, target)) {
          const address = addressOfTarget(target);
          covered.set(formatAddress(address), address);
        }
        if (this.pace.tired) await this.pace.rest();
      }
    }
    return [...covered.values()];
  }
}

/** Nothing while somebody has taken the table away. */
function inKernel(reconciler: Reconciler): { [list: string]: ListStanding } {
  try {
    return reconciler.listStanding();
  } catch {
    return {};
  }
}

function contentOf(ranges: RangeOrders, list: ListKey): PackedRanges | null {
  if (list === 'allow' || list === 'deny' || list === 'country') return ranges[list];
  return ranges.feeds.find(({ name }) => `feed.${name}` === list)?.ranges ?? null;
}

function changeOf(list: ListKey, ranges: PackedRanges): Partial<RangeOrders> {
  if (list === 'allow' || list === 'deny' || list === 'country') return { [list]: ranges };
  return { feeds: [{ name: list.slice('feed.'.length), ranges }] };
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
