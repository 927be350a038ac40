/** What the range keeper does when the guard or the store says no, when entries end, and after its own end. Time is the test's. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultDocument } from '../../policy/default-document.ts';
import { CONSOLE_SHARE_MS, feed, pack, refusal, settled, text, World } from '../testing/keeper-world.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => {
  // Nothing is left that would go on.
  vi.useRealTimers();
});

describe('when the guard says no', () => {
  it('whoever asked hears it, and what was taken back is not sent', async () => {
    const world = new World();
    world.keeper.begin();
    world.guard = [refusal];
    const before = world.lists.deny;
    world.lists.deny = pack('203.0.113.9');
    await expect(world.keeper.bringIntoForce('deny')).rejects.toThrow('the kernel says no');
    world.lists.deny = before;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(text(world.sent.at(-1)!.deny)).toEqual(['203.0.113.0/24']);
    expect(world.events).toEqual([]);
    world.keeper.close();
  });

  it('nobody asked: it is told once, tried again, and told when it worked', async () => {
    const world = new World({ ...defaultDocument, feeds: [feed('one')] });
    world.keeper.begin();
    world.guard = [refusal, refusal, refusal];
    world.feeds = [{ name: 'one', ranges: pack('198.51.100.1') }];
    world.keeper.feedsChanged();
    await settled();
    expect(world.events).toEqual(['lists-not-in-force']);
    await vi.advanceTimersByTimeAsync(1_000 + 2_000);
    expect(world.sent).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(world.sent).toHaveLength(4);
    expect(world.events).toEqual(['lists-not-in-force', 'lists-in-force']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(world.sent).toHaveLength(4);
    world.keeper.close();
  });
});

describe('entries that have an end', () => {
  it('leave on time', async () => {
    const world = new World();
    world.ends = [{ list: 'deny', range: '203.0.113.0/24', at: Date.now() + 60_000 }];
    world.keeper.begin();
    await vi.advanceTimersByTimeAsync(59_999);
    expect(world.sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1 + CONSOLE_SHARE_MS);
    expect(world.sent).toEqual([{ deny: pack('198.51.100.0/24') }]);
    world.keeper.close();
  });

  it('an end further away than a timer can count is waited for all the same', async () => {
    const world = new World();
    world.ends = [{ list: 'allow', range: '192.0.2.0/24', at: Date.now() + 3e9 }];
    world.keeper.begin();
    await vi.advanceTimersByTimeAsync(2.9e9);
    expect(world.sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(0.1e9 + CONSOLE_SHARE_MS);
    expect(world.sent).toHaveLength(1);
    world.keeper.close();
  });

  it('an entry that is added with an earlier end than all others is not forgotten', async () => {
    const world = new World();
    world.ends = [{ list: 'deny', range: '203.0.113.0/24', at: Date.now() + 60_000 }];
    world.keeper.begin();
    world.ends.push({ list: 'deny', range: '203.0.113.9', at: Date.now() + 1_000 });
    await world.keeper.bringIntoForce('deny');
    await vi.advanceTimersByTimeAsync(1_000 + CONSOLE_SHARE_MS);
    expect(world.sent).toHaveLength(1);
    world.keeper.close();
  });

  it('a store that cannot note their end is asked again, and it is told once', async () => {
    const world = new World();
    world.ends = [{ list: 'deny', range: '203.0.113.0/24', at: Date.now() + 1_000 }];
    world.keeper.begin();
    world.storeFails = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(world.events).toEqual(['lists-not-expired']);
    world.storeFails = false;
    await vi.advanceTimersByTimeAsync(1_000 + CONSOLE_SHARE_MS);
    expect(world.sent).toHaveLength(1);
    world.keeper.close();
  });
});

it('after the end nothing of it runs', async () => {
  const world = new World({ ...defaultDocument, feeds: [feed('one')] });
  world.ends = [{ list: 'deny', range: '203.0.113.0/24', at: Date.now() + 1_000 }];
  world.keeper.begin();
  world.feeds = [{ name: 'one', ranges: pack('198.51.100.1') }];
  world.keeper.feedsChanged();
  world.keeper.close();
  expect(vi.getTimerCount()).toBe(0);
});
