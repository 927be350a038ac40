/** One feed: when it is fetched, what is in force, and what went wrong. */
import type { Address } from '../core/base/address.ts';
import type { Clock } from './clock.ts';
import { countRanges, NO_RANGES, sameAddresses, type PackedRanges } from '../core/base/packed-ranges.ts';
import type { FeedCopies, FeedCopy } from './feed-copy.ts';
import { FeedError, type FeedErrorCode } from './feed-error.ts';
import { markFile, readFeedFile, type FileMark } from './feed-file.ts';
import type { FetchFeed } from './fetch-feed.ts';
import { readFeed, type FeedContent } from './read-feed.ts';
import { shownSource, sourceIdentity } from './shown-source.ts';
import { unpack } from './unpack.ts';

/** As the policy has it, compiled: `everyMs` for `every`. */
export interface FeedSettings {
  name: string;
  /** One of the two is set. */
  url: string;
  file: string;
  everyMs: number;
  action: 'block' | 'watch';
  bytesMax: number;
}

export interface FeedEvent {
  level: 'info' | 'warning' | 'error';
  /** `feed-recovered`, `feed-stale`, `feed-copy-damaged`, `feed-not-saved`, or why a refresh failed (`FeedErrorCode`). */
  code: string;
  text: string;
}

/** What every feed works with. */
export interface FeedParts {
  copies: FeedCopies;
  clock: Clock;
  /** 0 … 1, for the jitter. */
  random: () => number;
  fetch: FetchFeed;
  /** This machine's addresses: no list may name them. */
  own: () => readonly Address[];
  changed: (name: string) => void;
  report: (event: FeedEvent) => void;
}

export interface FeedProblem {
  code: FeedErrorCode | 'feed-failed';
  text: string;
  hint: string | null;
  /** Since when it has not worked, and when it was tried last. */
  since: number;
  at: number;
}

export interface FeedStatus {
  name: string;
  /** URL or file; what may be a secret in it is hidden. */
  from: string;
  action: 'block' | 'watch';
  everyMs: number;
  /** `waiting`: there has been no content yet. `stale`: not confirmed for `STALE_PERIODS` periods; it stays in force. */
  state: 'current' | 'stale' | 'waiting';
  refreshing: boolean;
  /** Milliseconds since the epoch; null: never, or nothing planned. */
  changedAt: number | null;
  confirmedAt: number | null;
  nextAt: number | null;
  problem: FeedProblem | null;
  format: string | null;
  entries: number;
  /** After overlapping and neighbouring entries were joined. */
  ranges: number;
  bad: FeedContent['bad'];
  refused: FeedContent['refused'];
}

/** A feed that was not confirmed for so many periods is reported. */
export const STALE_PERIODS = 3;
/** Everybody's clocks strike the hour; a tenth either way spreads the load on the servers of public lists. */
const JITTER_SHARE = 0.1;
const RETRY_FIRST_MS = 60_000;
/** Invariant: a file that changed is read when it has been the same for one look. */
const FILE_LOOK_MS = 1000;

export class Feed {
  settings: FeedSettings;
  private readonly parts: FeedParts;
  /** What the kernel may still hold under this name came from another source. */
  private replaces: boolean;
  private copy: FeedCopy | null = null;
  private problem: FeedProblem | null = null;
  private failures = 0;
  private staleReported = false;
  private nextAt: number | null = null;
  private running: Promise<void> | null = null;
  private readonly ending = new AbortController();
  private cancelNext = () => {};
  private cancelLook = () => {};
  /** Of the file as it was read last, and as it was at the last look. */
  private readMark: FileMark | null = null;
  private lookedMark: FileMark | null = null;

  /** `replaces`: another source was in force under this name until now. */
  constructor(settings: FeedSettings, parts: FeedParts, replaces: boolean) {
    this.settings = settings;
    this.parts = parts;
    this.replaces = replaces;
    this.takeCopy();
    this.plan(this.dueIn());
    if (settings.file !== '') this.planLook();
  }

