/** The contract of sets of targets: blocks in every scope, denied and limited addresses, registered phones. */
import { parseAddress, type Address } from '../../core/base/address.ts';
import { formatTarget, parseTarget, type Target } from '../../core/base/target.ts';
import type { ElementState, KernelElements, TargetSet } from '../kernel-elements.ts';
import type { Row } from './contract.ts';

export const HOUR_MS = 3_600_000;
const a = (text: string): Address => parseAddress(text)!;
export const V4 = a('192.0.2.1');
export const V6 = a('2001:db8::1');
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

export const TARGET_ROWS: Row[] = [
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
