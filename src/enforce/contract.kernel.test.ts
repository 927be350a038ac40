/**
 * One table of steps for the kernel's sets and for the ones in memory: what the fast tests believe of the fake is true of the
 * real one.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { formatRange, parseAddress, parseRange, type Address } from '../core/base/address.ts';
import { formatTarget, parseTarget, type Target } from '../core/base/target.ts';
import { assertNoLeaks, missingForKernelTests, Namespace } from '../../test/netns.ts';
import { packRanges, unpackRanges } from '../core/base/packed-ranges.ts';
import { Elements } from './elements.ts';
import { FakeKernel } from './fake-kernel.ts';
import type { ElementState, KernelElements, TargetSet } from './kernel-elements.ts';
import type { KernelLists } from './kernel-lists.ts';
import { ListElements } from './list-elements.ts';
import { Nftables } from './nftables.ts';
import { renderRuleset } from './ruleset.ts';

const HOUR_MS = 3_600_000;
const RULESET = renderRuleset(
  {
    mode: 'protect',
    ports: { sipUdp: [{ first: 5060, last: 5060 }], sipTcp: [], tftp: [], management: [] },
    guests: [],
    block: { durationMs: HOUR_MS, extend: true, permanentAfter: 3, rememberMs: HOUR_MS },
    wayIn: null,
    limit: { invitesPerSecond: 1, durationMs: HOUR_MS },
    countries: { mode: 'off', protocols: { sipUdp: true, sipTcp: true, tftp: true } },
    feeds: [],
  },
  { nflogGroup: 11 },
);

const a = (text: string): Address => parseAddress(text)!;
const V4 = a('192.0.2.1');
const V6 = a('2001:db8::1');
const t = (text: string): Target => parseTarget(text)!;

/** Timeouts to the second: the real clock runs between the steps. */
function shown(state: ElementState | null): string {
  if (state === null) return 'absent';
  const left = state.expiresMs === null ? 'for ever' : `${Math.ceil(state.expiresMs / 1000)} s left`;
  return `${state.timeoutMs === null ? 'no timeout' : `timeout ${state.timeoutMs} ms`}, ${left}, ${state.packets} packets`;
}

const listed = (kernel: KernelElements, set: TargetSet) =>
  kernel
    .list(set)
    .map((e) => `${formatTarget(e.target)}: ${shown(e)}`)
    .sort();

type Kernel = KernelElements & KernelLists;

/** The real one has a socket for blocks and one for lists. */
function realKernel(commits: Int32Array): Kernel {
  const elements = new Elements({ commits });
  const lists = new ListElements({ commits });
  const close = () => (elements.close(), lists.close());
  // No name is in both but `close`.
  return new Proxy(elements, {
    get: (_, name) => {
      if (name === 'close') return close;
      const of = (name in elements ? elements : lists) as unknown as Record<
        string | symbol,
        (() => unknown) | undefined
      >;
      return of[name]?.bind(of);
    },
  }) as unknown as Kernel;
}

interface Row {
  name: string;
  /** Returns what the step shows, for comparing with `expected`. */
  step: (kernel: Kernel) => unknown;
  expected: unknown;
}

