/** All long lists of the table, and the addresses that are exempt from everything. Each list loads by itself: none waits for another. */
import { formatAddress, type Address } from '../core/base/address.ts';
import type { PackedRanges } from '../core/base/packed-ranges.ts';
import type { KernelLists, ListStep } from './kernel-lists.ts';
import { addressKeys } from './list-elements.ts';
import { LongList } from './long-list.ts';
import { counterName, FEED_PREFIX, LISTS } from './table.ts';

export interface ListContents {
  allow: PackedRanges;
  deny: PackedRanges;
  country: PackedRanges;
  feeds: { name: string; ranges: PackedRanges }[];
}

/** One list as the kernel holds it. */
export interface ListStanding {
  ranges: number;
  /** When the kernel last took its content, milliseconds since the epoch; null: not yet. */
  loadedAt: number | null;
  /** Share of a content that is on its way, 0 … 1; null: none is. */
  loading: number | null;
  /** Packets of its addresses that were dropped; of a watched feed, counted. The allowlist counts none. */
  packets: number;
}

export interface LongListsOptions {
  kernel: KernelLists;
  now: () => number;
  /** `list`: `allow`, `deny`, `country` or `feed_` and a feed's name. */
  onLoaded: (list: string, ranges: number, tookMs: number) => void;
}

export class LongLists {
  private readonly options: LongListsOptions;
  private readonly lists = new Map<string, LongList>();
  /** Of feeds that the table does not have (yet), too. */
  private readonly feedContents = new Map<string, PackedRanges>();
  private exempt: readonly Address[] = [];

  constructor(options: LongListsOptions) {
    this.options = options;
    for (const name of LISTS) this.lists.set(name, this.made(name));
  }

  /** Whole new content of the lists and feeds that are named. Resolves when the kernel holds all of it. */
  async set(contents: Partial<ListContents>): Promise<void> {
    const loads: Promise<void>[] = [];
    for (const name of LISTS) {
      const ranges = contents[name];
      if (ranges !== undefined) loads.push(this.lists.get(name)!.set(ranges));
    }
    for (const { name, ranges } of contents.feeds ?? []) {
      this.feedContents.set(name, ranges);
      const list = this.lists.get(FEED_PREFIX + name);
      if (list !== undefined) loads.push(list.set(ranges));
    }
    // All are waited for, also behind one that was refused.
    for (const load of await Promise.allSettled(loads)) if (load.status === 'rejected') throw load.reason;
  }

  setExempt(addresses: readonly Address[]): void {
    this.exempt = [...new Map(addresses.map((address) => [formatAddress(address), address])).values()];
    this.writeExempt();
  }

  /** The feeds that the table has from now on. */
  useFeeds(names: readonly string[]): void {
    for (const [key, list] of this.lists) {
      if (!key.startsWith(FEED_PREFIX) || names.includes(key.slice(FEED_PREFIX.length))) continue;
      list.stop();
      this.lists.delete(key);
      this.feedContents.delete(key.slice(FEED_PREFIX.length));
    }
    for (const name of names) {
      if (this.lists.has(FEED_PREFIX + name)) continue;
      const list = this.made(FEED_PREFIX + name);
      this.lists.set(list.name, list);
      const content = this.feedContents.get(name);
      // A refusal is told to whoever sets its content again.
      if (content !== undefined) list.set(content).catch(() => {});
    }
  }

  /** The table is new, or was there before us: everything is loaded again. */
  distrust(): void {
    this.writeExempt();
    for (const list of this.lists.values()) list.distrust();
  }

  /** Names of the lists that somebody changed; they are being loaded again. */
  repair(): string[] {
    const changed: string[] = [];
    for (const list of this.lists.values()) {
      if (list.intact()) continue;
      list.distrust();
      changed.push(list.name);
    }
    for (const v4 of [true, false]) {
      const set = exemptSet(v4);
      const { keys, count } = addressKeys(this.exempt, v4);
      const width = v4 ? 1 : 4;
      const held = this.options.kernel.count(set);
      let same = held === null || held === count;
      for (let i = 0; i < count && same; i++) same = this.options.kernel.has(set, v4, keys, i * width);
      if (same) continue;
      this.writeExempt();
      changed.push('exempt');
    }
    return changed;
  }

  standing(): { [list: string]: ListStanding } {
    const standings: { [list: string]: ListStanding } = {};
    for (const [name, { ranges, loadedAt, loading }] of this.lists) {
      standings[name] = { ranges, loadedAt, loading, packets: this.options.kernel.packets(counterName(name)) };
    }
    return standings;
  }

  stop(): void {
    for (const list of this.lists.values()) list.stop();
  }

  private made(name: string): LongList {
    const { kernel, now, onLoaded } = this.options;
    return new LongList({ name, kernel, now, onLoaded: (ranges, tookMs) => onLoaded(name, ranges, tookMs) });
  }

  private writeExempt(): void {
    const steps = [true, false].flatMap((v4): ListStep[] => [
      { do: 'empty', set: exemptSet(v4) },
      { do: 'add', set: exemptSet(v4), v4, ...addressKeys(this.exempt, v4) },
    ]);
    this.options.kernel.edit(steps);
  }
}

const exemptSet = (v4: boolean): string => (v4 ? 'exempt4' : 'exempt6');
