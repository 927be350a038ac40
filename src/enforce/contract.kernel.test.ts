/**
 * One table of steps for the kernel's sets and for the ones in memory: what the fast tests believe of the fake is true of the
 * real one.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { assertNoLeaks, missingForKernelTests, Namespace } from '../../test/netns.ts';
import { Elements } from './elements.ts';
import { FakeKernel } from './fake-kernel.ts';
import { ListElements } from './list-elements.ts';
import { Nftables } from './nftables.ts';
import { renderRuleset } from './ruleset.ts';
import type { Kernel } from './testing/contract.ts';
import { LIST_ROWS } from './testing/contract-lists.ts';
import { HOUR_MS, TARGET_ROWS, V4, V6 } from './testing/contract-targets.ts';

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

    test.each([...TARGET_ROWS, ...LIST_ROWS])('$name', async ({ step, expected }) => {
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
      await expect.poll(() => kernel.get('block', V4)).toBeNull();
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
