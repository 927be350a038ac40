import { expect, test } from 'vitest';
import { headline, measured, offset, timeline } from './told.ts';

type Incident = Parameters<typeof headline>[0];
type Block = NonNullable<Parameters<typeof headline>[1]>;
type Verdict = Parameters<typeof measured>[0];

const at = (second: number) => new Date(2026, 10, 22, 14, 0, second).getTime();
const incident: Incident = {
  id: 'one',
  source: '203.0.113.66',
  sourcePort: 5061,
  victim: '198.51.100.10',
  victimPort: 5060,
  transport: 'udp',
  kind: 'register-bruteforce',
  first: at(0),
  last: at(3),
  count: 6,
  dropped: 279,
  users: [],
  usersTotal: 1,
  files: [],
  userAgent: null,
  action: 'block',
  scope: 'address',
  target: '203.0.113.66',
  proof: null,
  argument: { standing: 'unknown', phones: 0, proven: 0, portsBlocked: 0, shows: [], unless: [] },
  reason: 'register-bruteforce.bad-registrations',
  finding: 'register-bruteforce.bad-registrations',
  closed: null,
  country: null,
  asn: null,
  network: null,
};
const block: Block = {
  target: '203.0.113.66',
  address: '203.0.113.66',
  scope: 'address',
  port: null,
  transport: null,
  since: at(1),
  until: at(59),
  reason: '',
  finding: null,
  incident: 'one',
  origin: 'automatic',
  dropped: 0,
};
const verdict: Verdict = {
  at: at(1),
  source: '203.0.113.66',
  sourcePort: 5061,
  victim: '198.51.100.10',
  victimPort: 5060,
  transport: 'udp',
  action: 'block',
  reason: 'register-bruteforce.bad-registrations',
  finding: 'register-bruteforce.bad-registrations',
  kind: 'register-bruteforce',
  count: 5,
  threshold: 5,
  windowMs: 60_000,
  until: at(59),
  scope: 'address',
  target: '203.0.113.66',
  proof: null,
  argument: { standing: 'unknown', phones: 0, proven: 0, portsBlocked: 0, shows: [], unless: [] },
  blocksBefore: 0,
  incident: 'one',
};

test.each<[Partial<Incident>, Block | null, string]>([
  [{}, block, 'guessed passwords by REGISTER at 198.51.100.10 and is blocked until 2026-11-22 14:00:59.'],
  [{}, { ...block, until: null }, 'guessed passwords by REGISTER at 198.51.100.10 and is blocked for good.'],
  [{ kind: 'flood' }, null, 'flooded 198.51.100.10 and was blocked; that is over now.'],
  [
    { action: 'deny' },
    null,
    'guessed passwords by REGISTER at 198.51.100.10 and was blocked for good; that is over now.',
  ],
  [
    { action: 'watch', reason: 'monitor-only', kind: 'enumeration' },
    null,
    'looked for extensions of 198.51.100.10 and was only watched, because the policy says monitor.',
  ],
  [
    { action: 'pass', reason: 'allowlisted', kind: 'scanner-agent' },
    null,
    'scanned 198.51.100.10 and was let through, because it is on the allowlist.',
  ],
  [
    { action: 'watch', kind: 'invite-limit' },
    { ...block, incident: 'another' },
    'made too many calls to 198.51.100.10 and was only watched.',
  ],
])('headline of %o', (changed, standing, sentence) =>
  expect(headline({ ...incident, ...changed }, standing, [verdict])).toBe(`203.0.113.66 ${sentence}`),
);

test.each<[Partial<Verdict>, string]>([
  [{}, '5 bad registrations in 1 min; 5 are enough'],
  [
    { finding: 'scanner-agent.certain', count: 1, threshold: 1 },
    '1 request with the name of a scanner; the first is enough',
  ],
  [
    { finding: 'scanner-fingerprint.sipp', count: 1, threshold: 1, windowMs: 0 },
    '1 request of a scanner; the first is enough',
  ],
  [{ finding: 'invite-limit.simultaneous', count: 31, threshold: 31, windowMs: 0 }, '31 calls at once; 31 are enough'],
])('measured: %o', (changed, sentence) => expect(measured({ ...verdict, ...changed })).toBe(sentence));

test('the timeline is in the order of time and ends with the end', () => {
  const titles = (of: Partial<Incident>, standing: Block | null) =>
    timeline({ ...incident, ...of }, standing, [verdict]).map(({ title }) => title);
  expect(titles({}, block)).toEqual(['First message', 'Blocked', 'Last message']);
  expect(titles({ closed: at(30) }, null)).toEqual(['First message', 'Blocked', 'Last message', 'Over']);
  expect(titles({ closed: at(30) }, { ...block, incident: 'another', since: at(40) })).toEqual([
    'First message',
    'Blocked',
    'Last message',
    'Over',
    'Blocked again',
  ]);
});

test.each([
  [0, '+0.000 s'],
  [1234, '+1.234 s'],
  [61_000, '+1 min 1 s'],
])('offset of %d ms', (ms, text) => expect(offset(ms)).toBe(text));
