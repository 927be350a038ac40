/** What `status` says about feeds, host names, country data and lists that did not reach the kernel: what is wrong, what holds meanwhile, what to do. */
import { expect, it } from 'vitest';
import type { FeedStatus } from '../feeds/feed.ts';
import type { HostNameStatus } from '../feeds/host-name.ts';
import type { CountryStatus } from '../geo/country-status.ts';
import { listProblems } from './list-problems.ts';

const AT = Date.UTC(2026, 5, 20);
const feedProblem = {
  code: 'feed-timeout' as const,
  text: 'no answer within 30 s',
  hint: 'the server is slow',
  since: AT,
  at: AT,
};
const feed = (given: Partial<FeedStatus>) => ({ name: 'sip', state: 'current', problem: null, ...given }) as FeedStatus;
const host = (code: string, text: string) =>
  ({ name: 'phone.example.org', problem: { code, text, since: AT } }) as HostNameStatus;
const geo = (given: Partial<CountryStatus>) => ({ problem: null, inUse: null, ...given }) as CountryStatus;
const geoProblem = { code: 'geo-checksum', text: 'The checksum of a.csv is none.', hint: null, since: AT, at: AT };
const inUse = { source: 'b.csv' } as CountryStatus['inUse'];

const problems = (given: {
  ranges?: { what: string; text: string }[];
  feed?: FeedStatus;
  host?: HostNameStatus;
  geo?: CountryStatus;
}) =>
  listProblems({
    ranges: { problems: () => given.ranges ?? [] },
    feeds: { status: () => (given.feed ? [given.feed] : []) },
    hostNames: { status: () => (given.host ? [given.host] : []) },
    geo: { status: () => given.geo ?? geo({}) },
  } as unknown as Parameters<typeof listProblems>[0]);

const rows: [what: string, given: Parameters<typeof problems>[0], code: string, text: RegExp, hint: RegExp][] = [
  [
    'a list that the kernel did not take',
    { ranges: [{ what: 'the denylist', text: 'no memory' }] },
    ...([
      'lists-not-in-force',
      /^A change of the denylist is not in force yet: no memory$/,
      /by itself.*doctor/,
    ] as const),
  ],
  [
    'a feed whose last good copy is young',
    { feed: feed({ problem: feedProblem, confirmedAt: AT }) },
    ...([
      'feed-timeout',
      /^Feed sip: no answer within 30 s; the last good copy stays in force\.$/,
      /^The server is slow\. See ringfence feeds show sip$/,
    ] as const),
  ],
  [
    'a feed that nobody has confirmed for long',
    { feed: feed({ state: 'stale', problem: feedProblem, confirmedAt: AT }) },
    ...([
      'feed-stale',
      /not confirmed since 2026-06-20T00:00:00\.000Z; the last good copy stays/,
      /feeds show sip/,
    ] as const),
  ],
  [
    'a feed that never had any content',
    { feed: feed({ state: 'waiting', problem: feedProblem }) },
    ...(['feed-timeout', /; nothing of it is in force\.$/, /feeds show sip/] as const),
  ],
  [
    'a host name that cannot be looked up',
    { host: host('host-name-unresolved', 'phone.example.org could not be looked up: SERVFAIL; 192.0.2.1 stays') },
    ...([
      'host-name-unresolved',
      /^Allowlist: phone\.example\.org could not/,
      /allow remove phone\.example\.org/,
    ] as const),
  ],
  [
    'country data that are refused',
    { geo: geo({ problem: geoProblem, inUse }) },
    ...([
      'geo-checksum',
      /^Country data: The checksum of a\.csv is none\. Meanwhile the data in use stay \(b\.csv\)\.$/,
      /geo status/,
    ] as const),
  ],
  [
    'no country data at all',
    { geo: geo({ problem: geoProblem }) },
    ...(['geo-checksum', /Meanwhile no country is known\.$/, /geo status/] as const),
  ],
];
it.each(rows)('%s', (_what, given, code, text, hint) => {
  expect(problems(given)).toEqual([
    { code, text: expect.stringMatching(text) as string, hint: expect.stringMatching(hint) as string },
  ]);
});

it('all is well, and remarks about an answer that counts: nothing', () => {
  expect(problems({ feed: feed({}), host: host('host-name-private', 'it is 10.0.0.1'), geo: geo({ inUse }) })).toEqual(
    [],
  );
});
