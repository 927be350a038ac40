/** The table as text: what the policy says shows in it, in nft's words. The kernel's opinion is in ruleset.kernel.test.ts. */
import { expect, test } from 'vitest';

import { parseRange } from '../core/base/address.ts';
import { feedsIn, renderRuleset, type RulesetPolicy } from './ruleset.ts';
import { chainsOf, setsOf } from './table.ts';

const HOUR_MS = 3_600_000;
const POLICY: RulesetPolicy = {
  mode: 'protect',
  ports: { sipUdp: [], sipTcp: [], tftp: [], management: [] },
  guests: [],
  block: { durationMs: HOUR_MS, extend: true, permanentAfter: 3, rememberMs: HOUR_MS },
  wayIn: null,
  limit: { invitesPerSecond: 1, durationMs: HOUR_MS },
  countries: { mode: 'off', protocols: { sipUdp: true, sipTcp: true, tftp: true } },
  feeds: [],
};
const render = (change: Partial<RulesetPolicy>) => renderRuleset({ ...POLICY, ...change }, { nflogGroup: 42 });
const block = (durationMs: number) => ({ block: { ...POLICY.block, durationMs } });
const limit = (invitesPerSecond: number) => ({ limit: { ...POLICY.limit, invitesPerSecond } });

test.each<[name: string, change: Partial<RulesetPolicy>, line: string]>([
  // Times: the largest unit that is exact.
  ['an hour', block(HOUR_MS), 'update @block4 { ip saddr timeout 1h } counter drop'],
  ['90 seconds', block(90_000), 'update @block6 { ip6 saddr timeout 90s } counter drop'],
  ['30 days', block(30 * 24 * HOUR_MS), 'timeout 720h'],
  ['a second and a half', block(1500), 'timeout 1500ms'],
  // Rates: whole packets in nft's units.
  ['10 a second', limit(10), 'limit rate over 10/second burst 10 packets'],
  ['one in two seconds', limit(0.5), 'limit rate over 30/minute burst 1 packets'],
  ['two and a half', limit(2.5), 'limit rate over 150/minute burst 3 packets'],
  ['one in three minutes', limit(1 / 180), 'limit rate over 20/hour burst 1 packets'],
  ['none at all, which nft has not', limit(0), 'limit rate over 1/hour burst 1 packets'],
  // Ports and guests: merged, since interval sets refuse overlaps.
  [
    'overlapping ports',
    {
      ports: {
        ...POLICY.ports,
        sipUdp: [
          { first: 5070, last: 5080 },
          { first: 5060, last: 5060 },
          { first: 5061, last: 5075 },
        ],
      },
    },
    'add element inet ringfence sip_udp { 5060-5080 }',
  ],
  [
    'guests of both families',
    { guests: ['10.0.0.0/9', '10.128.0.0/9', '2001:db8::1'].map((text) => parseRange(text)!) },
    'add element inet ringfence guests4 { 10.0.0.0/8 }\nadd element inet ringfence guests6 { 2001:db8::1 }',
  ],
  ['the tap', {}, 'log prefix "in" group 42 snaplen 65535 queue-threshold 64 accept'],
])('%s', (_, change, line) => {
  expect(render(change)).toContain(line);
});

test('no extension: the rule only looks', () => {
  const text = render({ block: { ...POLICY.block, extend: false } });
  expect(text).toContain('ip saddr @block4 counter drop');
  expect(text).not.toContain('update @block');
});

test('monitor-only: no rule drops', () => {
  expect(render({ mode: 'monitor' })).not.toMatch(/\bdrop\b[^,]*$/m);
});

test('empty lists add no elements', () => {
  expect(render({})).not.toContain('add element');
});

test('the text declares exactly the sets and chains that the table is known by', () => {
  for (const mode of ['protect', 'monitor'] as const) {
    const feeds = ['one-2', '9'];
    const text = render({ mode, feeds: feeds.map((name) => ({ name, action: 'block' })) });
    const named = (kind: string) =>
      [...text.matchAll(new RegExp(`^\\t${kind} ([\\w-]+) \\{`, 'gm'))].map((m) => m[1]).sort();
    const sets = setsOf(feeds);
    expect(named('set')).toEqual(
      sets
        .filter((set) => !set.verdicts)
        .map((set) => set.name)
        .sort(),
    );
    expect(named('map')).toEqual(
      sets
        .filter((set) => set.verdicts)
        .map((set) => set.name)
        .sort(),
    );
    expect(named('chain')).toEqual(chainsOf(feeds).sort());
    expect(feedsIn(text)).toEqual(feeds);
  }
});
