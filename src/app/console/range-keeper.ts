/**
 * Keeps the long lists in force: composes each from where it comes from – the store, host names of the allowlist, feeds, country
 * data – and brings what changed to the guard. Entries that have an end leave on time.
 */
import type { GuardRequest, ListKey, RangeOrders, RangesAnswer } from '../../channel/protocol.ts';
import { NO_RANGES, packRanges, union, type PackedRanges } from '../../core/base/packed-ranges.ts';
import type { Address } from '../../core/base/address.ts';
import type { FeedEntry } from '../../feeds/feeds.ts';
import type { PolicyDocument } from '../../policy/schema.ts';
import type { RangesLink } from '../../serve/context.ts';
import type { GuardLink } from '../../serve/guard-link.ts';
import type { Store } from '../../store/store.ts';
import { RangeLane } from './range-lane.ts';

/** Node's timers count in 32 bits; waking early is harmless. */
const TIMER_MAX_MS = 2 ** 31 - 1;
const RETRY_MS = 1_000;

export interface RangeSources {
  store: Pick<Store, 'packed' | 'hostNames' | 'listNextEnd' | 'listExpire'>;
  hostNames: { use(names: readonly string[]): void; addresses(): Map<string, Address[]> };
  feeds: { use(feeds: readonly FeedEntry[]): void; ranges(): { name: string; ranges: PackedRanges }[] };
  /** `ready` false: no data are loaded, and nobody knows who is to be blocked. */
  countries: {
    ready(): boolean;
    blocked(rule: PolicyDocument['countries']): PackedRanges;
    use(data: PolicyDocument['countries']['data']): Promise<void>;
  };
  guard: Pick<GuardLink, 'ask'>;
  /** Milliseconds since the epoch. */
  now: () => number;
  event: (level: 'info' | 'warning', code: string, text: string) => void;
}

export class RangeKeeper implements RangesLink {
  private readonly sources: RangeSources;
  private readonly allow: RangeLane;
  private readonly deny: RangeLane;
  private readonly country: RangeLane;
  private readonly feeds = new Map<string, RangeLane>();
  private policy: PolicyDocument;
  private endTimer: NodeJS.Timeout | null = null;
  private endTrouble = false;
  private closed = false;
  /** The allowlist as it was last put together: a million entries and a few names are joined once. */
  private joined: { list: PackedRanges; names: string; ranges: PackedRanges } | null = null;

  constructor(sources: RangeSources, policy: PolicyDocument) {
    this.sources = sources;
    this.policy = policy;
    this.allow = this.lane(
      'allow',
      'the allowlist',
      () => this.allowed(),
      (ranges) => ({ allow: ranges }),
    );
    this.deny = this.lane(
      'deny',
      'the denylist',
      () => sources.store.packed('deny'),
      (ranges) => ({ deny: ranges }),
    );
    this.country = this.lane(
      'country',
      'the blocked countries',
      () => this.blocked(),
      (ranges) => ({ country: ranges }),
    );
  }

  /** Begins; the answer is what is known at this moment, for the orders that the guard starts from. */
  begin(): Partial<RangeOrders> {
    const { store, hostNames } = this.sources;
    this.expire();
    hostNames.use(store.hostNames());
    this.useFeeds();
    const feeds = this.sources.feeds.ranges();
    for (const { name, ranges } of feeds) this.feeds.get(name)?.begin(ranges);
    const [allow, deny, country] = [this.allowed(), store.packed('deny'), this.blocked()];
    this.allow.begin(allow);
    this.deny.begin(deny);
    if (country) this.country.begin(country);
    return { allow, deny, feeds, ...(country && { country }) };
  }

  /** The guard goes by this policy now. Resolves when its feeds and countries are in force, or after the first failure to bring them in. */
  async use(policy: PolicyDocument): Promise<void> {
    const before = this.policy;
    this.policy = policy;
    this.useFeeds();
    const changed = [...this.feeds.values()];
    if (JSON.stringify(policy.countries) !== JSON.stringify(before.countries)) changed.push(this.country);
    // New data may take minutes; they come into force by themselves.
    void this.sources.countries.use(policy.countries.data);
    await Promise.all(changed.map((lane) => lane.now().catch(() => {})));
  }

  /**
   * Resolves when the kernel holds the list as the store has it now, and says which blocks were lifted for it. Rejects with
   * `GuardRefusal`; then the kernel has what it had before.
   */
  async bringIntoForce(list: 'allow' | 'deny'): Promise<RangesAnswer> {
    if (list === 'allow') this.sources.hostNames.use(this.sources.store.hostNames());
    this.planEnd();
    return (list === 'allow' ? this.allow : this.deny).now();
  }

