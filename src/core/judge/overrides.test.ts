/** What `explain` says that a source is held against: its own thresholds, where the policy gives it some. */
import { expect, test } from 'vitest';
import { policyOf } from '../../../spec/detect/policies.ts';
import { run } from '../../../spec/detect/run.ts';
import { trafficOf } from '../../../spec/detect/scenario.ts';
import { udpFrames } from '../../../spec/traffic/packets.ts';
import { THRESHOLDS } from '../base/policy.ts';
import { decisiveName, ownThreshold } from './overrides.ts';

const TRAFFIC = udpFrames(
  trafficOf(`
0s  flood from 203.0.113.66 method=OPTIONS rate=10 count=20
0s  flood from 203.0.113.67 method=OPTIONS rate=10 count=20
0s  guess-register-passwords from 203.0.113.66 count=2
0s  guess-register-passwords from 203.0.113.67 count=2
0s  walk-tftp from 203.0.113.66 count=2
0s  walk-tftp from 203.0.113.67 count=2
`),
);

function tallies(source: string, yaml: string): Record<string, number> {
  const { engine } = run(TRAFFIC, { policy: policyOf(yaml) });
  const { counts } = engine.explain(source, TRAFFIC.at(-1)!.at)!;
  return Object.fromEntries(counts.map(({ what, threshold }) => [what, threshold]));
}

const DEFAULTS = {
  'register-bruteforce.bad-registrations': 5,
  'register-bruteforce.unanswered-attempts': 30,
  'auth-bruteforce.wrong-credentials': 5,
  'enumeration.users-refused': 10,
  'enumeration.users-abandoned': 20,
  'enumeration.users-pending': 64,
  'enumeration.users-probed': 20,
  'malformed.messages': 20,
  'tftp-bruteforce.files-refused': 10,
  'tftp-bruteforce.files-asked': 30,
  'toll-fraud.unauthenticated-calls': 5,
  'toll-fraud.prefix-walk': 3,
  'forged-request.unknown-calls': 10,
  'forged-request.foreign-calls': 3,
  'forged-request.replayed-calls': 3,
  'digest-leak.challenges': 1,
  'injection.fragments': 1,
  'slow-bruteforce.in-an-hour': 12,
  'slow-bruteforce.in-a-day': 20,
  'slow-bruteforce.in-a-week': 30,
  'distributed-bruteforce.guesses': 3,
  // The limit itself is allowed.
  'invite-limit.simultaneous': 31,
  'invite-limit.rate': 61,
  'flood.requests': 500,
};

test('without overrides the policy’s own', () => {
  expect(tallies('203.0.113.66', '')).toEqual(DEFAULTS);
});

test('each of them overridden, for one source alone', () => {
  const all = THRESHOLDS.map((name, i) => `${name}: ${i + 100}`).join(', ');
  const yaml = `overrides: [{ source: 203.0.113.66, set: { ${all} } }]`;
  expect(tallies('203.0.113.67', yaml)).toEqual(DEFAULTS);
  const own = tallies('203.0.113.66', yaml);
  expect(Object.keys(own).sort()).toEqual(Object.keys(DEFAULTS).sort());
  for (const [what, threshold] of Object.entries(own)) {
    const expected = THRESHOLDS.indexOf(decisiveName(what)!) + 100;
    expect(threshold, what).toBe(what.startsWith('invite-limit') ? expected + 1 : expected);
  }
});

test('lowered ones that a detector looks no further than are nobody else’s', () => {
  const yaml =
    'overrides: [{ source: 203.0.113.66, set: { enumeration.pendingThreshold: 9, register-bruteforce.attemptsThreshold: 8 } }]';
  expect(tallies('203.0.113.67', yaml)).toEqual(DEFAULTS);
  expect(tallies('203.0.113.66', yaml)).toEqual({
    ...DEFAULTS,
    'enumeration.users-pending': 9,
    'register-bruteforce.unanswered-attempts': 8,
  });
});

test('a finding that one message makes has no threshold', () => {
  expect(decisiveName('scanner-agent.certain')).toBeNull();
  expect(ownThreshold('scanner-agent.certain', 1, () => 7)).toBe(1);
});