const ROWS: Row[] = [
  // Blocks: added, refreshed, made permanent, made temporary, lifted.
  {
    name: 'a block is there with its time',
    step: (k) => (k.block(V4, HOUR_MS), shown(k.get('block', V4))),
    expected: 'timeout 3600000 ms, 3600 s left, 0 packets',
  },
  {
    name: 'a second block gives the new time',
    step: (k) => (k.block(V4, HOUR_MS), k.block(V4, 2 * HOUR_MS), shown(k.get('block', V4))),
    expected: 'timeout 7200000 ms, 7200 s left, 0 packets',
  },
  {
    name: 'and a shorter one as well',
    step: (k) => (k.block(V6, HOUR_MS), k.block(V6, 60_000), shown(k.get('block', V6))),
    expected: 'timeout 60000 ms, 60 s left, 0 packets',
  },
  {
    name: 'a temporary block becomes permanent',
    step: (k) => (k.block(V4, HOUR_MS), k.block(V4, null), shown(k.get('block', V4))),
    expected: 'no timeout, for ever, 0 packets',
  },
  {
    name: 'a permanent block becomes temporary',
    step: (k) => (k.block(V6, null), k.block(V6, HOUR_MS), shown(k.get('block', V6))),
    expected: 'timeout 3600000 ms, 3600 s left, 0 packets',
  },
  { name: 'what was never blocked is absent', step: (k) => k.get('block', a('192.0.2.9')), expected: null },
  { name: 'a lift says that it was there', step: (k) => (k.block(V4, null), k.unblock(V4)), expected: true },
  {
    name: 'a second lift says that it was not',
    step: (k) => (k.block(V4, null), k.unblock(V4), k.unblock(V4)),
    expected: false,
  },
  { name: 'a lift of a stranger', step: (k) => k.unblock(V6), expected: false },
  // The three sets are separate.
  {
    name: 'deny, block and limit do not meet',
    step: (k) => {
      k.deny(V4, null);
      k.limit(V6, 1000_000);
      return [
        k.get('block', V4),
        shown(k.get('deny', V4)),
        shown(k.get('limit', V6)),
        k.undeny(V4),
        k.unlimit(V6),
        k.undeny(V4),
      ];
    },
    expected: [
      null,
      'no timeout, for ever, 0 packets',
      'timeout 1000000 ms, 1000 s left, 0 packets',
      true,
      true,
      false,
    ],
  },
  {
    name: 'a list holds both families',
    step: (k) => (k.block(V6, null), k.block(V4, HOUR_MS), k.block(a('255.255.255.255'), null), listed(k, 'block')),
    expected: [
      '192.0.2.1: timeout 3600000 ms, 3600 s left, 0 packets',
      '2001:db8::1: no timeout, for ever, 0 packets',
      '255.255.255.255: no timeout, for ever, 0 packets',
    ],
  },
  // Every scope of a block is a set of its own, in both families.
  {
    name: 'phones, addresses and networks do not meet',
    step: (k) => {
      const targets = [
        ...['192.0.2.1:5062/udp', '192.0.2.1:5062/tcp', '192.0.2.1:0/udp', '192.0.2.1', '192.0.2.0/24', '192.0.0.0/16'],
        ...['[2001:db8::1]:65535/tcp', '2001:db8::1', '2001:db8::/64', '2001:db8::/32'],
      ];
      for (const text of targets) k.block(t(text), HOUR_MS);
      for (const text of ['192.0.2.1:5062/tcp', '192.0.2.1', '192.0.2.0/24', '2001:db8::/64']) k.unblock(t(text));
      return k
        .list('block')
        .map((e) => formatTarget(e.target))
        .sort();
    },
    expected: [
      ...['192.0.0.0/16', '192.0.2.1:0/udp', '192.0.2.1:5062/udp', '2001:db8::/32', '2001:db8::1'],
      '[2001:db8::1]:65535/tcp',
    ],
  },
  {
    name: 'a phone and a network have their time and count, too',
    step: (k) => {
      k.addMany('block', [
        { target: t('192.0.2.1:5062/udp'), timeoutMs: HOUR_MS, packets: 7 },
        { target: t('2001:db8::/48'), timeoutMs: null, packets: 8 },
      ]);
      k.block(t('192.0.2.1:5062/udp'), 60_000);
      return listed(k, 'block');
    },
    expected: [
      '192.0.2.1:5062/udp: timeout 60000 ms, 60 s left, 7 packets',
      '2001:db8::/48: no timeout, for ever, 8 packets',
    ],
  },
  {
    name: 'what a set cannot hold is refused',
    step: (k) =>
      (
        [
          ['block', { ...V4, bits: 25 }],
          ['trusted', V4],
          ['known', t('192.0.2.1:5062/udp')],
          ['deny', t('192.0.2.0/24')],
        ] as const
      ).map(([set, target]) => {
        try {
          return k.get(set, target);
        } catch (error) {
          return (error as Error).name;
        }
      }),
    expected: ['RangeError', 'RangeError', 'RangeError', 'RangeError'],
  },
  // Registered phones: renewed many at a time.
  {
    name: 'a renewed phone has its new time, longer or shorter, and the others theirs',
    step: (k) => {
      const at = (text: string, timeoutMs: number) => ({ target: t(text), timeoutMs });
      const g = k.generation();
      k.renew('trusted', [at('192.0.2.1:5060/udp', 60_000), at('[2001:db8::1]:5060/tcp', HOUR_MS)]);
      k.renew('trusted', [at('192.0.2.1:5060/udp', HOUR_MS), at('192.0.2.1:5061/udp', 60_000)]);
      k.renew('known', [{ target: V4, timeoutMs: HOUR_MS }]);
      k.renew('known', [{ target: V4, timeoutMs: 60_000 }]);
      k.renew('known', []);
      return [listed(k, 'trusted'), listed(k, 'known'), k.take('known', V4), k.take('known', V4), k.generation() - g];
    },
    expected: [
      [
        '192.0.2.1:5060/udp: timeout 3600000 ms, 3600 s left, 0 packets',
        '192.0.2.1:5061/udp: timeout 60000 ms, 60 s left, 0 packets',
        '[2001:db8::1]:5060/tcp: timeout 3600000 ms, 3600 s left, 0 packets',
      ],
      ['192.0.2.1: timeout 60000 ms, 60 s left, 0 packets'],
      true,
      false,
      5,
    ],
  },
  // Many at once.
  {
    name: 'many of both families; what was there stays',
    step: (k) => {
      k.block(V4, HOUR_MS);
      const many = Array.from({ length: 5000 }, (_, i) => ({
        target: i % 2 === 0 ? { ...V4, w3: 0x0a000000 + i } : { ...V6, w3: i },
        timeoutMs: i % 3 === 0 ? null : HOUR_MS,
      }));
      k.addMany('block', [...many, { target: V4, timeoutMs: HOUR_MS }]);
      k.addMany('deny', []);
      // One by one: a set that has just grown is moved by the kernel, and a dump may miss some meanwhile.
      const held = [...many.map((e) => e.target), V4].filter((address) => k.get('block', address) !== null);
      return [held.length, k.list('deny').length, shown(k.get('block', { ...V4, w3: 0x0a000000 + 4998 }))];
    },
    // The 5,000, and V4.
    expected: [5001, 0, 'no timeout, for ever, 0 packets'],
  },
  {
    name: 'an element that is restored counts on from where it was',
    step: (k) => {
      k.addMany(
        'block',
        [V4, V6].map((target) => ({ target, timeoutMs: HOUR_MS, packets: 4_294_967_297 })),
      );
      return listed(k, 'block');
    },
    expected: [
      '192.0.2.1: timeout 3600000 ms, 3600 s left, 4294967297 packets',
      '2001:db8::1: timeout 3600000 ms, 3600 s left, 4294967297 packets',
    ],
  },
  // Long lists' sets: whatever is put into an interval set comes back as the same addresses.
  ...(
    [
      ['nothing', [], []],
      ['one address', ['192.0.2.1'], ['192.0.2.1']],
      ['overlaps merge', ['10.0.0.0/8', '10.1.0.0/16', '10.0.0.0/9'], ['10.0.0.0/8']],
      ['neighbours merge', ['10.0.0.0/25', '10.0.0.128/25'], ['10.0.0.0/24']],
      ['the lowest and the highest IPv4', ['0.0.0.0', '255.255.255.255'], ['0.0.0.0', '255.255.255.255']],
      ['all of IPv4', ['0.0.0.0/0'], ['0.0.0.0/0']],
      ['the end of IPv4', ['255.255.255.0/24', '192.0.2.4-192.0.2.9'], ['192.0.2.4-192.0.2.9', '255.255.255.0/24']],
      ['all of both', ['::/0', '0.0.0.0/0'], ['0.0.0.0/0', '::/0']],
      ['IPv4 inside ::/0 is another family', ['::/0', '192.0.2.0/24', '2001:db8::/32'], ['192.0.2.0/24', '::/0']],
      ['an IPv6 range that ends before the mapped IPv4', ['::-::fffe:ffff:ffff'], ['::-::fffe:ffff:ffff']],
      ['the end of IPv6', ['ffff::/16', '2001:db8::1-2001:db8::3'], ['2001:db8::1-2001:db8::3', 'ffff::/16']],
    ] as const
  ).map(([name, put, held]): Row => ({
    name: `ranges: ${name}`,
    step: (k) => {
      for (const texts of [['198.51.100.0/24', '2001:db8:ffff::/48'], put]) {
        const { v4, v6 } = packRanges(texts.map((text) => parseRange(text)!));
        k.edit([
          { do: 'empty', set: 'deny_s4' },
          { do: 'empty', set: 'deny_s6' },
          { do: 'fill', set: 'deny_s4', v4: true, list: v4 },
          { do: 'fill', set: 'deny_s6', v4: false, list: v6 },
        ]);
      }
      const held = { v4: k.ranges('deny_s4', true), v6: k.ranges('deny_s6', false) };
      return [...unpackRanges(held)].map(formatRange);
    },
    expected: held,
  })),
  {
    name: 'keys of hash sets, added and removed in one transaction',
    step: (k) => {
      const [keys4, keys6] = [Uint32Array.of(1, 0xffffffff, 7), Uint32Array.of(0x20010db8, 0, 0, 1)];
      k.edit([
        { do: 'add', set: 'deny_a4', v4: true, keys: keys4, count: 3 },
        { do: 'add', set: 'deny_a6_net', v4: false, keys: keys6, count: 1 },
      ]);
      k.edit([
        { do: 'remove', set: 'deny_a4', v4: true, keys: keys4, count: 1 },
        { do: 'add', set: 'deny_b4', v4: true, keys: keys4, count: 2 },
      ]);
      return [
        k.has('deny_a4', true, keys4, 0),
        k.has('deny_a4', true, keys4, 1),
        k.has('deny_b4', true, keys4, 2),
        k.has('deny_a6_net', false, keys6, 0),
        k.has('deny_a6', false, keys6, 0),
      ];
    },
    expected: [false, true, false, true, false],
  },
  {
    name: 'a refused edit changes nothing',
    step: (k) => {
      const keys = Uint32Array.of(5, 6);
      const refusal = (() => {
        try {
          return k.edit([
            { do: 'add', set: 'deny_a4', v4: true, keys, count: 1 },
            { do: 'remove', set: 'deny_a4_net', v4: true, keys, count: 2 },
          ]);
        } catch (error) {
          return (error as { code: string }).code;
        }
      })();
      return [refusal, k.has('deny_a4', true, keys, 0)];
    },
    expected: ['kernel-element-missing', false],
  },
  {
    name: 'a selector points each family to a chain of its own, or to none',
    step: (k) => {
      const select = (v4: boolean, from: string | null, to: string | null) =>
        k.edit([{ do: 'select', map: 'deny_use', v4, from, to }]);
      const none = k.selection('deny_use');
      select(true, null, 'deny_s4');
      select(false, null, 'deny_b6');
      select(true, 'deny_s4', 'deny_a4');
      const both = k.selection('deny_use');
      select(false, 'deny_b6', null);
      return [none, both, k.selection('deny_use'), k.selection('allow_use')];
    },
    expected: [
      { v4: null, v6: null },
      { v4: 'deny_a4', v6: 'deny_b6' },
      { v4: 'deny_a4', v6: null },
      { v4: null, v6: null },
    ],
  },
  // The generation grows with changes and only with them.
  {
    name: 'generation',
    step: (k) => {
      const g = k.generation();
      k.get('block', V4);
      const same = k.generation() === g;
      k.block(V4, HOUR_MS);
      const one = k.generation() - g;
      k.block(V4, HOUR_MS);
      const two = k.generation() - g;
      k.unblock(V6);
      return [same, one, two, k.generation() - g];
    },
    expected: [true, 1, 2, 2],
  },
];

