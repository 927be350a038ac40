/** The last good copy: after restarts, outages, damage, a full disk and a kill in the middle. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { feedsFixture, HOUR, LIST, LIST_RANGES, MINUTE } from './testing/feeds-fixture.ts';
import { serving } from './testing/list-server.ts';

const f = feedsFixture();

describe('the last good copy', () => {
  it('is in force at once after a restart, and is confirmed with its validators when it is due', async () => {
    f.server.behave(serving(LIST));
    f.use();
    await f.pass(0);
    const { confirmedAt } = f.status;
    await f.restart();
    f.clock.advance(10 * MINUTE);
    f.use();
    expect(f.inForce()).toEqual(LIST_RANGES);
    expect(f.changes).toBe(1);
    expect(f.status).toMatchObject({ confirmedAt, nextAt: confirmedAt! + HOUR, entries: 2 });
    await f.pass(50 * MINUTE);
    expect(f.server.requests.at(-1)!.headers['if-none-match']).toBe('"1"');
    expect(f.status.confirmedAt).toBe(confirmedAt! + HOUR);
  });

  it('is in force while the server is away, and its age is known', async () => {
    f.server.behave(serving(LIST));
    f.use();
    await f.pass(0);
    await f.restart();
    f.clock.advance(4 * HOUR);
    f.server.behave((request) => request.destroy());
    f.use();
    await f.pass(0);
    expect(f.inForce()).toEqual(LIST_RANGES);
    expect(f.status.state).toBe('stale');
    expect(f.codes).toEqual(['feed-truncated', 'feed-stale']);
  });

  it.each([
    ['half of it', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['one bit', (bytes: Buffer) => bytes.fill(bytes[bytes.length - 8] ^ 1, bytes.length - 8, bytes.length - 7)],
    ['none of it', () => Buffer.alloc(0)],
    ['something else', () => Buffer.from('RFFEED01 no, not really'.repeat(10))],
  ])('when it is damaged (%s) it is named and fetched again', async (_what, damage) => {
    f.server.behave(serving(LIST));
    f.use();
    await f.pass(0);
    await f.restart();
    const path = join(f.directory, 'feeds', 'test.feed');
    writeFileSync(path, damage(readFileSync(path)));
    f.use();
    expect(f.inForce()).toBeNull();
    expect(f.codes).toEqual(['feed-copy-damaged']);
    await f.pass(0);
    expect(f.inForce()).toEqual(LIST_RANGES);
  });

  it('a process that is killed while it replaces the copy leaves the old one or the new one', () => {
    const program = join(import.meta.dirname, 'testing', 'endless-refresh.ts');
    for (let i = 0; i < 8; i++) {
      // Killed by itself after a time that differs: in the middle of a write sooner or later.
      const args = ['--disable-warning=ExperimentalWarning', program, f.directory, String(20 + 17 * i)];
      expect(spawnSync(process.execPath, args).signal).toBe('SIGKILL');
      const some = f.start();
      some.use([f.entry({ url: 'http://127.0.0.1:1/list.txt' })]);
      expect(f.codes).toEqual([]);
      const sizes = some.ranges().map(({ ranges }) => ranges.v4.length / 2);
      expect(sizes).toHaveLength(1);
      expect([20_000, 30_000]).toContain(sizes[0]);
      void some.close();
    }
  });

  it('a disk that cannot be written to: the list is in force, and the trouble is told', async () => {
    mkdirSync(join(f.directory, 'feeds'));
    mkdirSync(join(f.directory, 'feeds', 'test.feed.new'));
    f.server.behave(serving(LIST));
    f.use();
    await f.pass(0);
    expect(f.inForce()).toEqual(LIST_RANGES);
    expect(f.codes).toEqual(['feed-not-saved']);
  });

  it('only its owner may read it', async () => {
    f.server.behave(serving(LIST));
    f.use();
    await f.pass(0);
    expect(statSync(join(f.directory, 'feeds')).mode & 0o777).toBe(0o700);
    expect(statSync(join(f.directory, 'feeds', 'test.feed')).mode & 0o777).toBe(0o600);
  });
});
