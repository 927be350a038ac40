import { expect, test } from 'vitest';
import { formatRange } from '../core/base/address.ts';
import type { Policy, ThresholdName } from '../core/base/policy.ts';
import { parseAddress } from '../core/base/address.ts';
import { ThresholdTable } from '../core/base/threshold-table.ts';
import { compilePolicy } from './compile.ts';
import { parsePolicy } from './yaml-file.ts';

function compiled(yaml: string): Policy {
  const parsed = parsePolicy(yaml, 'p');
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
  return compilePolicy(parsed.document);
}

/** What one source is held against. */
function threshold(policy: Policy, name: ThresholdName, source: string): number {
  const { w0, w1, w2, w3 } = parseAddress(source)!;
  const [detector, field] = name.split('.');
  const base = (policy.detect as unknown as Record<string, Record<string, number>>)[detector][field];
  return new ThresholdTable(policy.overrides).at(name, base, w0, w1, w2, w3);
}

test('nothing is overridden: nothing is looked up', () => {
  expect(compiled('').overrides).toEqual([]);
});

// Two detectors look no further than their own threshold: they get the lowest one, everybody else keeps the policy's.
test.each([
  ['enumeration.pendingThreshold', 64],
  ['register-bruteforce.attemptsThreshold', 30],
] as const)('%s lowered for one source', (name, own) => {
  const [detector, field] = name.split('.');
  const lowered = compiled(`overrides: [{ source: 192.0.2.1, set: { ${name}: 7 } }]`);
  expect((lowered.detect as never)[detector][field]).toBe(7);
  expect(threshold(lowered, name, '192.0.2.1')).toBe(7);
  for (const other of ['192.0.2.2', '2001:db8::1', '::1', '255.255.255.255']) {
    expect(threshold(lowered, name, other), other).toBe(own);
  }
  const raised = compiled(`overrides: [{ source: 192.0.2.1, set: { ${name}: 700 } }]`);
  expect((raised.detect as never)[detector][field]).toBe(own);
  expect(raised.overrides).toHaveLength(1);
});

// Below it no source needs a closer look: the discount of a suspicious user agent (0.4) is in it.
test.each([
  ['', 300],
  ['detect: { scanner-agent: { enabled: false } }', 500],
  ['detect: { scanner-agent: { suspicionWeight: 0 } }', 500],
  ['overrides: [{ source: 192.0.2.1, set: { flood.threshold: 100 } }]', 60],
  ['overrides: [{ source: 192.0.2.1, set: { flood.threshold: 9000 } }]', 300],
  ['overrides: [{ source: 192.0.2.1, set: { flood.threshold: 1 } }]', 1],
])('the lowest threshold of a flood: %s', (yaml, lowest) => {
  expect(compiled(yaml).detect.flood.lowestThreshold).toBe(lowest);
});

test('INVITE limits in pairs: what is left out is the next broader one’s, or the policy’s', () => {
  const policy = compiled(`
detect:
  invite-limit:
    overrides: [{ source: 10.0.0.0/8, simultaneous: 100, threshold: 200 }]
overrides:
  - { source: 10.1.0.0/16, set: { invite-limit.simultaneous: 7 } }
  - { source: 10.1.1.0/24, set: { invite-limit.threshold: 8 } }
  - { source: 192.0.2.1, set: { invite-limit.threshold: 9 } }
  - { source: 10.1.1.1, set: { flood.threshold: 9 } }
`);
  const pairs = policy.detect['invite-limit'].overrides.map(({ range, ...limits }) => [formatRange(range), limits]);
  expect(Object.fromEntries(pairs as [string, object][])).toEqual({
    '10.0.0.0/8': { simultaneous: 100, threshold: 200 },
    '10.1.0.0/16': { simultaneous: 7, threshold: 200 },
    '10.1.1.0/24': { simultaneous: 7, threshold: 8 },
    '192.0.2.1': { simultaneous: 30, threshold: 9 },
  });
  // Whoever asks by name hears the same.
  expect(threshold(policy, 'invite-limit.simultaneous', '10.1.1.1')).toBe(7);
  expect(threshold(policy, 'invite-limit.threshold', '10.1.2.1')).toBe(200);
});