describe.skipIf(missingForKernelTests() !== null)('the kernel’s sets and the fake’s', () => {
  let host: Namespace;
  const nftables = new Nftables();

  beforeAll(() => {
    host = new Namespace('contract');
  });
  afterAll(async () => {
    await host?.close();
    assertNoLeaks();
  });

  describe.each([
    {
      kernel: 'real',
      make: (commits: Int32Array) => host.inside(() => realKernel(commits)),
      drop: (_: Kernel) => host.inside(() => nftables.remove()),
    },
    {
      kernel: 'fake',
      make: async (commits: Int32Array): Promise<Kernel> =>
        new FakeKernel({ now: () => Date.now(), commits, table: true }),
      drop: async (k: Kernel) => (k as FakeKernel).deleteTable(),
    },
  ])('$kernel', ({ make, drop }) => {
    const commits = new Int32Array(new SharedArrayBuffer(4));
    let kernel: Kernel;

    beforeEach(async () => {
      await host.inside(() => nftables.remove());
      await host.inside(() => nftables.apply(RULESET));
      kernel = await make(commits);
      return () => kernel.close();
    });

    test.each(ROWS)('$name', async ({ step, expected }) => {
      expect(await host.inside(() => step(kernel))).toEqual(expected);
    });

    test('own transactions are counted as the generation counts them', async () => {
      const [generation, before] = [kernel.generation(), commits[0]];
      kernel.block(V4, HOUR_MS);
      kernel.block(V4, null);
      kernel.unblock(V4);
      kernel.unblock(V4);
      const list = Uint32Array.of(1, 2, 7, 9);
      kernel.edit([{ do: 'fill', set: 'allow_s4', v4: true, list }]);
      for (let i = 0; i < 2; i++) {
        kernel.addMany('deny', [{ target: V6, timeoutMs: null }]);
        kernel.edit([{ do: 'empty', set: 'deny_a4' }]);
        kernel.edit([]);
      }
      expect(commits[0] - before).toBe(kernel.generation() - generation);
    });

    test('a block ends by itself', async () => {
      kernel.block(V4, 80);
      expect(kernel.get('block', V4)).not.toBeNull();
      await expect.poll(() => kernel.get('block', V4), { timeout: 5000 }).toBeNull();
      kernel.block(V4, 1000);
      expect(kernel.get('block', V4)?.timeoutMs).toBe(1000);
    });

    test.each<[string, (k: Kernel) => unknown]>([
      ['block', (k) => k.block(V4, 1)],
      ['unblock', (k) => k.unblock(V6)],
      ['get', (k) => k.get('deny', V4)],
      ['list', (k) => k.list('limit')],
      ['addMany', (k) => k.addMany('block', [{ target: V4, timeoutMs: null }])],
      ['edit', (k) => k.edit([{ do: 'empty', set: 'allow_s4' }])],
      ['ranges', (k) => k.ranges('allow_s4', true)],
      ['selection', (k) => k.selection('allow_use')],
      ['count', (k) => k.count('allow_a4')],
    ])('without the table %s says so', async (_, step) => {
      await drop(kernel);
      await expect(host.inside(() => step(kernel))).rejects.toMatchObject({ code: 'kernel-table-missing' });
    });
  });

  test('a full set says so, and what it held stays', async () => {
    await host.inside(() => nftables.remove());
    await host.inside(() => nftables.apply(RULESET.replaceAll('size 262144', 'size 3')));
    const real = await host.inside(() => new Elements());
    const fake = new FakeKernel({ now: () => Date.now(), sizes: { deny4: 3, deny6: 3 }, table: true });
    for (const kernel of [real, fake]) {
      for (let i = 1; i <= 3; i++) kernel.deny({ ...V4, w3: i }, null);
      expect(() => kernel.deny({ ...V4, w3: 4 }, null)).toThrow(expect.objectContaining({ code: 'kernel-set-full' }));
      kernel.deny({ ...V6, w3: 4 }, null);
      expect((await host.inside(() => kernel.list('deny'))).length).toBe(4);
    }
    real.close();
  });

  test('without CAP_NET_ADMIN the error says what is missing', () => {
    const script = `
      import { Elements } from ${JSON.stringify(new URL('./elements.ts', import.meta.url).href)};
      import { NflogTap } from ${JSON.stringify(new URL('../capture/nflog.ts', import.meta.url).href)};
      for (const attempt of [() => new Elements().generation(), () => new NflogTap({ group: 3 })]) {
        try { attempt(); console.log('done'); } catch (error) { console.log(error.code, error.errnoName); }
      }`;
    const output = host.run(
      'setpriv',
      '--reuid=65534',
      '--clear-groups',
      '--bounding-set=-all',
      process.execPath,
      '--input-type=module',
      '--eval',
      script,
    );
    expect(output).toBe('netlink-no-permission EPERM\nnetlink-no-permission EPERM\n');
  });
});
