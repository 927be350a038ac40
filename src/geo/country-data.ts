/**
 * The country data of the console: which are in use, how old they are, when they are looked for again. New data take the place of the
 * old ones only when they are complete and plausible; until then, and whenever something fails, the old ones stay in use.
 */
import { join } from 'node:path';
import type { Address } from '../core/base/address.ts';
import { NO_RANGES, type PackedRanges } from '../core/base/packed-ranges.ts';
import { systemClock, type Clock } from '../feeds/clock.ts';
import { httpFetch, type FetchFeed } from '../feeds/fetch-feed.ts';
import { defaultDocument } from '../policy/default-document.ts';
import { parseDuration } from '../policy/duration.ts';
import { attributionOf } from './attribution.ts';
import { compileFiles, type NamedFile } from './compile-process.ts';
import type { CountryStatus, GeoEvent, GeoProblem, Place } from './country-status.ts';
import { CountryTable, NO_COUNTRIES, type CountryRule, type CountrySize } from './country-table.ts';
import { EMBEDDED, EmbeddedData } from './embedded.ts';
import { GeoError } from './geo-error.ts';
import { NetworksInUse } from './networks-in-use.ts';
import { FREE_DISK, obtain } from './obtain.ts';
import { refuseHalf, refuseLoss } from './sanity.ts';
import { nextCheck } from './schedule.ts';
import { Shelf } from './shelf.ts';
import { identityOf, ORIGINS, sourcesOf, type CountryDataSettings, type Origins } from './sources.ts';
import type { Provenance, TableFile } from './table-file.ts';

export interface CountryDataOptions {
  /** The data directory of the daemon; `geo` inside it is ours. */
  directory: string;
  clock?: Clock;
  fetch?: FetchFeed;
  origins?: Origins;
  report?: (event: GeoEvent) => void;
}

export interface UpdateOrder {
  /** Instead of the provider's, once: they stay until the provider's next update. */
  file?: string;
  /** Smaller data are taken too. */
  acceptLoss?: boolean;
}

const BOTH_FAMILIES: ReadonlySet<string> = new Set(['maxmind', 'dbip', 'ipfire']);
const FETCH_LIMITS = { silenceMs: 30_000, totalMs: 600_000 };

export class CountryData {
  private readonly clock: Clock;
  private readonly fetch: FetchFeed;
  private readonly origins: Origins;
  private readonly report: (event: GeoEvent) => void;
  private readonly shelf: Shelf;
  private readonly embedded: EmbeddedData;
  private readonly networks: NetworksInUse;
  private readonly listeners = new Set<() => void>();
  private readonly ending = new AbortController();
  private settings = defaultDocument.countries.data;
  private table = NO_COUNTRIES;
  private provenance: Provenance | null = null;
  private turn: Promise<unknown> = Promise.resolve();
  private working = 0;
  private checkedAt: number | null = null;
  private problem: GeoProblem | null = null;
  private failures = 0;
  private cancelNext = () => {};
  /** Of the update in hand. */
  private current = new AbortController();

  constructor(options: CountryDataOptions) {
    const directory = join(options.directory, 'geo');
    this.clock = options.clock ?? systemClock;
    this.fetch = options.fetch ?? httpFetch(FETCH_LIMITS);
    this.origins = options.origins ?? ORIGINS;
    this.report = options.report ?? (() => {});
    this.shelf = new Shelf(directory);
    this.embedded = new EmbeddedData(directory);
    this.networks = new NetworksInUse(() => this.afterwards(() => this.findNetworks()));
  }

  /**
   * Loads the last good data, or else the embedded ones, and begins to look for new ones in time. Ready when addresses have countries:
   * after some 20 ms, at the very first start after about a second. Never rejects: failures are in `status().problem`.
   */
  start(settings: CountryDataSettings = defaultDocument.countries.data): Promise<void> {
    return this.inTurn(async () => {
      this.settings = settings;
      const kept = this.shelf.countries();
      const wanted = identityOf(settings);
      if (kept && (kept.provenance.identity === wanted || wanted !== EMBEDDED)) {
        if (this.shelf.hasNetworksOf(kept.provenance.identity)) this.networks.lieAt(this.shelf.networksPath);
        this.take(kept);
      } else await this.takeEmbedded();
      const standing = this.shelf.standing();
      this.checkedAt = standing?.identity === wanted ? standing.checkedAt : null;
      this.plan();
      this.afterwards(() => this.findNetworks());
    });
  }

