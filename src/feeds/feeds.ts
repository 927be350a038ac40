/**
 * The feeds of the policy: named lists of addresses, kept up to date. Nothing is fetched and no file is read before `use`. What is
 * in force is the last good copy, at once after a restart; a list that could not be fetched or read never replaces it.
 */
import { join } from 'node:path';
import type { Address } from '../core/base/address.ts';
import type { PackedRanges } from '../core/base/packed-ranges.ts';
import { parseDuration } from '../policy/duration.ts';
import { systemClock, type Clock } from './clock.ts';
import { Feed, type FeedEvent, type FeedParts, type FeedSettings, type FeedStatus } from './feed.ts';
import { FeedCopies } from './feed-copy.ts';
import { httpFetch, type FetchFeed } from './fetch-feed.ts';
import { sourceIdentity } from './shown-source.ts';

/** The kernel table has a set and a counter for each. */
export const FEEDS_MAX = 8;

/** As the policy document has it. */
export interface FeedEntry {
  name: string;
  url?: string;
  file?: string;
  every: string;
  action: 'block' | 'watch';
  bytesMax: number;
}

export interface FeedsOptions {
  /** Copies go to `feeds/` in it. */
  dataDirectory: string;
  /** This machine's addresses: no list may name them. */
  own: () => readonly Address[];
  /** The addresses of a feed are others than before, or a feed came or went. */
  changed: () => void;
  report: (event: FeedEvent) => void;
  clock?: Clock;
  random?: () => number;
  fetch?: FetchFeed;
}

export class Feeds {
  private readonly feeds = new Map<string, Feed>();
  private readonly parts: FeedParts;
  private readonly changed: () => void;
  private closing: Promise<unknown> = Promise.resolve();

  constructor(options: FeedsOptions) {
    this.changed = options.changed;
    this.parts = {
      copies: new FeedCopies(join(options.dataDirectory, 'feeds')),
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      fetch: options.fetch ?? httpFetch(),
      own: options.own,
      changed: () => options.changed(),
      report: options.report,
    };
  }

  /** The feeds of the policy now. Copies on disk are in `ranges()` when this returns; refreshes follow by themselves. */
  use(entries: readonly FeedEntry[]): void {
    const wanted = new Map(entries.slice(0, FEEDS_MAX).map((entry) => [entry.name, settingsOf(entry)]));
    const replaced = new Set<string>();
    let different = false;
    for (const [name, feed] of [...this.feeds]) {
      const settings = wanted.get(name);
      if (settings && feed.identity === sourceIdentity(settings)) {
        feed.adjust(settings);
        continue;
      }
      different = true;
      this.feeds.delete(name);
      this.endLater(feed);
      if (settings && feed.ranges) replaced.add(name);
      if (!settings) void this.parts.copies.remove(name).catch(() => {});
    }
    for (const [name, settings] of wanted) {
      if (this.feeds.has(name)) continue;
      const feed = new Feed(settings, this.parts, replaced.has(name));
      this.feeds.set(name, feed);
      different ||= feed.ranges !== null;
    }
    if (different) this.changed();
  }

  private endLater(feed: Feed): void {
    this.closing = Promise.all([this.closing, feed.close()]);
  }

  /** What should be in force. A feed that is missing here has had no content yet: what the kernel holds of it stays. */
  ranges(): { name: string; ranges: PackedRanges }[] {
    return [...this.feeds].flatMap(([name, { ranges }]) => (ranges ? [{ name, ranges }] : []));
  }

  status(): FeedStatus[] {
    return [...this.feeds.values()].map((feed) => feed.status);
  }

  /** Fetches it now. Resolves when the attempt is over, well or not; null when there is no such feed. */
  async refresh(name: string): Promise<FeedStatus | null> {
    const feed = this.feeds.get(name);
    if (!feed) return null;
    await feed.refresh();
    return feed.status;
  }

  /** Nothing of it runs any more when this resolves. */
  async close(): Promise<void> {
    for (const feed of this.feeds.values()) this.endLater(feed);
    this.feeds.clear();
    await this.closing;
  }
}

/** Invariant: the policy is checked, so every duration of it parses. */
function settingsOf({ name, url = '', file = '', every, action, bytesMax }: FeedEntry): FeedSettings {
  const parsed = parseDuration(every);
  if ('problem' in parsed) throw new TypeError(`unchecked policy document: ${parsed.problem}`);
  return { name, url, file, everyMs: parsed.ms, action, bytesMax };
}
