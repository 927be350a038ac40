/** Feeds as a test uses them: a real server, a directory of their own, and time that passes when it is told to. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import { formatRange, parseAddress } from '../../core/base/address.ts';
import { unpackRanges } from '../../core/base/packed-ranges.ts';
import type { FeedEvent, FeedStatus } from '../feed.ts';
import { Feeds, type FeedEntry } from '../feeds.ts';
import { httpFetch } from '../fetch-feed.ts';
import { serving, startListServer, type ListServer } from './list-server.ts';
import { VirtualClock } from './virtual-clock.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const LIST = '198.51.100.7\n2001:db8:bad::/48\n';
export const LIST_RANGES = ['198.51.100.7', '2001:db8:bad::/48'];

export class FeedsFixture {
  server!: ListServer;
  directory!: string;
  clock!: VirtualClock;
  feeds!: Feeds;
  events: FeedEvent[] = [];
  changes = 0;

  async begin(): Promise<void> {
    this.server = await startListServer();
    this.directory = mkdtempSync(join(tmpdir(), 'ringfence-feeds-'));
    this.clock = new VirtualClock();
    this.feeds = this.start();
  }

  async end(): Promise<void> {
    await this.feeds.close();
    await this.server.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  start(): Feeds {
    this.events = [];
    this.changes = 0;
    return new Feeds({
      dataDirectory: this.directory,
      clock: this.clock,
      random: () => 0.5,
      fetch: httpFetch({ silenceMs: 500, totalMs: 1500 }),
      own: () => [parseAddress('203.0.113.1')!],
      changed: () => this.changes++,
      report: (event) => this.events.push(event),
    });
  }

  async restart(): Promise<void> {
    await this.feeds.close();
    this.feeds = this.start();
  }

  /** The policy's entry for a feed of the server, or of a file. */
  entry(given: Partial<FeedEntry> = {}): FeedEntry {
    const url = given.file ? '' : `${this.server.url}/list.txt`;
    return { name: 'test', url, file: '', every: '1h', action: 'block', bytesMax: 100_000, ...given };
  }

  use(given: Partial<FeedEntry> = {}): void {
    this.feeds.use([this.entry(given)]);
  }

  /** As text; null: nothing. */
  inForce(): string[] | null {
    const found = this.feeds.ranges().find(({ name }) => name === 'test');
    return found ? [...unpackRanges(found.ranges)].map(formatRange) : null;
  }

  get status(): FeedStatus {
    return this.feeds.status()[0];
  }

  get problem(): string | null {
    return this.status.problem?.code ?? null;
  }

  get codes(): string[] {
    return this.events.map(({ code }) => code);
  }

  /** Lets time pass until every attempt is over: each plans the next one then. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    const isOver = ({ nextAt, refreshing }: FeedStatus) => nextAt !== null && !refreshing;
    await vi.waitFor(() => expect(this.feeds.status().every(isOver)).toBe(true), { timeout: 10_000 });
  }

  /** A feed with a good list in force, and a server that does something else from now on. */
  async after(good: string, next: Parameters<ListServer['behave']>[0]): Promise<void> {
    this.server.behave(serving(good));
    this.use();
    await this.pass(0);
    expect(this.problem).toBeNull();
    this.server.behave(next);
    await this.pass(HOUR);
  }
}

/** A fixture for each test of the file. */
export function feedsFixture(): FeedsFixture {
  const fixture = new FeedsFixture();
  beforeEach(() => fixture.begin());
  afterEach(() => fixture.end());
  return fixture;
}
