/** What reaches the guard, and when. Time is the test's. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GuardRequest, RangeOrders } from '../../channel/protocol.ts';
import { parseAddress } from '../../core/base/address.ts';
import { NO_RANGES, type PackedRanges } from '../../core/base/packed-ranges.ts';
import { defaultDocument } from '../../policy/default-document.ts';
import type { PolicyDocument } from '../../policy/schema.ts';
import { feed, pack, refusal, settled, text, World } from '../testing/keeper-world.ts';

const countries = (change: Partial<PolicyDocument['countries']>): PolicyDocument => ({
  ...defaultDocument,
  countries: { ...defaultDocument.countries, ...change },
});

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
