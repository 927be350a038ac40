/** Every case of every spec here, through the engine. A verdict that no line expects is a failure too. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatAddress, parseRange, type AddressRange } from '../../src/core/base/address.ts';
import { DETECTORS } from '../../src/core/base/policy.ts';
import { SIDE_IN } from '../../src/core/base/frame.ts';
import type { Traffic } from '../traffic/datagram.ts';
import { GOOD_CASES } from '../traffic/good-cases.ts';
import { udpFrames } from '../traffic/packets.ts';
import { casesOf, type Case } from './markdown.ts';
import { DEFAULT_POLICY, policyOf } from './policies.ts';
import { harmful, run, type Outcome } from './run.ts';
import { expectationsOf, trafficOf, type Expectation } from './scenario.ts';

const here = import.meta.dirname;
const specs = readdirSync(here).filter(
  (name) => name.endsWith('.md') && !['README.md', 'good-cases.md', 'patient-cases.md'].includes(name),
);

/** How many packets of `source` had been seen when the verdict fell at frame `index` (1-based, over all frames). */
function packetsOf(traffic: Traffic, source: string, frames: number): number {
  return traffic.slice(0, frames).filter((d) => d.side === SIDE_IN && formatAddress(d.from.address) === source).length;
}

function check(e: Expectation, outcome: Outcome, traffic: Traffic): void {
  const verdicts = outcome.verdicts.filter((v) => v.source === e.source);
  if (e.action === 'nothing') {
    expect(
      verdicts.map((v) => `${v.action} ${v.finding}`),
      e.line,
    ).toEqual([]);
    return;
  }
  if (e.action === 'incident') {
    const incidents = outcome.incidents.filter((i) => i.source === e.source).map((i) => i.finding);
    expect(incidents, e.line).toContain(e.finding);
    return;
  }
  const said = verdicts.map((v) => ({ text: `${v.action} ${v.finding} because ${v.reason}`, verdict: v }));
  const wanted = `${e.action} ${e.finding} because ${e.reason ?? e.finding}`;
  expect(
    said.map((s) => s.text),
    e.line,
  ).toContain(wanted);
  const { verdict } = said.find((s) => s.text === wanted)!;
  if (e.target !== null) {
    const targets = said.filter((s) => s.text === wanted).map((s) => s.verdict.target);
    expect(targets, e.line).toContain(e.target);
  }
  if (e.forMs !== null) {
    for (const { verdict: one } of said.filter((s) => s.text === wanted))
      expect(one.until! - one.at, e.line).toBe(e.forMs);
  }
  if (e.byPacket !== null)
    expect(packetsOf(traffic, e.source, verdict.afterFrames), e.line).toBeLessThanOrEqual(e.byPacket);
  expect(verdict.incident, 'a verdict names its incident').not.toBe('');
  const incident = outcome.incidents.find((i) => i.id === verdict.incident);
  expect(incident, 'the incident of the verdict').toMatchObject({ source: e.source, kind: verdict.kind });
}

function rangesOf(one: Case, block: string): AddressRange[] {
  const lines = (one.blocks.get(block) ?? '').split('\n').filter(Boolean);
  return lines.map((line) => parseRange(line) ?? expect.fail(`${one.title}: not an address: ${line}`));
}

for (const name of specs) {
  describe(name, () => {
    const cases = casesOf(readFileSync(`${here}/${name}`, 'utf8'));
    test('holds cases', () => expect(cases.length).toBeGreaterThan(0));
    test.each(cases.map((one) => [one.title, one] as const))('%s', (_title, one) => {
      const expected = one.blocks.get('expect');
      if (expected === undefined) expect.fail('the case has no expect block');
      const traffic = trafficOf(one.blocks.get('traffic')!);
      const policy = one.blocks.has('policy') ? policyOf(one.blocks.get('policy')!) : DEFAULT_POLICY;
      const outcome = run(udpFrames(traffic), { policy, allow: rangesOf(one, 'allow'), deny: rangesOf(one, 'deny') });
      const expectations = expectationsOf(expected);
      for (const e of expectations) check(e, outcome, traffic);
      const named = new Set(expectations.map((e) => e.source));
      expect(harmful(outcome.verdicts.filter((v) => !named.has(v.source))), 'verdicts on others').toEqual([]);
    });
  });
}

test('every detector has its spec', () => {
  const missing = DETECTORS.filter((slug) => !specs.includes(`${slug}.md`));
  expect(missing).toEqual([]);
});

describe('good cases, under the default policy, are never blocked, limited or denied', () => {
  test.each(Object.keys(GOOD_CASES))('%s', (name) => {
    const outcome = run(udpFrames(GOOD_CASES[name].traffic()));
    expect(outcome.engine.counters.frames).toBeGreaterThan(5);
    expect(harmful(outcome.verdicts)).toEqual([]);
  });
});

test('good-cases.md lists every good case, and no other', () => {
  const listed = [...readFileSync(`${here}/good-cases.md`, 'utf8').matchAll(/^\| `(.+?)` \|/gm)].map((m) => m[1]);
  expect(listed.sort()).toEqual(Object.keys(GOOD_CASES).sort());
});