  /** New settings. Other data are brought in at once; the old ones stay until they are here. Never rejects. */
  use(settings: CountryDataSettings): Promise<void> {
    // Nobody waits for a download that nobody wants any more.
    if (identityOf(settings) !== identityOf(this.settings)) this.current.abort();
    return this.inTurn(async () => {
      const before = identityOf(this.settings);
      this.settings = settings;
      if (identityOf(settings) === before) return this.plan();
      [this.problem, this.failures, this.checkedAt] = [null, 0, null];
      await this.attempt({}).catch(() => {});
    });
  }

  /** Some microseconds; the first call reads the networks, some 20 ms. */
  lookup(address: Address): Place {
    return { country: this.table.country(address), ...this.networks.lookup(address) };
  }

  /** Private, loopback and the like: in no country, and never blocked by a country rule. */
  isSpecial(address: Address): boolean {
    return this.table.isSpecial(address);
  }

  /** The addresses that the rule blocks, aggregated; nothing while no data are loaded. */
  blocked(rule: CountryRule): PackedRanges {
    return this.provenance === null ? NO_RANGES : this.table.blocked(rule);
  }

  /** What the data have for each country, by code. */
  countries(): readonly CountrySize[] {
    return this.table.sizes;
  }

  /**
   * Looks for new data now, or takes a file. True: other data are in use. Errors: `GeoError`; nothing has changed then.
   */
  update(order: UpdateOrder = {}): Promise<boolean> {
    return this.inTurn(() => this.attempt(order));
  }

  status(): CountryStatus {
    const { provenance, table, settings, networks } = this;
    const sum = (of: (size: CountrySize) => number) => table.sizes.reduce((total, size) => total + of(size), 0);
    return {
      provider: settings.provider,
      everyMs: this.everyMs,
      inUse: provenance && {
        ...provenance,
        countries: table.sizes.length,
        rangesV4: sum((size) => size.rangesV4),
        rangesV6: sum((size) => size.rangesV6),
        bytes: table.bytes + networks.bytes,
      },
      networks: networks.source && { source: networks.source.source, made: networks.source.made },
      updating: this.working > 0,
      checkedAt: this.checkedAt,
      nextAt: this.nextAt,
      problem: this.problem,
      attribution: attributionOf(provenance?.provider ?? null, networks.source?.provider ?? null),
    };
  }

  /** Calls `listener` when other countries or other networks are in use. The function that comes back takes it away. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Ends downloads and compiling; what is in use can still be asked for. */
  async close(): Promise<void> {
    this.ending.abort();
    this.cancelNext();
    await this.turn;
  }

  private get everyMs(): number {
    const parsed = parseDuration(this.settings.every);
    return 'ms' in parsed ? parsed.ms : 7 * 86_400_000;
  }

  private get nextAt(): number | null {
    if (identityOf(this.settings) === EMBEDDED) return null;
    const { everyMs, checkedAt, failures } = this;
    return nextCheck({ everyMs, checkedAt, failedAt: this.problem?.at ?? null, failures }, this.clock.now());
  }

