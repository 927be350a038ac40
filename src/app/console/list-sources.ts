/** Where the long lists come from, beside the store: feeds, host names and country data; and the keeper that brings them into force. */
import { Feeds } from '../../feeds/feeds.ts';
import { HostNames } from '../../feeds/host-names.ts';
import { CountryData } from '../../geo/country-data.ts';
import type { PolicyDocument } from '../../policy/schema.ts';
import type { GuardLink } from '../../serve/guard-link.ts';
import { StoreError } from '../../store/error.ts';
import type { Store } from '../../store/store.ts';
import { readHostAddresses } from '../host-addresses.ts';
import { noteEvents, type ToldEvent } from './note-events.ts';
import { RangeKeeper } from './range-keeper.ts';

interface Options {
  store: Store;
  guard: GuardLink;
  dataDirectory: string;
  policy: PolicyDocument;
  /** Milliseconds since the epoch. */
  now: () => number;
}

export class ListSources {
  readonly geo: CountryData;
  readonly feeds: Feeds;
  readonly hostNames: HostNames;
  readonly ranges: RangeKeeper;
  private readonly policy: PolicyDocument;
  private readonly store: Store;

  constructor({ store, guard, dataDirectory, policy, now }: Options) {
    this.policy = policy;
    this.store = store;
    const report = noteEvents(store, now);
    const event = (level: ToldEvent['level'], code: string, text: string) => report({ level, code, text });
    this.geo = new CountryData({ directory: dataDirectory, report });
    this.geo.onChange(() => {
      this.ranges.countriesChanged();
      this.placeIncidents();
    });
    const changed = () => this.ranges.feedsChanged();
    this.feeds = new Feeds({ dataDirectory, own: () => readHostAddresses().own, changed, report });
    this.hostNames = new HostNames({ dataDirectory, changed: () => this.ranges.hostNamesChanged(), report });
    const { geo, feeds, hostNames } = this;
    const countries = {
      ready: () => geo.status().inUse !== null,
      blocked: (rule: PolicyDocument['countries']) => geo.blocked(rule),
      use: (data: PolicyDocument['countries']['data']) => geo.use(data),
    };
    this.ranges = new RangeKeeper({ store, guard, feeds, hostNames, countries, now, event }, policy);
  }

  /** The first look at everything; what is known at once is the answer, what comes later goes to the guard by itself. */
  begin(): ReturnType<RangeKeeper['begin']> {
    void this.geo.start(this.policy.countries.data).then(() => this.ranges.countriesChanged());
    return this.ranges.begin();
  }

  /** Attacks are in the log before the country data are read: at a first start that takes a second. */
  private placeIncidents(): void {
    try {
      this.store.placeIncidents();
    } catch (error) {
      // A full disk: they have no country, and the next data find them again.
      if (!(error instanceof StoreError)) throw error;
    }
  }

  async close(): Promise<void> {
    this.ranges.close();
    await Promise.all([this.geo.close(), this.feeds.close(), this.hostNames.close()]);
  }
}
