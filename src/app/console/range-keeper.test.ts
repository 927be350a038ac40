/** What reaches the guard, and when. Time is the test's. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GuardRequest, RangeOrders } from '../../channel/protocol.ts';
import { formatRange, parseAddress, parseRange, type Address } from '../../core/base/address.ts';
import {
  NO_RANGES,
  packRanges,
  subtract,
  union,
  unpackRanges,
  type PackedRanges,
} from '../../core/base/packed-ranges.ts';
import { defaultDocument } from '../../policy/default-document.ts';
import type { PolicyDocument } from '../../policy/schema.ts';
import { GuardRefusal } from '../../serve/guard-link.ts';
import { StoreError } from '../../store/error.ts';
import type { ListName } from '../../store/store.ts';
import { RangeKeeper } from './range-keeper.ts';

/** A change is in the kernel within 100 ms; the guard and the kernel need some of it. */
const CONSOLE_SHARE_MS = 25;

const pack = (...ranges: string[]) => packRanges(ranges.map((range) => parseRange(range)!));
const text = (ranges: PackedRanges | undefined) => ranges && [...unpackRanges(ranges)].map(formatRange);
const countries = (change: Partial<PolicyDocument['countries']>): PolicyDocument => ({
  ...defaultDocument,
  countries: { ...defaultDocument.countries, ...change },
});
const feed = (name: string) => ({
  name,
  url: `https://lists.example.org/${name}`,
  file: '',
  every: '1h',
  action: 'block' as const,
  bytesMax: 1024,
});

class World {
  lists: Record<ListName, PackedRanges> = { allow: pack('192.0.2.0/24'), deny: pack('203.0.113.0/24') };
  names = new Map<string, Address[]>();
  feeds: { name: string; ranges: PackedRanges }[] = [];
  blocked: PackedRanges | null = null;
  ends: { list: ListName; range: string; at: number }[] = [];
  storeFails = false;
  /** Answers of the guard to come; absent: it agrees at once. */
  guard: (() => Promise<unknown>)[] = [];
  /** What the guard was to hold, each time: an edit counts as what it comes to. */
  readonly sent: Partial<RangeOrders>[] = [];
  readonly asked: GuardRequest['ask'][] = [];
  private held = new Map<string, { version: number; ranges: PackedRanges }>();
  readonly events: string[] = [];
  readonly keeper: RangeKeeper;

  constructor(policy: PolicyDocument = defaultDocument) {
    this.keeper = new RangeKeeper(
      {
        store: {
          packed: (list) => this.lists[list],
          hostNames: () => [...this.names.keys()],
          listNextEnd: () => this.ends.map(({ at }) => at).sort((a, b) => a - b)[0] ?? null,
          listExpire: (now) => {
            if (this.storeFails) throw new StoreError('store-disk-full', 'the disk is full');
            const over = this.ends.filter(({ at }) => at <= now);
            this.ends = this.ends.filter(({ at }) => at > now);
            for (const { list } of over) this.lists[list] = pack('198.51.100.0/24');
            const entry = { comment: '', addedBy: '', addedAt: 0, until: null };
            return over.map(({ list, range }) => ({ list, entry: { range, ...entry } }));
          },
        },
        hostNames: { use: () => {}, addresses: () => this.names },
        feeds: { use: () => {}, ranges: () => this.feeds },
        countries: {
          ready: () => this.blocked !== null,
          blocked: () => this.blocked!,
          use: () => Promise.resolve(),
        },
        guard: { ask: (request) => this.ask(request) },
        now: () => Date.now(),
        event: (_level, code) => this.events.push(code),
      },
      policy,
    );
  }

  /** As a guard whose list became another one in some way. */
  forgetHeld(): void {
    this.held.clear();
  }

  private ask(request: GuardRequest): Promise<unknown> {
    this.asked.push(request.ask);
    if (request.ask === 'ranges') {
      this.sent.push(request.ranges);
      for (const list of ['allow', 'deny'] as const)
        if (request.ranges[list]) this.held.set(list, { version: request.version!, ranges: request.ranges[list] });
    }
    if (request.ask === 'edit') {
      const { list, base, gone, come } = request.edit;
      const held = this.held.get(list);
      if (held?.version !== base) return Promise.reject(new GuardRefusal('other-base', 'another list'));
      const ranges = union(subtract(held.ranges, gone), come);
      this.held.set(list, { version: request.version, ranges });
      this.sent.push({ [list]: ranges });
    }
    return this.guard.shift()?.() ?? Promise.resolve({ lifted: [], liftedCount: 0 });
  }
}

const refusal = () => Promise.reject(new GuardRefusal('kernel-failed', 'the kernel says no'));
const settled = () => vi.advanceTimersByTimeAsync(CONSOLE_SHARE_MS);

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => {
  // Nothing is left that would go on.
  vi.useRealTimers();
});