  /** One thing after the other: an update in hand is not overtaken by the settings that follow it. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.working++;
    const done = this.turn.then(work).finally(() => this.working--);
    this.turn = done.catch(() => {});
    return done;
  }

  private afterwards(work: () => Promise<void>): void {
    void this.inTurn(work).catch((error: unknown) => this.fail(error as Error));
  }

  private plan(): void {
    this.cancelNext();
    const at = this.nextAt;
    if (at === null || this.ending.signal.aborted) return;
    this.cancelNext = this.clock.after(at - this.clock.now(), () => {
      // A timer may be shorter than the time that was asked for.
      if ((this.nextAt ?? Infinity) > this.clock.now()) this.plan();
      else void this.update().catch(() => {});
    });
  }

  private async attempt(order: UpdateOrder): Promise<boolean> {
    this.current = new AbortController();
    const signal = AbortSignal.any([this.ending.signal, this.current.signal]);
    try {
      const changed = await this.renew(order, signal);
      [this.problem, this.failures] = [null, 0];
      return changed;
    } catch (error) {
      // A file that somebody named and that is refused says nothing about the provider.
      if (order.file !== undefined && !signal.aborted) this.tell(error as Error);
      else if (!signal.aborted) this.fail(error as Error);
      throw error;
    } finally {
      this.plan();
    }
  }

  private fail(error: Error): void {
    const { code = 'geo-failed', hint = null } = error as Partial<GeoError>;
    const at = this.clock.now();
    const repeated = this.problem?.code === code;
    this.failures++;
    this.problem = { code, text: error.message, hint, since: this.problem?.since ?? at, at };
    // A server that is down for a week is one event, not one for each try.
    if (!repeated) this.tell(error);
  }

  private tell(error: Error): void {
    const { code = 'geo-failed', message } = error as GeoError;
    this.report({ at: this.clock.now(), level: 'warning', code, text: `country data: ${message}` });
  }

  private async renew({ file, acceptLoss = false }: UpdateOrder, signal: AbortSignal): Promise<boolean> {
    const { settings, clock, shelf, origins } = this;
    const identity = identityOf(settings);
    const sources = sourcesOf(file === undefined ? settings : { ...settings, file }, origins, clock.now());
    if (sources.length === 0) return this.backToEmbedded();
    const same = file === undefined && this.provenance?.identity === identity;
    const standing = same ? shelf.standing() : null;
    const known = standing?.identity === identity ? standing.marks : {};
    const options = { fetch: this.fetch, directory: shelf.directory, signal };
    const obtained = await obtain(sources, known, options);
    try {
      const fresh = obtained.files.length > 0;
      if (fresh) {
        const source = obtained.files.map(({ name }) => name).join(', ');
        const provider = file === undefined ? settings.provider : 'file';
        const made = obtained.made;
        const provenance = { provider, source, identity, made, loaded: clock.now(), rows: 0 };
        // Data of another provider are other data: they are compared with nothing. A file given by hand is.
        const compare = !acceptLoss && (same || file !== undefined);
        await this.load(obtained.files, provenance, compare, signal);
      }
      this.checkedAt = clock.now();
      // What a file by hand brought is replaced at the provider's next update, whatever the server says has changed.
      shelf.note({ identity, checkedAt: this.checkedAt, marks: file === undefined ? obtained.marks : {} });
      return fresh;
    } finally {
      obtained.discard();
    }
  }

  private async load(files: NamedFile[], provenance: Provenance, compare: boolean, signal: AbortSignal): Promise<void> {
    const { countries, networks, rows } = await compileFiles(files, signal);
    if (!countries) {
      const text = `${provenance.source} holds networks and no countries.`;
      throw new GeoError('geo-empty', text, 'Take the provider’s file of countries.');
    }
    const table = CountryTable.of(countries);
    if (BOTH_FAMILIES.has(provenance.provider)) refuseHalf(table.sizes);
    if (compare && this.provenance) refuseLoss(this.table.sizes, table.sizes, this.settings.shrinkMax);
    const kept: TableFile = { provenance: { ...provenance, rows }, segments: table.segments, names: null };
    const more = networks && { provenance: kept.provenance, segments: networks.segments, names: networks.names };
    const unsaved = this.shelf.keep(kept, more);
    if (unsaved !== null) {
      const text = `country data: in use, but not on disk for the next start: ${unsaved}. ${FREE_DISK}`;
      this.report({ at: this.clock.now(), level: 'warning', code: 'geo-not-saved', text });
    }
    if (more) this.networks.take(more);
    else this.returnToEmbeddedNetworks();
    this.take(kept, table);
    const text = `country data: ${table.sizes.length} countries from ${provenance.source}`;
    this.report({ at: this.clock.now(), level: 'info', code: 'geo-updated', text });
  }

  private async backToEmbedded(): Promise<boolean> {
    if (this.provenance?.provider === EMBEDDED && this.provenance.identity === EMBEDDED) return false;
    await this.takeEmbedded();
    this.shelf.forget();
    this.returnToEmbeddedNetworks();
    return true;
  }

  private returnToEmbeddedNetworks(): void {
    if (this.networks.source?.identity === EMBEDDED) return;
    this.networks.clear();
    this.afterwards(() => this.findNetworks());
  }

  private async takeEmbedded(): Promise<void> {
    try {
      this.take(await this.embedded.countries(this.ending.signal));
    } catch (error) {
      if (!this.ending.signal.aborted) this.fail(error as Error);
    }
  }

  private take(file: TableFile, table: CountryTable = new CountryTable(file.segments)): void {
    this.table = table;
    this.provenance = file.provenance;
    this.tellListeners();
  }

  private tellListeners(): void {
    for (const listener of [...this.listeners]) listener();
  }

  private async findNetworks(): Promise<void> {
    if (this.networks.known || this.ending.signal.aborted) return;
    const { path, table } = await this.embedded.networks(this.ending.signal);
    if (table) this.networks.take(table);
    else this.networks.lieAt(path!);
    this.tellListeners();
  }
}
