/** What the tests of country data share: a clock that stands still, a server of providers' files, and data that is opened anew for each test. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { parseAddress } from '../../core/base/address.ts';
import type { Clock } from '../../feeds/clock.ts';
import { httpFetch } from '../../feeds/fetch-feed.ts';
import { CountryData } from '../country-data.ts';
import type { GeoEvent } from '../country-status.ts';
import { ORIGINS, type CountryDataSettings } from '../sources.ts';
import { DataServer } from './data-server.ts';

export const START = Date.UTC(2026, 5, 20);
export const HOUR = 3_600_000;

/** Time stands still until a test moves it; what was due then runs. */
export class TestClock implements Clock {
  at = START;
  private waiting: { due: number; run: () => void }[] = [];

  now(): number {
    return this.at;
  }

  after(ms: number, run: () => void): () => void {
    const one = { due: this.at + ms, run };
    this.waiting.push(one);
    return () => {
      this.waiting = this.waiting.filter((other) => other !== one);
    };
  }

  forward(ms: number): void {
    this.at += ms;
    const due = this.waiting.filter((one) => one.due <= this.at);
    this.waiting = this.waiting.filter((one) => one.due > this.at);
    for (const one of due) one.run();
  }
}

export const SETTINGS: CountryDataSettings = {
  provider: 'embedded',
  url: '',
  file: '',
  accountId: '',
  licenceKeyFile: '',
  every: '1d',
  shrinkMax: 0.2,
};

/** `count` networks of 256 addresses each in IPv4, and as many in IPv6, of one country. */
export function csv(country: string, count: number, { v6 = true } = {}): string {
  const lines: string[] = [];
  for (let i = 0; i < count; i++) {
    lines.push(`5.${i}.0.0/24,${country}`);
    if (v6) lines.push(`2a00:${(2 * i).toString(16)}::/32,${country}`);
  }
  return `${lines.join('\n')}\n`;
}

export let server: DataServer;
export let directory: string;
export let clock: TestClock;
export let events: GeoEvent[];
export let data: CountryData;

/** Country data of its own for each test of the file that calls it, in a directory of its own, and one server. */
export function eachTest(): void {
  beforeAll(async () => {
    server = await DataServer.start();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ringfence-geo-'));
    clock = new TestClock();
    events = [];
    data = open();
  });
  afterEach(async () => {
    await data.close();
    rmSync(directory, { recursive: true, force: true });
  });
}

/** As after a restart. The older one has been closed. */
export function reopen(): void {
  data = open();
}

function open(): CountryData {
  const origins = { ...ORIGINS, maxmind: server.origin, dbip: server.origin };
  const fetch = httpFetch({ silenceMs: 300, totalMs: 1500 });
  return new CountryData({ directory, clock, fetch, origins, report: (event) => events.push(event) });
}

export const country = (text: string) => data.lookup(parseAddress(text)!).country;
export const custom = (path: string): CountryDataSettings => ({
  ...SETTINGS,
  provider: 'custom',
  url: `${server.origin}${path}`,
});
export const file = (name: string, text: string | Uint8Array) => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};
/** What is on disk besides what is meant to stay. */
export const leftOver = () => {
  const wanted = /^(countries|networks)(-[\d.-]+)?\.tables$|^source\.json$/;
  return (existsSync(join(directory, 'geo')) ? readdirSync(join(directory, 'geo')) : []).filter(
    (name) => !wanted.test(name),
  );
};
/** Everything that was begun has ended. */
export const settled = () => data.update().catch(() => {});