  /** Resolves when the kernel holds what these feeds list now. Rejects with `GuardRefusal`; it is tried again. */
  async feedsInForce(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.feeds.get(name)?.now()));
  }

  /** Resolves when the kernel holds the countries as the data and the policy are now. Rejects with `GuardRefusal`; it is tried again. */
  async countriesInForce(): Promise<void> {
    await this.country.now();
  }

  /** Changes that the guard has not taken, and that go on being tried. */
  problems(): { what: string; text: string }[] {
    return this.lanes.flatMap(({ what, trouble }) => (trouble ? [{ what, text: trouble.message }] : []));
  }

  hostNamesChanged(): void {
    this.allow.changed();
  }

  feedsChanged(): void {
    for (const lane of this.feeds.values()) lane.changed();
  }

  countriesChanged(): void {
    this.country.changed();
  }

  close(): void {
    this.closed = true;
    if (this.endTimer) clearTimeout(this.endTimer);
    for (const lane of this.lanes) lane.close();
  }

  private get lanes(): RangeLane[] {
    return [this.allow, this.deny, this.country, ...this.feeds.values()];
  }

  private useFeeds(): void {
    const names = this.policy.feeds.map(({ name }) => name);
    for (const [name, lane] of this.feeds) {
      if (names.includes(name)) continue;
      lane.close();
      this.feeds.delete(name);
    }
    for (const name of names) {
      if (this.feeds.has(name)) continue;
      const content = () => this.sources.feeds.ranges().find((feed) => feed.name === name)?.ranges ?? null;
      this.feeds.set(
        name,
        this.lane(`feed.${name}`, `the feed ${name}`, content, (ranges) => ({ feeds: [{ name, ranges }] })),
      );
    }
    this.sources.feeds.use(this.policy.feeds);
  }

  private allowed(): PackedRanges {
    const { store, hostNames } = this.sources;
    const list = store.packed('allow');
    const addresses = [...hostNames.addresses().values()].flat();
    const names = JSON.stringify(addresses);
    if (this.joined?.list !== list || this.joined.names !== names) {
      const named = packRanges(addresses.map((address) => ({ first: address, last: address })));
      this.joined = { list, names, ranges: addresses.length === 0 ? list : union(list, named) };
    }
    return this.joined.ranges;
  }

  private blocked(): PackedRanges | null {
    const { countries } = this.policy;
    if (countries.mode === 'off') return NO_RANGES;
    return this.sources.countries.ready() ? this.sources.countries.blocked(countries) : null;
  }

  private lane(
    list: ListKey,
    what: string,
    compose: () => PackedRanges | null,
    orders: (ranges: PackedRanges) => Partial<RangeOrders>,
  ): RangeLane {
    const { guard, event } = this.sources;
    return new RangeLane({
      ...{ what, compose },
      send: async (ranges, version, edit) => {
        const request: GuardRequest = edit
          ? { ask: 'edit', edit: { list, ...edit }, version }
          : { ask: 'ranges', ranges: orders(ranges), version };
        return (await guard.ask(request)) as RangesAnswer;
      },
      trouble: (error) => {
        if (error === null) event('info', 'lists-in-force', `A change of ${what} is in force after all.`);
        else event('warning', 'lists-not-in-force', `A change of ${what} is not in force yet: ${error.message}`);
      },
    });
  }

  /** Entries whose end has come leave, and the next end is waited for. */
  private expire(): void {
    const { store, now, event } = this.sources;
    try {
      for (const { list } of store.listExpire(now())) (list === 'allow' ? this.allow : this.deny).changed();
      this.endTrouble = false;
    } catch (error) {
      // A full disk: the entries stay until it can be noted that they are gone.
      if (!this.endTrouble) {
        event('warning', 'lists-not-expired', `Entries whose end has come stay for now: ${(error as Error).message}`);
      }
      this.endTrouble = true;
    }
    this.planEnd();
  }

  private planEnd(): void {
    if (this.closed) return;
    if (this.endTimer) clearTimeout(this.endTimer);
    this.endTimer = null;
    const at = this.sources.store.listNextEnd();
    if (at === null) return;
    const wait = Math.max(this.endTrouble ? RETRY_MS : 0, at - this.sources.now());
    this.endTimer = setTimeout(() => this.expire(), Math.min(TIMER_MAX_MS, wait));
  }
}