  private takeCopy(): void {
    const found = this.parts.copies.read(this.settings.name);
    if ('damaged' in found) this.report('error', 'feed-copy-damaged', `the copy on disk is not used: ${found.damaged}`);
    if (!('copy' in found)) return;
    if (found.copy.source === this.identity) this.copy = found.copy;
    else this.replaces = true;
  }

  get from(): string {
    return shownSource(this.settings);
  }

  get identity(): string {
    return sourceIdentity(this.settings);
  }

  /** What should be in force; null: not known, so what the kernel holds under this name stays. */
  get ranges(): PackedRanges | null {
    return this.copy?.content.ranges ?? (this.replaces ? NO_RANGES : null);
  }

  get status(): FeedStatus {
    const { name, action, everyMs } = this.settings;
    const content = this.copy?.content;
    return {
      ...{ name, from: this.from, action, everyMs },
      state: !this.copy ? 'waiting' : this.isStale() ? 'stale' : 'current',
      refreshing: this.running !== null,
      changedAt: this.copy?.changedAt ?? null,
      confirmedAt: this.copy?.confirmedAt ?? null,
      nextAt: this.nextAt,
      problem: this.problem,
      format: content?.format ?? null,
      entries: content?.entries ?? 0,
      ranges: content ? countRanges(content.ranges) : 0,
      bad: content?.bad ?? { total: 0, first: [] },
      refused: content?.refused ?? { total: 0, first: [] },
    };
  }

  /** Other settings of the same source: what is in force stays. */
  adjust(settings: FeedSettings): void {
    const sooner = settings.everyMs !== this.settings.everyMs || settings.bytesMax !== this.settings.bytesMax;
    const otherKey = settings.url !== this.settings.url;
    this.settings = settings;
    if (sooner || otherKey) this.plan(otherKey || this.problem ? 0 : this.dueIn());
  }

  /** Resolves when the attempt is over, whatever came of it: see `status.problem`. One at a time; a second one joins the first. */
  refresh(): Promise<void> {
    this.running ??= this.attempt().finally(() => {
      this.running = null;
      if (!this.ending.signal.aborted) this.plan(this.pauseMs());
    });
    return this.running;
  }

  /** Nothing of it runs any more when this resolves. */
  async close(): Promise<void> {
    this.ending.abort();
    this.cancelNext();
    this.cancelLook();
    await this.running;
  }

  private async attempt(): Promise<void> {
    this.cancelNext();
    this.nextAt = null;
    try {
      const fresh = await this.obtain();
      if (this.ending.signal.aborted) return;
      await this.settle(fresh);
      this.succeeded();
    } catch (error) {
      if (!this.ending.signal.aborted) this.failed(error as Error);
    }
  }

  /** Null: what is there is still the content. */
  private async obtain(): Promise<FeedCopy | null> {
    const { url, file, bytesMax } = this.settings;
    const { etag, lastModified } = this.copy ?? { etag: null, lastModified: null };
    let source: { bytes: Uint8Array; etag: string | null; lastModified: string | null };
    if (url !== '') {
      const answer = await this.parts.fetch({ url, etag, lastModified, bytesMax, signal: this.ending.signal });
      if (!answer.changed) return null;
      source = answer;
    } else {
      const mark = await markFile(file);
      if (this.copy && mark !== null && mark === this.readMark && this.problem === null) return null;
      this.readMark = mark;
      const read = await readFeedFile(file, bytesMax);
      this.readMark = read.mark;
      source = { bytes: read.bytes, etag: null, lastModified: null };
    }
    const text = await unpack(source.bytes, bytesMax);
    const content = await readFeed(text, {
      now: this.parts.clock.now(),
      own: this.parts.own(),
      signal: this.ending.signal,
    });
    const now = this.parts.clock.now();
    return {
      ...{ source: this.identity, etag: source.etag, lastModified: source.lastModified },
      ...{ changedAt: now, confirmedAt: now, content },
    };
  }