describe('the orders that the guard starts from', () => {
  it('name what is known, and not what is not known yet: the guard keeps its own of that', () => {
    const world = new World({ ...countries({ mode: 'block', list: ['XX'] }), feeds: [feed('old'), feed('new')] });
    world.feeds = [{ name: 'old', ranges: pack('198.51.100.7') }];
    const orders = world.keeper.begin();
    expect(text(orders.allow)).toEqual(['192.0.2.0/24']);
    expect(text(orders.deny)).toEqual(['203.0.113.0/24']);
    expect(orders.feeds?.map(({ name }) => name)).toEqual(['old']);
    expect(orders).not.toHaveProperty('country');
    world.keeper.close();
  });

  it('are not sent again', async () => {
    const world = new World();
    world.keeper.begin();
    await world.keeper.bringIntoForce('deny');
    world.keeper.hostNamesChanged();
    await settled();
    expect(world.sent).toEqual([]);
    world.keeper.close();
  });
});

describe('whoever refreshed a feed or the country data waits for the kernel', () => {
  it('what a feed lists is sent at once, and again when the kernel did not take it', async () => {
    const world = new World({ ...defaultDocument, feeds: [feed('sip')] });
    world.keeper.begin();
    world.feeds = [{ name: 'sip', ranges: pack('198.51.100.7') }];
    world.guard = [refusal, refusal];
    await expect(world.keeper.feedsInForce(['sip'])).rejects.toThrow('the kernel says no');
    await vi.advanceTimersByTimeAsync(1000);
    expect(world.keeper.problems()).toEqual([{ what: 'the feed sip', text: 'the kernel says no' }]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(world.sent).toEqual(Array(3).fill({ feeds: world.feeds }));
    expect(world.keeper.problems()).toEqual([]);
    world.keeper.close();
  });

  it('countries; a feed that is no more is nothing to wait for', async () => {
    const world = new World(countries({ mode: 'block', list: ['XX'] }));
    world.keeper.begin();
    world.blocked = pack('203.0.113.0/24');
    await world.keeper.countriesInForce();
    await world.keeper.feedsInForce(['gone']);
    expect(world.sent).toEqual([{ country: world.blocked }]);
    world.keeper.close();
  });
});

describe('a change goes to the guard, and nothing but the change', () => {
  const rows: [
    what: string,
    policy: PolicyDocument,
    change: (world: World) => unknown,
    sent: Partial<RangeOrders>[],
  ][] = [
    [
      'of the denylist',
      defaultDocument,
      (world) => ((world.lists.deny = pack('203.0.113.9')), world.keeper.bringIntoForce('deny')),
      [{ deny: pack('203.0.113.9') }],
    ],
    [
      'of the allowlist',
      defaultDocument,
      (world) => ((world.lists.allow = pack('192.0.2.1')), world.keeper.bringIntoForce('allow')),
      [{ allow: pack('192.0.2.1') }],
    ],
    [
      'an answer of the name server',
      defaultDocument,
      (world) => (world.names.set('pbx.example.org', [parseAddress('198.51.100.9')!]), world.keeper.hostNamesChanged()),
      [{ allow: pack('192.0.2.0/24', '198.51.100.9') }],
    ],
    [
      'a refreshed feed, of two',
      { ...defaultDocument, feeds: [feed('one'), feed('two')] },
      (world) => ((world.feeds = [{ name: 'two', ranges: pack('198.51.100.2') }]), world.keeper.feedsChanged()),
      [{ feeds: [{ name: 'two', ranges: pack('198.51.100.2') }] }],
    ],
    [
      'country data that are loaded at last',
      countries({ mode: 'block', list: ['XX'] }),
      (world) => ((world.blocked = pack('198.51.100.0/25')), world.keeper.countriesChanged()),
      [{ country: pack('198.51.100.0/25') }],
    ],
    [
      'country data, with no country blocked',
      defaultDocument,
      (world) => ((world.blocked = pack('198.51.100.0/25')), world.keeper.countriesChanged()),
      [],
    ],
  ];

  it.each(rows)('%s', async (_what, policy, change, sent) => {
    const world = new World(policy);
    world.keeper.begin();
    await change(world);
    await settled();
    expect(world.sent).toEqual(sent);
    world.keeper.close();
  });

  it('a burst is one request, with what came last', async () => {
    const world = new World({ ...defaultDocument, feeds: [feed('one')] });
    world.keeper.begin();
    for (let i = 1; i <= 50; i++) {
      world.feeds = [{ name: 'one', ranges: pack(`198.51.100.${i}`) }];
      world.keeper.feedsChanged();
    }
    await settled();
    expect(world.sent.map(({ feeds }) => text(feeds![0].ranges))).toEqual([['198.51.100.50']]);
    world.keeper.close();
  });

  it('a denylist entry does not wait for a list that is being loaded', async () => {
    const world = new World(countries({ mode: 'block', list: ['XX'] }));
    world.keeper.begin();
    world.guard = [() => new Promise(() => {})];
    world.blocked = pack('198.51.100.0/25');
    world.keeper.countriesChanged();
    await settled();
    world.lists.deny = pack('203.0.113.9');
    await world.keeper.bringIntoForce('deny');
    expect(world.sent.map((ranges) => Object.keys(ranges))).toEqual([['country'], ['deny']]);
    world.keeper.close();
  });

  it('whoever asks while a request is under way waits for the next one', async () => {
    const world = new World();
    world.keeper.begin();
    let agree!: (answer: unknown) => void;
    world.guard = [() => new Promise((resolve) => (agree = resolve))];
    world.lists.deny = pack('203.0.113.1');
    const first = world.keeper.bringIntoForce('deny');
    world.lists.deny = pack('203.0.113.2');
    const second = world.keeper.bringIntoForce('deny');
    agree({ lifted: ['203.0.113.1'], liftedCount: 1 });
    expect(await first).toEqual({ lifted: ['203.0.113.1'], liftedCount: 1 });
    expect(await second).toEqual({ lifted: [], liftedCount: 0 });
    expect(world.sent.map(({ deny }) => text(deny))).toEqual([['203.0.113.1'], ['203.0.113.2']]);
    world.keeper.close();
  });
});

describe('a list that the guard has already', () => {
  const changes: [what: string, to: PackedRanges, asked: GuardRequest['ask'][]][] = [
    ['an entry more', pack('203.0.113.0/24', '192.0.2.1', '2001:db8::1'), ['edit']],
    ['an entry that joins two', pack('203.0.112.0-203.0.113.255'), ['edit']],
    ['an entry less', NO_RANGES, ['edit']],
    ['nothing', pack('203.0.113.0/24'), []],
    ['more than a message should hold', packedOdd(1001), ['ranges']],
  ];
  it.each(changes)('%s', async (_what, to, asked) => {
    const world = await known();
    world.lists.deny = to;
    await world.keeper.bringIntoForce('deny');
    expect(world.asked).toEqual(asked);
    if (asked.length > 0) expect(text(world.sent.at(-1)!.deny)).toEqual(text(to));
    world.keeper.close();
  });

  it('a guard that has another one gets the whole list', async () => {
    const world = await known();
    world.forgetHeld();
    world.lists.deny = pack('192.0.2.1');
    await world.keeper.bringIntoForce('deny');
    expect(world.asked).toEqual(['edit', 'ranges']);
    expect(text(world.sent.at(-1)!.deny)).toEqual(['192.0.2.1']);
    world.keeper.close();
  });

  it('after a refusal nobody knows what it has: the whole list', async () => {
    const world = await known();
    world.guard = [refusal];
    world.lists.deny = pack('192.0.2.1');
    await expect(world.keeper.bringIntoForce('deny')).rejects.toThrow();
    world.lists.deny = pack('192.0.2.3');
    await world.keeper.bringIntoForce('deny');
    expect(world.asked).toEqual(['edit', 'ranges']);
    world.keeper.close();
  });

  /** Every other address, so that none joins another. */
  function packedOdd(count: number): PackedRanges {
    return pack(...Array.from({ length: count }, (_, i) => `198.18.${i >> 7}.${(i & 127) * 2}`));
  }

  async function known(): Promise<World> {
    const world = new World();
    world.keeper.begin();
    const wanted = world.lists.deny;
    world.lists.deny = pack('192.0.2.200');
    await world.keeper.bringIntoForce('deny');
    world.lists.deny = wanted;
    await world.keeper.bringIntoForce('deny');
    world.asked.length = 0;
    return world;
  }
});

describe('the policy', () => {
  it('switches countries and feeds, and waits for them', async () => {
    const world = new World();
    world.blocked = pack('198.51.100.0/25');
    world.keeper.begin();
    world.feeds = [{ name: 'one', ranges: pack('198.51.100.1') }];
    await world.keeper.use({ ...countries({ mode: 'block', list: ['XX'] }), feeds: [feed('one')] });
    expect(world.sent).toEqual([
      { feeds: [{ name: 'one', ranges: pack('198.51.100.1') }] },
      { country: pack('198.51.100.0/25') },
    ]);
    await world.keeper.use(defaultDocument);
    expect(world.sent.slice(2)).toEqual([{ country: NO_RANGES }]);
    world.keeper.close();
  });

  it('a feed that left and came back is sent again: the guard has forgotten it', async () => {
    const world = new World({ ...defaultDocument, feeds: [feed('one')] });
    world.feeds = [{ name: 'one', ranges: pack('198.51.100.1') }];
    world.keeper.begin();
    await world.keeper.use(defaultDocument);
    await world.keeper.use({ ...defaultDocument, feeds: [feed('one')] });
    expect(world.sent).toEqual([{ feeds: [{ name: 'one', ranges: pack('198.51.100.1') }] }]);
    world.keeper.close();
  });
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