  /** On disk first, then in force; a full disk does not keep a list out of force. */
  private async settle(fresh: FeedCopy | null): Promise<void> {
    const { copies, clock, changed } = this.parts;
    const { name } = this.settings;
    try {
      if (fresh) await copies.write(name, fresh);
      else await copies.confirm(name, clock.now());
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      this.report('warning', 'feed-not-saved', `it is in force, but would be missing after a restart: ${why}`);
    }
    if (this.ending.signal.aborted) return;
    if (!fresh) {
      this.copy!.confirmedAt = clock.now();
      return;
    }
    const before = this.copy?.content.ranges ?? NO_RANGES;
    const first = this.copy === null;
    this.copy = fresh;
    if (first || !sameAddresses(before, fresh.content.ranges)) changed(name);
  }

  private succeeded(): void {
    if (this.problem) this.report('info', 'feed-recovered', 'it is up to date again');
    this.problem = null;
    this.failures = 0;
    this.staleReported = false;
  }

  private failed(error: Error): void {
    const now = this.parts.clock.now();
    const known = error instanceof FeedError ? error : null;
    const code = known?.code ?? 'feed-failed';
    // What was not foreseen is named by its code only: its message may quote the URL.
    const text = known?.message ?? `it failed: ${(error as NodeJS.ErrnoException).code ?? error.name}`;
    // The same trouble is news once, however often it is tried.
    const isNews = this.problem?.code !== code;
    this.problem = { code, text, hint: known?.hint ?? null, since: this.problem?.since ?? now, at: now };
    this.failures++;
    this.retryAfterMs = known?.retryAfterMs ?? 0;
    if (isNews)
      this.report('warning', code, `${text}; ${this.copy ? 'the last good copy stays' : 'nothing of it'} in force`);
    if (this.isStale() && !this.staleReported) {
      this.staleReported = true;
      const at = new Date(this.copy!.confirmedAt).toISOString();
      this.report('warning', 'feed-stale', `nobody has confirmed it since ${at}; the last good copy stays in force`);
    }
  }

  private retryAfterMs = 0;

  private isStale(): boolean {
    const limit = STALE_PERIODS * this.settings.everyMs;
    return this.copy !== null && this.parts.clock.now() - this.copy.confirmedAt > limit;
  }

  private pauseMs(): number {
    const { everyMs } = this.settings;
    const retry = Math.min(everyMs, RETRY_FIRST_MS * 2 ** Math.min(this.failures - 1, 20));
    const pause = this.failures === 0 ? everyMs : Math.max(retry, this.retryAfterMs);
    return pause * (1 + JITTER_SHARE * (2 * this.parts.random() - 1));
  }

  /** At the start: at once, unless the copy was confirmed less than a period ago. A clock that was set back counts as due. */
  private dueIn(): number {
    if (!this.copy) return 0;
    const age = this.parts.clock.now() - this.copy.confirmedAt;
    return age < 0 ? 0 : Math.max(0, this.settings.everyMs - age);
  }

  private plan(pauseMs: number): void {
    this.cancelNext();
    if (this.running) return;
    this.nextAt = Math.ceil(this.parts.clock.now() + pauseMs);
    this.cancelNext = this.parts.clock.after(pauseMs, () => {
      // A long pause is cut by the timer's own limit: look again.
      const left = this.nextAt! - this.parts.clock.now();
      if (left > 0) this.plan(left);
      else void this.refresh();
    });
  }

  private planLook(): void {
    this.cancelLook = this.parts.clock.after(FILE_LOOK_MS, () => void this.look());
  }

  /** A changed file is read soon, once whoever writes it has paused. */
  private async look(): Promise<void> {
    const mark = await markFile(this.settings.file);
    if (this.ending.signal.aborted) return;
    const settled = mark === this.lookedMark;
    this.lookedMark = mark;
    if (mark !== null && settled && mark !== this.readMark && !this.running) await this.refresh();
    if (!this.ending.signal.aborted) this.planLook();
  }

  private report(level: FeedEvent['level'], code: string, text: string): void {
    this.parts.report({ level, code, text: `feed ${this.settings.name} (${this.from}): ${text}` });
  }
}
